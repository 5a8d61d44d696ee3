"""Wording shared by messages, sentences, tables and the page: numbers, shares, numbers of things.

Numbers are rounded half up in the decimal form in which they are written (12.5 becomes 13, 1.005 becomes 1.01), as
`Intl.NumberFormat` does in the browser, so that a number reads the same wherever it is shown.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

UNKNOWN = "–"
"""A number that is not known."""

_NARROW_GAP, _MINUS = "\u202f", "\u2212"
_SIGNIFICANT = 3  # digits of a number without a natural scale


def fixed(number: float | None, decimals: int = 0) -> str:
    """A number with so many decimals, its thousands separated: "1,234.5", "−8.8"; "–" where it is not known."""
    if number is None or not math.isfinite(number):
        return UNKNOWN
    rounded = _rounded(number, decimals)
    return f"{_MINUS if rounded < 0 else ''}{abs(rounded):,.{decimals}f}"


def significant(number: float | None) -> str:
    """A number of any size with three significant digits, but never less than whole: "3.21", "0.000124", "1,235"."""
    if number is None or not math.isfinite(number):
        return UNKNOWN
    if number == 0:
        return "0"
    decimals = max(0, _SIGNIFICANT - 1 - Decimal(repr(abs(float(number)))).adjusted())
    text = fixed(number, decimals)
    return text.rstrip("0").rstrip(".") if decimals else text


def rate(share: float | None, decimals: int = 1) -> str:
    """A share in percent: "67.6 %", with a narrow gap that does not break."""
    text = fixed(None if share is None else 100 * share, decimals)
    return text if text == UNKNOWN else f"{text}{_NARROW_GAP}%"


def points(difference: float | None, decimals: int = 1) -> str:
    """A difference of two shares in percentage points: "+34.7 pts", "−8.8 pts", "0.0 pts"."""
    text = _signed(fixed(None if difference is None else 100 * difference, decimals))
    return text if text == UNKNOWN else f"{text}{_NARROW_GAP}pts"


def signed(difference: float | None) -> str:
    """A difference of two numbers of any size: "+3.21", "−0.5", "0"."""
    return _signed(significant(difference))


def p_value(p: float) -> str:
    """Result of a test: "p = .012"."""
    return f"p = {fixed(p, 3).removeprefix('0')}"


def clips(count: int) -> str:
    """A number of clips: "1 clip", "12,000 clips"."""
    return counted(count, "clip")


def counted(count: int, noun: str) -> str:
    """A number of things whose plural ends in s: "1 word", "12,000 words"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def how_many(count: int, of: int, what: str) -> str:
    """Words on how many things are so: "2 of them confirmed", "all confirmed", "none confirmed"; "confirmed" of one."""
    if of == 1:
        return what if count else f"not {what}"
    return f"all {what}" if count == of else f"{count:,} of them {what}" if count else f"none {what}"


def percent(share: float) -> str:
    """A share in whole percent within a sentence: "97 %"; 0 and 100 only where it is exactly that."""
    rounded = int(_rounded(100 * share, 0))
    if rounded == 100 and share < 1:
        return "over 99 %"
    if rounded == 0 and share > 0:
        return "under 1 %"
    return f"{rounded} %"


def lower(text: str) -> str:
    """A sentence as it goes on within another one: "LUFS −49" keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def printable(text: str) -> str:
    """A text on one line, without what a terminal would take for a command."""
    return "".join(character if character.isprintable() else " " for character in text)


def _rounded(number: float, decimals: int) -> Decimal:
    # `+ 0` makes nothing of the sign of a zero.
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def _signed(text: str) -> str:
    return f"+{text}" if text[0] != _MINUS and any(digit in text for digit in "123456789") else text
