"""Columns that are the metric itself: what they group is no finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from slicecore.table.cells import as_text
from slicecore.table.roles import as_numbers

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


def is_mean_of_column(table: pd.DataFrame, name: str, costs: Costs) -> bool:
    """True if a metric is the mean of the column of that name, whose cells may be text."""
    if name not in table or costs.compared:
        return False
    numbers = as_numbers(as_text(table[name]))
    return not without_metric(table.assign(**{name: numbers}), [name], costs)


def _is_metric(cells: pd.Series, values: np.ndarray) -> bool:
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_bool_dtype(cells):
        return False
    return bool(np.allclose(cells.to_numpy(np.float64, na_value=np.nan), values, rtol=1e-9, equal_nan=True))
