"""Measurements of reference and prediction of a clip."""

from __future__ import annotations

import unicodedata
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from slicecore.measurements.hard_words import hard_words
from slicecore.measurements.neighbours import after_each, beside
from slicecore.measurements.recurring import recurring_words
from slicecore.measurements.switching import second_language
from slicecore.measurements.text_catalogue import TEXT
from slicecore.measurements.word_keys import distinct, mixed
from slicecore.text.alignment import DELETED, EQUAL, INSERTED, SUBSTITUTED, Alignment, align_table
from slicecore.text.normalisation import Texts, normalise
from slicecore.text.parts import listed, parts_of
from slicecore.text.word_classes import WordClasses

SHORTEST_SPEECH = 0.15
"""Seconds of speech from which on there is a rate of words."""

TEXT_VERSION = 3
"""Raise it when a number changes: what is kept of the old ones is made again then."""

_SHORT, _WINDOW_OF_SHORT, _MEMORY_OF_SHORT = 762, 10, 5
"""Bytes of a short text: those of a window of 2**10, less the 262 that zlib keeps free for what it looks ahead."""

_RATES = ("character_rate", "word_rate", "predicted_rate")


def measure_text(
    reference: Texts,
    prediction: Texts,
    speech_seconds: np.ndarray,
    form_errors: np.ndarray,
    before: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Measure the texts of every clip.

    All but `as_written` and `normalised_away` look at texts under the "basic" normalisation. Shares of the words of an
    empty reference are per one word.

    Parameters
    ----------
    reference, prediction
        (n,) texts as written.
    speech_seconds
        (n,) length of what is speech, NaN where unknown; rates are NaN where it is below `SHORTEST_SPEECH`.
    form_errors
        (n,) word errors that disappear under stronger normalisation, see `slicecore.text.form_errors.form_errors`.
    before
        (n,) row of the clip before every clip, −1 where there is none, see `neighbours.before_each`; by default the
        clips follow one another.

    Returns
    -------
    dict
        Name -> (n,) float64, NaN where not measurable; one entry per measurement in `text_catalogue.TEXT`.
    """
    aligned = align_table(reference, prediction)
    n = aligned.clips
    before = np.arange(n) - 1 if before is None else before
    after = after_each(before)
    vocabulary = _Vocabulary.of(aligned, reference)
    columns: dict[str, np.ndarray] = {}
    # Not of all clips at once: there may be millions, and what is at work fits into the processor's caches.
    for some in parts_of(n):
        rows = np.arange(some.start, some.stop)
        measured = _measure_some(
            listed(reference[some]), listed(prediction[some]), aligned.of(rows), vocabulary, form_errors[some]
        )
        measured |= _beside_of_some(aligned, rows, before, after)
        for name, values in measured.items():
            columns.setdefault(name, np.empty(n))[some] = values
    columns["recurring_words"] = recurring_words(aligned)
    seconds = np.where(speech_seconds >= SHORTEST_SPEECH, speech_seconds, np.nan)
    for name in _RATES:
        columns[name] /= seconds
    return {measurement.name: columns[measurement.name] for measurement in TEXT}


def _measure_some(
    reference: list[str],
    prediction: list[str],
    aligned: Alignment,
    vocabulary: _Vocabulary,
    form_errors: np.ndarray,
) -> dict[str, Any]:
    """All that needs no other clip, by name (clips,); rates are not yet per second."""
    from rapidfuzz.distance import Levenshtein

    pairs = list(zip(normalise(reference), normalise(prediction), strict=True))
    words, errors = aligned.reference_words, aligned.errors
    per_word = 1 / np.maximum(words, 1)
    kinds = {kind: aligned.count(kind) for kind in (SUBSTITUTED, DELETED, INSERTED)}
    at_start, at_end = _deleted_at_the_ends(aligned)
    written = [
        0.0 if a == b else Levenshtein.distance(words_of_a := a.split(), b.split()) / max(1, len(words_of_a))
        for a, b in zip(reference, prediction, strict=True)
    ]
    return {
        "words": words,
        "wer": errors * per_word,
        "cer": [0.0 if a == b else Levenshtein.distance(a, b) / max(1, len(a)) for a, b in pairs],
        "substitutions": kinds[SUBSTITUTED] * per_word,
        "deletions": kinds[DELETED] * per_word,
        "insertions": kinds[INSERTED] * per_word,
        "deleted_at_start": at_start * per_word,
        "deleted_in_middle": (kinds[DELETED] - np.minimum(at_start + at_end, kinds[DELETED])) * per_word,
        "deleted_at_end": at_end * per_word,
        "length_ratio": aligned.prediction_words * per_word,
        "repeated_words": _repeated_words(aligned, pairs),
        "compression": [0.0 if a == b else _compression(b) - _compression(a) for a, b in pairs],
        "overlap": _overlap(aligned),
        "empty_prediction": aligned.prediction_words == 0,
        "other_script": _other_script(aligned, vocabulary),
        **hard_words(aligned, vocabulary.classes),
        "second_language": second_language(reference),
        "as_written": np.array(written) - errors * per_word,
        "normalised_away": form_errors / np.maximum(errors, 1),
        "character_rate": _letters(aligned, aligned.reference, vocabulary),
        "word_rate": words,
        "predicted_rate": _letters(aligned, aligned.prediction, vocabulary),
    }


def _beside_of_some(
    aligned: Alignment, rows: np.ndarray, before: np.ndarray, after: np.ndarray
) -> dict[str, np.ndarray]:
    """Shares of the words of some clips that stand in clips beside them, by name (rows,)."""
    there = np.unique(np.concatenate([rows, before[rows], after[rows]]))
    there = there[there >= 0]
    place = np.searchsorted(there, before[there])
    is_there = (before[there] >= 0) & (there[np.minimum(place, len(there) - 1)] == before[there])
    wanted = np.searchsorted(there, rows)
    missing, added = beside(aligned.of(there), np.where(is_there, place, -1))
    return {"missing_beside": missing[wanted], "added_beside": added[wanted]}


@dataclass(frozen=True, eq=False)
class _Vocabulary:
    """Facts about the words of a table.

    Attributes
    ----------
    classes : which are numbers, names and rare.
    letters : (words,) letters and digits of each.
    has_script : (words,) which begin with a letter.
    is_other : (words,) which are in another script than most words of the references.
    """

    classes: WordClasses
    letters: np.ndarray
    has_script: np.ndarray
    is_other: np.ndarray

    @classmethod
    def of(cls, aligned: Alignment, reference: Texts) -> _Vocabulary:
        words = aligned.vocabulary
        letters = np.array([sum(map(str.isalnum, word)) for word in words], dtype=np.float64)
        scripts = [_script(word[0]) if word[0].isalpha() else "" for word in words]
        common = _commonest_script(aligned, scripts)
        return cls(
            WordClasses.of(aligned, reference),
            letters,
            np.array([script != "" and common != "" for script in scripts], dtype=bool),
            np.array([script not in ("", common) for script in scripts], dtype=bool),
        )


def _deleted_at_the_ends(aligned: Alignment) -> tuple[np.ndarray, np.ndarray]:
    """Deleted words before the first and after the last word of every clip that was recognised."""
    matches = (aligned.kind == EQUAL).astype(np.int64)
    in_clip = np.bincount(aligned.clip, weights=matches, minlength=aligned.clips).astype(np.int64)
    before = np.cumsum(matches) - (np.cumsum(in_clip) - in_clip)[aligned.clip]
    deleted = aligned.kind == DELETED

    def count(where: np.ndarray) -> np.ndarray:
        return np.bincount(aligned.clip[deleted & where], minlength=aligned.clips)

    return count(before == 0), count(before == in_clip[aligned.clip])


def _repeated_words(aligned: Alignment, pairs: list[tuple[str, str]]) -> np.ndarray:
    """Words in the n-gram that is repeated most, of every clip, see `_repeated`."""
    there = aligned.prediction >= 0
    clip, code = aligned.clip[there], aligned.prediction[there].astype(np.uint64)
    together = clip[:-1] == clip[1:]
    key = mixed(mixed(clip[:-1].astype(np.uint64), code[:-1]), code[1:])[together]
    of_key = clip[:-1][together]
    order = np.argsort(key)
    again = np.flatnonzero(key[order][1:] == key[order][:-1])  # what is longer is not repeated either
    repeated = np.zeros(aligned.clips)
    for row in np.unique(of_key[order[again]]).tolist():
        reference, prediction = pairs[row]
        repeated[row] = _repeated(reference.split(), prediction.split())
    return repeated


def _repeated(reference: list[str], prediction: list[str]) -> int:
    """Words in the n-gram (of 2, 3 or 4 words) that is repeated most, beyond how often the reference has it."""
    most = 0
    if len(set(prediction)) == len(prediction):
        return most
    for length in (2, 3, 4):
        # An n-gram must fit in twice to be repeated.
        if len(prediction) < length + 1:
            break
        grams = list(zip(*(prediction[i:] for i in range(length)), strict=False))
        if len(set(grams)) == len(grams):
            break  # and longer ones are not repeated either
        spoken = Counter(zip(*(reference[i:] for i in range(length)), strict=False))
        counts = Counter(grams).items()
        most = max(most, *(length * (count - max(1, spoken[gram])) for gram, count in counts))
    return most


def _compression(text: str) -> float:
    """Bytes of a text per byte when compressed; above 2.4 a prediction of Whisper counts as failed (Radford 2023)."""
    content = text.encode()
    return len(content) / _compressed_size(content)


def _compressed_size(content: bytes) -> int:
    """Bytes that zlib makes of some; a short text is not worth the tables that it clears for a long one."""
    if len(content) > _SHORT:
        return len(zlib.compress(content))
    # A window and a block that hold all of it find and write the same (RFC 1950 and 1951, zlib's deflate.c).
    compressor = zlib.compressobj(wbits=_WINDOW_OF_SHORT, memLevel=_MEMORY_OF_SHORT)
    return len(compressor.compress(content)) + len(compressor.flush())


def _overlap(aligned: Alignment) -> np.ndarray:
    """Share of the different words of both texts that both have; NaN where there are none."""
    size = max(1, len(aligned.vocabulary))
    spoken, predicted = (
        distinct(aligned.clip[side >= 0].astype(np.int64) * size + side[side >= 0])
        for side in (aligned.reference, aligned.prediction)
    )
    together = np.sort(np.concatenate([spoken, predicted]))
    both = together[1:][together[1:] == together[:-1]]
    different, other, common = (
        np.bincount(words // size, minlength=aligned.clips) for words in (spoken, predicted, both)
    )
    either = different + other - common
    return np.divide(common, either, out=np.full(aligned.clips, np.nan), where=either > 0)


def _letters(aligned: Alignment, side: np.ndarray, vocabulary: _Vocabulary) -> np.ndarray:
    """Letters and digits of the words on one side of every clip."""
    there = side >= 0
    return np.bincount(aligned.clip[there], weights=vocabulary.letters[side[there]], minlength=aligned.clips)


def _other_script(aligned: Alignment, vocabulary: _Vocabulary) -> np.ndarray:
    """Share of the words of both texts that are in another script than most words of the references."""
    others, words = np.zeros((2, aligned.clips))
    for side in (aligned.reference, aligned.prediction):
        there = side >= 0
        clip, word = aligned.clip[there], side[there]
        words += np.bincount(clip, weights=vocabulary.has_script[word], minlength=aligned.clips)
        others += np.bincount(clip, weights=vocabulary.is_other[word], minlength=aligned.clips)
    return np.divide(others, words, out=np.full(aligned.clips, np.nan), where=words > 0)


def _commonest_script(aligned: Alignment, scripts: list[str]) -> str:
    """Script of most words of the references, "" where none has one; of several the one that comes first."""
    spoken = aligned.reference[aligned.reference >= 0]
    times = np.bincount(spoken, minlength=len(scripts)).tolist()
    first = np.full(len(scripts), len(spoken))
    first[spoken[::-1]] = np.arange(len(spoken))[::-1]
    of_script: Counter[str] = Counter()
    for word in np.argsort(first).tolist():
        if scripts[word] and times[word]:
            of_script[scripts[word]] += times[word]
    return of_script.most_common(1)[0][0] if of_script else ""


@cache
def _script(letter: str) -> str:
    """Script of a letter: the first word of its name in Unicode; Japanese is written in three at once."""
    name = unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name
