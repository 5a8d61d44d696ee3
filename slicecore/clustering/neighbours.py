"""Nearest neighbours: the nearest other row of every row, exactly, or in near cells where there are many rows."""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.cell_search import CellSearch
from slicecore.clustering.nearest_search import BLOCK_ELEMENTS, NearestSearch
from slicecore.product_threads import in_threads

EXACT_UP_TO = 25_000
"""Rows up to which every pair is compared."""

LEAST_RECALL = 0.99
"""Share of the neighbours that must be the nearest where not every pair is compared."""


@dataclass(frozen=True)
class NeighbourSettings:
    """Constants of the search in cells, chosen by `benchmarks/scaling.py` (docs/scaling.md, "First neighbours").

    Attributes
    ----------
    cells_per_root : cells over the square root of the number of rows.
    rows_per_cell : rows of the sample from which the centres are computed, over the number of cells.
    rounds : of k-means; more make no neighbour better.
    checked : rows whose neighbour is sought everywhere to learn which cells are enough, and as many to check it.
    aim : share of the first sample whose neighbour lies in the cells that are searched.
    tries : searches, each with twice the reach of the one before and at least `least_reach`, before every pair is
        compared.
    largest_share : of all rows; where a row has to be compared with more, comparing every pair is as good.
    """

    cells_per_root: float = 1.0
    rows_per_cell: int = 32
    rounds: int = 6
    checked: int = 1000
    aim: float = 0.997
    tries: int = 4
    least_reach: float = 0.1
    largest_share: float = 0.25


SETTINGS = NeighbourSettings()


def first_neighbours(
    points: NDArray[np.floating],
    *,
    rows: NDArray[np.int64] | None = None,
    block_elements: int = BLOCK_ELEMENTS,
) -> NDArray[np.int64]:
    """Nearest other row by Euclidean distance; ties go to the lowest row.

    Parameters
    ----------
    points
        (n, d) finite coordinates, n >= 1.
    rows
        Rows to find the neighbours of, all by default.
    block_elements
        How many scores are computed at a time.

    Returns
    -------
    numpy.ndarray
        (len(rows),) row numbers. A single row is its own neighbour.
    """
    wanted = np.arange(len(points)) if rows is None else rows
    if len(points) == 1:
        return np.zeros(len(wanted), dtype=np.int64)
    search = NearestSearch(points)
    side = max(1, math.isqrt(block_elements))

    def look(begin: int) -> None:
        for first in range(0, len(points), side):
            search.improve(wanted[begin : begin + side], first, min(len(points), first + side))

    in_threads(look, range(0, len(wanted), side))
    return search.nearest[wanted]


def good_neighbours(
    points: NDArray[np.floating], *, exact_up_to: int = EXACT_UP_TO, seed: int = 0
) -> tuple[NDArray[np.int64], float]:
    """Nearest other row of every row, in at least 99 of 100 rows; exact where there are not too many rows.

    Above that, k-means divides the rows into cells, and a row is compared with the rows of its cell and of those that
    are hardly farther, see `slicecore.clustering.cell_search`. How far is read off a sample of rows whose
    neighbours are sought everywhere, and checked on another; where the share found is too low, cells up to
    twice the excess are searched, and in the end every pair is compared.

    Parameters
    ----------
    points
        (n, d) distinct finite coordinates, in an order that depends on their content alone if the result shall.
    exact_up_to
        Number of rows up to which every pair is compared.
    seed
        Of the samples.

    Returns
    -------
    neighbours
        (n,) row numbers. A single row is its own neighbour.
    recall
        Share of the rows checked whose neighbour is the nearest; 1 where every pair is compared.
    """
    n = len(points)
    if n <= max(exact_up_to, 3):
        return first_neighbours(points), 1.0
    rng = np.random.default_rng(seed)
    sampled = rng.permutation(n)[: 2 * min(SETTINGS.checked, n // 2)]
    nearest = first_neighbours(points, rows=sampled)
    learn, check = np.split(np.arange(len(sampled)), 2)

    search = CellSearch(points, _k_means(points, round(SETTINGS.cells_per_root * math.sqrt(n)), rng))
    reach = search.reach_of(sampled[learn], nearest[learn], SETTINGS.aim)
    for _ in range(SETTINGS.tries):
        if search.share_within(sampled[learn], reach) > SETTINGS.largest_share:
            break
        search.look_within(reach)
        neighbours = search.neighbours
        recall = float(np.mean(neighbours[sampled[check]] == nearest[check]))
        if recall >= LEAST_RECALL:
            return neighbours, recall
        reach = max(2 * reach, SETTINGS.least_reach)
    del search  # it is as large as the points
    return first_neighbours(points), 1.0


def _k_means(points: NDArray[np.floating], k: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Centres of cells; a few rounds on a sample are enough."""
    from scipy.cluster.vq import kmeans2

    sample = points[np.sort(rng.permutation(len(points))[: SETTINGS.rows_per_cell * k])].astype(np.float32)
    centres = sample[rng.permutation(len(sample))[:k]]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="One of the clusters is empty")  # its centre stays
        return kmeans2(sample, centres, iter=SETTINGS.rounds, minit="matrix")[0]
