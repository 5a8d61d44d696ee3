"""Metric of the user's script as costs of every clip."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.errors import MetricError, SlicecoreError
from slicecore.metrics import Custom, custom

if TYPE_CHECKING:
    import pandas as pd

_MODES = ("min", "max")


def costs_by(
    metric: Callable[..., float], references: pd.Series, predictions: pd.Series, mode: str | None
) -> Custom:
    """Costs by a metric that is called as sliceguard calls it.

    It is given arrays, which compare element by element; or lists, where it takes no arrays.

    Parameters
    ----------
    metric
        `metric(y_true, y_pred)` of some rows.
    references, predictions
        (n,) values.
    mode
        "min" where low values are good, else "max", the default.

    Raises
    ------
    SlicecoreError
        There is no such mode.
    MetricError
        The metric fails on single rows.
    """
    if mode not in (None, *_MODES):
        raise SlicecoreError(f"metric_mode is “min” or “max”, not “{mode}”.")
    name = str(getattr(metric, "__name__", "metric"))

    def with_arrays(y_true: list[Any], y_pred: list[Any]) -> float:
        return metric(np.asarray(y_true), np.asarray(y_pred))

    columns = references.tolist(), predictions.tolist()
    try:
        custom(with_arrays, columns[0][:1], columns[1][:1])
        function: Callable[..., float] = with_arrays
    except MetricError:  # as jiwer.wer, which wants lists of str
        function = metric
    try:
        return custom(function, *columns, mode != "min", name)
    except MetricError as error:
        raise MetricError(f"{error} slicecore needs the value of single rows.") from error
