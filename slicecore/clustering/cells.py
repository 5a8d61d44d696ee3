"""Cells: rows that lie near one another, a few hundred in each, around centres that k-means finds in samples.

Cells of a fixed size would take time in proportion to the square of the number of rows if every row were held against
every centre. So the rows are divided twice: among coarse centres, as many as there are cells in each part then, and
inside each part among the centres of its cells.
"""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.nearest_search import BLOCK_ELEMENTS
from slicecore.work_threads import in_threads

ROUNDS = 6
"""Of k-means; more make no neighbour better."""
SAMPLED_ROWS = 32
"""Rows of the sample from which a centre is computed."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Division of rows among centres.

    Attributes
    ----------
    cell : (n,) cell of every row.
    centres : (k, d) of the cells, some of which may have no row.
    """

    cell: NDArray[np.int32]
    centres: NDArray[np.float32]


def divide(points: NDArray[np.floating], rows_per_cell: int, rng: np.random.Generator) -> Cells:
    """Cells of so many rows on average.

    Parameters
    ----------
    points
        (n, d) finite coordinates, n >= 1.
    rows_per_cell
        Rows of a cell.
    rng
        Draws the samples.
    """
    with warnings.catch_warnings():  # of the process, so not in each of the threads
        warnings.filterwarnings("ignore", message="One of the clusters is empty")  # its centre stays
        return _divide(points, rows_per_cell, rng)


def _divide(points: NDArray[np.floating], rows_per_cell: int, rng: np.random.Generator) -> Cells:
    cells = -(-len(points) // rows_per_cell)
    parts = nearest_centres(points, _k_means(points, None, math.isqrt(cells), rng))
    by_part = np.argsort(parts, kind="stable")
    bounds = np.searchsorted(parts[by_part], np.arange(int(parts.max()) + 2))
    counts = -(-np.diff(bounds) // rows_per_cell)
    first_cell = np.concatenate([[0], np.cumsum(counts)])
    rngs = rng.spawn(len(counts))
    cell = np.empty(len(points), dtype=np.int32)
    centres = np.empty((first_cell[-1], points.shape[1]), dtype=np.float32)

    def divide_part(part: int) -> None:
        rows = by_part[bounds[part] : bounds[part + 1]]
        if not len(rows):
            return
        own = _k_means(points, rows, int(counts[part]), rngs[part])
        centres[first_cell[part] : first_cell[part + 1]] = own
        at_once = max(1, BLOCK_ELEMENTS // points.shape[1])
        for begin in range(0, len(rows), at_once):
            some = rows[begin : begin + at_once]
            cell[some] = first_cell[part] + nearest_centres(points[some], own, threaded=False)

    in_threads(divide_part, range(len(counts)))
    return Cells(cell, centres)


def nearest_centres(
    points: NDArray[np.floating], centres: NDArray[np.float32], *, threaded: bool = True
) -> NDArray[np.int32]:
    """(n,) centre nearest to every point."""
    half_square = np.einsum("ij,ij->i", centres, centres) / 2
    nearest = np.empty(len(points), dtype=np.int32)
    at_once = max(1, BLOCK_ELEMENTS // max(centres.shape))

    def look(begin: int) -> None:
        some = points[begin : begin + at_once].astype(np.float32, copy=False)
        nearest[begin : begin + at_once] = (half_square - some @ centres.T).argmin(axis=1)

    begins = range(0, len(points), at_once)
    if threaded:
        in_threads(look, begins)
    else:
        for begin in begins:
            look(begin)
    return nearest


def _k_means(
    points: NDArray[np.floating], rows: NDArray[np.int64] | None, k: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Centres of cells of some rows, or of all; a few rounds on a sample are enough."""
    from scipy.cluster.vq import kmeans2

    n = len(points) if rows is None else len(rows)
    places = np.sort(rng.permutation(n)[: SAMPLED_ROWS * k])
    sample = points[places if rows is None else rows[places]].astype(np.float32)
    centres = sample[rng.permutation(len(sample))[:k]]
    return kmeans2(sample, centres, iter=ROUNDS, minit="matrix")[0]
