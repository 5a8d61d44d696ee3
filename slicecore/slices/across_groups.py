"""Evidence of conditions beyond what the groups that clips come in, such as speakers, differ by.

What five speakers have in common says little where speakers differ anyway: a condition that fits the bad ones of those
at hand need not make others bad. The sum over the clips of a condition has the variance here that it has where whole
effects of groups fall on groups by chance (`slicecore.slices.group_effects`), as in the test. What crosses the groups,
a noise say, loses nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.condition_groups import ConditionGroups


def evidence_across_groups(groups: ConditionGroups, rows: NDArray[np.integer]) -> float | None:
    """Evidence of some clips against chance that deals with whole groups.

    None where the clips alone tell: nothing is known of groups, or nearly all of the clips come from one, and whether
    this speaker is bad is seen in its clips.
    """
    effects = groups.effects
    if effects is None or groups.is_of_one_group(rows):
        return None
    counted = groups.counted(rows)
    weight = groups.scores.weight[counted]
    rates = weight * effects.sensitivity[counted]
    by_group = np.bincount(effects.group[counted], rates)
    per_deviation = effects.per_deviation(weight.sum(), (weight**2).sum(), rates.sum(), (by_group**2).sum())
    return float(groups.evidence_at(groups.excess[rows].sum(), weight.sum(), per_deviation))
