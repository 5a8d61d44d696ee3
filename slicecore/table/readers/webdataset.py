"""Tar archives in the way of WebDataset: files that share a name up to its first dot are one clip."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from slicecore.audio import tarred
from slicecore.errors import TableError
from slicecore.table.readers import json_rows
from slicecore.table.readers.delimited import require_unique_columns
from slicecore.table.readers.rows import Rows
from slicecore.table.readers.sounds import ENDINGS
from slicecore.table.readers.text_files import encodable
from slicecore.table.roles import Roles

KEY, AUDIO, TEXT = "key", "audio", "text"
_MARK, _AT = b"ustar", 257
_TEXTS = {"txt": TEXT, "text": TEXT, "lab": TEXT}
_MOST_BYTES = 1 << 20
"""Longest text that is read; what is longer is something else."""


@dataclass
class _Sample:
    """Files of one clip: cells by column, and where the recording lies."""

    key: str
    cells: dict[str, Any] = field(default_factory=dict)
    place: str | None = None


def is_archive(start: bytes) -> bool:
    """Return whether a file that begins so is a tar archive."""
    return start[_AT : _AT + len(_MARK)] == _MARK


def archives(folder: Path) -> list[Path]:
    """The archives in a folder, by name."""
    return sorted(path for path in folder.glob("*.tar") if path.is_file())


def read(path: Path) -> Rows:
    """Read an archive, or the archives in a folder. The sound stays in them, and is named by its place.

    A text file of a clip is its column `text`, what a JSON file holds are columns of their own, other short texts are
    columns named by the file's ending.

    Raises
    ------
    TableError
        If it is no archive, compressed, damaged, or has no recordings.
    """
    files = archives(path) if path.is_dir() else [path]
    if not files:
        raise TableError(f"There is no archive *.tar in “{path}”.")
    samples = [sample for file in files for sample in _samples(file)]
    with_sound = [sample for sample in samples if sample.place is not None]
    if not with_sound:
        raise TableError(
            f"There are no recordings in “{path.name}”: no file ends in {', '.join(sorted(ENDINGS))}."
        )
    frame = json_rows.frame_of(sample.cells for sample in with_sound)
    require_unique_columns(list(frame.columns), path.name)
    keys = {sample.key for sample in with_sound}
    left_out = len(samples) - len(with_sound)
    notes = (f"Entries without a recording are left out: {left_out:,}.",) if left_out else ()
    return Rows(
        frame,
        range(1, len(frame) + 1),
        Roles(AUDIO, id=KEY if len(keys) == len(with_sound) else None),
        places=[sample.place for sample in with_sound],
        from_text=False,
        notes=notes,
    )


def _samples(file: Path) -> Iterator[_Sample]:
    """Clips of an archive, in its order: the files of each follow one another."""
    sample: _Sample | None = None
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                if not member.isfile() or member.issparse():
                    continue
                place = PurePosixPath(encodable(member.name))
                stem, _, ending = place.name.partition(".")
                key = (place.parent / stem).as_posix()
                if not stem:
                    continue
                if sample is None or sample.key != key:
                    if sample is not None:
                        yield sample
                    sample = _Sample(key, {KEY: key, AUDIO: ""})
                _add(sample, file, archive, member, ending.lower())
    except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
        raise TableError(
            f"“{file.name}” can't be read as a tar archive: {str(error) or 'it breaks off'}. A compressed one has to "
            "be unpacked to .tar first, a damaged one written again."
        ) from error
    if sample is not None:
        yield sample


def _add(sample: _Sample, file: Path, archive: tarfile.TarFile, member: tarfile.TarInfo, ending: str) -> None:
    if f".{ending.rpartition('.')[2]}" in ENDINGS:
        if sample.place is None:
            sample.place = tarred.url(file, member.offset_data, member.size)
            sample.cells[AUDIO] = encodable(member.name)
        return
    content = archive.extractfile(member) if member.size <= _MOST_BYTES else None
    if content is None:
        return
    try:
        text = content.read().decode("utf-8")
    except UnicodeDecodeError:
        return  # a picture, an array
    if ending == "json":
        sample.cells |= {
            name: cell for name, cell in _entries(text, file, member).items() if name not in (KEY, AUDIO)
        }
    else:
        sample.cells.setdefault(_TEXTS.get(ending, ending or TEXT), text.strip())


def _entries(text: str, file: Path, member: tarfile.TarInfo) -> dict[str, Any]:
    where = f"“{encodable(member.name)}” in “{file.name}”"
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TableError(f"{where} is no JSON: {error}.") from error
    return json_rows.flattened(record, where) if isinstance(record, dict) else {"json": text.strip()}
