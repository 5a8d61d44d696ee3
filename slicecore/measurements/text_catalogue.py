"""Catalogue of the measurements of reference and prediction."""

from __future__ import annotations

from slicecore.measurements.measurement import Measurement

_M = Measurement

TEXT: tuple[Measurement, ...] = (
    _M("words", "Words", "", "Words of the reference", 0),
    _M("wer", "Word error rate", "%", "After normalisation", 0),
    _M("cer", "Character error rate", "%", "After normalisation", 0),
    _M(
        "substitutions",
        "Substitutions",
        "%",
        "Share of the reference's words",
        0,
    ),
    _M(
        "deletions",
        "Deletions",
        "%",
        "Share of the reference's words",
        0,
    ),
    _M(
        "insertions",
        "Insertions",
        "%",
        "Share of the reference's words",
        0,
    ),
    _M(
        "deleted_at_start",
        "Missing at the start",
        "%",
        "Words deleted before the first match",
        0,
    ),
    _M(
        "deleted_in_middle",
        "Missing in the middle",
        "%",
        "Words deleted between the first and the last match",
        0,
    ),
    _M(
        "deleted_at_end",
        "Missing at the end",
        "%",
        "Words deleted after the last match",
        0,
    ),
    _M(
        "length_ratio",
        "Length ratio",
        "",
        "Words of the prediction per word of the reference",
        2,
    ),
    _M(
        "repeated_words",
        "Repeated words",
        "",
        "Words in n-grams (2 to 4) that the prediction repeats more often than the reference",
        0,
    ),
    _M(
        "compression",
        "Compressibility",
        "",
        "Compression ratio (zlib) of the prediction minus that of the reference",
        2,
    ),
    _M(
        "overlap",
        "Shared words",
        "%",
        "Words in both texts among words in either (Jaccard)",
        0,
    ),
    _M(
        "empty_prediction",
        "Empty prediction",
        "%",
        "1 where the model gave nothing",
        0,
    ),
    _M(
        "other_script",
        "Other script",
        "%",
        "Words of both texts in another script than most words of the references",
        0,
    ),
    _M(
        "number_words",
        "Numbers",
        "%",
        "Words of the reference that have a digit or are English number words",
        0,
    ),
    _M(
        "name_words",
        "Names",
        "%",
        "Words of the reference that have a capital inside sentences; unknown without mixed case",
        0,
    ),
    _M(
        "rare_words",
        "Rare words",
        "%",
        "Words of the reference that the references of the table have only once",
        0,
    ),
    _M(
        "number_errors",
        "Errors on numbers",
        "%",
        "Share of the errors that lie on numbers of the reference",
        0,
    ),
    _M(
        "name_errors",
        "Errors on names",
        "%",
        "Share of the errors that lie on names of the reference",
        0,
    ),
    _M(
        "rare_errors",
        "Errors on rare words",
        "%",
        "Share of the errors that lie on words that the references of the table have only once",
        0,
    ),
    _M(
        "recurring_words",
        "Recurring phrases",
        "%",
        "Words of the prediction in wrong phrases that come up over three or more different references",
        0,
    ),
    _M(
        "missing_beside",
        "Missing words in a neighbour",
        "%",
        "Missing words of the reference that stand in the prediction of the clip before or after",
        0,
    ),
    _M(
        "added_beside",
        "Added words of a neighbour",
        "%",
        "Wrong words of the prediction that stand at the adjoining end of the reference before or after",
        0,
    ),
    _M(
        "second_language",
        "Second language",
        "%",
        "Share of the reference in another language or script than most of it; pieces of five words",
        0,
    ),
    _M(
        "as_written",
        "Case and punctuation",
        "%",
        "Word error rate as written minus that after normalisation",
        0,
    ),
    _M(
        "normalised_away",
        "Removed by normalisation",
        "%",
        "Share of the word errors that vanish when numbers, spellings and spaces are unified too",
        0,
    ),
    _M(
        "character_rate",
        "Speaking rate",
        "characters/s",
        "Letters and digits of the reference per second of speech",
        1,
    ),
    _M(
        "word_rate",
        "Words per second",
        "words/s",
        "Words of the reference per second of speech",
        1,
    ),
    _M(
        "predicted_rate",
        "Predicted rate",
        "characters/s",
        "Letters and digits of the prediction per second of speech",
        1,
    ),
)

FROM_PREDICTION = frozenset(
    (
        *("wer", "cer", "substitutions", "deletions", "insertions", "deleted_at_start", "deleted_at_end"),
        *("deleted_in_middle", "number_errors", "name_errors", "rare_errors", "recurring_words"),
        *("missing_beside", "added_beside"),
        *("length_ratio", "repeated_words", "compression", "overlap", "empty_prediction", "other_script"),
        *("as_written", "normalised_away", "predicted_rate"),
    )
)
"""Measurements that depend on the prediction, and so on its errors: clips must not be searched for errors by them."""
