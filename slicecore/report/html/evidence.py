"""Evidence for a slice in words and plots: causes, measurements, values of metadata, words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slicecore.explain.claim import REASON
from slicecore.explain.sentences import value_phrase
from slicecore.metrics.class_errors import telling
from slicecore.report.html.content import CauseText, WordList
from slicecore.report.html.plots import Distribution, distribution
from slicecore.wording import UNKNOWN, percent

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause
    from slicecore.explain.effects import ValueEffect
    from slicecore.explain.explainer import Explainer, Explanation
    from slicecore.metrics.class_errors import ClassErrors
    from slicecore.slices.result import Slice
    from slicecore.text.words import WordCount

MOST_PLOTS = 3
MOST_CAUSES = 4
MOST_WORDS = 8
_FEWEST_TIMES = 2  # a word counts from so many errors on


def cause_texts(explanation: Explanation) -> tuple[CauseText, ...]:
    """The probable causes, the most probable first."""
    return tuple(_cause(cause) for cause in explanation.causes[:MOST_CAUSES])


def distributions(explanation: Explanation, explainer: Explainer, slice_: Slice) -> tuple[Distribution, ...]:
    """The measurements that set a slice apart most, in the slice and in the rest."""
    return tuple(
        distribution(effect, explainer.histogram(effect.name, slice_))
        for effect in explanation.plotted[:MOST_PLOTS]
    )


def value_texts(explanation: Explanation) -> tuple[str, ...]:
    """The values of metadata that are commoner in a slice, each with its claim."""
    return tuple(_value(effect) for effect in explanation.metadata)


def word_lists(explainer: Explainer, slice_: Slice) -> tuple[WordList, ...]:
    """Words that are misrecognised or confused in a slice more than in the rest; none where no texts are compared."""
    if not explainer.costs.compares_text:
        return ()
    words = explainer.words_of(slice_, top=MOST_WORDS)
    lists = (
        WordList("Words most often wrong", tuple(_times(word) for word in _often(words.misrecognised))),
        WordList("Most frequent confusions", tuple(_times(word) for word in _often(words.confusions))),
    )
    by_class = WordList(
        "Errors by class of word",
        tuple(map(_class, telling(explainer.word_classes_of(slice_)))),
    )
    return tuple(each for each in (*lists, by_class) if each.words)


def _cause(cause: Cause) -> CauseText:
    claim = cause.claim
    return CauseText(
        title=cause.title,
        evidence=_sentence(cause.evidence),
        claim=_sentence(claim.text) if claim else "",
        remedy=cause.remedy,
        inside=percent(cause.share_inside),
        rest=percent(cause.share_rest),
        bars=(round(100 * cause.share_inside, 1), round(100 * cause.share_rest, 1)),
        is_reason=claim is not None and claim.kind == REASON,
    )


def _value(effect: ValueEffect) -> str:
    claim = effect.claim.text if effect.claim else ""
    return _sentence("; ".join(filter(None, (value_phrase(effect), claim))))


def _often(words: Sequence[WordCount]) -> list[WordCount]:
    return [word for word in words if word.count >= _FEWEST_TIMES and word.excess > 0]


def _times(word: WordCount) -> tuple[str, str]:
    title = f"{word.word} → {word.prediction}" if word.prediction else word.word
    return title, f"{word.count} of {word.of} (rest: {word.count_rest} of {word.of_rest})"


def _class(errors: ClassErrors) -> tuple[str, str]:
    if errors.unknown:
        return errors.label, f"unknown, {errors.unknown}"
    low, high = map(percent, errors.interval)
    rest = percent(errors.rate_rest) if errors.words_rest else UNKNOWN
    return errors.label, f"{percent(errors.rate)} of {errors.words:,} wrong ({low} to {high}; rest: {rest})"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""
