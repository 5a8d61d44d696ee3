"""Metrics by a function of the user's, which need not add up over clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import ClipError, MetricError
from slicecore.metrics.costs import Costs, Members, Values, as_rows, check_lengths


@dataclass(frozen=True, eq=False, repr=False)
class Custom(Costs):
    """A metric by a function of the user's, which need not add up over clips. Made by `custom`.

    `numerator` is the value of every clip on its own and `denominator` is 1, or both are 0 where a clip has no value:
    they say which clips are bad, while the value of a group is what the function returns for it.

    Attributes
    ----------
    function
        Takes the references and the predictions of a group of clips, as two lists; returns a number, NaN for no value.
    references, predictions
        Of all clips.
    """

    _: KW_ONLY
    function: Callable[[list[Any], list[Any]], float]
    references: tuple[Any, ...]
    predictions: tuple[Any, ...]

    adds_up: ClassVar[bool] = False

    def value(self, members: Members | None = None) -> float:
        """Value of the function for a group of clips, or for all of them; NaN for no clips.

        Raises
        ------
        MetricError
            The function fails, or what it returns is no number.
        """
        rows = np.arange(len(self))[slice(None) if members is None else as_rows(members)].tolist()
        return _call(self.function, self.name, self.references, self.predictions, rows)

    def value_replacing(self, members: Members, value: float) -> float:
        """Value of the clips outside a group: nobody knows what the function would return for better ones."""
        outside = np.ones(len(self), dtype=bool)
        outside[as_rows(members)] = False
        return self.value(outside)

    def values_of_runs(
        self, order: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """See `Costs.values_of_runs`; calls the function for each group."""
        return np.array([self.value(order[a:b]) for a, b in zip(start, end, strict=True)], dtype=np.float64)

    def values_of_draws(self, draws: NDArray[np.integer]) -> NDArray[np.float64]:
        """See `Costs.values_of_draws`; calls the function for each draw."""
        return np.array([self.value(draw) for draw in draws], dtype=np.float64)

    def ordered(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """The clips of a group, ordered by what the function sees of them."""
        content = [repr((self.references[row], self.predictions[row])) for row in members]
        return members[np.argsort(content, kind="stable")]


def custom(
    function: Callable[[list[Any], list[Any]], float],
    reference: Values,
    prediction: Values,
    higher_is_better: bool = False,
    name: str | None = None,
    is_rate: bool = False,
) -> Custom:
    """Metric by a function of your own.

    A scan calls it for every cluster with enough support: slower than the metrics that add up over clips, by the time
    of thousands of calls. Which clusters are chosen, and how sure they are, follows from its values of single clips.

    Parameters
    ----------
    function
        Given the references and the predictions of some clips, as two lists in the same order, it returns a number; NaN
        where these clips have no value. It must work for single clips, with a value for some of them.
    reference, prediction
        (n,) any values.
    higher_is_better
        Which way the drop counts.
    name
        What people call the metric; the name of the function by default.
    is_rate
        Whether the value is a share, to be shown in percent.

    Raises
    ------
    MetricError
        If the lengths differ, the function fails or returns no number, or it has no value for any single clip.

    Examples
    --------
    >>> import numpy as np
    >>> def median_error(references, predictions):
    ...     return float(np.median([abs(a - b) for a, b in zip(references, predictions)]))
    >>> sc.metrics.custom(median_error, [1, 2, 3], [1, 2, 9]).value()
    0.0
    """
    check_lengths(reference, prediction)
    references, predictions = tuple(reference), tuple(prediction)
    title = name or str(getattr(function, "__name__", "custom metric"))
    values = np.array(
        [_call(function, title, references, predictions, [row]) for row in range(len(references))]
    )
    known = ~np.isnan(values)
    if references and not known.any():
        raise MetricError(
            f"The metric {title} has no value for any single clip. A scan compares clips by their own values: let the "
            f"function return a number for one reference and one prediction too."
        )
    return Custom(
        np.where(known, values, 0.0),
        known.astype(np.float64),
        higher_is_better=higher_is_better,
        name=title,
        is_rate=is_rate,
        function=function,
        references=references,
        predictions=predictions,
    )


def _call(
    function: Callable[[list[Any], list[Any]], float],
    name: str,
    references: Sequence[Any],
    predictions: Sequence[Any],
    rows: list[int],
) -> float:
    """Value of a user's function for some rows; NaN for no rows. A MetricError names the rows on which it fails."""
    if not rows:
        return float("nan")
    clips = "row {row}" if len(rows) == 1 else f"{len(rows)} clips, the first in row {{row}}"
    try:
        value = function([references[row] for row in rows], [predictions[row] for row in rows])
    except Exception as error:  # whatever the user's function does, the sentence says where
        raise ClipError(f"The metric {name} fails on {clips}: {error}", rows[0]) from error
    try:
        number = float(value)
    except (TypeError, ValueError):
        sentence = f"The metric {name} gives {value!r} for {clips}, which is no number."
        raise ClipError(sentence, rows[0]) from None
    if np.isinf(number):
        raise ClipError(
            f"The metric {name} is infinite for {clips}. Let it return NaN where there is no value.", rows[0]
        )
    return number
