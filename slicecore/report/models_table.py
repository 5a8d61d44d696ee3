"""Several models on every slice: values, and how much each is worse than the best one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import Costs
    from slicecore.metrics.costs import Members

FEWEST_MODELS = 3
"""Models from which on they are laid out in a table; two are compared slice by slice."""


@dataclass(frozen=True)
class OnGroup:
    """A model on a group of clips.

    Attributes
    ----------
    model : name of its prediction column.
    value : of the metric; NaN where the group has none.
    behind : how much worse it is than the best model on the group, in units of the metric; 0 for the best.
    """

    model: str
    value: float
    behind: float

    @property
    def is_best(self) -> bool:
        """True if no model is better on the group."""
        return self.behind == 0


def models_on(costs: Mapping[str, Costs], members: Members | None = None) -> tuple[OnGroup, ...]:
    """Every model on a group of clips, in the order of the models.

    Parameters
    ----------
    costs
        The same metric of every model, by the name of its predictions.
    members
        Rows of the clips; None for all.
    """
    values = {
        model: each.value() if members is None else each.value(members) for model, each in costs.items()
    }
    known = [value for value in values.values() if np.isfinite(value)]
    if not known:
        return tuple(OnGroup(model, value, float("nan")) for model, value in values.items())
    metric = next(iter(costs.values()))
    best = max(known) if metric.higher_is_better else min(known)
    return tuple(OnGroup(model, value, float(metric.drop(value, best))) for model, value in values.items())


def models_table(costs: Mapping[str, Costs], groups: Mapping[str, Members]) -> pd.DataFrame:
    """Every model over all clips (slice_id empty), then on every slice.

    Columns: slice_id, clips, model, value, and behind_best, how much worse the model is than the best one there.

    Parameters
    ----------
    costs
        The same metric of every model, by the name of its predictions.
    groups
        Id of every slice -> its clips.
    """
    import pandas as pd

    everything: Mapping[str, Members | None] = {"": None, **groups}
    clips = len(next(iter(costs.values())))
    return pd.DataFrame(
        [
            {
                "slice_id": slice_id,
                "clips": clips if members is None else len(members),
                "model": each.model,
                "value": each.value,
                "behind_best": each.behind,
            }
            for slice_id, members in everything.items()
            for each in models_on(costs, members)
        ]
    )
