"""Names of slices."""

from __future__ import annotations

from slicecore_app.review.review_result import Problem


def slice_name(problem: Problem) -> str:
    """Name of a slice: as somebody calls it, a flagged one else by its cause, or its number without one."""
    if problem.own:
        return problem.own.name
    return problem.name or problem.cause or f"Problem {problem.number}"
