"""Columns that are the metric itself: what they group is no finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import Costs


def without_metric(table: pd.DataFrame, columns: Sequence[str], costs: Costs) -> list[str]:
    """The columns but for those whose numbers are the metric of every clip, such as that of a mean.

    Parameters
    ----------
    table
        A row per clip.
    columns
        Names of the columns to look at.
    costs
        The metric.
    """
    values = costs.model_costs.per_clip()
    known = ~np.isnan(values)
    return [name for name in columns if not known.any() or not _is_metric(table[name], values)]


def _is_metric(cells: pd.Series, values: np.ndarray) -> bool:
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_bool_dtype(cells):
        return False
    return bool(np.allclose(cells.to_numpy(np.float64, na_value=np.nan), values, rtol=1e-9, equal_nan=True))
