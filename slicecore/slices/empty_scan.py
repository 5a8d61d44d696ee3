"""Scans without a slice: the reason, and the options that would give one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from slicecore.thresholds import reaches
from slicecore.wording import clips

if TYPE_CHECKING:
    from slicecore.slices.result import Scan
    from slicecore.slices.scanner import Scanner
    from slicecore.table.dataset import Dataset

Reason = Literal[
    "no reference", "no error", "no difference", "same value", "no clusters", "thresholds", "chance"
]
"""Reasons why no cluster is flagged: no clip has a reference, no clip an error, two models are equal on every clip,
every clip has the same value, no clip has a vector, no cluster meets both thresholds, or none that does says more than
chance might."""

_ROUND = (0.1, 0.05, 0.01)  # steps of a threshold that is a share, the roundest first
_ROUND_RELATIVE = (0.1, 0.05)


@dataclass(frozen=True)
class WayOut:
    """Other options with which a scan has slices.

    Attributes
    ----------
    option, value : the option to change, by its name in `Options`.
    slices : number of slices with it.
    """

    option: Literal["tier", "min_drop", "min_support"]
    value: float | None
    slices: int


def why_empty(scan: Scan) -> Reason:
    """The reason why a scan has no slice."""
    costs = scan.costs
    no_errors = not costs.higher_is_better and not costs.numerator.any()
    otherwise: Reason = "chance" if _meets(scan) else "thresholds" if scan.has_clusters else "no clusters"
    if costs.compared:
        return "no difference" if no_errors else otherwise
    known = costs.denominator > 0
    if not known.any():
        return "no reference"
    if no_errors:
        return "no error"
    alike = np.ptp(costs.per_clip()[known]) == 0 and not costs.numerator[~known].any()
    return "same value" if alike else otherwise


def _meets(scan: Scan) -> bool:
    """True if some cluster meets both thresholds."""
    return scan.worst is not None and reaches(scan.worst, scan.min_drop)


def no_vectors(data: Dataset) -> str:
    """The reason why no clip of a table has a vector, as the beginning of a sentence."""
    return (
        "The table names no audio files and no vectors are given"
        if data.roles.audio is None
        else "No clip has a vector"
    )


def no_clusters(data: Dataset) -> str:
    """A scan without clusters in words: what was searched, and what clusters would need."""
    text = f"{no_vectors(data)}, so no clusters were searched, only metadata and texts."
    if data.roles.audio is not None:
        return text
    return (
        f"{text} For clusters, name the column of audio files, or give a file or a column with a vector per clip as "
        "the embedding."
    )


def nearest_miss(scan: Scan) -> str:
    """The worst cluster with enough support against the minimum drop, or against chance, as a sentence."""
    costs = scan.costs
    if scan.worst is None:
        return f"There is no cluster with at least {clips(scan.min_support)}."
    side = "above" if (scan.worst >= 0) != costs.higher_is_better else "below"
    amount = costs.drop_text(abs(scan.worst)).lstrip("+")
    whole = f"the overall {costs.name} of {costs.value_text(scan.overall)}"
    if scan.options.against == "rest":
        whole = f"the {costs.name} of the clips outside it"
    if costs.drop(scan.overall, scan.overall) < 0:
        whole = "no difference"
    missed = f"the minimum drop is {costs.threshold_text(scan.min_drop)}"
    if _meets(scan):
        missed = "with so few clips or errors, chance alone might bring that about"
    return (
        f"The worst cluster with at least {clips(scan.min_support)} lies {amount} {side} {whole}; {missed}."
    )


def ways_out(scanner: Scanner, scan: Scan, supports: Sequence[int] = ()) -> tuple[WayOut, ...]:
    """Options that would give slices, each changed alone.

    Parameters
    ----------
    scanner, scan
        The scan without slices, and its scanner.
    supports
        Numbers of clips to try as the minimum support; the largest one below the present one that helps is given.
    """

    def way(option: Literal["tier", "min_drop", "min_support"], value: float | None) -> WayOut:
        changed: dict[str, Any] = {option: value}
        return WayOut(option, value, len(scanner.scan(replace(scan.options, **changed)).slices))

    ways = []
    if scan.options.tier:
        ways.append(way("tier", None))
    lower_drop = drop_below(scan)
    if lower_drop is not None:
        ways.append(way("min_drop", lower_drop))
    for support in sorted((support for support in supports if support < scan.min_support), reverse=True):
        lower_support = way("min_support", support)
        if lower_support.slices:
            ways.append(lower_support)
            break
    return tuple(way for way in ways if way.slices)


def drop_below(scan: Scan) -> float | None:
    """A lower minimum drop, as an option, that the worst cluster meets, round where it is a share; None if none is."""
    if scan.worst is None or scan.worst <= 0 or _meets(scan):
        return None
    whole = abs(scan.costs.model_costs.value())
    worst = scan.worst / whole if scan.options.relative else scan.worst
    steps = _ROUND_RELATIVE if scan.options.relative else _ROUND if scan.costs.is_rate else ()
    rounded = (_steps_up_to(worst, step) * step for step in steps)
    return next((round(share, 2) for share in rounded if share > 0), float(np.nextafter(worst, 0)))


def _steps_up_to(amount: float, step: float) -> int:
    below = math.floor(amount / step)
    return below + reaches(amount, (below + 1) * step)
