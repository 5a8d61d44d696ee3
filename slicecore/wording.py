"""Wording shared by messages, sentences and tables: shares in percent, rows as a spreadsheet counts them."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share in whole percent: "97 %"; 0 and 100 only where it is exactly that."""
    rounded = round(100 * share)
    if rounded == 100 and share < 1:
        return "over 99 %"
    if rounded == 0 and share > 0:
        return "under 1 %"
    return f"{rounded} %"


def lower(text: str) -> str:
    """A sentence as it goes on within another one: "LUFS −49" keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def row_in_file(index: int) -> int:
    """Row as a spreadsheet shows it: the header is row 1."""
    return int(index) + 2
