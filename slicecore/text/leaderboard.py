"""English as the Open ASR leaderboard normalises it: Whisper's normaliser, and the leaderboard's own rules around it.

The rules are those of the repository huggingface/open_asr_leaderboard in August 2026, written anew on the parts of the
package whisper-normalizer. Its list of some 150 spellings of first names (“Stephen”, “Steven”) is not among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from whisper_normalizer.basic import remove_symbols_and_diacritics
from whisper_normalizer.english import EnglishNumberNormalizer, EnglishTextNormalizer

_FILLERS = re.compile(
    r"\b(ah-ha|a+h+m*|a+h+a+|ahem|e+h+m*|eheh|ehehe|ehr|e+m+|e+r+m*|h+a+h+|h+e+h+|h+m+|hmmph|h+u+h+|hum|hunh|mhum"
    r"|m{2,}|mmkay|m+h+m*|t+s+k+|u+g+h+|u+h+m*|u+h+u+[hm]*|u+m+h*)\b"
)
_IN_BRACKETS, _IN_PARENTHESES = re.compile(r"[<\[][^>\]]*[>\]]"), re.compile(r"\(([^)]+?)\)")
_NOT_EXPANDED = (r"\bkinda\b", r"\bsorta\b", r"\bdunno\b", r"\bcause\b", r"'s\b")
"""Rules of the package that the leaderboard does not have."""
_IS = r"\b(it|he|she|what|that|who|here|there|how|when|where|why|this)'s\b"
_ONE_WORD = [
    (re.compile(rf"\b{words}\b".replace(" ", r"\s+")), spelling)
    for words, spelling in (
        *(("et cetera", "etc"), ("al right", "alright"), ("all right", "alright"), ("how ever", "however")),
        *((f"{first} fi", f"{first}fi") for first in ("wi", "hi", "lo", "sci")),
        *((f"e {last}", f"e{last}") for last in ("mail", "book", "commerce")),
        *(("x ray", "xray"), ("t shirt", "tshirt"), ("a m", "am"), ("p m", "pm"), ("o k", "okay")),
        *(("o+h+", "oh"), ("ooo+", "oh")),
    )
]
_SPELLINGS = {"ok": "okay", "kay": "okay", "etcetera": "etc"}
_OH = "oh\x00"
"""The exclamation, which is no zero."""


class LeaderboardNormaliser:
    """Normaliser of English transcripts. It is called with a text."""

    def __init__(self) -> None:
        whisper = EnglishTextNormalizer()
        rules = {pattern: text for pattern, text in whisper.replacers.items() if pattern not in _NOT_EXPANDED}
        at = list(rules).index(r"'re\b") + 1  # where the possessive stands among the rules
        pairs = list(rules.items())
        self._rules = [(re.compile(a), b) for a, b in [*pairs[:at], (_IS, r"\1 is"), *pairs[at:]]]
        self._numbers = _Numbers()
        self._times = _Times(self._numbers)
        self._spellings = whisper.standardize_spellings.mapping | _SPELLINGS

    def __call__(self, text: str) -> str:
        """Words of a text, with any white space between them."""
        text = _IN_PARENTHESES.sub("", _IN_BRACKETS.sub("", text.lower()))
        text = _FILLERS.sub("", text)
        text = self._times(re.sub(r"\s+'", "'", text))
        for pattern, replacement in self._rules:
            text = pattern.sub(replacement, text)
        text = re.sub(r"(\d),(\d)", r"\1\2", text)
        text = remove_symbols_and_diacritics(re.sub(r"\.(?![0-9])", " ", text), keep=".%$¢€£")
        for pattern, replacement in _ONE_WORD:
            text = pattern.sub(replacement, text)
        words = [self._spellings.get(word, word) for word in self._numbers(text).split()]
        text = " ".join(_with_acronyms(words))
        text = re.sub(r"[.$¢€£](?![0-9])", " ", text)
        return re.sub(r"(?<![0-9])%", " ", text)


class _Numbers:
    """Numbers in digits; “oh” is a zero only inside a row of digits."""

    def __init__(self) -> None:
        self._whisper: Any = EnglishNumberNormalizer()
        self.ones: dict[str, int] = self._whisper.ones
        self._digits = {*self._whisper.zeros, *self._whisper.ones, *self._whisper.tens}
        self._pending = {*self._digits, *self._whisper.multipliers, "point", "double", "triple"}

    def __call__(self, text: str) -> str:
        words: list[str] = self._whisper.preprocess(text).split()
        for place, word in enumerate(words):
            if word == "oh" and not self._is_zero(words, place):
                words[place] = _OH
        numbers = " ".join(word for word in self._whisper.process_words(words) if word is not None)
        return str(self._whisper.postprocess(numbers.replace(_OH, "oh")))

    def _is_zero(self, words: Sequence[str], place: int) -> bool:
        after = [self._is_digits(word) for word in words[place + 1 : place + 3]]
        before = place > 0 and (words[place - 1] in self._pending or _is_number(words[place - 1]))
        return after[:1] == [True] and (before or after[1:] == [True])

    def _is_digits(self, word: str) -> bool:
        return word.isdecimal() or word in self._digits


class _Times:
    """Times of the clock as hours and minutes: “half past seven” is 7:30."""

    def __init__(self, numbers: _Numbers) -> None:
        self._numbers = numbers
        digits = "|".join(word for word, value in numbers.ones.items() if value < 10)
        number = rf"(?:[0-9]{{1,2}}|(?:twenty|thirty|forty|fifty)(?:[\s-]+(?:{digits}))?|{'|'.join(numbers.ones)}|zero)"
        clock = r"o\s*['\u2019]?\s*clock"
        self._relative = re.compile(
            rf"(?<![\w.:])(half|(?:a\s+)?quarter|{number}\s+minutes?)\s+(past|after|to|before)\s+({number})"
            rf"(?:\s+{clock})?\b"
        )
        self._full = re.compile(rf"(?<![\w.:])({number})\s+{clock}\b")
        self._digital = re.compile(r"(?<![\w:./])([01]?[0-9]|2[0-3]):([0-5][0-9])(?![\w:]|\.[0-9])")

    def __call__(self, text: str) -> str:
        text = self._full.sub(self._of_full, self._relative.sub(self._of_relative, text))
        return self._digital.sub(lambda match: _time(int(match[1]), int(match[2])), text)

    def _of_relative(self, match: re.Match[str]) -> str:
        hour = self._value(match[3])
        minute = 30 if match[1] == "half" else 15 if match[1].endswith("quarter") else self._value(match[1])
        if hour > 23 or minute > 59:
            return match[0]
        if match[2] in ("to", "before") and minute:
            hour = (hour - 2) % 12 + 1 if 1 <= hour <= 12 else (hour - 1) % 24
            minute = 60 - minute
        return f"{hour}:{minute:02d}"

    def _of_full(self, match: re.Match[str]) -> str:
        hour = self._value(match[1])
        return f"{hour}:00" if hour <= 23 else match[0]

    def _value(self, text: str) -> int:
        value = self._numbers(re.sub(r"\s+minutes?$", "", text).replace("-", " ")).strip()
        return 1 if value == "one" else int(value)


def _time(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02d}" if minute else str(hour)


def _with_acronyms(words: Sequence[str]) -> list[str]:
    """Words with the letters of acronyms joined: “b b c” is “bbc”; with “a” or “i” only three letters or more are."""
    joined: list[str] = []
    letters: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalnum():
            letters.append(word)
            continue
        enough = 3 if {"a", "i"} & set(letters) else 2
        joined += ["".join(letters)] if len(letters) >= enough else letters
        letters = []
        joined.append(word)
    return joined[:-1]


def _is_number(word: str) -> bool:
    return re.fullmatch(r"[-+£€$¢]?\d+(\.\d+)?", word) is not None
