"""Rows of a file as a reader gives them, before roles, ids and clips are worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd


NO_ROLES = Roles()


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a file and what its format says about them.

    Attributes
    ----------
    frame
        One row per clip, with the index 0 … n-1 and names of columns that differ.
    numbers : (n,)
        Number of each row for people: as a spreadsheet or an editor shows it.
    roles
        Columns whose role the format itself says; the others are guessed from their names.
    folder
        Where relative audio paths start; None for the folder of the file.
    places : (n,)
        Where the sound of each row is, if that is not what the audio column says: a path, which may be relative to
        the folder, or a URL. A row with None goes by its cell.
    from_text
        Whether cells are text in which numbers have yet to be recognised.
    notes
        Sentences about what the reader left out.
    """

    frame: pd.DataFrame
    numbers: Sequence[int]
    roles: Roles = NO_ROLES
    folder: Path | None = None
    places: Sequence[Path | str | None] | None = None
    from_text: bool = True
    notes: tuple[str, ...] = ()


class TextColumns:
    """Columns of text that grow by blocks of rows and take no Python object per cell.

    Parameters
    ----------
    names
        Names of the columns.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._blocks: list[list[Any]] = [[] for _ in self._names]

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Add rows, each with a cell per column."""
        import pyarrow as pa

        if rows:
            for blocks, cells in zip(self._blocks, zip(*rows, strict=True), strict=True):
                blocks.append(pa.array(cells, pa.large_string()))

    def frame(self) -> pd.DataFrame:
        """All rows."""
        import pyarrow as pa

        columns = [pa.chunked_array(blocks, pa.large_string()) for blocks in self._blocks]
        return pa.Table.from_arrays(columns, names=list(self._names)).to_pandas()


def numbered(numbers: Sequence[int]) -> Sequence[int]:
    """The same numbers, as a range where they follow one another."""
    if len(numbers) and numbers[-1] - numbers[0] == len(numbers) - 1:
        return range(numbers[0], numbers[-1] + 1)
    return numbers
