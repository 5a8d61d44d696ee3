"""References that go from one language, or one script, to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.text.language import language_of

_WORDS = 5  # of a piece; of English prose none of 3,500 pieces is surely in another language
_PIECES = 4  # at most


def second_language(texts: Sequence[str]) -> NDArray[np.float64]:
    """Share of every text that is in another language or script than most of it, (n,); 0 where none is, or not surely.

    The language of up to four pieces of five words, spread over the text, is told (py3langid), so texts of fewer than
    ten words have one language; of scripts every word counts. NaN for a text without letters.
    """
    return np.array([_second(text) for text in texts], dtype=np.float64)


def _second(text: str) -> float:
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    if not words:
        return np.nan
    of_script = Counter(_is_latin(word) for word in words)
    by_script = min(of_script.values()) / len(words) if len(of_script) > 1 else 0.0
    if len(words) < 2 * _WORDS:
        return by_script
    starts = np.linspace(0, len(words) - _WORDS, min(_PIECES, len(words) // _WORDS)).astype(int).tolist()
    pieces = [" ".join(words[start : start + _WORDS]) for start in starts]
    known = Counter(code for code in (language_of(piece) for piece in pieces) if code)
    by_language = (known.total() - max(known.values())) / len(pieces) if len(known) > 1 else 0.0
    return max(by_script, by_language)


def _is_latin(word: str) -> bool:
    letter = next(filter(str.isalpha, word))
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00"
