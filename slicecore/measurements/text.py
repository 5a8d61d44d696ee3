"""Measurements of reference and prediction of a clip."""

from __future__ import annotations

import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np

from slicecore.measurements.hard_words import hard_words
from slicecore.measurements.neighbours import beside
from slicecore.measurements.recurring import recurring_words
from slicecore.measurements.switching import second_language
from slicecore.text.alignment import DELETED, EQUAL, INSERTED, SUBSTITUTED, Alignment, align_table
from slicecore.text.normalisation import normalise

SHORTEST_SPEECH = 0.15
"""Seconds of speech from which on there is a rate of words."""

TEXT_VERSION = 3
"""Raise it when a number changes: what is kept of the old ones is made again then."""


def measure_text(
    reference: Sequence[str],
    prediction: Sequence[str],
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
    from rapidfuzz.distance import Levenshtein

    spoken, predicted = normalise(reference), normalise(prediction)
    pairs = list(zip(spoken, predicted, strict=True))
    aligned = align_table(reference, prediction)
    words = aligned.reference_words
    per_word = 1 / np.maximum(words, 1)
    kinds = {kind: aligned.count(kind) for kind in (SUBSTITUTED, DELETED, INSERTED)}
    errors = aligned.errors
    at_start, at_end = _deleted_at_the_ends(aligned)
    missing, added = beside(aligned, np.arange(len(words)) - 1 if before is None else before)
    written = [
        Levenshtein.distance(a.split(), b.split()) / max(1, len(a.split()))
        for a, b in zip(reference, prediction, strict=True)
    ]
    seconds = np.where(speech_seconds >= SHORTEST_SPEECH, speech_seconds, np.nan)
    predicted_words = aligned.prediction_words
    columns = {
        "words": words,
        "wer": errors * per_word,
        "cer": [Levenshtein.distance(a, b) / max(1, len(a)) for a, b in pairs],
        "substitutions": kinds[SUBSTITUTED] * per_word,
        "deletions": kinds[DELETED] * per_word,
        "insertions": kinds[INSERTED] * per_word,
        "deleted_at_start": at_start * per_word,
        "deleted_in_middle": (kinds[DELETED] - np.minimum(at_start + at_end, kinds[DELETED])) * per_word,
        "deleted_at_end": at_end * per_word,
        "length_ratio": predicted_words * per_word,
        "repeated_words": [_repeated(a.split(), b.split()) for a, b in pairs],
        "compression": [_compression(b) - _compression(a) for a, b in pairs],
        "overlap": [_overlap(set(a.split()), set(b.split())) for a, b in pairs],
        "empty_prediction": predicted_words == 0,
        "other_script": _other_script(pairs),
        **hard_words(aligned, reference),
        "recurring_words": recurring_words(aligned),
        "missing_beside": missing,
        "added_beside": added,
        "second_language": second_language(reference),
        "as_written": np.array(written) - errors * per_word,
        "normalised_away": form_errors / np.maximum(errors, 1),
        "character_rate": _letters(spoken) / seconds,
        "word_rate": words / seconds,
        "predicted_rate": _letters(predicted) / seconds,
    }
    return {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}


def _deleted_at_the_ends(aligned: Alignment) -> tuple[np.ndarray, np.ndarray]:
    """Deleted words before the first and after the last word of every clip that was recognised."""
    matches = (aligned.kind == EQUAL).astype(np.int64)
    in_clip = np.bincount(aligned.clip, weights=matches, minlength=aligned.clips).astype(np.int64)
    before = np.cumsum(matches) - (np.cumsum(in_clip) - in_clip)[aligned.clip]
    deleted = aligned.kind == DELETED

    def count(where: np.ndarray) -> np.ndarray:
        return np.bincount(aligned.clip[deleted & where], minlength=aligned.clips)

    return count(before == 0), count(before == in_clip[aligned.clip])


def _repeated(reference: list[str], prediction: list[str]) -> int:
    """Words in the n-gram (of 2, 3 or 4 words) that is repeated most, beyond how often the reference has it."""
    most = 0
    for length in (2, 3, 4):
        # An n-gram must fit in twice to be repeated.
        if len(prediction) < length + 1:
            break
        spoken, predicted = (
            Counter(zip(*(words[i:] for i in range(length)), strict=False))
            for words in (reference, prediction)
        )
        most = max(most, *(length * (count - max(1, spoken[gram])) for gram, count in predicted.items()))
    return most


def _compression(text: str) -> float:
    """Bytes of a text per byte when compressed; above 2.4 a prediction of Whisper counts as failed (Radford 2023)."""
    content = text.encode()
    return len(content) / len(zlib.compress(content))


def _overlap(reference: set[str], prediction: set[str]) -> float:
    return len(reference & prediction) / len(reference | prediction) if reference or prediction else np.nan


def _letters(texts: Sequence[str]) -> np.ndarray:
    return np.array([sum(map(str.isalnum, text)) for text in texts], dtype=np.float64)


def _other_script(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Share of the words of both texts that are in another script than most words of the references."""
    usual = Counter(
        _script(word[0]) for reference, _ in pairs for word in reference.split() if word[0].isalpha()
    )
    if not usual:
        return [np.nan] * len(pairs)
    common = usual.most_common(1)[0][0]
    shares = []
    for reference, prediction in pairs:
        scripts = [
            _script(word[0]) for word in (*reference.split(), *prediction.split()) if word[0].isalpha()
        ]
        shares.append(sum(script != common for script in scripts) / len(scripts) if scripts else np.nan)
    return shares


@cache
def _script(letter: str) -> str:
    """Script of a letter: the first word of its name in Unicode; Japanese is written in three at once."""
    name = unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name
