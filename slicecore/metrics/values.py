"""Metrics of labels and numbers: error rate, accuracy, absolute and squared error, mean of a column."""

from __future__ import annotations

import numpy as np

from slicecore.errors import ClipError
from slicecore.metrics.costs import Costs, Values, check_lengths


def error_rate(reference: Values, prediction: Values) -> Costs:
    """Share of clips whose label is wrong. Labels are compared as text, without the space around them.

    Raises
    ------
    MetricError
        If the lengths differ.

    Examples
    --------
    >>> sc.metrics.error_rate(["dog", "cat", "cat", "owl"], ["dog", "dog", "cat", "owl"]).value()
    0.25
    """
    wrong = 1 - _correct(reference, prediction)
    return Costs(wrong, np.ones(len(wrong)), name="Error rate", unit="labels")


def accuracy(reference: Values, prediction: Values) -> Costs:
    """Share of clips whose label is right; higher is better. Compares and raises as `error_rate` does."""
    right = _correct(reference, prediction)
    return Costs(right, np.ones(len(right)), higher_is_better=True, name="Accuracy", unit="labels")


def mae(reference: Values, prediction: Values) -> Costs:
    """Mean absolute error of numbers.

    Raises
    ------
    MetricError
        If the lengths differ, or a value is no finite number (names row and column).

    Examples
    --------
    >>> sc.metrics.mae([1, 2, 3], [1, 2, 9]).value()
    2.0
    """
    difference = _difference(reference, prediction)
    return Costs(np.abs(difference), np.ones(len(difference)), name="MAE", is_rate=False, unit="numbers")


def mse(reference: Values, prediction: Values) -> Costs:
    """Mean squared error of numbers. Raises as `mae` does."""
    difference = _difference(reference, prediction)
    return Costs(difference**2, np.ones(len(difference)), name="MSE", is_rate=False, unit="numbers")


def mean_of(values: Values, name: str, higher_is_better: bool = False) -> Costs:
    """Mean of numbers that every clip has, such as a score computed elsewhere.

    Parameters
    ----------
    values
        (n,) numbers, as text or as such; clips without one (NaN, an empty cell) have no value.
    name
        What people call the metric.
    higher_is_better
        Which way the drop counts.

    Examples
    --------
    >>> sc.metrics.mean_of([3.5, 4.0, float("nan")], "MOS", higher_is_better=True).value()
    3.75
    """
    import pandas as pd

    cells = np.asarray(values, dtype=object)
    known = pd.notna(cells) & np.array([str(cell).strip() != "" for cell in cells], dtype=bool)
    numbers = numbers_of(
        [value if is_known else 0 for value, is_known in zip(values, known, strict=True)], name
    )
    return Costs(numbers, known.astype(float), higher_is_better=higher_is_better, name=name, is_rate=False)


def _correct(reference: Values, prediction: Values) -> np.ndarray:
    check_lengths(reference, prediction)
    return np.array(
        [str(a).strip() == str(b).strip() for a, b in zip(reference, prediction, strict=True)],
        dtype=np.float64,
    )


def _difference(reference: Values, prediction: Values) -> np.ndarray:
    check_lengths(reference, prediction)
    return numbers_of(prediction, "prediction") - numbers_of(reference, "reference")


def numbers_of(values: Values, role: str) -> np.ndarray:
    """Values as numbers, (n,) float64; `role` names them where they have no column.

    Raises
    ------
    ClipError
        A value is no finite number.
    """
    column = getattr(values, "name", None) or role
    numbers = np.empty(len(values))
    for index, value in enumerate(values):
        try:
            numbers[index] = float(value)
        except (TypeError, ValueError):
            numbers[index] = np.nan
        if not np.isfinite(numbers[index]):
            problem = f"“{value}” is not a number" if str(value).strip() else "the cell is empty"
            raise ClipError(f"Row {{row}}, column “{column}”: {problem}. This metric needs numbers.", index)
    return numbers
