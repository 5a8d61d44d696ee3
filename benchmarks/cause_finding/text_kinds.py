"""Problems of the texts, planted in the clean clips of a table: references and predictions before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cause_finding.plants import FOREIGN

PHRASES = ("thank you for watching", "please subscribe to my channel", "bye bye")
NUMBERS = frozenset(
    (
        *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        *("twenty", "thirty", "forty", "fifty"),
    )
)


@dataclass(frozen=True, eq=False)
class Texts:
    """References and predictions of a table as words, and those of its groups that a plant may change.

    Attributes
    ----------
    reference, prediction : (n,) lists of words.
    usual : (words,) words of all references, to draw from.
    random : source of chance.
    """

    reference: list[list[str]]
    prediction: list[list[str]]
    usual: list[str]
    random: np.random.Generator

    @cached_property
    def times(self) -> Counter[str]:
        """How often the references have each word."""
        return Counter(map(bare, self.usual))

    def any_word(self) -> str:
        """A word of the references."""
        return self.usual[int(self.random.integers(len(self.usual)))]


def bare(word: str) -> str:
    """A word without case and punctuation."""
    return word.lower().strip(".,!?;:")


Plant = Callable[[Texts, np.ndarray], None]


@dataclass(frozen=True)
class TextKind:
    """A problem of texts and the cause that is right for it; "" where none is.

    Attributes
    ----------
    plant : changes the texts of some rows.
    also : causes that are as right.
    fits : (words of a reference) -> whether the problem can be planted on such a clip.
    needs : (word of a prediction) -> whether there is something to change; None where there always is.
    in_a_row : the group must be clips that follow one another.
    silent : the recordings are of quiet rooms in which nobody speaks.
    """

    cause: str
    plant: Plant
    also: tuple[str, ...] = ()
    fits: Callable[[list[str]], bool] = lambda words: len(words) >= 4
    needs: Callable[[str, Texts], bool] | None = None
    in_a_row: bool = False
    silent: bool = False


def _each(change: Callable[[list[str], list[str], Texts], tuple[list[str], list[str]]]) -> Plant:
    def plant(texts: Texts, rows: np.ndarray) -> None:
        for row in rows.tolist():
            texts.reference[row], texts.prediction[row] = change(
                texts.reference[row], texts.prediction[row], texts
            )

    return plant


def short_reference(share: float) -> Plant:
    """References that end before the recording does."""
    return _each(lambda spoken, predicted, _: (spoken[: max(1, round(share * len(spoken)))], predicted))


def left_out(start: float, end: float) -> Plant:
    """Predictions without the words from one share of the clip to another."""

    def change(spoken: list[str], predicted: list[str], _: Texts) -> tuple[list[str], list[str]]:
        first, last = (round(share * len(predicted)) for share in (start, end))
        return spoken, predicted[:first] + predicted[max(last, first + 1) :]

    return _each(change)


def phrases(share: float) -> Plant:
    """One of three phrases in the place of so many of the predictions."""

    def change(spoken: list[str], predicted: list[str], texts: Texts) -> tuple[list[str], list[str]]:
        if texts.random.random() >= share:
            return spoken, predicted
        return spoken, PHRASES[int(texts.random.integers(len(PHRASES)))].split()

    return _each(change)


def shifted(words: int) -> Plant:
    """Predictions of segments that begin and end so many words too late."""

    def plant(texts: Texts, rows: np.ndarray) -> None:
        before = [list(texts.prediction[row]) for row in rows]
        for i, row in enumerate(rows.tolist()):
            following = before[i + 1][:words] if i + 1 < len(before) else []
            texts.prediction[row] = (before[i][words:] if i else before[i]) + following

    return plant


def class_wrong(wrong: Callable[[str, Texts], bool]) -> Plant:
    """Words of a class exchanged in the predictions."""

    def change(spoken: list[str], predicted: list[str], texts: Texts) -> tuple[list[str], list[str]]:
        return spoken, [texts.any_word() if wrong(word, texts) else word for word in predicted]

    return _each(change)


def invented(keeps_reference: bool) -> Plant:
    """Some words of the references as predictions, over empty references or those of the clips."""

    def change(spoken: list[str], _: list[str], texts: Texts) -> tuple[list[str], list[str]]:
        words = [texts.any_word() for _ in range(int(texts.random.integers(2, 9)))]
        return spoken if keeps_reference else [], words

    return _each(change)


def is_number(word: str, _: Texts) -> bool:
    """True for a number, in digits or in words."""
    return bare(word) in NUMBERS or any(map(str.isdigit, word))


def is_rare(word: str, texts: Texts) -> bool:
    """True for a word that the references have only once."""
    return texts.times[bare(word)] == 1


def two_languages(share: float) -> Plant:
    """A German sentence after so much of the reference; the model writes something else for it."""

    def change(spoken: list[str], predicted: list[str], texts: Texts) -> tuple[list[str], list[str]]:
        german = FOREIGN[int(texts.random.integers(len(FOREIGN)))].split()
        own = max(5, round(share * len(spoken)))
        heard = [texts.any_word() for _ in german[1:]]
        return spoken[:own] + german, predicted[:own] + heard

    return _each(change)


def badly_heard(share: float) -> Plant:
    """Words exchanged or dropped at random."""

    def change(spoken: list[str], predicted: list[str], texts: Texts) -> tuple[list[str], list[str]]:
        luck = texts.random.random(len(predicted))
        words = [
            texts.any_word() if chance < 0.7 * share else word
            for word, chance in zip(predicted, luck, strict=True)
        ]
        return spoken, [
            word for word, chance in zip(words, luck, strict=True) if not 0.7 * share <= chance < share
        ]

    return _each(change)


def another_reference(texts: Texts, rows: np.ndarray) -> None:
    """The reference of another clip of about the same length."""
    lengths = np.array([len(words) for words in texts.reference])
    before = [list(words) for words in texts.reference]
    for row in rows.tolist():
        near = [
            at
            for at in np.argsort(abs(lengths - lengths[row]), kind="stable")[:30]
            if before[at] != before[row]
        ]
        texts.reference[row] = before[near[int(texts.random.integers(len(near)))]]


def _long(words: list[str]) -> bool:
    return len(words) >= 8


TEXT_KINDS: dict[str, TextKind] = {
    "reference of the first 60 %": TextKind("more_said", short_reference(0.6), fits=_long),
    "reference of the first 40 %": TextKind("more_said", short_reference(0.4), fits=_long),
    "end left out, 40 %": TextKind("omitted_speech", left_out(0.6, 1), ("truncated",), _long),
    "end left out, 70 %": TextKind("omitted_speech", left_out(0.3, 1), ("truncated",), _long),
    "start left out, 40 %": TextKind("omitted_speech", left_out(0, 0.4), ("truncated",), _long),
    "start left out, 70 %": TextKind("omitted_speech", left_out(0, 0.7), ("truncated",), _long),
    "middle left out, 40 %": TextKind("omitted_speech", left_out(0.3, 0.7), fits=_long),
    "middle left out, 60 %": TextKind("omitted_speech", left_out(0.2, 0.8), fits=_long),
    "empty predictions": TextKind("omitted_speech", left_out(0, 1)),
    "three phrases, 60 % of the clips": TextKind("recurring_phrase", phrases(0.6)),
    "three phrases": TextKind("recurring_phrase", phrases(1)),
    "nobody speaks, references empty": TextKind("invented_in_silence", invented(False), silent=True),
    "nobody speaks, references kept": TextKind("invented_in_silence", invented(True), silent=True),
    "segments 2 words late": TextKind("shifted_segment", shifted(2), in_a_row=True),
    "segments 4 words late": TextKind("shifted_segment", shifted(4), in_a_row=True),
    "numbers wrong": TextKind("word_class", class_wrong(is_number), needs=is_number),
    "rare words wrong": TextKind("word_class", class_wrong(is_rare), needs=is_rare),
    "two languages, 60 % English": TextKind("code_switching", two_languages(0.6), fits=_long),
    "two languages": TextKind("code_switching", two_languages(0.4), fits=_long),
    "wrong references": TextKind("wrong_reference", another_reference),
    "badly heard, 35 %": TextKind("", badly_heard(0.35)),
    "badly heard, 70 %": TextKind("", badly_heard(0.7)),
}
"""Problems by what they are called in docs/causes.md."""
