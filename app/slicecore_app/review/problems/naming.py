"""Names of slices."""

from __future__ import annotations

from slicecore_app.review.review_result import Problem


def slice_name(problem: Problem) -> str:
    """Name of a slice: as somebody calls it, a flagged one else by its cause, or its number without one."""
    if problem.own:
        return problem.own.name
    return problem.name or given_name(problem)


def given_name(problem: Problem) -> str:
    """Name of a flagged slice that nobody has named."""
    return problem.cause or f"Problem {problem.number}"


def name_hint(problem: Problem) -> str:
    """Name that a flagged slice has by itself, where somebody has named it: "found as Mains hum"."""
    return f"found as {given_name(problem)}" if problem.number and problem.name else ""
