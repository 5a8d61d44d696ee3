"""Words that matter, such as product names and commands: how often each is recognised, and rightly predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import MetricError
from slicecore.metrics.intervals import proportion_interval
from slicecore.table.readers.text_files import open_text
from slicecore.text.alignment import EQUAL, Alignment, align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, normalise

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset

_NOTHING = (float("nan"), float("nan"))


@dataclass(frozen=True)
class WordRecall:
    """A word or several words in a row, and how the model does on them.

    Attributes
    ----------
    word : as it was given.
    in_references, in_predictions : how often it is in the references and in the predictions.
    recognised : how often it stands in both at the same place: aligned, nothing between its words.
    """

    word: str
    in_references: int
    in_predictions: int
    recognised: int

    @property
    def recall(self) -> float:
        """Share of the occurrences in the references that were recognised; NaN where there are none."""
        return self.recognised / self.in_references if self.in_references else float("nan")

    @property
    def precision(self) -> float:
        """Share of the occurrences in the predictions that are right; NaN where there are none."""
        return self.recognised / self.in_predictions if self.in_predictions else float("nan")

    @property
    def recall_interval(self) -> tuple[float, float]:
        """95 % interval of the recall, see `intervals.proportion_interval`."""
        return proportion_interval(self.recognised, self.in_references) if self.in_references else _NOTHING

    @property
    def precision_interval(self) -> tuple[float, float]:
        """95 % interval of the precision."""
        return proportion_interval(self.recognised, self.in_predictions) if self.in_predictions else _NOTHING


def word_recall(
    data: Dataset, words: Sequence[str] | str | Path, *, normalisation: Normalisation = DEFAULT_NORMALISATION
) -> tuple[WordRecall, ...]:
    """Recall and precision of some words by the first model's predictions, the surely worst first.

    The first is the one whose recall is lowest at the upper end of its interval, so that one miss of one does not
    stand before thirty of forty. Words that are not in the references come last.

    Parameters
    ----------
    data
        The clips.
    words
        Words, or several in a row such as “living room light”; or a text file with one of them a line. They are
        normalised as the transcripts are.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`; that of the metric.

    Raises
    ------
    MetricError
        Nothing is left of a word after normalisation, there are no words, or the normalisation is unknown.
    TableError
        The table has no references or predictions, or the file can't be read.

    Examples
    --------
    >>> sc.word_recall(result.data, ["lights"])
    (WordRecall(word='lights', in_references=200, in_predictions=180, recognised=180),)
    """
    entries = read_words(words) if isinstance(words, (str, Path)) else list(words)
    if not entries:
        raise MetricError("There are no words to look for.")
    phrases: dict[tuple[str, ...], str] = {}
    for entry, normalised in zip(entries, normalise(entries, normalisation), strict=True):
        if not normalised:
            raise MetricError(
                f"Nothing is left of “{entry}” in the list of words after the normalisation “{normalisation}”. Take "
                "it out, or choose another normalisation."
            )
        phrases.setdefault(tuple(normalised.split()), entry)
    aligned = align_table(data.reference, data.prediction, normalisation)
    finder = _Finder(aligned)
    counted = [finder.counted(entry, phrase) for phrase, entry in phrases.items()]
    return tuple(sorted(counted, key=_worst_first))


def read_words(path: str | Path) -> list[str]:
    """Words of a text file, one or several in a row on each line; blank lines are skipped.

    Raises
    ------
    TableError
        The file can't be read.
    MetricError
        There are none in it.
    """
    path = Path(path)
    with open_text(path) as file:
        words = [line.strip() for line in file if line.strip()]
    if not words:
        raise MetricError(f"“{path.name}” has no words. Write one, or several in a row, on each line.")
    return words


class _Finder:
    """Occurrences of words in the two sides of an alignment."""

    def __init__(self, aligned: Alignment) -> None:
        self._aligned = aligned
        self._code = {word: code for code, word in enumerate(aligned.vocabulary)}
        self._reference = _Side(aligned.reference, aligned.clip)
        self._prediction = _Side(aligned.prediction, aligned.clip)

    def counted(self, entry: str, phrase: tuple[str, ...]) -> WordRecall:
        """A phrase with its counts."""
        if not all(word in self._code for word in phrase):
            return WordRecall(entry, 0, 0, 0)
        codes = [self._code[word] for word in phrase]
        first, last = self._reference.occurrences(codes)
        together = last - first == len(codes) - 1
        right = np.ones(len(first), dtype=bool)
        for offset in range(len(codes)):
            # Where the words are not together the steps between are others, which is no matter.
            right &= self._aligned.kind[first + offset] == EQUAL
        in_predictions = len(self._prediction.occurrences(codes)[0])
        return WordRecall(entry, len(first), in_predictions, int(np.count_nonzero(together & right)))


class _Side:
    """Words of all references, or of all predictions, in their order.

    Parameters
    ----------
    words : (steps,) code of the word of every step, -1 where there is none.
    clip : (steps,) its clip.
    """

    def __init__(self, words: NDArray[np.int32], clip: NDArray[np.int32]) -> None:
        self._step = np.flatnonzero(words >= 0)
        self._words, self._clip = words[self._step], clip[self._step]
        self._by_code = np.argsort(self._words, kind="stable")
        self._sorted = self._words[self._by_code]

    def occurrences(self, codes: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last step of every place where these words follow one another in a clip."""
        low, high = np.searchsorted(self._sorted, [codes[0], codes[0] + 1])
        start = np.sort(self._by_code[low:high])
        start = start[start + len(codes) <= len(self._words)]
        for offset, code in enumerate(codes):
            start = start[self._words[start + offset] == code]
        end = start + len(codes) - 1
        within = self._clip[start] == self._clip[end]
        return self._step[start[within]], self._step[end[within]]


def _worst_first(word: WordRecall) -> tuple[bool, float, int, str]:
    seldom = not word.in_references
    return seldom, 0.0 if seldom else word.recall_interval[1], -word.in_references, word.word
