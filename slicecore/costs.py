"""What every clip adds to a metric: the value of any group of clips is sum(numerator) / sum(denominator)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from slicecore.errors import MetricError


@dataclass(frozen=True, eq=False)
class Costs:
    """What every clip adds to the metric.

    Attributes
    ----------
    numerator, denominator : (n,) float64
        For a word error rate the errors and the words of each clip. Read-only.
    higher_is_better
        False for error measures.
    name
        What people call the metric, such as "WER".
    is_rate
        Whether the value is a share, to be shown in percent.
    """

    numerator: np.ndarray
    denominator: np.ndarray
    higher_is_better: bool = False
    name: str = ""
    is_rate: bool = True

    def __post_init__(self) -> None:
        for side in ("numerator", "denominator"):
            values = np.array(getattr(self, side), dtype=np.float64)
            if values.ndim != 1:
                raise MetricError(f"The {side} must have one value per clip, not the shape {values.shape}.")
            bad = np.flatnonzero(~np.isfinite(values))
            if len(bad):
                raise MetricError(
                    f"Row {row_in_file(bad[0])}: the {side} is {values[bad[0]]}, not a finite number."
                )
            values.setflags(write=False)
            object.__setattr__(self, side, values)
        if len(self.numerator) != len(self.denominator):
            raise MetricError(
                f"There are {len(self.numerator)} numerators but {len(self.denominator)} denominators."
            )
        negative = np.flatnonzero(self.denominator < 0)
        if len(negative):
            raise MetricError(f"Row {row_in_file(negative[0])}: the denominator is negative.")

    def __len__(self) -> int:
        return len(self.numerator)

    def value(self, members: np.ndarray | Sequence[int] | None = None) -> float:
        """Value of a group of clips, or of all of them.

        Parameters
        ----------
        members
            Rows of the group, or a boolean mask over all clips.

        Returns
        -------
        float
            NaN if the group's denominators sum to 0.
        """
        rows = slice(None) if members is None else _as_rows(members)
        total = float(self.denominator[rows].sum())
        return float(self.numerator[rows].sum()) / total if total > 0 else float("nan")

    def per_clip(self) -> np.ndarray:
        """Value of every clip on its own, (n,); NaN where its denominator is 0."""
        known = self.denominator > 0
        return np.divide(self.numerator, self.denominator, where=known, out=np.full(len(self), np.nan))


@dataclass(frozen=True, eq=False)
class Custom(Costs):
    """A metric of the user's own, which need not add up over clips. Made by `custom`.

    `numerator` is the value of every clip on its own and `denominator` is 1, or both are 0 where a clip has no value:
    they say which clips are bad, while the value of a group is what the function says of it.

    Attributes
    ----------
    function
        Of the references and the predictions of a group of clips, as two lists; gives a number, NaN for no value.
    references, predictions
        Of all clips.
    """

    function: Callable[[list[Any], list[Any]], float] = field(default=lambda *_: float("nan"), repr=False)
    references: tuple[Any, ...] = field(default=(), repr=False)
    predictions: tuple[Any, ...] = field(default=(), repr=False)

    def value(self, members: np.ndarray | Sequence[int] | None = None) -> float:
        """What the function says of a group of clips, or of all of them; NaN for no clips.

        Raises
        ------
        MetricError
            The function fails, or what it gives is no number.
        """
        rows = np.arange(len(self))[slice(None) if members is None else _as_rows(members)].tolist()
        return call_metric(self.function, self.name, self.references, self.predictions, rows)


def errors_and_words(costs: Costs) -> tuple[np.ndarray, np.ndarray]:
    """What to count, not negative and more is worse, and out of how much; each (n,).

    Where higher is better, what a clip lacks to the best value counts: 1 for a rate, else that of the best clip. Where
    lower is better, what it has above 0, or above the best clip if values are negative.
    """
    words = costs.denominator
    alone = costs.per_clip()
    if costs.higher_is_better:
        best = float(np.nanmax(alone, initial=1.0 if costs.is_rate else -np.inf))
        best = best if best > -np.inf else 0.0  # no clip has a value
        return np.maximum(best * words - costs.numerator, 0), words
    best = float(np.nanmin(alone, initial=0.0))
    return np.maximum(costs.numerator - best * words, 0), words


def call_metric(
    function: Callable[[list[Any], list[Any]], float],
    name: str,
    references: Sequence[Any],
    predictions: Sequence[Any],
    rows: list[int],
) -> float:
    """Value of a user's function for some rows, with errors that say which; NaN for no rows."""
    if not rows:
        return float("nan")
    clips = (
        f"row {row_in_file(rows[0])}"
        if len(rows) == 1
        else f"{len(rows)} clips, the first in row {row_in_file(rows[0])}"
    )
    try:
        value = function([references[row] for row in rows], [predictions[row] for row in rows])
    except Exception as error:  # whatever the user's function does, the sentence says where
        raise MetricError(f"The metric {name} fails on {clips}: {error}") from error
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise MetricError(f"The metric {name} gives {value!r} for {clips}, which is no number.") from None
    if np.isinf(number):
        raise MetricError(
            f"The metric {name} is infinite for {clips}. Let it return NaN where there is no value."
        )
    return number


def row_in_file(index: int) -> int:
    """Row as a spreadsheet shows it: the header is row 1."""
    return int(index) + 2


def _as_rows(members: np.ndarray | Sequence[int]) -> np.ndarray:
    rows = np.asarray(members)
    return rows if rows.dtype == bool or len(rows) else rows.astype(np.intp)
