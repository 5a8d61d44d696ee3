"""Text of CSV cells: harmless to spreadsheets, writable as UTF-8, and every original can be had back.

A spreadsheet runs a cell that begins with certain signs, and begins another cell at separators of its own: where it
takes ";" or a tab for one, or has lost count of quotation marks, so that a line feed ends a row.
"""

from __future__ import annotations

import re

_SIGNS = "=+\\-@＝＋－＠\ufeff"  # the minus sign as the inside of brackets takes it
_SEPARATOR = re.compile("([;\t\r\n])")
_RUN = re.compile(f"'*[\" ]*[{_SIGNS}]")
_INSIDE = re.compile("[;\t\r\n\\\\\ud800-\udfff]")
_FIRST = frozenset("=+-@＝＋－＠\ufeff'\" ")
_LED_BY_SPACE = re.compile("'*[\t\r\n]")
_MARKED_SPACE = re.compile("'+[\t\r\n]")
_SURROGATE = re.compile(r"(?<!\\)(\\*)(?:([\ud800-\udfff])|(u[dD][89a-fA-F][0-9a-fA-F]{2}))")
_WRITTEN_SURROGATE = re.compile(r"(?<!\\)(\\+)(u[dD][89a-fA-F][0-9a-fA-F]{2})")


SUSPECT = r"^[=+\-@＝＋－＠\x{feff}'\" ]|[;\t\r\n\\]"
"""Regular expression of RE2 for the texts that `harmless` may change; surrogates, which UTF-8 has not, aside."""


def harmless(text: str) -> str:
    r"""A text as a cell of CSV that no spreadsheet runs, by an apostrophe before it; `original` gives the text back.

    Text that begins, or goes on after a line break, a tab or ";", with ``=``, ``+``, ``-``, ``@`` or their full-width
    forms gets an apostrophe there, unless it is a number
    (https://owasp.org/www-community/attacks/CSV_Injection); apostrophes that stand there already get another one.
    Half a pair of UTF-16, which UTF-8 has no bytes for, becomes its number, as ``\ud800``.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("-1.5"), harmless("a;=1+1")
    ("'=1+1", "''=1+1", '-1.5', "a;'=1+1")
    """
    if text[:1] not in _FIRST and not _INSIDE.search(text):  # most texts
        return text
    parts = _SEPARATOR.split(_SURROGATE.sub(_written, text))
    parts[::2] = ["'" + part if _RUN.match(part) and not _is_number(part) else part for part in parts[::2]]
    written = "".join(parts)
    return "'" + written if _LED_BY_SPACE.match(written) else written


def original(cell: str) -> str:
    """The text of which `harmless` made a cell.

    >>> original("'=1+1"), original("''=1+1"), original("-1.5"), original("a;'=1+1")
    ('=1+1', "'=1+1", '-1.5', 'a;=1+1')
    """
    if _MARKED_SPACE.match(cell):
        cell = cell[1:]
    parts = _SEPARATOR.split(cell)
    parts[::2] = [part[1:] if part[:1] == "'" and _RUN.match(part) else part for part in parts[::2]]
    return _WRITTEN_SURROGATE.sub(_read, "".join(parts))


def _written(match: re.Match[str]) -> str:
    backslashes, surrogate, number = match.groups()
    if surrogate:
        return f"{backslashes * 2}\\u{ord(surrogate):04x}"
    return f"{backslashes * 2}{number}"


def _read(match: re.Match[str]) -> str:
    backslashes, number = match.groups()
    half = "\\" * (len(backslashes) // 2)
    return half + (chr(int(number[1:], 16)) if len(backslashes) % 2 else number)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
