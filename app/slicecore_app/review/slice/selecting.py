"""Selections that the summary of a slice makes: shared clips, and those of one cell of a confusion matrix."""

from __future__ import annotations

from slicecore_app import wording
from slicecore_app.review.labels.confusion_view import DIFFERENCE, OTHER, clips_of_cell
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.session.selection import Pick, selected


def shared(result: ReviewResult, home: str, other: str) -> Pick | None:
    """The clips of a slice that the problem of another one explains as well; None where there are none."""
    for each in result.scan.shared_clips:
        if (each.home.id, each.other.id) == (home, other):
            numbers = [problem.number for problem in result.problems if problem.slice.id in (home, other)]
            first, second = sorted(numbers)
            return selected(each.rows, f"{wording.clips(len(each.rows))} of #{first} and #{second}")
    return None


def cell(result: ReviewResult, actual: str, predicted: str, everywhere: bool, of: str) -> Pick | None:
    """The clips of one cell of a confusion matrix, of the picked clips or of all; None where it has none."""
    within = None if everywhere or result.pick is None else result.pick.rows
    rows = clips_of_cell(actual, predicted, of, within, result)
    if not len(rows):
        return None
    what = f"{actual} recognised" if actual == predicted else f"{actual} taken for {predicted}"
    which = {OTHER: f" by {result.compared}", DIFFERENCE: " by one model only"}.get(of, "")
    return selected(rows, f"{what}{which}, {wording.clips(len(rows))}")
