"""Comparison of two models: the difference of a metric on the same clips."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.errors import ClipError, MetricError
from slicecore.metrics.costs import Costs

# Standard deviations of the values of single clips that one clip can speak for or against a model without a rate.
_MOST_DEVIATIONS = 3.0


@dataclass(frozen=True, eq=False, repr=False)
class Difference(Costs):
    """Difference of a metric between a model and another one on the same clips. Made by `difference`.

    `numerator` is that of the model less that of the other and may be negative, `denominator` is what both have: the
    value of a group is the difference of both values.

    Attributes
    ----------
    model, other
        The metric of both models.
    names
        What people call the model and the other one.
    """

    _: KW_ONLY
    model: Costs
    other: Costs
    names: tuple[str, str] = ("", "")

    @property
    def compared(self) -> tuple[tuple[str, Costs], ...]:
        """Name and metric of the model, and of the other one."""
        return ((self.names[0], self.model), (self.names[1], self.other))

    @property
    def model_costs(self) -> Costs:
        """The metric of the model itself."""
        return self.model

    def drop(self, value: ArrayLike, compared: ArrayLike) -> NDArray[np.float64]:
        """Drop of groups against the whole, or the rest, and against no difference.

        Where the whole speaks for the model, groups are compared with no difference: clips on which both models do
        the same are no drop.
        """
        sign = -1.0 if self.higher_is_better else 1.0
        return sign * np.asarray(value) - np.maximum(sign * np.asarray(compared), 0)

    def excess(self) -> NDArray[np.float64]:
        """Errors of every clip for the search and its test: from 0 (best) to 2 (worst) times its denominator.

        Runaway output of one of the models is clipped: it counts like everything wrong. Where the metric is no rate,
        everything is three standard deviations of the values of single clips.
        """
        values = self.per_clip()[self.denominator > 0]
        spread = _MOST_DEVIATIONS * float(values.std()) if len(values) else 0.0
        most = self.denominator * (1.0 if self.is_rate else spread)
        worse = -self.numerator if self.higher_is_better else self.numerator
        return most + np.clip(worse, -most, most)

    def losses(self) -> NDArray[np.float64]:
        """Errors that the model has more than the other, (n,), 0 for clips on which it is no worse."""
        return np.maximum(-self.numerator if self.higher_is_better else self.numerator, 0)

    def value_text(self, value: float | None, decimals: int = 1) -> str:
        """A difference with its sign: "+34.7 pts" for rates, "+3.21" for others, "–" if unknown."""
        return self.drop_text(value, decimals)


def difference(model: Costs, other: Costs, names: tuple[str, str] = ("", "")) -> Difference:
    """Difference of two models: the metric of the model less that of the other, clip by clip.

    A scan of it finds clips on which the model loses more against the other than it does on the whole. Its `share`
    is of what the model has more than the other in the clips on which it is worse.

    Parameters
    ----------
    model, other
        The same metric of two models on the same clips.
    names
        What people call the two.

    Raises
    ------
    MetricError
        The metrics are not the same, not of the same clips, or functions of the user's own, which do not add up.

    Examples
    --------
    >>> reference = ["good morning", "hello there"]
    >>> small = sc.metrics.wer(reference, ["good day", "hello there"])
    >>> large = sc.metrics.wer(reference, reference)
    >>> sc.metrics.difference(small, large).value()
    0.25
    """
    if not (model.adds_up and other.adds_up) or model.compared or other.compared:
        raise MetricError("Only metrics that add up over clips have a difference clip by clip.")
    if (model.name, model.higher_is_better) != (other.name, other.higher_is_better):
        raise MetricError(f"{model.name} of one model can't be compared with {other.name} of the other.")
    if len(model) != len(other):
        raise MetricError(f"There are {len(model)} clips of one model but {len(other)} of the other.")
    differing = np.flatnonzero(model.denominator != other.denominator)
    if len(differing):
        row = int(differing[0])
        raise ClipError(
            f"Row {{row}} counts {model.denominator[row]:g} for one model and {other.denominator[row]:g} for the "
            "other: they must be measured by the same reference.",
            row,
        )
    title = f"{model.name} difference".strip()
    return Difference(
        model.numerator - other.numerator,
        model.denominator,
        higher_is_better=model.higher_is_better,
        name=title,
        is_rate=model.is_rate,
        unit=model.unit,
        model=model,
        other=other,
        names=names,
    )
