"""Words of a slice against the rest of the table: misrecognised, confused, missing and added ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import rows_of
from slicecore.text.alignment import DELETED, EQUAL, INSERTED, SUBSTITUTED, align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts


@dataclass(frozen=True)
class WordCount:
    """A word of a slice, or a pair of words, and how often something happened to it.

    Attributes
    ----------
    word : of the reference; of the prediction where it was inserted.
    count, of : in the slice, how often it happened and how often it could have: occurrences of the word in the
        references, or words of the references for an insertion.
    count_rest, of_rest : the same in the other clips.
    prediction : the word of the prediction in a confusion pair, else "".
    """

    word: str
    count: int
    of: int
    count_rest: int
    of_rest: int
    prediction: str = ""

    @property
    def excess(self) -> float:
        """Occurrences beyond the rate of the rest, which gets one more occurrence without an error."""
        return self.count - self.of * self.count_rest / (self.of_rest + 1)


@dataclass(frozen=True, eq=False)
class Words:
    """Errors on the words of a slice; each list begins with the word that stands out most from the rest.

    Attributes
    ----------
    words, errors : of the references; wrong ones in the sense of the metric's normalisation.
    substitutions, deletions, insertions : the errors by kind.
    misrecognised : words of the references that were substituted or deleted.
    confusions : pairs of a word of the references and the word predicted for it.
    deleted, inserted : words that are missing in, or added by the predictions.
    empty : (k,) rows of clips with a reference whose prediction is empty.
    vocabulary : number of different words in the references of the slice.
    """

    words: int
    errors: int
    substitutions: int
    deletions: int
    insertions: int
    misrecognised: tuple[WordCount, ...]
    confusions: tuple[WordCount, ...]
    deleted: tuple[WordCount, ...]
    inserted: tuple[WordCount, ...]
    empty: NDArray[np.int64]
    vocabulary: int


class WordTable:
    """The words of a whole table, aligned once; `of` then looks at the clips of a slice only.

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`; that of the metric.
    cache
        Folder of the cache; nothing is stored if None.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """

    def __init__(
        self,
        reference: Texts,
        prediction: Texts,
        normalisation: Normalisation = DEFAULT_NORMALISATION,
        cache: Path | None = None,
    ) -> None:
        self.alignment = align_table(reference, prediction, normalisation, cache)
        self._size = len(self.alignment.vocabulary)
        self._all = self._counts(np.arange(len(self.alignment.clip)))

    def of(self, members: Sequence[int] | NDArray | None = None, top: int = 20) -> Words:
        """Words of some clips against those of all others.

        Parameters
        ----------
        members
            Rows of the clips, or a mask over all; every clip by default, with nothing to compare with.
        top
            The longest a list gets.
        """
        table = self.alignment
        rows = rows_of(members, table.clips)
        inside = self._counts(_ranges(table.first_step[rows], table.first_step[rows + 1]))
        kinds = inside.kinds
        return Words(
            words=inside.words,
            errors=int(kinds.sum() - kinds[EQUAL]),
            substitutions=int(kinds[SUBSTITUTED]),
            deletions=int(kinds[DELETED]),
            insertions=int(kinds[INSERTED]),
            misrecognised=self._of_reference(inside, inside.wrong, self._all.wrong, top),
            confusions=self._confusions(inside, top),
            deleted=self._of_reference(inside, inside.deleted, self._all.deleted, top),
            inserted=self._insertions(inside, top),
            empty=rows[(table.reference_words[rows] > 0) & (table.prediction_words[rows] == 0)],
            vocabulary=int(np.count_nonzero(inside.reference)),
        )

    def _counts(self, steps: NDArray[np.int64]) -> _Counts:
        table, size = self.alignment, self._size
        kind, reference, prediction = table.kind[steps], table.reference[steps], table.prediction[steps]
        substituted = kind == SUBSTITUTED
        pairs, times = np.unique(
            reference[substituted].astype(np.int64) * size + prediction[substituted], return_counts=True
        )
        return _Counts(
            kinds=np.bincount(kind, minlength=4),
            reference=_count(reference, size),
            wrong=_count(reference[kind != EQUAL], size),
            deleted=_count(reference[kind == DELETED], size),
            inserted=_count(prediction[kind == INSERTED], size),
            pairs=pairs,
            pair_times=times,
        )

    def _of_reference(
        self, inside: _Counts, times: NDArray[np.int64], times_in_all: NDArray[np.int64], top: int
    ) -> tuple[WordCount, ...]:
        """Something that happened to words of the references, a number of times for every word."""
        codes = np.flatnonzero(times)
        return self._most(codes, times[codes], times_in_all[codes], *self._spoken(codes, inside), top)

    def _confusions(self, inside: _Counts, top: int) -> tuple[WordCount, ...]:
        in_all = self._all.pair_times[np.searchsorted(self._all.pairs, inside.pairs)]
        codes, predicted = np.divmod(inside.pairs, max(1, self._size))
        spoken = self._spoken(codes, inside)
        return self._most(codes, inside.pair_times, in_all, *spoken, top, predicted)

    def _insertions(self, inside: _Counts, top: int) -> tuple[WordCount, ...]:
        codes = np.flatnonzero(inside.inserted)
        words, rest = inside.words, self._all.words - inside.words
        of, of_rest = np.full(len(codes), words), np.full(len(codes), rest)
        return self._most(codes, inside.inserted[codes], self._all.inserted[codes], of, of_rest, top)

    def _spoken(
        self, codes: NDArray[np.int64], inside: _Counts
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of times that words are in the references of a slice, and of the rest."""
        return inside.reference[codes], self._all.reference[codes] - inside.reference[codes]

    def _most(
        self,
        codes: NDArray[np.int64],
        times: NDArray[np.int64],
        times_in_all: NDArray[np.int64],
        of: NDArray[np.int64],
        of_rest: NDArray[np.int64],
        top: int,
        predicted: NDArray[np.int64] | None = None,
    ) -> tuple[WordCount, ...]:
        """The words that stand out most; objects are made of these alone, a large slice has a hundred thousand."""
        times_rest = times_in_all - times
        at = np.arange(len(codes))
        if 0 < top < len(codes):
            excess = times - of * times_rest / (of_rest + 1)  # as `WordCount.excess`
            at = np.flatnonzero(excess >= np.partition(excess, -top)[-top])
        name = self.alignment.vocabulary
        words = [
            WordCount(
                name[codes[i]],
                int(times[i]),
                int(of[i]),
                int(times_rest[i]),
                int(of_rest[i]),
                "" if predicted is None else name[predicted[i]],
            )
            for i in at.tolist()
        ]
        words.sort(key=lambda word: (-word.excess, -word.count, word.word, word.prediction))
        return tuple(words[:top])


@dataclass(frozen=True, eq=False)
class _Counts:
    """Counts over some steps of an alignment.

    Attributes
    ----------
    kinds : (4,) steps of each kind.
    reference : (vocabulary,) how often each word is in the references.
    wrong, deleted, inserted : (vocabulary,) how often it is substituted or deleted; deleted; inserted.
    pairs, pair_times : (p,) confusion pairs, ascending, as code of the reference * vocabulary + code of the prediction;
        and how often each is.
    """

    kinds: NDArray[np.int64]
    reference: NDArray[np.int64]
    wrong: NDArray[np.int64]
    deleted: NDArray[np.int64]
    inserted: NDArray[np.int64]
    pairs: NDArray[np.int64]
    pair_times: NDArray[np.int64]

    @property
    def words(self) -> int:
        """Words of the references."""
        return int(self.reference.sum())


def _count(codes: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    return np.bincount(codes[codes >= 0], minlength=size)


def _ranges(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every number from each start up to its end, one after the other."""
    length = end - start
    shift = np.repeat(start - (np.cumsum(length) - length), length)
    return shift + np.arange(len(shift))
