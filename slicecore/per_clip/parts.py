"""Results as Parquet files, a part of the clips each, in a folder or on any storage that fsspec knows.

The name of a part says which clips, which content and which model it is of. So a part that is there need not be
computed again, and a part that is written twice is the same file.
"""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.audio.clip import Clip
from slicecore.audio.remote import is_url
from slicecore.errors import StorageError
from slicecore.per_clip.work import Finished
from slicecore.storage.outcome import Outcome, labels_from_text, labels_to_text
from slicecore.storage.stamp import Stamp

_log = logging.getLogger(__name__)

_ENDING = ".parquet"
_KEY, _CHECKSUM = b"slicecore", b"slicecore.checksum"


@dataclass(frozen=True)
class Part:
    """Clips that are computed together, and the name of their file."""

    name: str
    clips: Sequence[tuple[Clip, Stamp]]


def divide(clips: Sequence[Clip], todo: Sequence[tuple[Clip, Stamp]], key: str, size: int) -> list[Part]:
    """Divide the clips to be computed into parts.

    Parameters
    ----------
    clips
        All clips of the table. Each run of `size` of them makes one part, with those of `todo` among them: so parts are
        the same when others are finished.
    key
        Key of the work, see `per_clip.work.store_key`.
    """
    chunk = {clip: position // size for position, clip in enumerate(clips)}
    grouped: dict[int, list[tuple[Clip, Stamp]]] = {}
    for clip, stamp in todo:
        grouped.setdefault(chunk[clip], []).append((clip, stamp))
    return [Part(_name(key, group), group) for group in grouped.values()]


def _name(key: str, clips: Sequence[tuple[Clip, Stamp]]) -> str:
    facts = [[str(stamp.path), stamp.size, stamp.version, clip.start, clip.end] for clip, stamp in clips]
    text = json.dumps([key, facts]).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=16).hexdigest()


class Parts:
    """A folder of parts.

    Parameters
    ----------
    place
        A folder, or a URL that fsspec knows such as `s3://bucket/run`.
    """

    def __init__(self, place: str | Path) -> None:
        import fsspec

        place = place if is_url(place) else str(Path(place).absolute())
        self.place = str(place).rstrip("/")
        self._system, self._folder = fsspec.core.url_to_fs(self.place)
        self._is_local = isinstance(self._system, fsspec.implementations.local.LocalFileSystem)

    def names(self) -> set[str]:
        """Names of the parts that are there."""
        try:
            self._system.invalidate_cache()
            paths = self._system.ls(self._folder, detail=False)
        except FileNotFoundError:
            return set()
        return {Path(path).stem for path in paths if str(path).endswith(_ENDING)}

    def write(self, name: str, key: str, finished: Sequence[Finished]) -> None:
        """Write a part; it is there as a whole or not at all."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        vectors = [clip.outcome.vector for clip in finished]
        table = pa.table(
            {
                "path": pa.array([str(clip.clip.path) for clip in finished], pa.string()),
                "start": pa.array([clip.clip.start for clip in finished], pa.float64()),
                "end": pa.array([clip.clip.end for clip in finished], pa.float64()),
                "digest": pa.array([clip.digest for clip in finished], pa.binary()),
                "vector": pa.array(vectors, pa.list_(pa.float32())),
                "reason": pa.array([clip.outcome.reason for clip in finished], pa.string()),
                "labels": pa.array([labels_to_text(clip.outcome.labels) for clip in finished], pa.string()),
                "keep": pa.array([clip.keep for clip in finished], pa.bool_()),
            },
        ).replace_schema_metadata({_KEY: key, _CHECKSUM: _checksum(key, finished)})
        content = io.BytesIO()
        pq.write_table(table, content, write_page_checksum=True)
        target = self._path(name)
        if self._is_local:
            self._system.makedirs(self._folder, exist_ok=True)
            half = f"{target}.{uuid.uuid4().hex}"
            self._system.pipe_file(half, content.getvalue())
            Path(half).replace(target)
        else:
            # An object storage shows an object when all of it is there.
            self._system.pipe_file(target, content.getvalue())

    def read(self, part: Part) -> tuple[str, list[Finished]] | None:
        """Key of the model and outcomes of a part, in the order of its clips; None if it is damaged or incomplete."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(
                io.BytesIO(self._system.cat_file(self._path(part.name))), page_checksum_verification=True
            )
            key, checksum = (table.schema.metadata[name].decode() for name in (_KEY, _CHECKSUM))
            finished = _finished(part, table)
            # The checksums of Parquet are those of pages: they say nothing about what describes these.
            if finished is not None and checksum != _checksum(key, finished):
                raise ValueError("its checksum is another one")
        except (pa.ArrowException, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            _log.warning(
                "The part %s can't be read (%s); it is computed again.", self._path(part.name), error
            )
            return None
        return None if finished is None else (key, finished)

    def check(self) -> None:
        """Try to write. Raises StorageError."""
        name = f"{self._folder}/.{uuid.uuid4().hex}"
        try:
            self._system.makedirs(self._folder, exist_ok=True)
            self._system.pipe_file(name, b"")
            self._system.rm_file(name)
        except (OSError, ValueError, NotImplementedError) as error:
            raise StorageError(f"“{self.place}” can't be written to: {error}. Give another place.") from error

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}{_ENDING}"


def _finished(part: Part, table: Any) -> list[Finished] | None:
    """Outcomes of a part, in the order of its clips; None if they are those of other clips."""
    vectors = table["vector"].combine_chunks()
    columns = {name: table[name].to_pylist() for name in ("path", "digest", "reason", "labels", "keep")}
    if columns["path"] != [str(clip.path) for clip, _ in part.clips]:
        return None
    return [
        Finished(clip, stamp, digest, Outcome(vector, reason, labels_from_text(labels)), keep)
        for (clip, stamp), digest, vector, reason, labels, keep in zip(
            part.clips,
            columns["digest"],
            _rows(vectors),
            columns["reason"],
            columns["labels"],
            columns["keep"],
            strict=True,
        )
    ]


def _checksum(key: str, finished: Sequence[Finished]) -> str:
    """Hash of the key of a model and all outcomes of a part, each text with its length."""
    digest = blake2b(digest_size=16)
    for clip in finished:
        vector, outcome = clip.outcome.vector, clip.outcome
        cells = [clip.digest.hex(), outcome.reason, labels_to_text(outcome.labels), clip.keep]
        shape = None if vector is None else len(vector)
        digest.update(json.dumps([key, str(clip.clip.path), shape, *cells]).encode("utf-8", "surrogatepass"))
        digest.update(b"" if vector is None else np.ascontiguousarray(vector, "<f4").tobytes())
    return digest.hexdigest()


def _rows(vectors: Any) -> list[np.ndarray | None]:
    """Vectors of a list array, without copying."""
    values = vectors.values.to_numpy(zero_copy_only=False)
    offsets = vectors.offsets.to_numpy()
    there = vectors.is_valid().to_numpy(zero_copy_only=False)
    return [values[offsets[row] : offsets[row + 1]] if there[row] else None for row in range(len(there))]
