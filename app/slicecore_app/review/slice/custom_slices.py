"""Slices of one's own: keeping a selection, renaming it, taking it off the list."""

from __future__ import annotations

import logging

import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore.filtering.clip_filter import ClipFilter, Description, describing_condition
from slicecore.filtering.metadata_conditions import filter_conditions
from slicecore.storage.verdicts import OwnSlice
from slicecore_app import wording
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.own_slices import keep_slice, naming_of, rename
from slicecore_app.review.verdict.panel import reviews_of, show_own
from slicecore_app.server.memo import Same
from slicecore_app.server.open_table import CONDITIONS
from slicecore_app.session import selection

_log = logging.getLogger(__name__)


def own_tools(result: ReviewResult) -> None:
    """Draw the buttons for the picked clips: keep them as a slice, rename it, see the filter that describes it."""
    problem = result.subject
    if problem is None:
        return
    own = problem.own
    if own and problem.draft:
        st.button(
            "Keep as a slice",
            key="keep",
            help=f"{wording.escaped(own.reason)}. A verdict keeps it as well.",
            on_click=_keep,
            args=(result, problem, own),
        )
    elif own:
        with st.popover("Rename or remove", key="own-slice"):
            _edit(result, problem, own)
    metadata_filter = _metadata_filter(result, problem) if own else None
    described = None if metadata_filter else _description(result, problem)
    if metadata_filter:
        condition = wording.escaped(str(metadata_filter))
        st.button(
            "Filter by this",
            key="metadata filter",
            icon=":material/filter_alt:",
            help=f"Filter the table by {condition}: links and saved views hold that, but not a selection.",
            on_click=selection.set_filter,
            args=(metadata_filter, True),
        )
    elif described:
        condition = wording.escaped(str(described.condition))
        st.button(
            condition,
            key="describing filter",
            icon=":material/filter_alt:",
            help=f"{wording.share(described.precision)} of the clips with {condition} are in this slice, and "
            f"{wording.share(described.recall)} of its clips are such. Show all of them in the table.",
            on_click=selection.set_filter,
            args=(ClipFilter(conditions=(described.condition,)), True),
        )


def _metadata_filter(result: ReviewResult, problem: Problem) -> ClipFilter | None:
    """The filter that leaves just the clips of a problem, where these are a slice over metadata."""
    for metadata_slice in result.reasons.metadata or ():
        if metadata_slice.slice.id == problem.slice.id:
            try:
                return ClipFilter(conditions=filter_conditions(metadata_slice.conditions, result.columns))
            except SlicecoreError as error:
                # A table may hold what filters do not take, such as moments outside the years of a calendar.
                _log.info("“%s” can't be made a filter: %s", metadata_slice.label, error)
    return None


def _description(result: ReviewResult, problem: Problem) -> Description | None:
    description = result.table.shared(
        CONDITIONS,
        (problem.slice.id, Same(result.columns)),
        lambda: describing_condition(problem.slice.members, result.columns),
    )
    own = problem.own
    # A selection that came from this very filter needs no description.
    return None if description is None or (own and str(description.condition) in own.reason) else description


def _keep(result: ReviewResult, problem: Problem, own: OwnSlice) -> None:
    if keep_slice(result, reviews_of(result), problem, own):
        show_own(problem.slice, own.reason)


def _edit(result: ReviewResult, problem: Problem, own: OwnSlice) -> None:
    key = f"name {own.slice_id}"
    st.session_state.setdefault(key, own.name)
    st.text_input("Name", key=key, on_change=_rename, args=(result, problem, key))
    st.caption(wording.escaped(own.reason))
    st.button(
        "Remove from the list",
        key="remove own",
        help="The clips stay as they are; the verdict on the slice is taken back.",
        on_click=_remove,
        args=(result, own),
    )


def _rename(result: ReviewResult, problem: Problem, key: str) -> None:
    wanted = st.session_state[key]
    if not wanted.strip():
        st.session_state[key] = slice_name(problem)
        return
    naming = naming_of(result, problem)
    rename(result, reviews_of(result), {**naming, "word": {**naming["word"], "name": wanted}})


def _remove(result: ReviewResult, own: OwnSlice) -> None:
    reviews_of(result).remove(own)
