"""References that go from one language, or one script, to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from slicecore.text.language import languages_now

_WORDS = 5  # of a piece; of English prose none of 3,500 pieces is surely in another language
_PIECES = 4  # at most


def second_language(texts: Sequence[str]) -> NDArray[np.float64]:
    """Share of every text that is in another language or script than most of it, (n,); 0 where none is, or not surely.

    The language of up to four pieces of five words, spread over the text, is told (py3langid), so texts of fewer than
    ten words have one language; of scripts every word counts. NaN for a text without letters.
    """
    shares = np.zeros(len(texts))
    pieces: list[str] = []
    texts_of_pieces: list[int] = []
    for row, text in enumerate(texts):
        words = text.split()
        if len(words) < 2 * _WORDS and text.isascii():
            shares[row] = 0.0 if any(map(str.isalpha, text)) else np.nan
            continue
        words = [word for word in words if word.isalpha() or any(map(str.isalpha, word))]
        shares[row] = 0.0 if words and text.isascii() else _by_script(words)
        cut = _pieces(words)
        pieces += cut
        texts_of_pieces += [row] * len(cut)
    codes = languages_now(pieces).tolist()
    by_text = groupby(zip(texts_of_pieces, codes, strict=True), itemgetter(0))
    for row, of_text in by_text:
        told = [code for _, code in of_text]
        if len(set(told)) == 1:
            continue
        known = Counter(code for code in told if code)
        by_language = (known.total() - max(known.values())) / len(told) if len(known) > 1 else 0.0
        shares[row] = max(shares[row], by_language)
    return shares


def _by_script(words: list[str]) -> float:
    if not words:
        return np.nan
    of_script = Counter(map(_is_latin, words))
    return min(of_script.values()) / len(words) if len(of_script) > 1 else 0.0


def _pieces(words: list[str]) -> list[str]:
    return [" ".join(words[start : start + _WORDS]) for start in _starts(len(words))]


@cache
def _starts(words: int) -> tuple[int, ...]:
    """Where the pieces of a text of so many words begin."""
    if words < 2 * _WORDS:
        return ()
    return tuple(np.linspace(0, words - _WORDS, min(_PIECES, words // _WORDS)).astype(int).tolist())


def _is_latin(word: str) -> bool:
    letter = next(filter(str.isalpha, word))
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00"
