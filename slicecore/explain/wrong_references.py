"""Clips whose reference is probably wrong: the models are right and the transcript is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import check_same_clips
from slicecore.text.normalisation import normalise
from slicecore.wording import fixed, percent

if TYPE_CHECKING:
    from slicecore.measurements import Measurements
    from slicecore.table.dataset import Dataset

MODELS_AGREE = "models_agree"
SWAPPED = "swapped"
TOO_MANY_WORDS = "too_many_words"
TOO_FEW_WORDS = "too_few_words"
LANGUAGE = "language"
EMPTY = "empty"


@dataclass(frozen=True)
class Signs:
    """Limits from which on something is a sign of a wrong reference.

    Benchmark: benchmarks/explanation_chance.py, with the number of swapped references that are listed and of clips
    that are listed by chance; docs/explanation.md has its table.

    Attributes
    ----------
    least_score : a clip is listed from this score on.
    agreeing : similarity of two predictions from which on they are the same.
    shortest : characters of a prediction on which two models do not agree by chance.
    form : share of the errors from which on they are of form only.
    reference_words : words from which on a prediction is not another clip's reference by chance.
    unlike : similarity to its own reference up to which a prediction is unlike it.
    unlikely_rate : factor to the usual rate of speech that is too much.
    far : robust standard deviations from the usual rate that are too far.
    usual : robust standard deviations within which a rate counts as usual.
    enough_speech, speech_without_reference : seconds of speech for a rate, and for an empty reference to be wrong.
    disagreeing : word error rate from which on a prediction does not support the language of the reference.
    language_score : of a reference in another language. The speech is mostly in that language, too, which the model
        does not know: no sign by itself, but one that adds to others.
    """

    least_score: float = 0.3
    agreeing: float = 0.8
    shortest: int = 8
    form: float = 0.6
    reference_words: int = 3
    unlike: float = 0.4
    unlikely_rate: float = 2.0
    far: float = 4.0
    usual: float = 2.5
    enough_speech: float = 0.5
    speech_without_reference: float = 1.0
    disagreeing: float = 0.7
    language_score: float = 0.25


SIGNS = Signs()
_MEASURED = ("normalised_away", "character_rate", "predicted_rate", "wer", "speech_seconds")


@dataclass(frozen=True)
class Reason:
    """One sign that a reference is wrong.

    Attributes
    ----------
    name : `models_agree`, `swapped`, `too_many_words`, `too_few_words`, `language` or `empty`.
    text : what was seen, with its numbers.
    score : from 0 to 1.
    """

    name: str
    text: str
    score: float


@dataclass(frozen=True)
class WrongReference:
    """A clip whose reference is probably wrong.

    Attributes
    ----------
    row : of the table.
    reasons : the strongest first.
    score : 1 - the product of 1 - score over the reasons; it orders the list and is no probability.
    """

    row: int
    reasons: tuple[Reason, ...]
    score: float

    @property
    def text(self) -> str:
        """All reasons as one sentence."""
        joined = "; ".join(reason.text for reason in self.reasons)
        return joined[:1].upper() + joined[1:] + "."


def find_wrong_references(
    data: Dataset, measured: Measurements, *, cache: Path | None = None
) -> tuple[WrongReference, ...]:
    """List the clips whose reference is probably wrong, the surest first.

    These signs count. Two models agree with each other (similarity of their characters of at least .8) and not with the
    reference. The prediction is, word by word, the reference of another clip and unlike its own. The reference has
    over twice, or under half, as many characters per second of speech as is usual in the table, and the prediction has
    not. The reference is empty, but there is speech and the model understood it. That the reference is in another
    language than most predictions, and the prediction does not agree with it, counts only beside another sign.

    Parameters
    ----------
    data
        The clips, with one prediction or several.
    measured
        Of the same clips and the first prediction.
    cache
        Folder of the cache; nothing is stored if None.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips.
    """
    check_same_clips(len(data), {"measurements": len(measured.table)})
    references = normalise(data.reference)
    table = {name: measured.table[name].to_numpy(dtype=np.float64) for name in _MEASURED}
    reasons: dict[int, list[Reason]] = {}
    for signs in (
        _models_agree(data, references, table["normalised_away"]),
        _swapped(data, references, np.flatnonzero(table["wer"] > 0)),
        _unlikely_rate(table),
        _other_language(data, table, cache),
        _empty_reference(data, references, table["speech_seconds"]),
    ):
        for row, reason in signs:
            reasons.setdefault(row, []).append(reason)
    wrong = []
    for row, of_clip in reasons.items():
        score = 1 - float(np.prod([1 - reason.score for reason in of_clip]))
        if score >= SIGNS.least_score:
            strongest_first = tuple(sorted(of_clip, key=lambda reason: -reason.score))
            wrong.append(WrongReference(row, strongest_first, round(score, 4)))
    return tuple(sorted(wrong, key=lambda reference: (-reference.score, reference.row)))


def _models_agree(
    data: Dataset, references: list[str], form: NDArray[np.float64]
) -> Iterator[tuple[int, Reason]]:
    from rapidfuzz.distance import Levenshtein

    if len(data.predictions) < 2:
        return
    predictions = {model: normalise(texts) for model, texts in data.predictions.items()}
    for row, reference in enumerate(references):
        if not reference or form[row] >= SIGNS.form:
            continue
        best: tuple[float, str] = 0.0, ""
        for model, other in combinations(predictions, 2):
            texts = predictions[model][row], predictions[other][row]
            if min(map(len, texts)) < SIGNS.shortest or reference in texts:
                continue
            agreement = Levenshtein.normalized_similarity(*texts)
            if agreement >= SIGNS.agreeing:
                similarity = max(Levenshtein.normalized_similarity(reference, text) for text in texts)
                text = (
                    f"the models {model} and {other} agree with each other ({percent(agreement)} of the characters) "
                    f"and not with the reference ({percent(similarity)})"
                )
                best = max(best, (agreement - similarity, text))
        if best[0] > 0:
            yield row, Reason(MODELS_AGREE, best[1], best[0])


def _swapped(data: Dataset, references: list[str], wrong: NDArray[np.int64]) -> Iterator[tuple[int, Reason]]:
    """Predictions of the rows with errors that are another clip's reference."""
    from rapidfuzz.distance import Levenshtein

    predictions = normalise(data.prediction.iloc[wrong])
    sought = set(predictions)
    row_of: dict[str, int] = {}
    for row, text in enumerate(references):
        if text in sought:
            row_of.setdefault(text, row)
    for row, prediction in zip(wrong.tolist(), predictions, strict=True):
        other = row_of.get(prediction)
        if other is None or len(prediction.split()) < SIGNS.reference_words:
            continue
        similarity = Levenshtein.normalized_similarity(references[row], prediction)
        if similarity <= SIGNS.unlike:
            text = (
                f"the prediction is the reference of clip {data.ids[other]}; only {percent(similarity)} of its own "
                "reference matches"
            )
            yield row, Reason(SWAPPED, text, 0.8)


def _unlikely_rate(table: dict[str, NDArray[np.float64]]) -> Iterator[tuple[int, Reason]]:
    rate, predicted = table["character_rate"], table["predicted_rate"]
    known = (table["speech_seconds"] >= SIGNS.enough_speech) & (rate > 0)
    if not known.any():
        return
    log_rate = np.log2(rate, out=np.full(len(rate), np.nan), where=known)
    usual = float(np.nanmedian(log_rate))
    spread = max(1.4826 * float(np.nanmedian(np.abs(log_rate - usual))), 0.05)
    off = log_rate - usual
    off_predicted = np.log2(predicted, out=np.full(len(rate), np.nan), where=predicted > 0) - usual
    is_far = np.abs(off) >= max(SIGNS.far * spread, np.log2(SIGNS.unlikely_rate))
    for row in np.flatnonzero(is_far & (np.abs(off_predicted) <= SIGNS.usual * spread)).tolist():
        name, amount = (TOO_MANY_WORDS, "many") if off[row] > 0 else (TOO_FEW_WORDS, "few")
        text = (
            f"too {amount} words for the length of speech: {fixed(rate[row], 1)} characters/s, the prediction has "
            f"{fixed(predicted[row], 1)}, usual is {fixed(2**usual, 1)}"
        )
        yield row, Reason(name, text, min(0.95, 0.3 + 0.3 * abs(float(off[row]))))


def _other_language(
    data: Dataset, table: dict[str, NDArray[np.float64]], cache: Path | None
) -> Iterator[tuple[int, Reason]]:
    from slicecore.text.language import language_name, languages, usual_language

    usual = usual_language(data.prediction.tolist(), cache)
    rows = np.flatnonzero(table["wer"] >= SIGNS.disagreeing)
    spoken = languages(data.reference.iloc[rows].tolist(), cache)
    for row, language in zip(rows.tolist(), spoken, strict=True):
        if usual and language and language != usual:
            text = f"the reference is {language_name(language)}, most predictions are {language_name(usual)}"
            yield row, Reason(LANGUAGE, text, SIGNS.language_score)


def _empty_reference(
    data: Dataset, references: list[str], speech_seconds: NDArray[np.float64]
) -> Iterator[tuple[int, Reason]]:
    empty = [row for row, reference in enumerate(references) if not reference]
    for row, prediction in zip(empty, normalise(data.prediction.iloc[empty]), strict=True):
        words = len(prediction.split())
        if words >= 2 and speech_seconds[row] >= SIGNS.speech_without_reference:
            text = (
                f"the reference is empty, the prediction has {words} words for {fixed(speech_seconds[row], 1)} s of "
                "speech"
            )
            yield row, Reason(EMPTY, text, 0.9)
