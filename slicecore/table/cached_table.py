"""On-disk cache of large tables as they were read: mapped into memory, they are there at once and take none of it."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.errors import TableWarning
from slicecore.storage.array_cache import version_of
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.checked_file import map_checked, write_checked
from slicecore.table.cells import Clips
from slicecore.table.dataset import Dataset, Reading, read
from slicecore.table.readers.registry import format_of
from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

LEAST_BYTES = 16 << 20
"""Size of a file from which on reading it takes longer than looking for what was read before."""
FORMATS = ("csv", "json", "nemo", "parquet", "arrow")
"""Formats of tables that stand in one file, so that its content says whether what was read is still true."""

_VERSION = version_of(1)
_ENDING = ".table"
_IDS = "slicecore: ids"
_FACTS = b"slicecore"


def read_cached(path: str | Path, cache: Path, **arguments: Any) -> Dataset:
    """The table of a file, from the cache where the same content was read in the same way before.

    Small files, folders, recordings inside the table and columns that Arrow does not give back as they are are read
    anew each time.

    Parameters
    ----------
    path
        The file.
    cache
        Folder of the cache.
    **arguments
        Those of `slicecore.table.dataset.read`.

    Raises
    ------
    TableError
        As `read`.
    """
    given, path = path, Path(path)
    if not _is_kept(path, arguments):
        return read(given, **arguments)
    entry = _entry(path, cache, arguments)
    stored = map_checked(entry)
    if stored is not None:
        data = _restored(stored, path, arguments)
        for note in data.notes:
            warnings.warn(note, TableWarning, stacklevel=2)
        return data
    data = read(path, **arguments)
    content = _stored(data)
    if content is None or not write_checked(entry, [content]):
        return data
    del content
    stored = map_checked(entry)  # instead of what was read: from here on its columns are the disk's
    if stored is None:
        return data
    data = _restored(stored, path, arguments)
    _give_memory_back()
    return data


def _give_memory_back() -> None:
    """Give the system what Arrow had of it: it keeps that for later, a gigabyte for a million clips."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def _is_kept(path: Path, arguments: Mapping[str, Any]) -> bool:
    if arguments.get("predictions") or not path.is_file() or path.stat().st_size < LEAST_BYTES:
        return False
    return format_of(path, arguments.get("format")).name in FORMATS


def _entry(path: Path, cache: Path, arguments: Mapping[str, Any]) -> Path:
    """Path of the file for a table; in it is the place from which recordings are found."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    asked = sorted((name, repr(value)) for name, value in arguments.items())
    # A folder that is named may start in the working directory.
    place = f"{path.absolute()} {Path.cwd()}" if arguments.get("folder") else str(path.absolute())
    digest = hashlib.blake2b(f"{_VERSION} {place} {content} {asked}".encode(), digest_size=16)
    return CacheFolder.TABLES.within(cache) / f"{digest.hexdigest()}{_ENDING}"


def _stored(data: Dataset) -> memoryview | None:
    """Content of the file for a table; None for one that would come back as another."""
    import pyarrow as pa

    if not isinstance(data.clips, Clips) or not data.clips.is_by_cells:
        return None
    try:
        table = pa.Table.from_pandas(data.table, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError):
        return None
    if not _as_frame(table.slice(0, 0)).dtypes.equals(data.table.dtypes):
        return None
    ids = np.ascontiguousarray(data.ids)
    numbers = data.numbers
    facts = {
        "name": data.name,
        "roles": asdict(data.roles),
        "metadata": data.metadata,
        "notes": data.notes,
        "folder": str(data.clips.folder),
        "rows": [numbers.start, numbers.stop] if isinstance(numbers, range) else None,
        "numbers": None if isinstance(numbers, range) else list(numbers),
    }
    kind = pa.binary(ids.itemsize)
    buffers = [None, pa.py_buffer(ids.view(np.uint8).data)]
    table = table.append_column(_IDS, pa.FixedSizeBinaryArray.from_buffers(kind, len(ids), buffers))
    table = table.replace_schema_metadata(
        {**(table.schema.metadata or {}), _FACTS: json.dumps(facts).encode()}
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return memoryview(sink.getvalue())


def _restored(content: memoryview, path: Path, arguments: Mapping[str, Any]) -> Dataset:
    import pyarrow as pa

    table = pa.ipc.open_file(pa.py_buffer(content)).read_all()
    facts = json.loads(table.schema.metadata[_FACTS])
    (column,) = table.column(_IDS).chunks  # as it was written
    width = column.type.byte_width
    ids = np.frombuffer(column.buffers()[1], f"<U{width // 4}", len(column), column.offset * width)
    frame = _as_frame(table.drop_columns([_IDS]))
    roles = Roles(**{**facts["roles"], "predictions": tuple(facts["roles"]["predictions"])})
    numbers = range(*facts["rows"]) if facts["rows"] else facts["numbers"]
    return Dataset(
        facts["name"],
        path.absolute(),
        frame,
        roles,
        ids,
        Clips(frame, roles, facts["folder"], numbers),
        tuple(facts["metadata"]),
        numbers,
        tuple(facts["notes"]),
        Reading(arguments.get("format"), arguments.get("folder")),
    )


def _as_frame(table: Any) -> pd.DataFrame:
    """The columns where they are, texts and numbers alike; vectors stay as Arrow has them."""
    import pandas as pd
    import pyarrow.types as kinds

    def of(kind: Any) -> Any:
        return pd.ArrowDtype(kind) if kinds.is_nested(kind) else None

    frame: pd.DataFrame = table.to_pandas(types_mapper=of, ignore_metadata=True, split_blocks=True)
    return frame
