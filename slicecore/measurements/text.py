"""What is measured in reference and prediction of a clip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from slicecore.measurements.measurement import Measurement

_M = Measurement

TEXT: tuple[Measurement, ...] = (
    _M("words", "Words", "", "Words of the reference", "with more words", "with fewer words", 0),
    _M("wer", "Word error rate", "%", "After normalisation", "worse", "better", 0),
    _M("cer", "Character error rate", "%", "After normalisation", "worse", "better", 0),
    _M(
        "substitutions",
        "Substitutions",
        "%",
        "Share of the reference's words",
        "with more wrong words",
        "with fewer wrong words",
        0,
    ),
    _M(
        "deletions",
        "Deletions",
        "%",
        "Share of the reference's words",
        "with more missing words",
        "with fewer missing words",
        0,
    ),
    _M(
        "insertions",
        "Insertions",
        "%",
        "Share of the reference's words",
        "with more invented words",
        "with fewer invented words",
        0,
    ),
    _M(
        "deleted_at_start",
        "Missing at the start",
        "%",
        "Words deleted before the first match",
        "with more missing at the start",
        "with less missing at the start",
        0,
    ),
    _M(
        "deleted_at_end",
        "Missing at the end",
        "%",
        "Words deleted after the last match",
        "with more missing at the end",
        "with less missing at the end",
        0,
    ),
    _M(
        "length_ratio",
        "Length ratio",
        "",
        "Words of the prediction per word of the reference",
        "longer output",
        "shorter output",
        2,
    ),
    _M(
        "repeated_words",
        "Repeated words",
        "",
        "Words in n-grams (2 to 4) that the prediction repeats more often than the reference",
        "more repetition",
        "less repetition",
        0,
    ),
    _M(
        "compression",
        "Compressibility",
        "",
        "Compression ratio (zlib) of the prediction minus that of the reference",
        "more repetitive",
        "less repetitive",
        2,
    ),
    _M(
        "overlap",
        "Shared words",
        "%",
        "Words in both texts among words in either (Jaccard)",
        "with more shared words",
        "with fewer shared words",
        0,
    ),
    _M(
        "empty_prediction",
        "Empty prediction",
        "%",
        "1 where the model gave nothing",
        "more often empty",
        "less often empty",
        0,
    ),
    _M(
        "normalised_away",
        "Gone after normalisation",
        "%",
        "Share of the errors as written that normalisation removes",
        "with more errors of form",
        "with fewer errors of form",
        0,
    ),
    _M(
        "character_rate",
        "Speaking rate",
        "characters/s",
        "Letters and digits of the reference per second of speech",
        "faster",
        "slower",
        1,
    ),
    _M(
        "word_rate",
        "Words per second",
        "words/s",
        "Words of the reference per second of speech",
        "faster",
        "slower",
        1,
    ),
    _M(
        "predicted_rate",
        "Rate of the prediction",
        "characters/s",
        "Letters and digits of the prediction per second of speech",
        "with denser output",
        "with sparser output",
        1,
    ),
)


def measure_text(
    reference: Sequence[str], prediction: Sequence[str], speech_seconds: np.ndarray
) -> dict[str, np.ndarray]:
    """Measure the texts of every clip; each value (n,) float64, NaN where not measurable."""
    return {one.name: np.full(len(reference), np.nan) for one in TEXT}
