"""Table and arguments with which the review page opens on a result; a table in memory becomes a file."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.audio import embedded
from slicecore.errors import SlicecoreError, StorageError
from slicecore.metrics import METRICS
from slicecore.slices.metric_columns import is_mean_of_column
from slicecore.slices.options import Options
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import home_folder
from slicecore.storage.permissions import make_folder
from slicecore.table.cells import as_text
from slicecore.text.normalisation import NORMALISATIONS
from slicecore.text.own_normaliser import own_normaliser

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import Costs
    from slicecore.pipeline.result import Result
    from slicecore.table.dataset import Dataset

_MADE_HERE = ("function:", "column:")
"""Beginnings of models that another process can't make again."""


def page_path(data: Dataset) -> Path:
    """File of a data set on the page, by which its verdicts are kept: its own, or one in the home folder.

    The latter depends on the clips, by their ids and recordings, or references where there are no recordings: the
    same clips in memory are the same file in another run, and with other predictions and metadata.
    """
    return data.path if data.path is not None else _folder(data) / "dataframe.parquet"


def judged_path(data: Dataset) -> Path | None:
    """File of a data set on the page; None where it is in memory and the page was never opened on it."""
    path = page_path(data)
    return path if data.path is not None or path.exists() else None


def page_arguments(result: Result) -> list[str]:
    """Arguments of `slicecore run`, without the port, that show a result. Writes what is in memory to files.

    Raises
    ------
    StorageError
        A file can't be written.
    SlicecoreError
        The page can't show the metric, or read the table in the way in which it was read.
    """
    data, scan = result.data, result.scan
    by_name = result.metric in METRICS
    try:
        given = _written(result, by_name) if data.path is None else _as_read(result, by_name)
        model = _model(result)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(
            f"The table of the page can't be written to {_folder(data)} ({reason}). Set SLICECORE_HOME to another "
            "folder."
        ) from error
    arguments = [str(page_path(data)), *given, "--embedding", model]
    arguments += ["--min-support", str(scan.min_support), *_of_scan(scan.options)]
    if by_name:
        arguments += ["--metric", result.metric, "--normalisation", _normalisation(result.normalisation)]
    if result.threshold is not None:
        arguments += ["--threshold", repr(result.threshold)]
    if result.group:
        arguments += ["--group", result.group]
    if result.compared_with:
        arguments += ["--compare-with", result.compared_with]
    return arguments


def _of_scan(options: Options) -> list[str]:
    """Options that make the page scan as the result was scanned, but for the minimum support."""
    arguments = ["--min-drop", repr(float(options.min_drop)), *(["--relative"] if options.relative else [])]
    for name in ("against", "rule", "shuffles", "tier", "max_slices", "order"):
        value = getattr(options, name)
        if value != getattr(Options, name):
            arguments += [f"--{name.replace('_', '-')}", str(value)]
    return arguments


def _folder(data: Dataset) -> Path:
    digest = hashlib.blake2b(digest_size=6)
    for identity in _identities(data):
        digest.update(repr(identity).encode())
    return home_folder("notebooks") / digest.hexdigest()


def _identities(data: Dataset) -> Iterator[tuple[object, ...]]:
    """Id and recording of every clip; its reference, which people correct, only where it has no recording."""
    references = [""] * len(data) if data.roles.reference is None else data.reference.tolist()
    for clip_id, clip, reference in zip(data.ids.tolist(), data.clips, references, strict=True):
        if clip is None:
            yield clip_id, reference
        else:  # a recording that was in the table has a name by its content, in a folder of this process
            path = Path(clip.path).name if embedded.is_kept(clip.path) else str(clip.path)
            yield clip_id, path, clip.start, clip.end


def _columns(**columns: Any) -> list[str]:
    """Options that name columns."""
    return [part for role, column in columns.items() if column for part in (f"--{role}", column)]


def _as_read(result: Result, by_name: bool) -> list[str]:
    """Arguments that read a file as it was read."""
    data = result.data
    roles, reading = data.roles, data.reading
    if not by_name and not is_mean_of_column(result.data.table, result.metric, result.costs):
        raise SlicecoreError(
            f"The page opens {data.path}, which has no metric “{result.metric}”. Read the table into a DataFrame and "
            "search that: then the page gets the value of each clip as a column."
        )
    files = reading.predictions.items()
    if not all(isinstance(file, str | Path) for _, file in files):
        raise SlicecoreError(
            "The page can't read predictions that are in memory beside a table that is a file. Join them in a "
            "DataFrame and search that."
        )
    arguments = _columns(
        audio=roles.audio,
        reference=roles.reference,
        id=roles.id,
        start=roles.start,
        end=roles.end,
        format=reading.format,
        folder=None if reading.folder is None else str(reading.folder),
    )
    for prediction in roles.predictions:
        arguments += ["--prediction", prediction]
    for name, file in files:
        arguments += ["--predictions", f"{name}={Path(file).absolute()}"]
    return arguments if by_name else [*arguments, *_mean_of(result.costs, result.metric)]


def _mean_of(costs: Costs, column: str) -> list[str]:
    """Options that take the mean of a column."""
    return ["--mean-of", column, *(["--higher-is-better"] if costs.higher_is_better else [])]


def _written(result: Result, by_name: bool) -> list[str]:
    """Write a table that is in memory, and the arguments that read it."""
    data, costs = result.data, result.costs
    roles, folder = data.roles, _folder(data)
    make_folder(folder)
    plain = [name for name in data.metadata if not _holds_more(data.table[name])]
    table = data.table[[*roles.all, *plain]].apply(_of_one_type)
    id_column = roles.id or _free("id", table)
    table[id_column] = data.ids
    if roles.audio is not None:
        table[roles.audio] = [_lasting(path, folder) for path in data.audio_paths]
    mean: list[str] = []
    if not by_name and is_mean_of_column(data.table, result.metric, costs):
        mean = _mean_of(costs, result.metric)
    elif not by_name:
        column = _free(costs.name, table)
        table[column] = costs.per_clip()
        mean = _mean_of(costs, column)
    # Parquet has types, and takes any text as it is; as CSV a carriage return would end a row.
    write_whole(page_path(data), lambda part: table.to_parquet(part, index=False))
    arguments = _columns(
        audio=roles.audio,
        reference=roles.reference,
        id=id_column,
        start=roles.start,
        end=roles.end,
        format="parquet",
    )
    for prediction in roles.predictions:
        arguments += ["--prediction", prediction]
    return [*arguments, *mean]


def _lasting(path: Path | str | None, folder: Path) -> str:
    """Address of a recording that is there when this process is not: one that was in the table is copied."""
    if path is None:
        return ""
    if not embedded.is_kept(path):
        return str(path)
    target = folder / Path(path).name
    if not target.exists():
        write_whole(target, lambda part: shutil.copyfile(path, part))
    return str(target)


def _normalisation(name: str) -> str:
    """A normalisation as the page's command names it: a function of the user's by its module."""
    if name in NORMALISATIONS:
        return name
    label = own_normaliser(name).label
    if label.startswith("__main__:") or "<" in label:
        raise SlicecoreError(
            f"The page can't import the normaliser {label.partition(':')[2]}, which is defined here. Put it into a "
            "module beside the notebook and import it from there."
        )
    return label


def _model(result: Result) -> str:
    """The first embedding as the page can make it, or a file of its vectors."""
    embeddings = result.embeddings[0]
    if not any(mark in embeddings.model for mark in _MADE_HERE):
        return embeddings.model
    vectors = np.ascontiguousarray(embeddings.vectors, np.float32)
    content = hashlib.blake2b(
        vectors.tobytes(), digest_size=6
    ).hexdigest()  # other vectors are those of another page
    path = _folder(result.data) / f"vectors-{content}.npy"
    if not path.exists():
        write_whole(path, partial(_save, vectors))
    return str(path)


def _save(vectors: NDArray[np.float32], path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)


def _holds_more(column: pd.Series) -> bool:
    """True for a column with cells that no file of text holds: vectors, recordings."""
    return column.dtype == object and any(
        isinstance(cell, list | tuple | dict | bytes | np.ndarray) for cell in column
    )


def _of_one_type(column: pd.Series) -> pd.Series:
    """A column as it is, or as text where its cells may be of several types, or of one that Parquet does not know."""
    import pandas as pd
    from pandas.api import types

    is_number = types.is_numeric_dtype(column) and not types.is_complex_dtype(column)
    is_plain = is_number or types.is_datetime64_any_dtype(column) or isinstance(column.dtype, pd.StringDtype)
    return column if is_plain and not isinstance(column.dtype, pd.SparseDtype) else as_text(column)


def _free(name: str, table: pd.DataFrame) -> str:
    """A column name that the table has not."""
    return name if name not in table.columns else _free(f"{name}_", table)
