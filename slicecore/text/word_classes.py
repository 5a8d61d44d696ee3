"""Classes of the words of the references: numbers, names, and words by how often the references have them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from slicecore.text.alignment import Alignment
from slicecore.text.language import languages
from slicecore.text.normalisation import Texts, normalise
from slicecore.text.parts import listed, parts_of

NUMBER, NAME, ONCE, FREQUENT, OTHER = "number", "name", "once", "over_20", "other"

FREQUENCIES = {ONCE: (1, 1), "2_to_5": (2, 5), "6_to_20": (6, 20), FREQUENT: (21, None)}
"""Classes by how often the references of the table have a word: the least and the most, None without an end."""

CLASSES = {
    NUMBER: "Numbers",
    NAME: "Names",
    ONCE: "Words that occur once",
    "2_to_5": "Words that occur 2 to 5 times",
    "6_to_20": "Words that occur 6 to 20 times",
    FREQUENT: "Words that occur over 20 times",
    OTHER: "Frequent words that are no numbers or names",
}
"""Names of the classes, as exports have them, and what people call them. A word may be in several."""


@dataclass(frozen=True)
class NameLimits:
    """Limits for names by capitals; read off English and German prose, where they are far from both sides.

    Attributes
    ----------
    capitals : share of the words inside sentences that begin with a capital, above which capitals tell no names: all
        nouns have them (German: a third), or all words (titles). English prose has 3 to 10 %.
    of_word : share of the places inside sentences at which a word that is a name has its capital: “Will” and “will”.
    """

    capitals: float = 0.25
    of_word: float = 0.5


LIMITS = NameLimits()

_SENTENCE_END = re.compile(r"[.!?:…。]+[\"'”’»)\]]*\s+")
_OPENING = "\"“„«'‘("  # the first word of a quotation
_EDGES = re.compile(r"^\W+|\W+$")
_LANGUAGE_SAMPLE = 60


@dataclass(frozen=True, eq=False)
class WordClasses:
    """Classes of the words of a table.

    Attributes
    ----------
    of_word : (classes, vocabulary) which words of the alignment's vocabulary are in which of `CLASSES`.
    names_unknown : the reason why names can't be told; "" where they can.
    """

    of_word: NDArray[np.bool_]
    names_unknown: str

    @classmethod
    def of(cls, aligned: Alignment, reference: Texts) -> WordClasses:
        """Classes of the words of an alignment.

        A number has digits, or is a number word as the English normaliser knows it; such words count unless the
        references are in another language. A name begins with a capital inside a sentence of the references as they
        are written; the single letter I is none. Frequencies are those in all references.

        Parameters
        ----------
        aligned
            Alignment of the table.
        reference
            (n,) references as written.
        """
        names, unknown = _names(_each(reference))
        number_words = _number_words() if _may_be_english(reference) else frozenset()
        size = len(aligned.vocabulary)
        times = np.bincount(aligned.reference[aligned.reference >= 0], minlength=size)
        parts = [text.split() for text in normalise(aligned.vocabulary)]
        masks = {
            NUMBER: _mask(
                size, (any(map(_has_digit, words)) or _all_in(words, number_words) for words in parts)
            ),
            NAME: _mask(size, (not names.isdisjoint(words) for words in parts)),
        }
        for name, (least, most) in FREQUENCIES.items():
            masks[name] = (times >= least) & (times <= (most or np.inf))
        masks[OTHER] = masks[FREQUENT] & ~masks[NUMBER] & ~masks[NAME]
        return cls(np.stack([masks[name] for name in CLASSES]), unknown)


def _each(texts: Texts) -> Iterator[str]:
    """Texts one after the other, "" where one is missing; they are not all in memory as objects at once."""
    for some in parts_of(len(texts)):
        for text in listed(texts[some]):
            yield text if isinstance(text, str) else ""


def _mask(size: int, members: Iterator[bool]) -> NDArray[np.bool_]:
    return np.fromiter(members, dtype=bool, count=size)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _all_in(words: Sequence[str], known: frozenset[str]) -> bool:
    return bool(words) and known.issuperset(words)


@cache
def _number_words() -> frozenset[str]:
    """Cardinal and ordinal number words as the normaliser of Whisper's authors reads them, “oh” and “and” left out."""
    from whisper_normalizer.english import EnglishNumberNormalizer

    known = EnglishNumberNormalizer()
    kinds = [
        f"{kind}{form}" for kind in ("ones", "tens", "multipliers") for form in ("", "_plural", "_ordinal")
    ]
    words = frozenset(chain(("zero",), *(getattr(known, kind) for kind in kinds)))
    return words - {"second"}  # more often one of time


def _may_be_english(texts: Texts) -> bool:
    """False where a sample of the texts is surely in another language: “ten” is Polish for “this”."""
    written = np.flatnonzero(np.fromiter((text.strip() != "" for text in _each(texts)), bool, len(texts)))
    rows = written[:: max(1, len(written) // _LANGUAGE_SAMPLE)][:_LANGUAGE_SAMPLE].tolist()
    sample = [text for row in rows for text in listed(texts[row : row + 1])]
    return languages([" ".join(sample).lower()])[0] in ("en", "")


def _names(texts: Iterable[str]) -> tuple[frozenset[str], str]:
    """Words that are names, under the "basic" normalisation, and why they can't be told, "" where they can."""
    capital, small = Counter[str](), Counter[str]()
    for token, times in Counter(_inside_sentences(texts)).items():
        if token[0] in _OPENING:
            continue
        word = _EDGES.sub("", token)
        first = word[:1]
        if first.isupper() and len(word) > 1 and word[:2] not in ("I'", "I’"):  # nor are initials
            capital[word.lower()] += times
        elif first.islower():
            small[word.lower()] += times
    if not capital:
        return frozenset(), "no reference has a capital inside a sentence"
    if capital.total() > LIMITS.capitals * (capital.total() + small.total()):
        return frozenset(), "too many words of the references begin with a capital"
    names = [word for word, times in capital.items() if times >= LIMITS.of_word * (times + small[word])]
    return frozenset(chain.from_iterable(map(str.split, normalise(names)))), ""


def _inside_sentences(texts: Iterable[str]) -> Iterator[str]:
    """Words that are not the first of a sentence."""
    return chain.from_iterable(
        sentence.split()[1:] for text in texts for sentence in _SENTENCE_END.split(text)
    )
