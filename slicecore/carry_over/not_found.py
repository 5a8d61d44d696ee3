"""Reasons why judged clips are no slice of the present scan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from slicecore.carry_over.carrying import Judged
from slicecore.slices.result import Scan
from slicecore.thresholds import reaches
from slicecore.wording import clips

Reason = Literal["gone", "part", "split", "support", "drop", "none"]
"""Half of the clips are gone; they are part of one slice, or split among several; those that are left are too few, or
no longer worse by the minimum drop; or no cluster of the present embedding holds them together."""

_HALF = 0.5
_PART = 0.2
"""Least share of the clips that lies in each slice among which they are split."""


@dataclass(frozen=True)
class NotFound:
    """A judgement that fits no slice.

    Attributes
    ----------
    judged : the judgement, with the clips that are left.
    reason : why it fits none.
    slices : positions in the scan of the slices that have its clips now, the largest part first.
    value, drop : the metric over the clips that are left, and how much worse that is than the whole, or the rest.
    """

    judged: Judged
    reason: Reason
    slices: tuple[int, ...]
    value: float
    drop: float


def not_found(judged: Judged, scan: Scan) -> NotFound:
    """The reason why judged clips are no slice of a scan."""
    rows, total = judged.rows, len(judged.judgement.clip_ids)
    value = scan.costs.value(rows) if len(rows) else math.nan
    drop = scan.drop(rows) if len(rows) else math.nan
    position = scan.slice_of_clip[rows]
    count = np.bincount(position[position >= 0], minlength=len(scan.slices))
    large = [int(i) for i in np.argsort(-count, kind="stable") if count[i] >= max(1, _PART * len(rows))]
    inside = sum(int(count[i]) for i in large) >= _HALF * len(rows)
    reason: Reason
    if len(rows) < _HALF * total or not len(rows):
        reason = "gone"
    elif large and count[large[0]] >= _HALF * len(rows):
        reason, large = "part", large[:1]
    elif len(large) > 1 and inside:
        reason = "split"
    elif len(rows) < scan.min_support:
        reason = "support"
    elif not reaches(drop, scan.min_drop):
        reason = "drop"
    else:
        reason = "none"
    return NotFound(judged, reason, tuple(large) if reason in ("part", "split") else (), float(value), drop)


def sentence(missing: NotFound, scan: Scan, name: Callable[[int], str]) -> str:
    """The reason in words; `name` gives the name of a slice by its position in the scan."""
    left, total = len(missing.judged.rows), clips(len(missing.judged.judgement.clip_ids))
    match missing.reason:
        case "gone":
            text = f"{len(missing.judged.judgement.clip_ids) - left} of its {total} are gone"
        case "part" | "split":
            *most, last = map(name, missing.slices)
            text = f"Now split into {', '.join(most)} and {last}" if most else f"Now part of {last}"
        case "support":
            size = total if left == len(missing.judged.judgement.clip_ids) else f"{left} of its {total} left"
            text = f"Now within thresholds: {size}, fewer than {scan.min_support}"
        case "drop":
            text = f"Now within thresholds: {_drop(missing, scan)}"
        case "none":
            text = "No cluster of this embedding holds its clips together"
    return text


def _drop(missing: NotFound, scan: Scan) -> str:
    costs = scan.costs
    if math.isnan(missing.drop):
        return f"its clips have no {costs.name}"
    value = f"{costs.name} {costs.value_text(missing.value)}, {costs.drop_text(missing.drop)}"
    return f"{value}; the minimum drop is {costs.threshold_text(scan.min_drop)}"
