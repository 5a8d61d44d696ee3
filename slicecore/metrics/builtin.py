"""Metrics as sums per clip: the value of any group of clips is sum(numerator) / sum(denominator)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from slicecore.errors import MetricError
from slicecore.metrics.costs import Costs, Custom, Difference, call_metric
from slicecore.text.alignment import DELETED, INSERTED, KIND_NAMES, SUBSTITUTED, align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Texts, normalise
from slicecore.wording import row_in_file

if TYPE_CHECKING:
    import pandas as pd

Values: TypeAlias = "Sequence[object] | pd.Series[Any]"


@dataclass(frozen=True, eq=False)
class WordErrors:
    """Word errors of every clip by kind, each (n,) float64; `words` counts the reference."""

    substitutions: np.ndarray
    deletions: np.ndarray
    insertions: np.ndarray
    words: np.ndarray

    @property
    def costs(self) -> Costs:
        """The word error rate."""
        return Costs(self.substitutions + self.deletions + self.insertions, self.words, name="WER")


@dataclass(frozen=True)
class Edit:
    """One step from the reference to the prediction.

    `kind` is "equal", "substitute", "delete" or "insert"; the side on which there is no word is "".
    """

    kind: str
    reference: str
    prediction: str


def word_errors(
    reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION
) -> WordErrors:
    """Count substituted, deleted and inserted words of every clip (Levenshtein alignment).

    Parameters
    ----------
    reference, prediction
        (n,) texts. A clip with an empty reference has 0 words; every word of its prediction is an insertion.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    aligned = align_table(reference, prediction, normalisation)
    return WordErrors(
        aligned.count(SUBSTITUTED),
        aligned.count(DELETED),
        aligned.count(INSERTED),
        aligned.reference_words,
    )


def wer(reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION) -> Costs:
    """Word error rate, pooled: word errors / words of the reference. See `word_errors`.

    Examples
    --------
    >>> wer(["Good morning.", "Hello there"], ["good morning", "yellow"]).value()
    0.5
    """
    return word_errors(reference, prediction, normalisation).costs


def cer(reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION) -> Costs:
    """Character error rate, pooled: character errors / characters of the reference, spaces included.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    from rapidfuzz.distance import Levenshtein

    _same_length(reference, prediction)
    references, predictions = normalise(reference, normalisation), normalise(prediction, normalisation)
    errors = [Levenshtein.distance(a, b) for a, b in zip(references, predictions, strict=True)]
    characters = [len(text) for text in references]
    return Costs(np.array(errors, dtype=np.float64), np.array(characters, dtype=np.float64), name="CER")


def error_rate(reference: Values, prediction: Values) -> Costs:
    """Share of clips whose label is wrong. Labels are compared as text, without the space around them.

    Raises
    ------
    MetricError
        If the lengths differ.
    """
    wrong = 1 - _correct(reference, prediction)
    return Costs(wrong, np.ones(len(wrong)), name="Error rate")


def accuracy(reference: Values, prediction: Values) -> Costs:
    """Share of clips whose label is right; higher is better. Compares and raises as `error_rate` does."""
    right = _correct(reference, prediction)
    return Costs(right, np.ones(len(right)), higher_is_better=True, name="Accuracy")


def mae(reference: Values, prediction: Values) -> Costs:
    """Mean absolute error of numbers.

    Raises
    ------
    MetricError
        If the lengths differ, or a value is no finite number (names row and column).
    """
    difference = _difference(reference, prediction)
    return Costs(np.abs(difference), np.ones(len(difference)), name="MAE", is_rate=False)


def mse(reference: Values, prediction: Values) -> Costs:
    """Mean squared error of numbers. Raises as `mae` does."""
    difference = _difference(reference, prediction)
    return Costs(difference**2, np.ones(len(difference)), name="MSE", is_rate=False)


def mean_of(values: Values, name: str, higher_is_better: bool = False) -> Costs:
    """Mean of numbers that every clip has, such as a score computed elsewhere.

    Parameters
    ----------
    values
        (n,) numbers; clips without one (NaN) have no value.
    name
        What people call the metric.
    higher_is_better
        Which way the drop counts.
    """
    import pandas as pd

    known = pd.notna(np.asarray(values, dtype=object))
    alone = _numbers([value if there else 0 for value, there in zip(values, known, strict=True)], name)
    return Costs(alone, known.astype(float), higher_is_better, name, is_rate=False)


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
    >>> def median_error(said, heard):
    ...     return float(np.median([abs(a - b) for a, b in zip(said, heard)]))
    >>> custom(median_error, [1, 2, 3], [1, 2, 9]).value()
    0.0
    """
    _same_length(reference, prediction)
    said, heard = tuple(reference), tuple(prediction)
    title = name or str(getattr(function, "__name__", "custom metric"))
    alone = np.array([call_metric(function, title, said, heard, [row]) for row in range(len(said))])
    known = ~np.isnan(alone)
    if said and not known.any():
        raise MetricError(
            f"The metric {title} has no value for any single clip. A scan compares clips by their own values: let the "
            f"function return a number for one reference and one prediction too."
        )
    values = np.where(known, alone, 0.0)
    return Custom(values, known.astype(np.float64), higher_is_better, title, is_rate, function, said, heard)


def difference(model: Costs, other: Costs, names: tuple[str, str] = ("", "")) -> Difference:
    """How much worse or better a model is than another one: the metric of the model less that of the other.

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
    >>> small, large = wer(reference, ["good day", "hello there"]), wer(reference, reference)
    >>> difference(small, large).value()
    0.25
    """
    if isinstance(model, Custom | Difference) or isinstance(other, Custom | Difference):
        raise MetricError("Only metrics that add up over clips have a difference clip by clip.")
    if (model.name, model.higher_is_better) != (other.name, other.higher_is_better):
        raise MetricError(f"{model.name} of one model can't be compared with {other.name} of the other.")
    if len(model) != len(other):
        raise MetricError(f"There are {len(model)} clips of one model but {len(other)} of the other.")
    differing = np.flatnonzero(model.denominator != other.denominator)
    if len(differing):
        row = differing[0]
        raise MetricError(
            f"Row {row_in_file(row)} counts {model.denominator[row]:g} for one model and "
            f"{other.denominator[row]:g} for the other: they must be measured by the same reference."
        )
    title = f"{model.name} difference".strip()
    more = model.numerator - other.numerator
    return Difference(
        more, model.denominator, model.higher_is_better, title, model.is_rate, model, other, names
    )


def align(reference: str, prediction: str, normalisation: str = DEFAULT_NORMALISATION) -> list[Edit]:
    """Align the words of one clip, one `Edit` per word, in the order of the text. Counts as `word_errors` does.

    Examples
    --------
    >>> align("a cold day", "a gold", "basic")[1]
    Edit(kind='substitute', reference='cold', prediction='gold')
    """
    return align_all([reference], [prediction], normalisation)[0]


def align_all(
    reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION
) -> list[list[Edit]]:
    """Align the words of many clips, as `align` does one; several times faster for each.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    aligned = align_table(reference, prediction, normalisation)
    return [
        [Edit(KIND_NAMES[kind], *words) for kind, *words in aligned.steps(row)]
        for row in range(aligned.clips)
    ]


@dataclass(frozen=True)
class Metric:
    """An entry of `METRICS`: what it is called, what it needs, how it is computed."""

    key: str
    label: str
    description: str
    function: Callable[..., Costs]
    normalises: bool = False
    is_rate: bool = True

    def __call__(
        self, reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION
    ) -> Costs:
        """Compute the metric; `normalisation` counts only where the metric compares text."""
        if self.normalises:
            return self.function(reference, prediction, normalisation)
        return self.function(reference, prediction)


METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric("wer", "WER", "Word error rate, pooled over the clips", wer, normalises=True),
        Metric("cer", "CER", "Character error rate, pooled over the clips", cer, normalises=True),
        Metric("error_rate", "Error rate", "Share of clips with the wrong label", error_rate),
        Metric("accuracy", "Accuracy", "Share of clips with the right label", accuracy),
        Metric("mae", "MAE", "Mean absolute error of numbers", mae, is_rate=False),
        Metric("mse", "MSE", "Mean squared error of numbers", mse, is_rate=False),
    )
}

COMPARING_TEXT = frozenset(one.label for one in METRICS.values() if one.normalises)
"""Names of the metrics whose errors are words or characters of transcripts."""

COMPARING_VALUES = frozenset(one.label for one in METRICS.values() if not one.normalises)
"""Names of the metrics of labels and numbers: what they compare is no transcript."""


def _same_length(reference: Values, prediction: Values) -> None:
    if len(reference) != len(prediction):
        raise MetricError(f"There are {len(reference)} references but {len(prediction)} predictions.")


def _correct(reference: Values, prediction: Values) -> np.ndarray:
    _same_length(reference, prediction)
    return np.array(
        [str(a).strip() == str(b).strip() for a, b in zip(reference, prediction, strict=True)],
        dtype=np.float64,
    )


def _difference(reference: Values, prediction: Values) -> np.ndarray:
    _same_length(reference, prediction)
    return _numbers(prediction, "prediction") - _numbers(reference, "reference")


def _numbers(values: Values, role: str) -> np.ndarray:
    column = getattr(values, "name", None) or role
    numbers = np.empty(len(values))
    for index, value in enumerate(values):
        try:
            numbers[index] = float(value)
        except (TypeError, ValueError):
            numbers[index] = np.nan
        if not np.isfinite(numbers[index]):
            shown = f"“{value}” is not a number" if str(value).strip() else "the cell is empty"
            raise MetricError(
                f"Row {row_in_file(index)}, column “{column}”: {shown}. This metric needs numbers."
            )
    return numbers
