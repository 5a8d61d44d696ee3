"""Kind of task that a table is of, by its references and predictions: transcripts, labels, scores or detection."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from slicecore.metrics.costs import Values
from slicecore.metrics.detection import kind_of_references

_SAMPLE = 2000  # clips that are looked at, evenly over the table


class Task(StrEnum):
    """Kind of task."""

    TRANSCRIPTS = "transcripts"
    LABELS = "labels"
    SCORES = "scores"
    DETECTION = "detection"


@dataclass(frozen=True)
class TaskLimits:
    """Limits by which a kind of task is recognised.

    Attributes
    ----------
    numbers : share of the values that are numbers where a table is of scores.
    recurrence : how often a label recurs on average.
    words : most words of a label.
    known : share of the predictions that are labels of the references; a recogniser of commands makes other words, too.
    classes : most different whole numbers that are classes; more of them are scores.
    unspaced : share of the letters in a script without spaces from which on errors are counted by characters.
    """

    numbers: float = 0.99
    recurrence: float = 4.0
    words: int = 4
    known: float = 0.99
    classes: int = 20
    unspaced: float = 0.5


LIMITS = TaskLimits()

_METRICS = {
    Task.TRANSCRIPTS: "wer",
    Task.LABELS: "error_rate",
    Task.SCORES: "mae",
    Task.DETECTION: "detection",
}
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
"""First words of the names in Unicode of letters that are written without spaces between words."""


def task_of(reference: Values, prediction: Values) -> Task:
    """Kind of task of a table.

    Numbers are never transcripts. Whole numbers of a few different values are classes, other numbers scores. Where
    references are of two kinds such as 0 and 1, no and yes (`slicecore.metrics.detection.KINDS`), and predictions are
    numbers that are no classes, it is detection. Texts are labels where few recur often and predictions are labels of
    the references.

    Parameters
    ----------
    reference, prediction
        (n,) values as written.

    Examples
    --------
    >>> task_of(["yes", "no"] * 10, ["yes"] * 20)
    <Task.LABELS: 'labels'>
    """
    step = max(1, -(-len(reference) // _SAMPLE))
    pairs = [
        (actual, predicted)
        for actual, predicted in zip(_texts(reference[::step]), _texts(prediction[::step]), strict=True)
        if actual
    ]
    actual, predicted = [a for a, _ in pairs], [p for _, p in pairs if p]
    numbers = [_number(value) for value in actual], [_number(value) for value in predicted]
    if pairs and predicted and _are_numbers(numbers[1]) and _is_detection(actual, numbers[1]):
        return Task.DETECTION
    if pairs and predicted and all(_are_numbers(values) for values in numbers):
        return _task_of_numbers(*([value for value in values if value is not None] for values in numbers))
    return Task.LABELS if _are_labels(actual, predicted) else Task.TRANSCRIPTS


def usual_metric(reference: Values, prediction: Values) -> str:
    """Name of the metric that a table is looked at by where nobody chose another.

    "wer" of transcripts, or "cer" where they are written without spaces; "error_rate" of labels, "mae" of scores,
    "detection" of detection.

    Parameters
    ----------
    reference, prediction
        (n,) values as written.
    """
    task = task_of(reference, prediction)
    if task == Task.TRANSCRIPTS and _is_unspaced(reference):
        return "cer"
    return _METRICS[task]


def _task_of_numbers(actual: list[float], predicted: list[float]) -> Task:
    whole = all(value.is_integer() for value in (*actual, *predicted))
    values = {*actual, *predicted}
    is_class = whole and len(values) <= LIMITS.classes and len(actual) >= LIMITS.recurrence * len(set(actual))
    return Task.LABELS if is_class else Task.SCORES


def _is_detection(actual: list[str], predicted: Sequence[float | None]) -> bool:
    """True where references are of two kinds to be rejected and accepted, and predictions are scores, no classes."""
    scores = {value for value in predicted if value is not None}
    are_scores = len(scores) > LIMITS.classes or not all(value.is_integer() for value in scores)
    return are_scores and kind_of_references(actual) is not None


def _are_labels(actual: list[str], predicted: list[str]) -> bool:
    labels = {value.casefold() for value in actual}
    if len(labels) < 2 or len(actual) < LIMITS.recurrence * len(labels):
        return False
    if max(len(label.split()) for label in labels) > LIMITS.words:
        return False
    known = sum(value.casefold() in labels for value in predicted)
    return known >= LIMITS.known * max(len(predicted), 1)


def _is_unspaced(texts: Values) -> bool:
    step = max(1, -(-len(texts) // _SAMPLE))
    letters = Counter(letter for text in _texts(texts[::step]) for letter in text if letter.isalpha())
    unspaced = sum(
        count for letter, count in letters.items() if unicodedata.name(letter, "").startswith(_UNSPACED)
    )
    return unspaced > LIMITS.unspaced * max(letters.total(), 1)


def _texts(values: Values) -> list[str]:
    return ["" if _is_missing(value) else str(value).strip() for value in values]


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _are_numbers(values: Sequence[float | None]) -> bool:
    return sum(value is not None for value in values) >= LIMITS.numbers * len(values)
