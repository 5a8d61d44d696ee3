"""Marks of wrong references."""

from __future__ import annotations

from slicecore_app.review.review_result import ReviewResult
from slicecore_app.session.reviews import review_session


def mark_reference(result: ReviewResult, clip: str, wrong: bool) -> None:
    """Call the reference of a clip (by id) wrong, or take that back."""
    reviews = review_session(result.verdicts, result.judged)
    if clip not in result.data.row_of_id:
        reviews.refuse(f"{clip} is no longer in the table.")
        return
    reviews.mark(clip, wrong)
