"""Recordings inside tables: in a column of a Parquet file or a tar archive, named by a URL, or in memory."""

from __future__ import annotations

import bisect
import hashlib
import itertools
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from cachetools import LRUCache

from slicecore.audio import tarred
from slicecore.audio.file_checks import check_file
from slicecore.errors import AudioError, NotFoundError
from slicecore.wording import printable

SCHEME = "parquet://"
_MOST_FILES = 256
_MOST_GROUPS = 2
"""Row groups whose recordings are kept in memory; clips are asked for in the order of their rows."""


def url(file: Path, leaf: str, row: int) -> str:
    """Name of the recording in a row of a Parquet file.

    Parameters
    ----------
    leaf
        Path of the column of bytes in the file's schema, such as "audio.bytes".
    row
        From 0.
    """
    return f"{SCHEME}{quote(str(file.absolute()))}?{urlencode({'column': leaf, 'row': row})}"


def is_embedded(name: str) -> bool:
    """Return whether a URL names a recording inside a table."""
    return name.startswith((SCHEME, tarred.SCHEME))


def state(name: str) -> tuple[int, str]:
    """Size (-1: unknown) and version of a recording, by its file. Raises AudioError."""
    if tarred.is_tarred(name):
        return tarred.state(name)
    file, _, _ = _parsed(name)
    try:
        return -1, str(file.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise NotFoundError("The Parquet file that held it is gone") from error


def fetch(name: str, target: Path) -> None:
    """Write a recording to a file. Raises AudioError."""
    if tarred.is_tarred(name):
        tarred.fetch(name, target)
        return
    file, leaf, row = _parsed(name)
    check_file(file)
    target.write_bytes(_groups.recording(file, leaf, row))


def content(column: Any) -> Any:
    """The bytes of a column of recordings: a `pyarrow` array of bytes, or of structs with them."""
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    return pc.struct_field(column, "bytes") if kinds.is_struct(column.type) else column


def kept(recording: bytes) -> Path:
    """A temporary file with these bytes, which stays as long as the process."""
    path = _folder() / hashlib.blake2b(recording, digest_size=16).hexdigest()
    if not path.exists():
        part = path.with_name(
            f"{path.name}.{threading.get_ident()}"
        )  # another thread may look for it meanwhile
        part.write_bytes(recording)
        try:
            part.replace(path)
        except PermissionError:  # on Windows, while somebody reads the file of another thread
            part.unlink()
            if not path.exists():
                raise
    return path


def is_kept(path: Path | str) -> bool:
    """Return whether a file is one of `kept`, which goes with the process."""
    return bool(_folders) and Path(path).parent == _folder()


class _Groups:
    """Recordings of the row groups that were asked for last; may be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._columns: LRUCache[tuple[Path, int, str, int], Any] = LRUCache(_MOST_GROUPS)
        self._ends: LRUCache[tuple[Path, int], list[int]] = LRUCache(_MOST_FILES)

    def recording(self, file: Path, leaf: str, row: int) -> bytes:
        """Bytes of a recording. Raises AudioError."""
        import pyarrow as pa

        try:
            with self._lock:
                column, first = self._column(file, leaf, row)
            value = column[row - first].as_py()
        except (pa.ArrowException, OSError, ValueError, KeyError, IndexError) as error:
            raise AudioError(f"The Parquet file that holds it can't be read: {error}") from error
        if not isinstance(value, bytes):
            raise NotFoundError("The table has no recording in this row")
        return value

    def _column(self, file: Path, leaf: str, row: int) -> tuple[Any, int]:
        """The bytes of the row group that holds a row, and the group's first row."""
        from pyarrow import parquet

        state = (file, file.stat().st_mtime_ns)
        if state not in self._ends:
            with parquet.ParquetFile(file) as source:
                groups = range(source.num_row_groups)
                counts = [source.metadata.row_group(group).num_rows for group in groups]
            self._ends[state] = list(itertools.accumulate(counts))
        ends = self._ends[state]
        group = bisect.bisect_right(ends, row)
        if group == len(ends):
            raise IndexError(f"it has no row {row + 1}")
        key = (*state, leaf, group)
        if key not in self._columns:
            with parquet.ParquetFile(file) as source:
                self._columns[key] = content(source.read_row_group(group, columns=[leaf]).column(0))
        return self._columns[key], ends[group - 1] if group else 0


def _parsed(name: str) -> tuple[Path, str, int]:
    try:
        parts = urlsplit(name)
        query = parse_qs(parts.query)
        place = Path(unquote(parts.path)), query["column"][0], int(query["row"][0])
    except (KeyError, ValueError) as error:
        raise AudioError(
            f"“{printable(name[: tarred.MOST_SHOWN])}” names no row of a Parquet file"
        ) from error
    if place[2] < 0:
        raise AudioError(f"“{printable(name[: tarred.MOST_SHOWN])}” names no row of a Parquet file")
    return place


_groups = _Groups()
_folder_lock = threading.Lock()
_folders: list[tempfile.TemporaryDirectory[str]] = []


def _folder() -> Path:
    with _folder_lock:
        if not _folders:
            _folders.append(tempfile.TemporaryDirectory(prefix="slicecore-", ignore_cleanup_errors=True))
        return Path(_folders[0].name)
