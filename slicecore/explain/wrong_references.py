"""Clips whose reference is probably wrong: the models are right and the transcript is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.text.normalisation import normalise
from slicecore.wording import percent

if TYPE_CHECKING:
    from slicecore.measurements import Measurements
    from slicecore.table.dataset import Dataset

MODELS_AGREE = "models_agree"
SWAPPED = "swapped"
TOO_MANY_WORDS = "too_many_words"
TOO_FEW_WORDS = "too_few_words"
LANGUAGE = "language"
EMPTY = "empty"

LEAST_SCORE = 0.3
"""Score from which on a clip is listed."""

_AGREEING = 0.8  # similarity of two predictions from which on they say the same
_WORDS_OF_A_REFERENCE = 3  # from which on a prediction is not another clip's reference by chance
_UNLIKE = 0.4  # similarity to the own reference up to which it is unlike
_SHORTEST = 8  # characters of a prediction that two models do not agree on by chance
_UNLIKELY_RATE = 2.0  # factor to the usual rate of speech that is too much
_FAR = 4.0  # robust standard deviations from the usual rate that are too far
_USUAL = 2.5  # and within which a rate counts as usual
_ENOUGH_SPEECH = 0.5  # seconds
_SPEECH_WITHOUT_REFERENCE = 1.0  # seconds
_SCORE_OF_LANGUAGE = 0.4  # the speech may be in that language too
_DISAGREEING = (
    0.7  # word error rate from which on a prediction does not support the language of the reference
)
_FORM = 0.6  # share of the errors from which on they are of form only


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
        joined = "; ".join(one.text for one in self.reasons)
        return joined[:1].upper() + joined[1:] + "."


def find_wrong_references(data: Dataset, measured: Measurements) -> tuple[WrongReference, ...]:
    """List the clips whose reference is probably wrong, the surest first.

    Five signs count. Two models agree with each other (similarity of their characters of at least .8) and not with the
    reference. The prediction is, word by word, the reference of another clip and unlike its own. The reference has
    over twice, or under half, as many characters per second of speech as is usual in the table, and the prediction has
    not. The reference is in another language than most predictions, and the prediction does not agree with it. The
    reference is empty, but there is speech and the model understood it.

    Parameters
    ----------
    data
        The clips, with one prediction or several.
    measured
        Of the same clips and the first prediction.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips.
    """
    if len(measured.table) != len(data):
        raise SlicecoreError(
            f"The table is of {len(data)} clips, but there are measurements of {len(measured.table)}."
        )
    said = normalise(data.reference)
    heard = {name: normalise(texts) for name, texts in data.predictions.items()}
    table = {name: measured.table[name].to_numpy(dtype=np.float64) for name in measured.table.columns}
    reasons: dict[int, list[Reason]] = {}
    for signs in (
        _models_agree(said, heard, table["normalised_away"]),
        _swapped(data, said, next(iter(heard.values()))),
        _unlikely_rate(table),
        _other_language(data, table),
        _empty_reference(said, next(iter(heard.values())), table["speech_seconds"]),
    ):
        for row, reason in signs:
            reasons.setdefault(row, []).append(reason)
    found = []
    for row, of_clip in reasons.items():
        score = 1 - float(np.prod([1 - one.score for one in of_clip]))
        if score >= LEAST_SCORE:
            found.append(
                WrongReference(row, tuple(sorted(of_clip, key=lambda one: -one.score)), round(score, 4))
            )
    return tuple(sorted(found, key=lambda one: (-one.score, one.row)))


def _models_agree(
    said: list[str], heard: dict[str, list[str]], form: NDArray[np.float64]
) -> Iterator[tuple[int, Reason]]:
    from rapidfuzz.distance import Levenshtein

    for row, reference in enumerate(said):
        if not reference or form[row] >= _FORM or len(heard) < 2:
            continue
        best: tuple[float, str] = 0.0, ""
        for one, other in combinations(heard, 2):
            texts = heard[one][row], heard[other][row]
            if min(map(len, texts)) < _SHORTEST or reference in texts:
                continue
            agree = Levenshtein.normalized_similarity(*texts)
            if agree >= _AGREEING:
                like = max(Levenshtein.normalized_similarity(reference, text) for text in texts)
                best = max(
                    best,
                    (
                        agree - like,
                        f"the models {one} and {other} agree with each other ({percent(agree)} of the characters) "
                        f"and not with the reference ({percent(like)})",
                    ),
                )
        if best[0] > 0:
            yield row, Reason(MODELS_AGREE, best[1], best[0])


def _swapped(data: Dataset, said: list[str], heard: list[str]) -> Iterator[tuple[int, Reason]]:
    from rapidfuzz.distance import Levenshtein

    row_of = {text: row for row, text in reversed(list(enumerate(said)))}
    for row, text in enumerate(heard):
        other = row_of.get(text)
        if other is None or len(text.split()) < _WORDS_OF_A_REFERENCE:
            continue
        like = Levenshtein.normalized_similarity(said[row], text)
        if like <= _UNLIKE:
            shown = f"the prediction is the reference of clip {data.ids[other]}, its own shares {percent(like)} with it"
            yield row, Reason(SWAPPED, shown, 0.8)


def _unlikely_rate(table: dict[str, NDArray[np.float64]]) -> Iterator[tuple[int, Reason]]:
    rate, predicted = table["character_rate"], table["predicted_rate"]
    known = (table["speech_seconds"] >= _ENOUGH_SPEECH) & (rate > 0)
    if not known.any():
        return
    log_rate = np.log2(rate, out=np.full(len(rate), np.nan), where=known)
    usual = float(np.nanmedian(log_rate))
    spread = max(1.4826 * float(np.nanmedian(np.abs(log_rate - usual))), 0.05)
    off = log_rate - usual
    of_prediction = np.log2(predicted, out=np.full(len(rate), np.nan), where=predicted > 0) - usual
    unlikely = (np.abs(off) >= max(_FAR * spread, np.log2(_UNLIKELY_RATE))) & (
        np.abs(of_prediction) <= _USUAL * spread
    )
    for row in np.flatnonzero(unlikely).tolist():
        name, amount = (TOO_MANY_WORDS, "many") if off[row] > 0 else (TOO_FEW_WORDS, "few")
        yield (
            row,
            Reason(
                name,
                f"too {amount} words for the length of speech: {rate[row]:.1f} characters a second, the prediction "
                f"{predicted[row]:.1f}, usual {2**usual:.1f}",
                min(0.95, 0.3 + 0.3 * abs(float(off[row]))),
            ),
        )


def _other_language(data: Dataset, table: dict[str, NDArray[np.float64]]) -> Iterator[tuple[int, Reason]]:
    from slicecore.explain.causes.language import commonest, languages

    predicted = languages(list(data.prediction))
    usual = commonest(predicted)
    rows = np.flatnonzero(table["wer"] >= _DISAGREEING)
    references = data.reference.tolist()
    for row, language in zip(rows.tolist(), languages([references[row] for row in rows]), strict=True):
        if usual and language and language != usual:
            yield (
                row,
                Reason(
                    LANGUAGE,
                    f"the reference is in “{language}”, most predictions in “{usual}”",
                    _SCORE_OF_LANGUAGE,
                ),
            )


def _empty_reference(
    said: list[str], heard: list[str], speech_seconds: NDArray[np.float64]
) -> Iterator[tuple[int, Reason]]:
    for row, (reference, prediction) in enumerate(zip(said, heard, strict=True)):
        words = len(prediction.split())
        if not reference and words >= 2 and speech_seconds[row] >= _SPEECH_WITHOUT_REFERENCE:
            yield (
                row,
                Reason(
                    EMPTY,
                    f"the reference is empty, the prediction has {words} words for {speech_seconds[row]:.1f} s speech",
                    0.9,
                ),
            )
