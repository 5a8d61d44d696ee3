"""Picking a slice of the page by its id."""

from __future__ import annotations

from slicecore_app.review.review_result import ReviewResult
from slicecore_app.session import selection
from slicecore_app.session.selection import Pick


def pick_slice(result: ReviewResult, slice_id: str) -> None:
    """Look at a flagged slice or one's own; a selection that has no slice yet stays picked."""
    problem = result.problem(slice_id)
    if problem and problem.own:
        selection.pick(Pick("own", slice_id, problem.slice.members, reason=problem.own.reason))
    elif problem:
        selection.pick(Pick("slice", slice_id, problem.slice.members, problem.slice))
