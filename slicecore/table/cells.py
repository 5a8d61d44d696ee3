"""Cells of columns with a role: as text, as seconds, and as the clips that they name."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import numpy as np

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import ClipColumns, ClipSequence
from slicecore.audio.file_checks import is_command
from slicecore.audio.remote import is_url
from slicecore.errors import TableError
from slicecore.giving_way import giving_way
from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd


_MOST_MADE = 10_000
_PLAIN = r"^/?[\p{L}\p{N}_][\p{L}\p{N}_./ -]*$"
"""Regular expression of RE2 for cells that are a path and nothing else."""
_WRITTEN_OTHERWISE = re.compile(r"//|(?:^|/)\.(?:/|$)|/$")


class Clips(ClipSequence):
    """The clip of every row, None where it names no sound; made when it is asked for: a million would be 500 MB.

    Parameters
    ----------
    frame
        Columns of audio as text, of start and end as seconds.
    folder
        Where relative paths start.
    numbers
        Number of each row, for messages.
    places
        Where the sound of a row is, if not where its cell says; None for rows that go by their cells.

    Raises
    ------
    TableError
        If an end is not after its start.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        roles: Roles,
        folder: str | Path,
        numbers: Sequence[int],
        places: Sequence[Path | str | None] | None = None,
    ) -> None:
        self._count = len(frame)
        self._cells = None if roles.audio is None else frame[roles.audio]
        self.folder: str | Path = str(folder) if is_url(folder) else Path(folder).absolute()
        self._places = places
        self._made: dict[int, Clip | None] = {}  # those that a page asks for again and again
        self._starts = np.zeros(len(frame))
        self._ends = np.full(len(frame), np.nan)
        if roles.start is not None:
            self._starts = frame[roles.start].fillna(0.0).to_numpy(np.float64)
        if roles.end is not None:
            self._ends = frame[roles.end].to_numpy(np.float64)
        wrong = np.flatnonzero(self._ends <= self._starts)
        if len(wrong):
            row = int(wrong[0])
            raise TableError(
                f"Row {numbers[row]}: the end in column “{roles.end}” ({self._ends[row]:g} s) is not after the start "
                f"({self._starts[row]:g} s)."
            )

    @property
    def is_by_cells(self) -> bool:
        """True if all sounds are where the cells of the table say."""
        return self._places is None

    @property
    def named(self) -> int:
        """Number of rows that name a sound."""
        if self._cells is None:
            return 0
        is_named = (self._cells.str.strip() != "").to_numpy(bool)
        if self._places is not None:
            is_named |= np.array([place is not None for place in self._places], dtype=bool)
        return int(np.count_nonzero(is_named))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, row: int) -> Clip | None: ...
    @overload
    def __getitem__(self, row: slice) -> list[Clip | None]: ...
    def __getitem__(self, row: int | slice) -> Clip | list[Clip | None] | None:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(self._count))]
        at = range(self._count)[row]
        if self._cells is None:
            return None
        made = self._made  # another thread may begin a new one
        if at not in made:
            if len(made) >= _MOST_MADE:
                made = self._made = {}
            place = self._places[at] if self._places is not None else None
            made[at] = self._clip(self._cells.array[at] if place is None else place, at)
        return made[at]

    def __iter__(self) -> Iterator[Clip | None]:
        if self._cells is None:
            return iter([None] * self._count)
        cells: list[str | Path] = self._cells.tolist()
        if self._places is not None:
            pairs = zip(cells, self._places, strict=True)
            cells = [cell if place is None else place for cell, place in pairs]
        return (self._clip(cell, row) for row, cell in giving_way(enumerate(cells)))

    @property
    def have_parts(self) -> bool:
        """True if some rows have a start or an end."""
        return bool((self._starts > 0).any() or not np.isnan(self._ends).all())

    def columns(self) -> ClipColumns:
        """The clips as columns: a cell that many rows have is looked at once."""
        numbers: dict[str, int] = {}
        urls: set[int] = set()

        def number_of(cell: str | Path) -> int:
            place, is_a_url = _place(cell, self.folder)
            if not place:
                return -1
            number = numbers.setdefault(place, len(numbers))
            if is_a_url:
                urls.add(number)
            return number

        recording = np.full(self._count, -1)
        if self._cells is not None and self._places is not None:
            cells = zip(self._cells.tolist(), self._places, strict=True)
            recording[:] = [number_of(cell if at is None else at) for cell, at in giving_way(cells)]
        elif self._cells is not None:
            codes, different = self._cells.factorize()
            plain = _plain_places(different, self.folder)
            if plain is not None:
                none = np.zeros(len(plain), dtype=bool)
                return ClipColumns(plain, none, codes.astype(np.int64), self._starts, self._ends)
            of_cells = [number_of(cell) for cell in giving_way(different.tolist())]
            recording[:] = np.array(of_cells, np.int64)[codes]
        are_urls = np.isin(np.arange(len(numbers)), list(urls))
        return ClipColumns(list(numbers), are_urls, recording, self._starts, self._ends)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _clip(self, cell: str | Path, row: int) -> Clip | None:
        place, is_a_url = _place(cell, self.folder)
        if not place:
            return None
        end = float(self._ends[row])
        return Clip(
            place if is_a_url else Path(place), float(self._starts[row]), None if math.isnan(end) else end
        )


def _place(cell: str | Path, folder: str | Path) -> tuple[str, bool]:
    """File or URL that a cell names, "" for none, and True if it is a URL."""
    if isinstance(cell, Path):
        return str(folder / cell if isinstance(folder, Path) else cell), False
    if not cell.strip() or is_command(cell):
        return cell.strip(), False
    if cell.startswith("file://"):
        return _as_paths_are(url2pathname(unquote(urlsplit(cell).path))), False
    if is_url(cell):
        return cell, True
    if isinstance(folder, str):
        return f"{folder.rstrip('/')}/{cell}", True
    return _as_paths_are(os.path.join(folder, cell)), False


def _plain_places(cells: Any, folder: str | Path) -> list[str] | None:
    """Files that different cells name, all at once; None where a cell may need a closer look, see `_place`."""
    import pandas as pd

    if os.sep != "/" or isinstance(folder, str) or not isinstance(cells.dtype, pd.StringDtype):
        return None
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(cells.array, pa.large_string())
    is_plain = pc.all(pc.match_substring_regex(texts, _PLAIN)).as_py()
    if not is_plain or pc.any(pc.match_substring_regex(texts, _WRITTEN_OTHERWISE.pattern)).as_py():
        return None
    absolute = pc.sum(pc.starts_with(texts, "/")).as_py() or 0
    if absolute:  # where some are, two cells may name one file
        return list(cells.tolist()) if absolute == len(texts) else None
    before = os.path.join(folder, "")
    return [before + cell for cell in cells.tolist()]


def _as_paths_are(text: str) -> str:
    """Path as `Path` writes it, which takes its time."""
    return text if os.sep == "/" and text and not _WRITTEN_OTHERWISE.search(text) else str(Path(text))


def as_seconds(column: pd.Series, numbers: Sequence[int]) -> pd.Series:
    """Times as float64, NaN where a cell is empty. Raises TableError.

    Parameters
    ----------
    numbers
        Number of each row, for messages.
    """
    import pandas as pd

    text = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    seconds = pd.to_numeric(text.where(text != ""), errors="coerce").astype(float)
    wrong = (text != "") & ~(seconds >= 0) | np.isinf(seconds)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise TableError(
            f"Row {numbers[row]}: “{text.iat[row]}” in column “{column.name}” is not a time in seconds, 0 or more. "
            "Write it like 12.5."
        )
    return seconds


def as_text(column: pd.Series) -> pd.Series:
    """Cells as text, "" where one is empty."""
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").astype(str) if column.hasnans else column
    if pd.api.types.is_float_dtype(column) and ((present := column.dropna()) % 1 == 0).all():
        # Whole numbers became floats only because a cell is missing: "3", not "3.0".
        column = column.map(dict(zip(present, present.astype(int).astype(str), strict=True)))
    texts = ["" if missing else str(v) for v, missing in zip(column.tolist(), column.isna(), strict=True)]
    return pd.Series(texts, index=column.index, name=column.name, dtype=str)
