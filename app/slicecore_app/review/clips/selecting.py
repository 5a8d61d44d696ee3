"""Selections that the head of the clips table makes: what its filter leaves, and clips like one."""

from __future__ import annotations

from typing import Any

from slicecore.errors import SlicecoreError
from slicecore.filtering.clip_filter import ClipFilter
from slicecore.slices.condition import Condition
from slicecore.slices.examples import similar_clips
from slicecore.storage.verdicts import OWN_REASON
from slicecore_app import wording
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.session import parsing
from slicecore_app.session.selection import Pick, selected

SIMILAR_CLIPS = 50


def filter_of(event: dict[str, Any], result: ReviewResult) -> ClipFilter:
    """The filter of an event, without the conditions that do not fit the columns."""
    conditions = (_condition(condition, result) for condition in event["conditions"])
    return ClipFilter(str(event["words"]), tuple(condition for condition in conditions if condition))


def _condition(raw: dict[str, Any], result: ReviewResult) -> Condition | None:
    """A condition that the browser sent, None if it does not fit the columns."""
    try:
        return parsing.condition(
            [raw[key] for key in ("column", "operator", "value", "part")], result.columns
        )
    except (ValueError, TypeError, SlicecoreError):
        return None


def these(result: ReviewResult) -> Pick | None:
    """The selection of the clips that the filter leaves; None where it leaves none."""
    return selected(result.clips, _reason(result)) if len(result.clips) else None


def _reason(result: ReviewResult) -> str:
    """Reason of a selection by the filter."""
    if result.pick is None or result.everywhere:
        return str(result.clip_filter)
    before = result.pick.reason.removeprefix(OWN_REASON) or wording.clips(len(result.scope))
    return f"{result.clip_filter}, among {before}"


def similar(result: ReviewResult, row: int) -> Pick:
    """The selection of the clips that are most like one. Raises SlicecoreError where that has no vector."""
    rows = similar_clips(row, result.analysis.embeddings.vectors, SIMILAR_CLIPS)
    return selected(rows, f"{wording.clips(len(rows))} most like {result.data.clip_name(row)}")
