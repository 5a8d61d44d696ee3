"""Cost of slices: the overall value without each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.groups import rows_of
from slicecore.metrics.costs import Costs, Custom

if TYPE_CHECKING:
    from slicecore.slices.result import Slice
    from slicecore.slices.scanner import Scan


@dataclass(frozen=True)
class Step:
    """One step of a waterfall.

    Attributes
    ----------
    slice : the slice that is taken to be mended in this step.
    before, after : overall value before and after it.
    """

    slice: Slice
    before: float
    after: float

    @property
    def change(self) -> float:
        """By how much the overall value changes; negative where errors go away."""
        return self.after - self.before


@dataclass(frozen=True)
class Waterfall:
    """How the overall value comes about.

    Attributes
    ----------
    overall : value of all clips.
    steps : one per slice, the largest change first; each begins where the one before it ends.
    rest : value of the clips outside all slices, where the last step ends.
    """

    overall: float
    steps: tuple[Step, ...]
    rest: float


def value_if_fixed(costs: Costs, members: Sequence[int] | NDArray) -> float:
    """Overall value if some clips were as good as all clips are on average.

    Errors go down by the `impact` of the slice. For a metric by a function of the user's it is the value of the other
    clips instead. Where the clips are no worse than the average nothing changes.

    Parameters
    ----------
    costs
        The metric.
    members
        Rows of the clips, or a mask.
    """
    overall = costs.value()
    rows = rows_of(members, len(costs))
    if isinstance(costs, Custom):
        without = costs.value(np.setdiff1d(np.arange(len(costs)), rows))
    else:
        excess = costs.numerator[rows].sum() - overall * costs.denominator[rows].sum()
        without = overall - float(excess) / costs.denominator.sum()
    better = max if costs.higher_is_better else min
    return without if np.isnan(without) or np.isnan(overall) else better(overall, without)


def waterfall(found: Scan) -> Waterfall:
    """Take one slice after the other to be as good as the clips outside all slices, and follow the overall value.

    With the value v of the clips outside, a slice with errors e among w words changes the overall value by
    (v w - e) / W, where W is all words: the changes add up from the overall value to v. For a metric by a function of
    the user's each step takes the clips out instead.

    Raises
    ------
    SlicecoreError
        Slices share a clip, or no clip is outside them all.
    """
    costs = found.costs
    outside = np.ones(len(costs), dtype=bool)
    for one in found.slices:
        if not outside[one.members].all():
            raise SlicecoreError(f"The slice {one.id} shares clips with another: their costs do not add up.")
        outside[one.members] = False
    rest = costs.value(outside)
    if found.slices and np.isnan(rest):
        raise SlicecoreError("No clip with a value is outside the slices: there is nothing to compare with.")
    worse = -1 if costs.higher_is_better else 1
    ordered = sorted(found.slices, key=lambda one: (-worse * _points(costs, one, rest), one.id))
    steps: list[Step] = []
    value = found.overall
    left = np.ones(len(costs), dtype=bool)
    for i, one in enumerate(ordered):
        left[one.members] = False
        after = costs.value(left) if isinstance(costs, Custom) else value - _points(costs, one, rest)
        after = rest if i == len(ordered) - 1 else after
        steps.append(Step(one, value, after))
        value = after
    return Waterfall(found.overall, tuple(steps), rest)


def _points(costs: Costs, one: Slice, rest: float) -> float:
    """What a slice adds to the overall value, compared with clips of the value `rest`."""
    return float(
        (costs.numerator[one.members].sum() - rest * costs.denominator[one.members].sum())
        / costs.denominator.sum()
    )
