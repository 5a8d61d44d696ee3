"""What every clip adds to a metric: the value of any group of clips is sum(numerator) / sum(denominator)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.errors import MetricError
from slicecore.wording import row_in_file


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


@dataclass(frozen=True, eq=False)
class Difference(Costs):
    """How much a model adds to the metric more than another one on the same clips. Made by `metrics.difference`.

    `numerator` is that of the model less that of the other and may be negative, `denominator` is what both have: the
    value of a group is the difference of both values.

    Attributes
    ----------
    model, other
        The metric of both models.
    names
        What people call the model and the other one.
    """

    model: Costs = field(default_factory=lambda: Costs(np.zeros(0), np.zeros(0)), repr=False)
    other: Costs = field(default_factory=lambda: Costs(np.zeros(0), np.zeros(0)), repr=False)
    names: tuple[str, str] = ("", "")

    @property
    def losses(self) -> np.ndarray:
        """By how much the model is worse, where it is: (n,), 0 for clips on which it is no worse."""
        return np.maximum(-self.numerator if self.higher_is_better else self.numerator, 0)


def errors_and_words(costs: Costs) -> tuple[np.ndarray, np.ndarray]:
    """What to count, not negative and more is worse, and out of how much; each (n,).

    Where higher is better, what a clip lacks to the best value counts: 1 for a rate, else that of the best clip. Where
    lower is better, what it has above 0, or above the best clip if values are negative.

    Of a difference of two models a clip has from 0, where all of it speaks for the model, to 2, where all of it speaks
    against it: output without end of one of them counts like everything wrong. Where the difference is no rate, all of
    it is three standard deviations of the values of single clips.
    """
    words = costs.denominator
    alone = costs.per_clip()
    if isinstance(costs, Difference):
        known = alone[words > 0]
        most = words * (1.0 if costs.is_rate else 3 * float(known.std()) if len(known) else 0.0)
        worse = -costs.numerator if costs.higher_is_better else costs.numerator
        return most + np.clip(worse, -most, most), words
    if costs.higher_is_better:
        best = float(np.nanmax(alone, initial=1.0 if costs.is_rate else -np.inf))
        best = best if best > -np.inf else 0.0  # no clip has a value
        return np.maximum(best * words - costs.numerator, 0), words
    best = float(np.nanmin(alone, initial=0.0))
    return np.maximum(costs.numerator - best * words, 0), words


def shared_errors(costs: Costs) -> np.ndarray:
    """What a share of all errors is a share of, (n,), not negative: of a difference, where the model is worse."""
    return costs.losses if isinstance(costs, Difference) else errors_and_words(costs)[0]


def of_one_model(costs: Costs) -> Costs:
    """The metric of the model itself where it is compared with another one, else the metric as it is."""
    return costs.model if isinstance(costs, Difference) else costs


def how_much_worse(costs: Costs, value: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Drop of groups against the whole, or the rest: positive is worse, whichever way the metric goes.

    Of a difference of two models, groups are compared with no difference where the whole speaks for the model: clips
    on which both do the same are no drop.

    Parameters
    ----------
    value
        Of the groups.
    whole
        What they are compared with, for all of them or for each.
    """
    sign = -1.0 if costs.higher_is_better else 1.0
    worse, compared = sign * np.asarray(value), sign * np.asarray(whole)
    if isinstance(costs, Difference):
        compared = np.maximum(compared, 0)
    return worse - compared


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


def _as_rows(members: np.ndarray | Sequence[int]) -> np.ndarray:
    rows = np.asarray(members)
    return rows if rows.dtype == bool or len(rows) else rows.astype(np.intp)
