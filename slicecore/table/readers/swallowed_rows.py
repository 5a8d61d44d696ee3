"""Rows that a stray quote makes the text of one cell: valid CSV, in which clips vanish without a word."""

from __future__ import annotations

from collections.abc import Sequence

_NAMED = 3
"""Most rows that the note names."""


class SwallowedRows:
    """Cells that look as though they held whole rows.

    Two rows with a stray quote each are read as one row, in whose cell is all that stood between the quotes: a line
    break, and as many separators as a row has. A text of several lines with that many separators is named as well.

    Parameters
    ----------
    columns
        Names of the columns.
    separator
        Of cells.
    """

    def __init__(self, columns: Sequence[str], separator: str) -> None:
        self._columns = columns
        self._separator = separator
        self._rows: list[tuple[int, str]] = []

    def look(self, number: int, cells: Sequence[str]) -> None:
        """Look at a row that goes over several lines; `number` is its own."""
        for name, cell in zip(self._columns, cells, strict=True):
            breaks = len(cell.splitlines()) - 1
            if breaks > 0 and cell.count(self._separator) >= breaks * (len(self._columns) - 1) > 0:
                self._rows.append((number, name))
                return

    def notes(self) -> tuple[str, ...]:
        """A sentence about the rows, if there are any."""
        if not self._rows:
            return ()
        named = ", ".join(f"row {number} (column “{name}”)" for number, name in self._rows[:_NAMED])
        more = len(self._rows) - _NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        return (
            f"A cell holds line breaks and as many separators as whole rows have, in {named}{rest}. If a quote in the "
            "file is stray, these are rows that were not read: look at the quotes there.",
        )
