"""More clips like those of a slice, from data that nobody has labelled: a ranked list of each slice."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.embedding import Embeddings
from slicecore.errors import DefinitionError
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.storage.home import cache_folder
from slicecore.table.dataset import as_dataset
from slicecore.transfer.definition import Definition, Definitions, Rule
from slicecore.transfer.file import as_definitions
from slicecore.transfer.other_data import OtherData, Progress
from slicecore.transfer.rule import clips_that_meet, is_measured
from slicecore.wording import fixed, significant

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset

COLUMNS = ("slice", "rank", "id", "audio", "row", "score", "within", "distance", "why")


@dataclass(frozen=True, eq=False)
class Likeness:
    """Clips by how surely they are like those of a slice, the surest first.

    Attributes
    ----------
    rows : of the clips.
    score : of each, larger is surer; comparable within a slice only.
    within : of each, True if it is taken for a clip of the slice: in its region, or by its rule.
    distance : of each from the middle of the slice in the embedding, in radii; NaN where it has no region.
    why : of each, a sentence.
    """

    rows: NDArray[np.int64]
    score: NDArray[np.float64]
    within: NDArray[np.bool_]
    distance: NDArray[np.float64]
    why: tuple[str, ...]


def more_like(
    definitions: Definitions | str | Path,
    data: Dataset | str | Path | Any,
    n: int = 100,
    *,
    slices: Sequence[str] | None = None,
    embeddings: Embeddings | Sequence[Embeddings] = (),
    measurements: Measurements | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """Rank the clips of other data by how surely they have the problem of a slice.

    No references and no predictions are needed. Clips are ranked by the region of the slice in its embedding; where it
    has none, by the rule that describes it. Clips that are the slice's own are left out.

    Parameters
    ----------
    definitions
        The definitions, or their file.
    data
        The clips: a folder of recordings, a table with a column of audio files in any format that `slicecore.read`
        takes, or a `Dataset`.
    n
        Most clips of each slice.
    slices
        Names of the slices; all by default.
    embeddings
        Of the clips, for regions in vectors that come from a file, a column or a function.
    measurements
        Of the clips, where they are at hand.
    cache
        Folder of the cache; the user's by default.
    progress
        Called with step, done and total, from the calling thread.
    cancel
        Set it from another thread to stop.

    Returns
    -------
    pandas.DataFrame
        A row per clip: slice, rank (from 1), id, audio, row (as an editor of the table shows it), score (comparable
        within a slice only), within (whether the clip is taken for one of the slice), distance (from the middle of the
        slice, in radii, within which 95 % of its clips lie) and why. `attrs["problems"]` are sentences about slices of
        which there is none.

    Raises
    ------
    DefinitionError
        The file can't be used, there is no slice of a name, clips can't be ranked by any slice, or `n` is below 1.
    TableError
        The table can't be read.
    Cancelled
        If `cancel` was set.

    Examples
    --------
    >>> definitions = result.definitions(verdicts=None)
    >>> more = sc.more_like(definitions, clips.tail(30).assign(id=range(30)), n=5)
    >>> list(more.columns)
    ['slice', 'rank', 'id', 'audio', 'row', 'score', 'within', 'distance', 'why']
    """
    import pandas as pd

    definitions = as_definitions(definitions)
    chosen = list(definitions) if slices is None else [definitions[name] for name in slices]
    if n < 1:
        raise DefinitionError(f"A list can't have {n} clips. Ask for at least 1.")
    if not chosen:
        raise DefinitionError("There is no slice to look for. Define one: the file has none.")
    data = as_dataset(data, labelled=False)
    given = [embeddings] if isinstance(embeddings, Embeddings) else list(embeddings)
    folder = cache if cache is not None else cache_folder()
    other = OtherData(definitions, data, given, measurements, folder, progress, cancel)
    parts, problems = [], []
    for definition in chosen:
        try:
            likeness = ranked(definition, other, n)
        except DefinitionError as error:
            problems.append(f"{definition.name}: {error}")
            continue
        parts.append(_table(definition, data, likeness))
        if not len(likeness.rows):
            problems.append(f"{definition.name}: no clip of “{data.name}” is like it.")
    if not parts:
        raise DefinitionError(" ".join(problems))
    table = pd.concat(parts, ignore_index=True)
    table.attrs["problems"] = problems
    return table


def ranked(definition: Definition, data: OtherData, n: int) -> Likeness:
    """The first `n` clips of other data that are most surely like those of a slice. Raises DefinitionError."""
    problem = None
    if definition.region is not None:
        try:
            return _by_region(definition, data, n)
        except DefinitionError as error:
            problem = error
    if definition.rule is not None:
        return _by_rule(definition, definition.rule, data, n)
    raise problem or DefinitionError(
        "It has no region in an embedding and no rule, by which clips could be told to be like it."
    )


def _by_region(definition: Definition, data: OtherData, n: int) -> Likeness:
    region = definition.region
    if region is None:
        raise DefinitionError("This slice has no region in an embedding.")
    vectors = data.vectors_of(region.model)
    score = region.likeness(vectors)
    rows = _first(score, data.own_rows(definition), n)
    vectors = vectors[rows]
    distance, within = region.distance(vectors), region.contains(vectors)
    why = [
        f"{'In' if inside else 'Near'} its region of {region.model}, {fixed(away, 1)} radii from the middle"
        for away, inside in zip(distance, within, strict=True)
    ]
    for at, text in enumerate(_measured(definition.rule, data, rows)):
        why[at] += f"; {text}" if text else ""
    return Likeness(rows, score[rows], within, distance, tuple(why))


def _by_rule(definition: Definition, rule: Rule, data: OtherData, n: int) -> Likeness:
    """Ranked by how far inside the conditions on numbers clips are, in standard deviations of the other data."""
    table = data.measured if is_measured(rule) else None
    meets = clips_that_meet(rule, data.data, table)
    score = meets.astype(np.float64)
    for condition, measured in zip(rule.conditions, rule.measured, strict=True):
        if measured and table is not None:
            score += _depth(table[condition.column].to_numpy(np.float64), condition.value)
    rows = _first(score, data.own_rows(definition), n)
    rows = rows[meets[rows]]
    texts = _measured(rule, data, rows)
    why = tuple(text or f"By its rule {rule}" for text in texts)
    return Likeness(rows, score[rows], meets[rows], np.full(len(rows), np.nan), why)


def _first(score: NDArray[np.float64], own: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Rows of the largest scores, without those of the slice itself."""
    others = np.isfinite(score)
    others[own] = False
    rows = np.flatnonzero(others)
    return rows[np.argsort(-score[rows], kind="stable")[:n]]


def _depth(values: NDArray[np.float64], bound: Any) -> NDArray[np.float64]:
    """Distance of numbers from the bounds of a condition, (n,) in standard deviations, squeezed into 0 to 1."""
    bounds = [number for number in np.atleast_1d(bound).tolist() if isinstance(number, (int, float))]
    known = values[np.isfinite(values)]
    deviation = float(known.std()) if len(known) else 0.0
    if not bounds or deviation == 0:
        return np.zeros(len(values))
    away = np.min([np.abs(values - number) for number in bounds], axis=0) / deviation
    return np.nan_to_num(away / (1 + away))


def _measured(rule: Rule | None, data: OtherData, rows: NDArray[np.int64]) -> list[str]:
    """Measurements that a rule is about, of each clip: "Peak −41 dBFS (slice: Peak ≤ −30 dBFS)"."""
    if rule is None or not is_measured(rule) or not len(rows):
        return [""] * len(rows)
    table = data.measured_of(rows)
    parts: list[list[str]] = [[] for _ in rows]
    for condition, measured in zip(rule.conditions, rule.measured, strict=True):
        if not measured:
            continue
        measurement = CATALOGUE[condition.column]
        for part, number in zip(parts, table[condition.column].to_numpy(np.float64).tolist(), strict=True):
            if np.isfinite(number):
                value = f"{significant(number)} {measurement.unit}".strip()
                part.append(f"{measurement.label} {value} (slice: {condition})")
    return [", ".join(part) for part in parts]


def _table(definition: Definition, data: Dataset, likeness: Likeness) -> pd.DataFrame:
    import pandas as pd

    rows = likeness.rows
    audio = data.roles.audio
    paths = data.table[audio].iloc[rows].tolist() if audio else [""] * len(rows)
    cells: dict[str, Any] = {
        "slice": definition.name,
        "rank": np.arange(1, len(rows) + 1),
        "id": data.ids[rows],
        "audio": paths,
        "row": [data.numbers[row] for row in rows],
        "score": likeness.score,
        "within": likeness.within,
        "distance": likeness.distance,
        "why": list(likeness.why),
    }
    return pd.DataFrame(cells, columns=list(COLUMNS))
