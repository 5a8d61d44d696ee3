"""Names that reviewers give to slices, to flagged ones as well."""

from __future__ import annotations

from slicecore.storage.verdicts import FOUND_REASON
from slicecore_app.review.problems.naming import given_name
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.verdict.events import clip_ids
from slicecore_app.review.verdict.panel import reviews_of

MOST_CHARACTERS = 80
"""Of a name."""


def rename(result: ReviewResult, slice_id: str, name: str) -> None:
    """Give a slice another name. Without any a flagged slice has its own again, and one of the reader's stays."""
    problem = result.problem(slice_id)
    wanted = " ".join(name.split())[:MOST_CHARACTERS]
    if problem is None or (problem.own and not wanted):
        return
    reviews = reviews_of(result)
    if problem.own:
        reviews.edit(lambda verdicts, reviewer: verdicts.rename(slice_id, wanted, reviewer))
        return
    given = given_name(problem)
    reviews.edit(
        lambda verdicts, reviewer: verdicts.keep(
            slice_id,
            clip_ids=clip_ids(result, problem),
            name=wanted or given,
            reason=f"{FOUND_REASON}{given}",
            reviewer=reviewer,
        )
    )
