"""Slices of one's own: keeping a selection, renaming it, taking it off the list."""

from __future__ import annotations

import streamlit as st

from slicecore.filtering.clip_filter import ClipFilter, Description, describing_condition
from slicecore_app import wording
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.panel import clip_ids, reviews_of, show_own
from slicecore_app.session import selection


def own_tools(shown: ReviewResult) -> None:
    """Draw the buttons for the picked clips: keep them as a slice, rename it, see the filter that describes it."""
    problem = shown.subject
    if problem is None:
        return
    if problem.draft:
        st.button(
            "Keep as a slice",
            key="keep",
            help=f"{problem.own.reason}. A verdict keeps it as well.",
            on_click=_keep,
            args=(shown, problem),
        )
    elif problem.own:
        with st.popover("Rename or remove", key="own-slice"):
            _edit(shown, problem)
    described = _description(shown)
    if described:
        st.button(
            str(described.condition),
            key="describing filter",
            icon=":material/filter_alt:",
            help=f"{wording.share(described.precision)} of the clips with {described.condition} are in this slice, and "
            f"{wording.share(described.recall)} of its clips are such. Show all of them in the table.",
            on_click=selection.set_filter,
            args=(ClipFilter(conditions=(described.condition,)), True),
        )


def _description(shown: ReviewResult) -> Description | None:
    condition = describing_condition(shown.pick.rows, shown.columns)
    own = shown.subject.own
    # A selection that came from this very filter needs no description.
    return None if condition is None or (own and str(condition.condition) in own.reason) else condition


def _keep(shown: ReviewResult, problem: Problem) -> None:
    own, reviews = problem.own, reviews_of(shown)
    kept = reviews.edit(
        lambda verdicts: verdicts.keep(
            problem.slice.id,
            clip_ids=clip_ids(shown, problem),
            name=own.name,
            reason=own.reason,
            reviewer=reviews.memory.reviewer,
        )
    )
    if kept is not None:
        show_own(problem)


def _edit(shown: ReviewResult, problem: Problem) -> None:
    own = problem.own
    key = f"name {own.slice_id}"
    st.session_state.setdefault(key, own.name)
    st.text_input("Name", key=key, on_change=_rename, args=(shown, own.slice_id, key))
    st.caption(own.reason)
    st.button(
        "Remove from the list",
        key="remove own",
        help="The clips stay as they are; the verdict on the slice is taken back.",
        on_click=_remove,
        args=(shown, own.slice_id),
    )


def _rename(shown: ReviewResult, slice_id: str, key: str) -> None:
    if not st.session_state[key].strip():
        st.session_state[key] = shown.problem(slice_id).own.name
        return
    reviews, wanted = reviews_of(shown), st.session_state[key]
    reviews.edit(lambda verdicts: verdicts.rename(slice_id, wanted, reviews.memory.reviewer))


def _remove(shown: ReviewResult, slice_id: str) -> None:
    reviews = reviews_of(shown)
    reviews.edit(lambda verdicts: verdicts.remove(slice_id, reviews.memory.reviewer))
