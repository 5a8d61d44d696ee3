"""Arrow's own files, and the folders into which `datasets` saves a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from slicecore.errors import TableError
from slicecore.table.readers import frames
from slicecore.table.readers.rows import Rows

MARKS = (b"ARROW1", b"\xff\xff\xff\xff")
"""First bytes of a file, and of a stream."""
SAVED = "state.json"
SPLITS = "dataset_dict.json"
_ENDING = "*.arrow"


def read(path: Path) -> Rows:
    """Read an Arrow file or stream, or a folder of them that `Dataset.save_to_disk` made.

    Raises
    ------
    TableError
        If a file can't be read, or the folder holds the splits of a dataset.
    """
    import pyarrow as pa

    if (path / SPLITS).is_file():
        splits = ", ".join(sorted(inner.name for inner in path.iterdir() if (inner / SAVED).is_file()))
        raise TableError(f"“{path}” holds the splits of a dataset: {splits}. Name one of these folders.")
    files = sorted(path.glob(_ENDING)) if path.is_dir() else [path]
    try:
        table = pa.concat_tables([_table(file) for file in files]) if files else pa.table({})
        # Arrow trusts what a file says about itself: a damaged one would end the process.
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise TableError(
            f"“{path.name}” can't be read as an Arrow file: {reason}. Write it again."
        ) from error
    return frames.read(table, path.name)


def _table(file: Path) -> Any:
    import pyarrow as pa

    source = pa.memory_map(str(file))
    if source.read(len(MARKS[0])) == MARKS[0]:
        return pa.ipc.open_file(source).read_all()
    source.seek(0)
    return pa.ipc.open_stream(source).read_all()
