"""Cost of slices: the overall value without each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.groups import rows_of
from slicecore.metrics import Costs

if TYPE_CHECKING:
    from slicecore.slices.result import Slice
    from slicecore.slices.scanner import Scan


@dataclass(frozen=True)
class Step:
    """One step of a waterfall.

    Attributes
    ----------
    slice : the slice that is assumed to be fixed in this step.
    before, after : overall value before and after it.
    """

    slice: Slice
    before: float
    after: float

    @property
    def change(self) -> float:
        """Change of the overall value; negative where errors go away."""
        return self.after - self.before


@dataclass(frozen=True)
class Waterfall:
    """Overall value, split into what each slice adds to it.

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
    """Overall value if some clips were as good as all others together.

    That is the value of the other clips, whatever the metric, and the definition of `waterfall` for a single slice.
    (The average of all clips would be no goal: the bad clips are part of it, and a large slice would count as fixed
    while it is still half as bad.) Clips that are better than the others stay as they are: nothing changes.

    Parameters
    ----------
    costs
        The metric.
    members
        Rows of the clips, or a mask.

    Returns
    -------
    float
        NaN if no other clip has a value.

    Examples
    --------
    >>> result.costs.value(), sc.value_if_fixed(result.costs, result.slices[0].members)
    (0.06, 0.0)
    """
    overall = costs.value()
    others = np.ones(len(costs), dtype=bool)
    others[rows_of(members, len(costs))] = False
    fixed = costs.value(np.flatnonzero(others))
    if np.isnan(fixed) or np.isnan(overall):
        return fixed
    return max(overall, fixed) if costs.higher_is_better else min(overall, fixed)


def waterfall(scan: Scan) -> Waterfall:
    """Take one slice after the other to be as good as the clips outside all slices, and follow the overall value.

    With the value v of the clips outside, a slice with errors e among w words changes the overall value by
    (v w - e) / W, where W is all words: the changes add up from the overall value to v. For a metric by a function of
    the user's each step takes the clips out instead.

    Raises
    ------
    SlicecoreError
        Slices share a clip, or no clip is outside them all.

    Examples
    --------
    >>> [(step.before, step.after) for step in sc.waterfall(result.scan).steps]
    [(0.06, 0.0)]
    """
    costs = scan.costs
    outside = np.ones(len(costs), dtype=bool)
    for slice_ in scan.slices:
        if not outside[slice_.members].all():
            raise SlicecoreError(
                f"The slice {slice_.id} shares clips with another: their costs do not add up."
            )
        outside[slice_.members] = False
    rest = costs.value(outside)
    if scan.slices and np.isnan(rest):
        raise SlicecoreError("No clip with a value is outside the slices: there is nothing to compare with.")

    worse = -1 if costs.higher_is_better else 1
    only_fixed = {slice_.id: worse * costs.value_replacing(slice_.members, rest) for slice_ in scan.slices}
    steps: list[Step] = []
    before = scan.overall
    fixed = np.zeros(len(costs), dtype=bool)
    for slice_ in sorted(scan.slices, key=lambda slice_: (only_fixed[slice_.id], slice_.id)):
        fixed[slice_.members] = True
        after = rest if len(steps) == len(scan.slices) - 1 else costs.value_replacing(fixed, rest)
        steps.append(Step(slice_, before, after))
        before = after
    return Waterfall(scan.overall, tuple(steps), rest)
