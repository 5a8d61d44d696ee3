"""The words of a slice: which are misrecognised, as what, and what is never written; against the rest of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import rows_of
from slicecore.metrics.cached_counts import kept_vanishing_errors
from slicecore.text.alignment import DELETED, EQUAL, INSERTED, SUBSTITUTED, align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Texts


@dataclass(frozen=True)
class WordCount:
    """A word of a slice, or a pair of words, and how often something happened to it.

    Attributes
    ----------
    word : of the reference; of the prediction where it was inserted.
    heard : the word of the prediction in a confusion pair, else "".
    count, of : in the slice, how often it happened and how often it could have: occurrences of the word in the
        references, or words of the references for an insertion.
    count_rest, of_rest : the same in the other clips.
    """

    word: str
    count: int
    of: int
    count_rest: int
    of_rest: int
    heard: str = ""

    @property
    def excess(self) -> float:
        """How often more than at the rate of the rest, which counts one occurrence more without it."""
        return self.count - self.of * self.count_rest / (self.of_rest + 1)


@dataclass(frozen=True, eq=False)
class Words:
    """What happens to the words of a slice; the lists hold what stands out most from the rest first.

    Attributes
    ----------
    words, errors : of the references; wrong ones in the sense of the metric's normalisation.
    substitutions, deletions, insertions : the errors by kind.
    misrecognised : words of the references that were substituted or deleted.
    confusions : pairs of a word said and the word heard for it.
    deleted, inserted : words that are missing in, or added by the predictions.
    vanishing : (k,) rows of clips with errors that vanish when texts are normalised further, most such errors first.
    vanishing_errors : how many errors these are.
    empty : (k,) rows of clips with a reference whose prediction is empty.
    vocabulary : number of different words in the references of the slice.
    out_of_vocabulary : words of its predictions that no reference of the table has, with how often; commonest first.
    never_predicted : words of its references that no prediction of the table has, with how often; commonest first.
    alphabet : characters of its references, without spaces, with how often; commonest first.
    foreign_characters : characters of its predictions that no reference of the table has; commonest first.
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
    vanishing: NDArray[np.int64]
    vanishing_errors: int
    empty: NDArray[np.int64]
    vocabulary: int
    out_of_vocabulary: tuple[tuple[str, int], ...]
    never_predicted: tuple[tuple[str, int], ...]
    alphabet: tuple[tuple[str, int], ...]
    foreign_characters: tuple[tuple[str, int], ...]


class WordTable:
    """The words of a whole table, aligned once; `of` then looks at the clips of a slice only.

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`; that of the metric.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """

    def __init__(
        self, reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION
    ) -> None:
        self._texts = list(reference), list(prediction)
        self._normalisation = normalisation
        self.alignment = one = align_table(reference, prediction, normalisation)
        size = len(one.vocabulary)
        self._first = np.searchsorted(one.clip, np.arange(one.clips + 1))
        self._said = _count(one.reference, size)
        self._heard = _count(one.prediction, size)
        self._wrong = _count(one.reference[one.kind != EQUAL], size)
        self._deleted = _count(one.reference[one.kind == DELETED], size)
        self._inserted = _count(one.prediction[one.kind == INSERTED], size)
        substituted = one.kind == SUBSTITUTED
        self._pairs, self._pair_counts = np.unique(
            one.reference[substituted].astype(np.int64) * size + one.prediction[substituted],
            return_counts=True,
        )

    @cached_property
    def vanishing(self) -> NDArray[np.float64]:
        """(n,) errors of every clip that vanish when texts are normalised further; see `vanishing_errors`."""
        return kept_vanishing_errors(*self._texts, self._normalisation)

    @cached_property
    def errors(self) -> NDArray[np.float64]:
        """(n,) word errors of every clip."""
        one = self.alignment
        return np.bincount(one.clip[one.kind != EQUAL], minlength=one.clips).astype(np.float64)

    def of(self, members: Sequence[int] | NDArray | None = None, top: int = 20) -> Words:
        """The words of some clips against those of all others.

        Parameters
        ----------
        members
            Rows of the clips, or a mask over all; every clip by default, with nothing to compare with.
        top
            The longest a list gets.
        """
        one = self.alignment
        rows = rows_of(members, one.clips)
        steps = _ranges(self._first[rows], self._first[rows + 1])
        kind, left, right = one.kind[steps], one.reference[steps], one.prediction[steps]
        size = len(one.vocabulary)
        said, heard = _count(left, size), _count(right, size)
        said_rest = self._said - said
        words, words_rest = int(said.sum()), int(said_rest.sum())

        def listed(inside: NDArray, everywhere: NDArray, insertions: bool = False) -> tuple[WordCount, ...]:
            found = [
                WordCount(
                    one.vocabulary[i],
                    int(inside[i]),
                    words if insertions else int(said[i]),
                    int(everywhere[i] - inside[i]),
                    words_rest if insertions else int(said_rest[i]),
                )
                for i in np.flatnonzero(inside)
            ]
            return _most(found, top)

        wrong = left[(kind != EQUAL) & (left >= 0)]
        substituted = kind == SUBSTITUTED
        pairs, counts = np.unique(
            left[substituted].astype(np.int64) * size + right[substituted], return_counts=True
        )
        in_all = self._pair_counts[np.searchsorted(self._pairs, pairs)]
        confusions = [
            WordCount(
                one.vocabulary[pair // size],
                int(count),
                int(said[pair // size]),
                int(total - count),
                int(said_rest[pair // size]),
                one.vocabulary[pair % size],
            )
            for pair, count, total in zip(pairs.tolist(), counts, in_all, strict=True)
        ]
        vanish = self.vanishing[rows]
        worst = np.argsort(-vanish, kind="stable")[: np.count_nonzero(vanish)]
        has_words = one.reference_words[rows] > 0
        return Words(
            words=words,
            errors=int(np.count_nonzero(kind != EQUAL)),
            substitutions=int(np.count_nonzero(substituted)),
            deletions=int(np.count_nonzero(kind == DELETED)),
            insertions=int(np.count_nonzero(kind == INSERTED)),
            misrecognised=listed(_count(wrong, size), self._wrong),
            confusions=_most(confusions, top),
            deleted=listed(_count(left[kind == DELETED], size), self._deleted),
            inserted=listed(_count(right[kind == INSERTED], size), self._inserted, insertions=True),
            vanishing=rows[worst],
            vanishing_errors=int(vanish.sum()),
            empty=rows[has_words & (one.prediction_words[rows] == 0)],
            vocabulary=int(np.count_nonzero(said)),
            out_of_vocabulary=self._commonest(heard * (self._said == 0), top),
            never_predicted=self._commonest(said * (self._heard == 0), top),
            alphabet=tuple(self._characters(said).most_common()),
            foreign_characters=tuple(
                (character, count)
                for character, count in self._characters(heard).most_common()
                if character not in self._alphabet
            ),
        )

    @cached_property
    def _alphabet(self) -> frozenset[str]:
        return frozenset(self._characters(self._said))

    def _characters(self, counts: NDArray[np.int64]) -> Counter[str]:
        characters: Counter[str] = Counter()
        for i in np.flatnonzero(counts).tolist():
            for character in self.alignment.vocabulary[i]:
                characters[character] += int(counts[i])
        return characters

    def _commonest(self, counts: NDArray[np.int64], top: int) -> tuple[tuple[str, int], ...]:
        vocabulary = self.alignment.vocabulary
        found = [(vocabulary[i], int(counts[i])) for i in np.flatnonzero(counts)]
        return tuple(sorted(found, key=lambda word: (-word[1], word[0]))[:top])


def _count(codes: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    return np.bincount(codes[codes >= 0], minlength=size)


def _most(found: list[WordCount], top: int) -> tuple[WordCount, ...]:
    return tuple(sorted(found, key=lambda one: (-one.excess, -one.count, one.word, one.heard))[:top])


def _ranges(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every number from each start up to its end, one after the other."""
    length = end - start
    shift = np.repeat(start - (np.cumsum(length) - length), length)
    return shift + np.arange(len(shift))
