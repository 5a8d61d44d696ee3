"""Example clips: the typical and the worst of a slice, well recognised ones near it, the clips most like any one."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.errors import SlicecoreError
from slicecore.mapped_memory import let_go, taken
from slicecore.metrics import Costs
from slicecore.slices.result import Slice

_AT_ONCE = 1 << 20  # numbers whose differences are held in memory


def typical_clip(slice_: Slice, vectors: ArrayLike) -> int | None:
    """Row of the clip of a slice that is nearest to its centre; None where no clip has a vector.

    Parameters
    ----------
    vectors
        (n, d) of all clips; rows with a value that is not finite are left out.

    Raises
    ------
    SlicecoreError
        The vectors are not a table with a row for every member.

    Examples
    --------
    >>> sc.typical_clip(result.slices[0], result.embeddings[0].vectors) in result.slices[0].members
    True
    """
    table = _table(vectors, slice_)
    vectors_of_members = taken(table, slice_.members)
    there = np.isfinite(vectors_of_members).all(axis=1)
    rows, points = slice_.members[there], vectors_of_members[there].astype(np.float64)
    if not len(rows):
        return None
    return int(rows[np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1))])


def worst_first(costs: Costs, values: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of clips, the worst value first, of equal ones that with most errors; those without a value last.

    Parameters
    ----------
    costs
        The metric.
    values
        (n,) `costs.per_clip()`, which takes long for a function of the user's.
    rows
        The clips.
    """
    worse = -1 if costs.higher_is_better else 1
    badness = np.nan_to_num(worse * values[rows], nan=-np.inf)
    return rows[np.lexsort((rows, -costs.numerator[rows], -badness))]


def nearest_good(slice_: Slice, vectors: ArrayLike, costs: Costs, count: int = 5) -> NDArray[np.int64]:
    """Clips outside a slice that are nearest to its typical clip and well recognised.

    Parameters
    ----------
    slice_
        The slice; see `typical_clip`.
    vectors
        (n, d) of all clips; rows with a value that is not finite are left out.
    costs
        The metric. A clip counts as well recognised where its own value is at least as good as the overall value and
        as that of half of the clips: where much is wrong, the overall value is none to compare with. Clips without a
        value do not.
    count
        Largest number of rows.

    Returns
    -------
    numpy.ndarray
        Rows, the nearest first; of equally near ones the lowest row first.

    Raises
    ------
    SlicecoreError
        The vectors are not a table with a row for every clip.

    Examples
    --------
    >>> sc.nearest_good(result.slices[0], result.embeddings[0].vectors, result.costs, count=3)
    array([136, 138,  79])
    """
    table = _table(vectors, slice_)
    if len(table) != len(costs):
        raise SlicecoreError(f"There are vectors of {len(table)} clips, but costs of {len(costs)}.")
    typical = typical_clip(slice_, table)
    if typical is None:
        return np.zeros(0, dtype=np.int64)
    values, overall = costs.per_clip(), costs.value()
    middle = float(np.nanmedian(values)) if np.isfinite(values).any() else overall
    good = values >= max(overall, middle) if costs.higher_is_better else values <= min(overall, middle)
    good[slice_.members] = False
    distance = _squared_distances(table, typical)
    return _nearest(np.flatnonzero(good & np.isfinite(distance)), distance, count)


def similar_clips(row: int, vectors: ArrayLike, count: int = 50) -> NDArray[np.int64]:
    """Rows of the clips most like one of them, that one first; exact, by Euclidean distance.

    Parameters
    ----------
    row
        The clip.
    vectors
        (n, d) of all clips; rows with a value that is not finite are left out.
    count
        Largest number of rows, with the clip itself.

    Returns
    -------
    numpy.ndarray
        Sorted by distance; of equally near ones the lowest row first.

    Raises
    ------
    SlicecoreError
        There is no such clip, or it has no vector.

    Examples
    --------
    >>> sc.similar_clips(0, [[0, 0], [5, 5], [1, 0]], count=2)
    array([0, 2])
    """
    table = np.asarray(vectors)
    if table.ndim != 2 or not 0 <= row < len(table):
        raise SlicecoreError(f"There is no clip {row} among vectors of shape {table.shape}.")
    if not np.isfinite(table[row]).all():
        raise SlicecoreError("This clip has no vector, so no clip is known to be like it.")
    distance = _squared_distances(table, row)
    distance[row] = -1  # also before clips with the same vector
    return _nearest(np.flatnonzero(np.isfinite(distance)), distance, count)


def _nearest(rows: NDArray[np.int64], distance: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """At most so many of some rows, the nearest first; of equally near ones the lowest row first."""
    if 0 < count < len(rows):
        reach = np.partition(distance[rows], count - 1)[count - 1]
        rows = rows[distance[rows] <= reach]
    return rows[np.argsort(distance[rows], kind="stable")[:count]]


def _squared_distances(table: NDArray[np.floating], row: int) -> NDArray[np.float64]:
    """(n,) squared distance of every row to one of them; NaN or infinite where a value is not finite."""
    # Squares of differences, not |a|² − 2ab: near neighbours must not drown in rounding.
    with np.errstate(invalid="ignore", over="ignore"):
        squares = []
        for block in np.array_split(table, max(1, table.size // _AT_ONCE)):
            squares.append(((block - table[row]) ** 2).sum(axis=1, dtype=np.float64))
            let_go(block)
        return np.concatenate(squares)


def _table(vectors: ArrayLike, slice_: Slice) -> NDArray[np.floating]:
    table = np.asarray(vectors)
    if table.ndim != 2 or len(table) <= slice_.members.max(initial=-1):
        raise SlicecoreError(
            f"Vectors must be a table with a row for every clip, not of shape {table.shape}."
        )
    return table
