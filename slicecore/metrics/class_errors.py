"""Errors by class of word: numbers, names and rare words, in some clips and in all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.groups import rows_of
from slicecore.metrics.costs import Costs
from slicecore.metrics.intervals import proportion_interval, value_interval
from slicecore.text.alignment import EQUAL, Alignment, align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts
from slicecore.text.word_classes import CLASSES, FREQUENT, NAME, OTHER, WordClasses

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset

FEWEST_WORDS = 10
"""Words from which on the page and the report show the rate of a class."""

_FEWEST_CLIPS = 5
_NAN = float("nan")


@dataclass(frozen=True)
class ClassErrors:
    """Errors on the words of a class, in some clips and in all others.

    Attributes
    ----------
    name, label : of the class, see `slicecore.text.word_classes.CLASSES`.
    words, errors : words of the class in the references of the clips, and how many were substituted or deleted. Words
        that were inserted belong to no class.
    all_errors : substituted, deleted and inserted words of the clips.
    interval : 95 % interval of the rate, NaN without words: by the bootstrap over clips, see
        `intervals.value_interval`; where all or none are wrong, or the words are of fewer than five clips, that of a
        share, see `intervals.proportion_interval`.
    words_rest, errors_rest : the same of the other clips.
    unknown : the reason why the class can't be told; "" where it can.
    """

    name: str
    label: str
    words: int
    errors: int
    all_errors: int
    interval: tuple[float, float]
    words_rest: int
    errors_rest: int
    unknown: str = ""

    @property
    def rate(self) -> float:
        """Share of the words that are wrong; NaN where there are none."""
        return self.errors / self.words if self.words else _NAN

    @property
    def rate_rest(self) -> float:
        """The same in the other clips."""
        return self.errors_rest / self.words_rest if self.words_rest else _NAN

    @property
    def share(self) -> float:
        """Share of all errors of the clips that lie on the class; NaN where there are no errors."""
        return self.errors / self.all_errors if self.all_errors else _NAN

    @property
    def tells(self) -> bool:
        """True if there are enough words for a rate that says something."""
        return self.words >= FEWEST_WORDS


def word_classes(
    data: Dataset,
    members: Sequence[int] | NDArray | None = None,
    *,
    normalisation: Normalisation = DEFAULT_NORMALISATION,
) -> tuple[ClassErrors, ...]:
    """Errors of the first model's predictions by class of the reference's word, an entry per class.

    Parameters
    ----------
    data
        The clips.
    members
        Rows of some clips, or a mask, to be compared with all others; every clip by default.
    normalisation
        That of the metric.

    Raises
    ------
    TableError
        The table has no references or predictions.

    Examples
    --------
    >>> number = sc.word_classes(result.data)[0]
    >>> number.label, number.words, number.unknown
    ('Numbers', 0, '')
    """
    return ClassTable(data.reference, data.prediction, normalisation).of(members)


def telling(classes: Sequence[ClassErrors]) -> tuple[ClassErrors, ...]:
    """Classes that page and report list: with enough words, or unknown; `OTHER` where it is not all frequent words."""
    words = {each.name: each.words for each in classes}
    same = words[OTHER] == words[FREQUENT]
    listed = (each for each in classes if each.tells or each.unknown)
    return tuple(each for each in listed if not (same and each.name == OTHER))


class ClassTable:
    """The classes of the words of a whole table; `of` then counts the errors of any clips.

    Parameters
    ----------
    reference, prediction
        (n,) texts as written.
    normalisation
        That of the metric.
    """

    def __init__(
        self, reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION
    ) -> None:
        self._reference = reference
        self._aligned: Alignment = align_table(reference, prediction, normalisation)

    def of(self, members: Sequence[int] | NDArray | None = None) -> tuple[ClassErrors, ...]:
        """Errors by class of some clips against those of all others, an entry per class; every clip by default."""
        rows = rows_of(members, self._aligned.clips)
        all_errors = int(self._aligned.errors[rows].sum())
        unknown = self._classes.names_unknown
        return tuple(
            self._errors(index, name, rows, all_errors, unknown if name == NAME else "")
            for index, name in enumerate(CLASSES)
        )

    @cached_property
    def _classes(self) -> WordClasses:
        return WordClasses.of(self._aligned, self._reference)

    @cached_property
    def _per_clip(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Words and wrong words of every class in every clip, (classes, clips) each."""
        aligned = self._aligned
        spoken = aligned.reference >= 0
        clip, word, wrong = aligned.clip[spoken], aligned.reference[spoken], aligned.kind[spoken] != EQUAL
        words, errors = [], []
        for of_word in self._classes.of_word:
            within = of_word[word]
            words.append(np.bincount(clip[within], minlength=aligned.clips).astype(np.int32))
            errors.append(np.bincount(clip[within & wrong], minlength=aligned.clips).astype(np.int32))
        return np.stack(words), np.stack(errors)

    def _errors(
        self, index: int, name: str, rows: NDArray[np.int64], all_errors: int, unknown: str
    ) -> ClassErrors:
        words, errors = (counts[index] for counts in self._per_clip)
        inside, wrong = int(words[rows].sum()), int(errors[rows].sum())
        return ClassErrors(
            name=name,
            label=CLASSES[name],
            words=inside,
            errors=wrong,
            all_errors=all_errors,
            interval=_interval(errors, words, rows, wrong, inside),
            words_rest=int(words.sum()) - inside,
            errors_rest=int(errors.sum()) - wrong,
            unknown=unknown,
        )


def _interval(
    errors: NDArray[np.int32], words: NDArray[np.int32], rows: NDArray[np.int64], wrong: int, inside: int
) -> tuple[float, float]:
    if not inside:
        return _NAN, _NAN
    having = rows[words[rows] > 0]
    if wrong in (0, inside) or len(having) < _FEWEST_CLIPS:
        return proportion_interval(wrong, inside)
    counts = Costs(errors[having].astype(np.float64), words[having].astype(np.float64), name="share")
    return value_interval(counts, np.arange(len(having)))
