"""CSV exports of what the problems cost: slice by slice, and cause by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from slicecore.slices.impact import Waterfall

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.explain.cause_costs import CauseCost


def cost_by_slice_table(steps: Waterfall, names: Mapping[str, str]) -> pd.DataFrame:
    """The way from the overall value to that without problems, a row per slice; the first row is the whole.

    Columns: slice_id, name, support, change, by which the overall value changes where the slice is as good as all other
    clips, and value_after, the overall value then: each row begins where the one before it ends.

    Parameters
    ----------
    steps
        From `slicecore.slices.impact.waterfall`.
    names
        Names of the slices by id.
    """
    import pandas as pd

    whole = {"slice_id": "", "name": "", "support": None, "change": 0.0, "value_after": steps.overall}
    rows = [
        {
            "slice_id": step.slice.id,
            "name": names.get(step.slice.id, ""),
            "support": step.slice.support,
            "change": step.change,
            "value_after": step.after,
        }
        for step in steps.steps
    ]
    return pd.DataFrame([whole, *rows]).astype({"support": "Int64"})


def cost_by_cause_table(costs: Sequence[CauseCost], overall: float) -> pd.DataFrame:
    """Costs of the causes, a row each; the cause is empty for slices without one.

    Columns: cause, label, slices, clips, errors_beyond_rest, share, change and value_without.

    Parameters
    ----------
    costs
        From `slicecore.explain.cause_costs.cost_by_cause`.
    overall
        Value over all clips.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "cause": each.cause,
                "label": each.label,
                "slices": each.slices,
                "clips": each.clips,
                "errors_beyond_rest": each.errors,
                "share": each.share,
                "change": each.points,
                "value_without": overall + each.points,
            }
            for each in costs
        ]
    )
