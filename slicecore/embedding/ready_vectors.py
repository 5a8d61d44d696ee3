"""Ready-made vectors: a .npy, .npz or Parquet file with a row per clip, or a column of the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.embedding.array_files import finite_rows, read_vectors, wrong_rows
from slicecore.embedding.model_spec import FILE_ENDINGS, NONE, ModelPart
from slicecore.errors import ModelError
from slicecore.storage.home import is_there
from slicecore.work_threads import Beside

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset

_NAMES = ("vectors", "vector", "embeddings", "embedding")
"""Names of the array or column with the vectors where there are others beside it."""

_LARGE = 1 << 27
"""Bytes of a file from which on it is hashed while it is read."""


@dataclass(frozen=True, eq=False)
class ReadyVectors:
    """Ready-made vectors.

    Attributes
    ----------
    vectors : (n, d) float32
        In the order of the table, NaN where a clip has none.
    reasons
        Row -> why it has none; empty where none were to be had.
    revision
        Hash of the file; "" for a column.
    settings
        Where in the file the vectors were.
    """

    vectors: np.ndarray
    reasons: dict[int, str]
    revision: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


def ready_vectors(model: ModelPart, data: Dataset, cache: Path) -> ReadyVectors:
    """Read ready-made vectors.

    Parameters
    ----------
    model
        A file: .npy; .npz with exactly one array or one called "vectors"; .parquet with a column of lists, or with a
        column of numbers per dimension. Or "column:" and the name of a column of the table that holds lists, or text
        such as "[0.1, 0.2]". Or "none".
    data
        The table.
    cache
        Folder of the cache, where many vectors lie while they are used.

    Raises
    ------
    ModelError
        If the file or column can't be read or doesn't fit the table.
    """
    if model.model == NONE:
        return ReadyVectors(np.full((len(data), 1), np.nan, np.float32), {})
    name, path = model.column, model.file
    if name is not None:
        if name not in data.table.columns:
            raise ModelError(
                f"There is no column “{name}” with vectors. Columns are {', '.join(data.table.columns)}."
            )
        return _from_cells(data.table[name].tolist(), f"column “{name}”", first=2)
    if path is None or not (is_there(path) and path.is_file()):
        raise ModelError(f"There is no file “{path}” with vectors.")
    with Beside(partial(_revision, path), threaded=path.stat().st_size >= _LARGE) as hashing:
        read = _READERS[path.suffix.lower()](path, len(data), cache)
        revision = hashing.result()
    reasons = dict(read.reasons)
    for row in np.flatnonzero(~finite_rows(read.vectors)).tolist():
        reasons.setdefault(row, "Its vector in the file is not finite")
    vectors = read.vectors
    if reasons:
        vectors = vectors if vectors.flags.writeable else vectors.copy()
        vectors[list(reasons)] = np.nan
    return ReadyVectors(vectors, reasons, revision, read.settings)


def _revision(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, partial(blake2b, digest_size=8)).hexdigest()


def _from_numpy(path: Path, rows: int, cache: Path) -> ReadyVectors:
    def choose(names: Sequence[str]) -> str:
        return _choose(names, names, f"“{path.name}” holds the arrays")

    return ReadyVectors(read_vectors(path, rows, choose, cache), {})


def _from_parquet(path: Path, rows: int, cache: Path) -> ReadyVectors:
    import pyarrow.types as kinds
    from pyarrow import ArrowException, parquet

    try:
        there = parquet.read_metadata(path).num_rows
        if there != rows:
            raise ModelError(wrong_rows(path, there, rows))
        table = parquet.read_table(path)
    except (ArrowException, OSError, ValueError, MemoryError) as error:
        raise ModelError(f"“{path.name}” can't be read as a Parquet table: {error}") from error
    types = {column.name: column.type for column in table.schema}
    lists = [
        name
        for name, kind in types.items()
        if kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind)
    ]
    if lists:
        name = _choose(lists, lists, f"“{path.name}” has the columns of lists")
        read = _from_cells(table[name].to_pylist(), f"column “{name}” of “{path.name}”", first=1)
        return ReadyVectors(read.vectors, read.reasons, settings={"column": name})
    numbers = [name for name, kind in types.items() if kinds.is_integer(kind) or kinds.is_floating(kind)]
    if not numbers:
        raise ModelError(f"“{path.name}” has no column of lists and no column of numbers.")
    if len(numbers) < len(types):
        others = [name for name in types if name not in numbers]
        raise ModelError(
            f"“{path.name}” has columns that are not numbers: {', '.join(others[:5])}. Where each column is a "
            "dimension, all have to be numbers; else put the vectors into one column of lists."
        )
    vectors = table.to_pandas().to_numpy(np.float32, copy=True)
    return ReadyVectors(vectors, {}, settings={"columns": len(numbers)})


def _choose(names: Sequence[str], among: Sequence[str], holds: str) -> str:
    """The only name, or the one that says that it is the vectors."""
    known = [name for name in _NAMES if name in names]
    if len(names) == 1 or known:
        return known[0] if known else names[0]
    raise ModelError(f"{holds} {', '.join(among)}. Call the one with the vectors “vectors”.")


def _from_cells(cells: Sequence[Any], where: str, first: int) -> ReadyVectors:
    """Vectors of a column; `first` is the number of its first row for people."""
    vectors: dict[int, np.ndarray] = {}
    reasons: dict[int, str] = {}
    for row, cell in enumerate(cells):
        vector = _as_vector(cell)
        if vector is None:
            reasons[row] = f"No vector in {where}"
            continue
        if vector.ndim != 1 or not len(vector) or vector.dtype.kind not in "fiub":
            text = str(cell)
            text = text if len(text) <= 40 else f"{text[:40]}…"
            raise ModelError(f"Row {row + first} of {where} holds “{text}”, which is no list of numbers.")
        known = next(iter(vectors.items()), (row, vector))
        if len(vector) != len(known[1]):
            raise ModelError(
                f"Row {row + first} of {where} has {len(vector)} numbers, row {known[0] + first} has {len(known[1])}. "
                "Vectors need one length."
            )
        vectors[row] = vector
        if not np.isfinite(vector.astype(np.float64)).all():
            reasons[row] = "Its vector is not finite"
            vectors[row] = np.full(len(vector), np.nan)
    if not vectors:
        raise ModelError(f"There is no vector in {where}.")
    table = np.full((len(cells), len(next(iter(vectors.values())))), np.nan, np.float32)
    table[list(vectors)] = np.stack(list(vectors.values()))
    return ReadyVectors(table, reasons)


def _as_vector(cell: Any) -> np.ndarray | None:
    """A cell as an array; None if it is empty; an array of text if it is something else."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return None
    if isinstance(cell, str):
        if not cell.strip():
            return None
        try:
            cell = json.loads(cell)
        except ValueError:
            return np.array(["?"])
    try:
        return np.asarray([np.nan if number is None else number for number in cell])
    except (TypeError, ValueError):
        return np.array(["?"])


_READERS: dict[str, Callable[[Path, int, Path], ReadyVectors]] = dict(
    zip(FILE_ENDINGS, (_from_numpy, _from_numpy, _from_parquet), strict=True)
)
