"""Normalisation of transcripts, so that a metric counts words and not ways of writing them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from slicecore.errors import MetricError
from slicecore.giving_way import giving_way
from slicecore.text.own_normaliser import is_own, own_normaliser, remember, unknown_function
from slicecore.text.parts import Texts, listed

Normalisation: TypeAlias = "str | Callable[[str], str]"
"""Name of a normalisation, or a function of the user's from a text to a text."""

NORMALISATIONS = ("none", "basic", "english", "leaderboard")

DEFAULT_NORMALISATION = "basic"

_APOSTROPHES = "'’‘ʼ＇`´"
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"
_JOINERS = "\u200c\u200d"
"""Those of letters belong to a word, those that an emoji leaves behind to none."""


def normalise(texts: Texts, how: Normalisation = DEFAULT_NORMALISATION) -> list[str]:
    """Bring transcripts into one form.

    Parameters
    ----------
    texts
        Transcripts, one per clip; one that is missing (None or NaN, as pandas reads an empty cell) is "".
    how
        "none": as written, only white space collapsed. "basic": lower case, punctuation and symbols to a space,
        apostrophes inside words kept; letters and marks of every script kept, so it suits every language.
        "english": the normaliser of Whisper's authors, which also unifies numbers, spellings and contractions.
        "leaderboard": that of the Open ASR leaderboard, see `slicecore.text.leaderboard`. Or a function of your own,
        given a text and returning one, or the name that `load_normaliser` gave it.

    Returns
    -------
    list of str
        Words with single spaces between them, one text per clip.

    Raises
    ------
    MetricError
        If `how` is none of `NORMALISATIONS`, or the function fails or returns no text.

    Examples
    --------
    >>> normalise(["«C'est l'été», dit-il."], "basic")
    ["c'est l'été dit il"]
    """
    name = name_of(how)
    texts = [text if isinstance(text, str) else _as_text(text) for text in listed(texts)]
    if name == "none":
        return [" ".join(text.split()) for text in giving_way(texts)]
    if name == "basic":
        return [_basic(text) for text in giving_way(texts)]
    if name in NORMALISATIONS:
        function = _english() if name == "english" else _leaderboard()
        return [" ".join(function(text).split()) for text in giving_way(texts)]
    return own_normaliser(name).normalise(texts)


def _as_text(cell: Any) -> str:
    """A cell that is no text: "" where it is missing."""
    import pandas as pd

    return "" if pd.isna(cell) else str(cell)


def name_of(how: Normalisation) -> str:
    """Name of a normalisation, by which results and caches know it; that of a function changes with its source.

    Raises
    ------
    MetricError
        There is none of this name.
    """
    if callable(how):
        return remember(how)
    if isinstance(how, str) and (how in NORMALISATIONS or is_own(how)):
        return how
    raise MetricError(
        f"There is no normalisation “{how}”. Use one of: {', '.join(NORMALISATIONS)}; or a function of your own. "
        f"{unknown_function(str(how))}".rstrip()
    )


def joins_compounds(name: str) -> bool:
    """True if words that are divided in another way are the same: “ice cream” and “icecream”."""
    return name == "leaderboard" or (is_own(name) and own_normaliser(name).joins_compounds)


class _Basic(dict[int, str | None]):
    """A table for `str.translate` that works out each character when it first turns up."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        keep: str | None = character
        if character in _INVISIBLE:
            keep = None
        elif character in _APOSTROPHES:
            keep = "'"
        elif unicodedata.category(character)[0] in "PSZC" and character not in _JOINERS:
            keep = " "
        self[code] = keep
        return keep


_BASIC = _Basic()


def _basic(text: str) -> str:
    if text.isascii():  # where nothing is to be composed, bytes are several times as fast
        letters = text.encode("ascii").translate(_ASCII)
        plain = letters.split()
        if b"'" in letters:
            plain = [stripped for word in plain if (stripped := word.strip(b"'"))]
        return b" ".join(plain).decode("ascii")
    # Apostrophes go first: compatibility composition turns an acute accent on its own into a space and a mark.
    straight = text.translate(_STRAIGHT)
    # The Turkish capital İ becomes an i and a loose dot.
    lowered = unicodedata.normalize("NFKC", straight).lower().replace("i\u0307", "i")
    words = (word.strip("'" + _JOINERS) for word in lowered.translate(_BASIC).split())
    return " ".join(word for word in words if word)


_STRAIGHT = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))
_ASCII = "".join(_BASIC[ord(chr(code).lower())] or "" for code in range(128)).encode("ascii").ljust(256)


@cache
def _english() -> Callable[[str], str]:
    from whisper_normalizer.english import EnglishTextNormalizer

    normaliser: Callable[[str], str] = EnglishTextNormalizer()
    return normaliser


@cache
def _leaderboard() -> Callable[[str], str]:
    from slicecore.text.leaderboard import LeaderboardNormaliser

    return LeaderboardNormaliser()
