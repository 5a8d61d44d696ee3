"""Word alignment of a whole table, stored column-wise: counts, words and steps of any clip follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import MetricError
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Texts, normalise

EQUAL, SUBSTITUTED, DELETED, INSERTED = range(4)

KIND_NAMES = ("equal", "substitute", "delete", "insert")
"""Names of the kinds of steps, by their number."""

_KINDS = {
    "equal": EQUAL,
    "replace": SUBSTITUTED,
    "delete": DELETED,
    "insert": INSERTED,
}  # as rapidfuzz names them


@dataclass(frozen=True, eq=False)
class Alignment:
    """Every step from the references of a table to its predictions, in the order of the clips and their words.

    Attributes
    ----------
    clips : number of clips.
    clip : (steps,) row of the clip, ascending.
    kind : (steps,) `EQUAL`, `SUBSTITUTED`, `DELETED` or `INSERTED`.
    reference, prediction : (steps,) position of the word in `vocabulary`, -1 on the side on which there is none.
    vocabulary : all words, of references and predictions.
    """

    clips: int
    clip: NDArray[np.int64]
    kind: NDArray[np.int8]
    reference: NDArray[np.int32]
    prediction: NDArray[np.int32]
    vocabulary: tuple[str, ...]

    def count(self, kind: int) -> NDArray[np.float64]:
        """(clips,) number of steps of a kind in every clip."""
        return self._per_clip(self.kind == kind)

    @cached_property
    def errors(self) -> NDArray[np.float64]:
        """(clips,) number of substituted, deleted and inserted words of every clip."""
        return self._per_clip(self.kind != EQUAL)

    @cached_property
    def reference_words(self) -> NDArray[np.float64]:
        """(clips,) number of words of every reference."""
        return self._per_clip(self.reference >= 0)

    @cached_property
    def prediction_words(self) -> NDArray[np.float64]:
        """(clips,) number of words of every prediction."""
        return self._per_clip(self.prediction >= 0)

    @cached_property
    def first_step(self) -> NDArray[np.int64]:
        """(clips + 1,) position of the first step of every clip; that of the next clip is where its steps end."""
        return np.searchsorted(self.clip, np.arange(self.clips + 1))

    def steps(self, row: int) -> Iterator[tuple[int, str, str]]:
        """Kind, word of the reference and word of the prediction of every step of a clip; "" where there is none."""
        where = slice(*self.first_step[row : row + 2])
        words = self._words
        columns = (self.kind, self.reference, self.prediction)
        for kind, reference, prediction in zip(*(column[where].tolist() for column in columns), strict=True):
            yield kind, words[reference], words[prediction]

    @cached_property
    def _words(self) -> tuple[str, ...]:
        """The vocabulary, and "" at the end, where position -1 finds it."""
        return (*self.vocabulary, "")

    def _per_clip(self, steps: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(self.clip[steps], minlength=self.clips).astype(np.float64)


def align_table(reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION) -> Alignment:
    """Align the words of all clips: the fewest substitutions, deletions and insertions (Levenshtein, by rapidfuzz).

    The last few results stay in memory, so that counts, measurements and words of a table share one alignment.

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    if len(reference) != len(prediction):
        raise MetricError(f"There are {len(reference)} references but {len(prediction)} predictions.")
    return _aligned(tuple(reference), tuple(prediction), normalisation)


@lru_cache(maxsize=4)
def _aligned(reference: tuple[str, ...], prediction: tuple[str, ...], normalisation: str) -> Alignment:
    from rapidfuzz.distance import Levenshtein

    codes: dict[str, int] = {}
    reference_codes: list[int] = []
    prediction_codes: list[int] = []
    # A run of steps of one kind in one clip: where it starts among the words of either side, and its length.
    runs: list[tuple[int, int, int, int, int]] = []
    pairs = zip(normalise(reference, normalisation), normalise(prediction, normalisation), strict=True)
    for clip, (reference_text, prediction_text) in enumerate(pairs):
        source = [codes.setdefault(word, len(codes)) for word in reference_text.split()]
        target = [codes.setdefault(word, len(codes)) for word in prediction_text.split()]
        before_source, before_target = len(reference_codes), len(prediction_codes)
        for run in Levenshtein.opcodes(source, target):
            steps = max(run.src_end - run.src_start, run.dest_end - run.dest_start)
            starts = before_source + run.src_start, before_target + run.dest_start
            runs.append((clip, _KINDS[run.tag], *starts, steps))
        reference_codes += source
        prediction_codes += target
    row, kind, start, start_of_prediction, length = np.array(runs, dtype=np.int64).reshape(-1, 5).T
    kinds = np.repeat(kind, length)
    return Alignment(
        clips=len(reference),
        clip=np.repeat(row, length),
        kind=kinds.astype(np.int8),
        reference=_words_of_steps(reference_codes, start, length, kinds != INSERTED),
        prediction=_words_of_steps(prediction_codes, start_of_prediction, length, kinds != DELETED),
        vocabulary=tuple(codes),
    )


def _words_of_steps(
    codes: list[int], start: NDArray[np.int64], length: NDArray[np.int64], has_word: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Word of every step on one side, from where its run starts among the words of that side; -1 where it has none."""
    in_run = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    words = np.full(len(in_run), -1, dtype=np.int32)
    words[has_word] = np.array(codes, dtype=np.int32)[(np.repeat(start, length) + in_run)[has_word]]
    return words
