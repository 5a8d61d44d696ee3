"""Reviewers on the summary page: who is to judge how much, how far they are, and what is open dealt out evenly."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from slicecore.errors import StorageError
from slicecore.report.agreement import agreement, progress_sentence
from slicecore.report.assignments import Workload, dealt, workloads
from slicecore.storage.verdicts import Workspace
from slicecore.wording import counted
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.events import clip_ids
from slicecore_app.review.verdict.panel import reviews_of
from slicecore_app.session.visitor import may_review
from slicecore_app.wording import escaped

CHOSEN = "reviewers of open slices"


def reviewers(result: ReviewResult) -> None:
    """Draw how far the review is: in sentences, as a table where slices are assigned, and a way to assign them."""
    try:
        workspace = result.verdicts.workspace(result.judged)
    except StorageError as error:
        st.text(str(error))
        return
    assignees = reviews_of(result).assignees(workspace)
    slices = [problem.slice.id for problem in result.problems]
    if progress := progress_sentence(workspace.opinions, slices):
        st.text(f"{progress}.")
    if agreed := agreement(workspace.opinions):
        st.text(f"{agreed.sentence}.")
    work = workloads(assignees, workspace.opinions, slices)
    if work:
        _table(work)
    if may_review() and result.problems:
        _dealing(result, workspace, assignees, work)


def _table(work: tuple[Workload, ...]) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "Reviewer": [each.reviewer for each in work],
                "Assigned": [each.assigned for each in work],
                "Judged": [each.judged for each in work],
                "Left": [each.left for each in work],
                "Also judged": [each.others for each in work],
            }
        ),
        hide_index=True,
        width="content",
        key="workloads",
        column_config={
            "Judged": st.column_config.NumberColumn(help="Of the slices that are assigned to this reviewer"),
            "Also judged": st.column_config.NumberColumn(
                help="Slices with a verdict of this reviewer that are assigned to somebody else, or to nobody"
            ),
        },
    )


def _dealing(
    result: ReviewResult, workspace: Workspace, assignees: dict[str, str], work: tuple[Workload, ...]
) -> None:
    """Draw the choice of reviewers who share what is open, and the button that assigns it."""
    judged = workspace.judgements.keys() | {
        problem.slice.id for problem in result.problems if problem.carried and problem.carried.holds
    }
    is_open = [
        problem
        for problem in result.problems
        if problem.slice.id not in judged and problem.slice.id not in assignees
    ]
    reviews, seen = reviews_of(result), workspace.newest.assignment
    with st.expander(f"Assign what is open: {counted(len(is_open), 'slice')}", expanded=False):
        chosen = st.multiselect(
            "Reviewers",
            reviews.people(workspace),
            key=CHOSEN,
            accept_new_options=True,
            placeholder="Choose, or type a name",
            help="Whoever has fewest slices left gets the next one, the problems with the largest impact first.",
        )
        names = [name for name in dict.fromkeys(name.strip() for name in chosen) if name]
        st.button(
            f"Assign {counted(len(is_open), 'slice')} evenly",
            key="assign evenly",
            disabled=not is_open or not names,
            on_click=_deal,
            args=(result, is_open, names, {each.reviewer: each.left for each in work}, seen),
        )
        if notice := reviews.memory.notice:
            st.caption(escaped(notice))
        st.caption(
            "Slices with a verdict, or with a reviewer already, stay as they are. Z on the review page undoes it."
        )


def _deal(
    result: ReviewResult, problems: list[Problem], names: list[str], left: dict[str, int], seen: int
) -> None:
    titles = {problem.slice.id: slice_name(problem) for problem in problems}
    clips = {problem.slice.id: clip_ids(result, problem) for problem in problems}
    reviews_of(result).assign(titles, dealt(titles, names, left), clips, seen)
