"""Costs of a metric: what every clip adds to it; the value of a group is sum(numerator) / sum(denominator)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore import wording
from slicecore.cached_properties import cached_property
from slicecore.errors import ClipError, MetricError

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["words", "characters", "labels", "numbers", "decisions"]
"""Units by which a metric compares references and predictions."""

Values: TypeAlias = "Sequence[object] | pd.Series[Any]"
"""References or predictions, a value per clip."""

Members: TypeAlias = "NDArray[Any] | Sequence[int]"
"""A group of clips: rows, or a boolean mask over all clips."""


@dataclass(frozen=True, eq=False, repr=False)
class Costs:
    """Contribution of every clip to a metric whose values add up over clips.

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
    unit
        What references and predictions are compared by; None where the metric does not follow from the two, such as a
        score from elsewhere. It says whether errors are those of transcripts, which a name can't.
    """

    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    _: KW_ONLY
    higher_is_better: bool = False
    name: str = ""
    is_rate: bool = True
    unit: Unit | None = None

    adds_up: ClassVar[bool] = True
    """True if the value of a group follows from the sums of its clips."""

    def __post_init__(self) -> None:
        for side in ("numerator", "denominator"):
            values = np.array(getattr(self, side), dtype=np.float64)
            if values.ndim != 1:
                raise MetricError(f"The {side} must have one value per clip, not the shape {values.shape}.")
            bad = np.flatnonzero(~np.isfinite(values))
            if len(bad):
                raise ClipError(
                    f"Row {{row}}: the {side} is {values[bad[0]]}, not a finite number.", int(bad[0])
                )
            values.setflags(write=False)
            object.__setattr__(self, side, values)
        if len(self.numerator) != len(self.denominator):
            raise MetricError(
                f"There are {len(self.numerator)} numerators but {len(self.denominator)} denominators."
            )
        negative = np.flatnonzero(self.denominator < 0)
        if len(negative):
            raise ClipError("Row {row}: the denominator is negative.", int(negative[0]))

    def __len__(self) -> int:
        return len(self.numerator)

    def __repr__(self) -> str:
        value = wording.significant(self.value())
        return (
            f"{type(self).__name__}({self.name or 'value'} {value} over {wording.counted(len(self), 'clip')})"
        )

    @property
    def compares_text(self) -> bool:
        """True if errors are words or characters of transcripts."""
        return self.unit in ("words", "characters")

    @property
    def compares_values(self) -> bool:
        """True if references and predictions are labels, numbers or scores of a detector, no transcripts."""
        return self.unit in ("labels", "numbers", "decisions")

    @property
    def outcomes(self) -> NDArray[np.object_] | None:
        """Outcome of every clip in a word or two, (n,) of str; None where its value says all."""
        return None

    @property
    def compared(self) -> tuple[tuple[str, Costs], ...]:
        """Name and metric of each of two models that are compared; empty for the metric of one model."""
        return ()

    @property
    def model_costs(self) -> Costs:
        """The metric of the model itself, also where it is compared with another model."""
        return self

    def value(self, members: Members | None = None) -> float:
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
        rows = slice(None) if members is None else as_rows(members)
        return _ratio(float(self.numerator[rows].sum()), float(self.denominator[rows].sum()))

    def value_replacing(self, members: Members, value: float) -> float:
        """Overall value if a group of clips had another value.

        Parameters
        ----------
        members
            Rows of the group, or a boolean mask over all clips.
        value
            What the group would have.
        """
        inside = np.zeros(len(self), dtype=bool)
        inside[as_rows(members)] = True
        numerator = self.numerator[~inside].sum() + value * self.denominator[inside].sum()
        return _ratio(float(numerator), float(self.denominator.sum()))

    def values_of_runs(
        self, order: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Values of groups that are runs of an order of the clips; NaN where there is none.

        Parameters
        ----------
        order : (m,)
            Rows of clips.
        start, end : (groups,)
            The members of group g are `order[start[g]:end[g]]`.
        """
        numerator, denominator = (
            running[end] - running[start]
            for running in (
                np.concatenate([[0.0], np.cumsum(values[order])])
                for values in (self.numerator, self.denominator)
            )
        )
        return np.divide(numerator, denominator, out=np.full(len(start), np.nan), where=denominator > 0)

    def values_of_draws(self, draws: NDArray[np.integer]) -> NDArray[np.float64]:
        """Values of resampled groups, (draws,), NaN where there is none; `draws` holds a row of clips for each."""
        numerator, denominator = (values[draws].sum(axis=1) for values in (self.numerator, self.denominator))
        return np.divide(numerator, denominator, out=np.full(len(draws), np.nan), where=denominator > 0)

    def ordered(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """The clips of a group in an order that does not depend on the order of the table."""
        return members[np.lexsort([self.numerator[members], self.denominator[members]])]

    def per_clip(self) -> NDArray[np.float64]:
        """Value of every clip on its own, (n,); NaN where its denominator is 0."""
        known = self.denominator > 0
        return np.divide(self.numerator, self.denominator, where=known, out=np.full(len(self), np.nan))

    def drop(self, value: ArrayLike, compared: ArrayLike) -> NDArray[np.float64]:
        """Drop of groups against the whole, or the rest: positive is worse, whichever way the metric goes.

        Parameters
        ----------
        value
            Of the groups.
        compared
            Value of what they are compared with, for all of them or for each.
        """
        sign = -1.0 if self.higher_is_better else 1.0
        return sign * np.asarray(value) - sign * np.asarray(compared)

    def excess(self) -> NDArray[np.float64]:
        """Errors of every clip for the search and its test, (n,): not negative, more is worse, out of `denominator`.

        Where higher is better, what a clip lacks to the best value counts: 1 for a rate, else that of the best clip.
        Where lower is better, what it has above 0, or above the best clip if values are negative.
        """
        values = self.per_clip()
        if self.higher_is_better:
            best = float(np.nanmax(values, initial=1.0 if self.is_rate else -np.inf))
            best = best if best > -np.inf else 0.0  # no clip has a value
            return np.maximum(best * self.denominator - self.numerator, 0)
        best = float(np.nanmin(values, initial=0.0))
        return np.maximum(self.numerator - best * self.denominator, 0)

    def losses(self) -> NDArray[np.float64]:
        """Errors of every clip of which the share of a slice is taken, (n,), not negative."""
        return self.excess()

    def share(self, members: Members) -> float:
        """Share of all errors that lie in a group of clips; 0 where there are no errors at all."""
        total = float(self._losses.sum())
        return float(self._losses[as_rows(members)].sum()) / total if total > 0 else 0.0

    @cached_property
    def _losses(self) -> NDArray[np.float64]:
        return self.losses()

    def value_text(self, value: float | None, decimals: int = 1) -> str:
        """A value as people read it: "67.6 %" for rates, "3.21" for others, "–" if unknown."""
        return wording.rate(value, decimals) if self.is_rate else wording.significant(value)

    def threshold_text(self, drop: float) -> str:
        """A minimum drop as people read it: "10 pts", "2.5 pts", "3.21"; no sign, no decimals that say nothing."""
        amount = abs(drop)
        if not self.is_rate:
            return wording.significant(amount)
        whole = abs(100 * amount - round(100 * amount)) < 0.05
        return wording.points(amount, 0 if whole else 1).lstrip("+")

    def drop_text(self, drop: float | None, decimals: int = 1) -> str:
        """A difference of two values as people read it: "+34.7 pts" for rates, "+3.21" for others, "–" if unknown."""
        return wording.points(drop, decimals) if self.is_rate else wording.signed(drop)


def check_lengths(reference: Values, prediction: Values) -> None:
    """Check that there is a prediction for every reference. Raises MetricError."""
    if len(reference) != len(prediction):
        raise MetricError(f"There are {len(reference)} references but {len(prediction)} predictions.")


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else float("nan")


def as_rows(members: Members) -> NDArray[Any]:
    """Rows or mask of a group as an array that indexes, also where it is empty."""
    rows = np.asarray(members)
    return rows if rows.dtype == bool or len(rows) else rows.astype(np.intp)
