"""Word alignment of a whole table, stored column-wise: counts, words and steps of any clip follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.errors import ClipError, MetricError
from slicecore.text.compounds import joined_words, steps_with_compounds
from slicecore.text.few_recent import FewRecent
from slicecore.text.normalisation import (
    DEFAULT_NORMALISATION,
    Normalisation,
    Texts,
    joins_compounds,
    name_of,
    normalise,
)
from slicecore.text.parts import parts_of
from slicecore.text.stored_alignment import LEAST_CLIPS, stored_alignment
from slicecore.text_digest import digest_of

EQUAL, SUBSTITUTED, DELETED, INSERTED = range(4)

KIND_NAMES = ("equal", "substitute", "delete", "insert")
"""Names of the kinds of steps, by their number."""

_KINDS = {
    "equal": EQUAL,
    "replace": SUBSTITUTED,
    "delete": DELETED,
    "insert": INSERTED,
}  # as rapidfuzz names them

_REST_OF_REFERENCE, _REST_OF_PREDICTION = 4, 5
"""Further words of one side that are one word of the other, while steps are gathered; then they are `EQUAL`."""

_CHARACTERS = 0x110000  # that there can be

Run = tuple[int, int, int, int]
"""Steps of one kind: the kind, where they start among the words of either side, and how many there are."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """Every step from the references of a table to its predictions, in the order of the clips and their words.

    Attributes
    ----------
    clips : number of clips.
    clip : (steps,) row of the clip, ascending.
    kind : (steps,) `EQUAL`, `SUBSTITUTED`, `DELETED` or `INSERTED`.
    reference, prediction : (steps,) position of the word in `vocabulary`, -1 on the side on which there is none. Of a
        compound that the other side writes as several words, each of these has a step, the first with the compound.
    vocabulary : all words, of references and predictions.
    """

    clips: int
    clip: NDArray[np.int32]
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

    def of(self, rows: NDArray[np.int64]) -> Alignment:
        """Steps of some clips, (rows,) in whatever order, which are numbered anew from 0."""
        first, last = self.first_step[rows], self.first_step[rows + 1]
        length = last - first
        step = np.arange(length.sum()) + np.repeat(first - (np.cumsum(length) - length), length)
        clip = np.repeat(np.arange(len(rows), dtype=np.int32), length)
        columns = (self.kind[step], self.reference[step], self.prediction[step])
        return Alignment(len(rows), clip, *columns, self.vocabulary)

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


_recent: FewRecent[Alignment] = FewRecent(4)


def align_table(
    reference: Texts,
    prediction: Texts,
    normalisation: Normalisation = DEFAULT_NORMALISATION,
    cache: Path | None = None,
) -> Alignment:
    """Align the words of all clips: the fewest substitutions, deletions and insertions (Levenshtein, by rapidfuzz).

    The last few results stay in memory, so that counts, measurements and words of a table share one alignment.

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`, or a function of the user's, see `normalise`. Where it
        joins compounds, words that are only divided in another way are no errors.
    cache
        Folder of the cache, for the alignment of a large table; nothing is stored if None.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    if len(reference) != len(prediction):
        raise MetricError(f"There are {len(reference)} references but {len(prediction)} predictions.")
    name = name_of(normalisation)

    def align() -> Alignment:
        return _aligned(reference, prediction, name)

    def find() -> Alignment:
        if cache is None or len(reference) < LEAST_CLIPS:
            return align()
        return stored_alignment(reference, prediction, name, cache, align)

    return _recent.get((name, digest_of(reference, prediction)), find)


def _aligned(reference: Texts, prediction: Texts, normalisation: str) -> Alignment:
    steps_of = _steps_with_compounds if joins_compounds(normalisation) else _steps
    codes = _Codes()
    blocks = [
        steps_of(
            part.start, _some(reference, part, normalisation), _some(prediction, part, normalisation), codes
        )
        for part in parts_of(len(reference))
    ]
    clip, kind, of_reference, of_prediction = map(np.concatenate, zip(*blocks, strict=True))
    return Alignment(len(reference), clip, kind, of_reference, of_prediction, tuple(codes))


def _some(texts: Texts, part: slice, normalisation: str) -> list[str]:
    """Normalised texts of a part of the clips."""
    try:
        return normalise(texts[part], normalisation)
    except ClipError as error:
        raise error.counted_from(part.start) from error


class _Codes(dict[str, int]):
    """Number of every word, in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        code = self[word] = len(self)
        return code


def _steps(
    first: int, references: list[str], predictions: list[str], codes: _Codes
) -> tuple[NDArray[Any], ...]:
    """Clip, kind, word of the reference and of the prediction of every step of some normalised clips."""
    from rapidfuzz.distance import Levenshtein

    of_text, coded = _coded(list(chain.from_iterable(zip(references, predictions, strict=True))), codes)
    bounds = np.concatenate([[0], np.cumsum(of_text)]).tolist()
    # As a text, of a character for every word: what is compared fastest.
    sequence: str | list[int] = coded.tolist()
    if len(codes) <= _CHARACTERS:
        sequence = coded.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    # Clip, kind, place in the reference of every edit, one number after the other: an object for each would let Python
    # look for garbage among millions of them.
    edits: list[int] = []
    for clip, (reference, prediction) in enumerate(zip(references, predictions, strict=True)):
        if reference != prediction:
            start, middle, end = bounds[2 * clip : 2 * clip + 3]
            for edit in Levenshtein.editops(sequence[start:middle], sequence[middle:end]):
                edits += (clip, _KINDS[edit.tag], edit.src_pos)
    edit_clip, edit_kind, at_reference = np.array(edits, dtype=np.int64).reshape(-1, 3).T
    inserted = edit_kind == INSERTED
    steps = of_text[::2] + np.bincount(edit_clip[inserted], minlength=len(references))
    start_of_clip = np.cumsum(steps) - steps
    # The words before a step are those of the reference and those that were inserted.
    inserted_before = np.cumsum(inserted) - inserted
    inserted_before -= (np.cumsum(inserted) - inserted)[np.searchsorted(edit_clip, edit_clip)]
    place = start_of_clip[edit_clip] + at_reference + inserted_before
    kind = np.full(steps.sum(), EQUAL, dtype=np.int8)
    kind[place] = edit_kind
    is_reference = np.repeat(np.arange(len(of_text)) % 2 == 0, of_text)
    sides = []
    for has_word, own in ((kind != INSERTED, is_reference), (kind != DELETED, ~is_reference)):
        side = np.full(len(kind), -1, dtype=np.int32)
        side[has_word] = coded[own]
        sides.append(side)
    return (first + np.repeat(np.arange(len(references), dtype=np.int32), steps), kind, *sides)


def _coded(texts: list[str], codes: _Codes) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Number of words of every normalised text, and the number of each of these words."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pa.array(texts, pa.large_string())
    words = pc.split_pattern(column, " ")  # of an empty text one empty word
    of_text = pc.list_value_length(words).to_numpy(zero_copy_only=False).astype(np.int64)
    of_text[pc.binary_length(column).to_numpy(zero_copy_only=False) == 0] = 0
    words = words.flatten()
    words = words.filter(pc.not_equal(words, "")).dictionary_encode()
    code_of = np.array(list(map(codes.__getitem__, words.dictionary.to_pylist())), dtype=np.int32)
    return of_text, code_of[words.indices.to_numpy()]


def _steps_with_compounds(
    first: int, references: list[str], predictions: list[str], codes: _Codes
) -> tuple[NDArray[Any], ...]:
    """The same where words may be divided in another way."""
    reference_codes: list[int] = []
    prediction_codes: list[int] = []
    # Runs in a clip, one number after the other: clip, kind, where the run starts among the words of all references
    # and of all predictions, number of steps.
    runs: list[int] = []
    for clip, (reference, prediction) in enumerate(zip(references, predictions, strict=True), first):
        words = reference.split()
        source = list(map(codes.__getitem__, words))
        before_source, before_target = len(reference_codes), len(prediction_codes)
        reference_codes += source
        if reference == prediction:
            prediction_codes += source
            runs += (clip, EQUAL, before_source, before_target, len(source))
            continue
        words_of_target = prediction.split()
        target = list(map(codes.__getitem__, words_of_target))
        prediction_codes += target
        for kind, start, start_of_target, steps in _runs(source, target, words, words_of_target):
            runs += (clip, kind, before_source + start, before_target + start_of_target, steps)
    row, kind_of_run, start_of_run, start_of_prediction, length = (
        np.array(runs, dtype=np.int64).reshape(-1, 5).T
    )
    kinds = np.repeat(kind_of_run, length)
    has_reference = (kinds != INSERTED) & (kinds != _REST_OF_PREDICTION)
    has_prediction = (kinds != DELETED) & (kinds != _REST_OF_REFERENCE)
    return (
        np.repeat(row, length).astype(np.int32),
        np.where(kinds > INSERTED, EQUAL, kinds).astype(np.int8),
        _words_of_steps(reference_codes, start_of_run, length, has_reference),
        _words_of_steps(prediction_codes, start_of_prediction, length, has_prediction),
    )


def _runs(
    source: list[int], target: list[int], words: list[str], words_of_target: list[str]
) -> Iterator[Run]:
    """Runs of the alignment of a clip: few clips have words that are divided in another way."""
    from rapidfuzz.distance import Levenshtein

    arcs = joined_words(words, words_of_target) if source != target else {}
    if not arcs:
        for run in Levenshtein.opcodes(source, target):
            steps = max(run.src_end - run.src_start, run.dest_end - run.dest_start)
            yield _KINDS[run.tag], run.src_start, run.dest_start, steps
        return
    for (i, j), (end, end_of_target) in steps_with_compounds(words, words_of_target, arcs):
        of_source, of_target = end - i, end_of_target - j
        if not of_source or not of_target:
            yield (DELETED if of_source else INSERTED), i, j, 1
            continue
        together = of_source + of_target > 2
        yield (EQUAL if together or source[i] == target[j] else SUBSTITUTED), i, j, 1
        if of_source > 1:
            yield _REST_OF_REFERENCE, i + 1, end_of_target, of_source - 1
        elif of_target > 1:
            yield _REST_OF_PREDICTION, end, j + 1, of_target - 1


def _words_of_steps(
    codes: list[int], start: NDArray[np.int64], length: NDArray[np.int64], has_word: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Word of every step on one side, from where its run starts among the words of that side; -1 where it has none."""
    in_run = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    words = np.full(len(in_run), -1, dtype=np.int32)
    words[has_word] = np.array(codes, dtype=np.int32)[(np.repeat(start, length) + in_run)[has_word]]
    return words
