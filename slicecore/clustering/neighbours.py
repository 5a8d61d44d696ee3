"""Nearest neighbours: the nearest other row of every row, exactly, or in near cells where there are many rows."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.cell_search import CellSearch
from slicecore.clustering.cells import divide
from slicecore.clustering.nearest_search import BLOCK_ELEMENTS, NearestSearch
from slicecore.work_threads import in_threads, threads

EXACT_UP_TO = 25_000
"""Rows up to which every pair is compared."""

LEAST_RECALL = 0.99
"""Share of the neighbours that must be the nearest where not every pair is compared and rows are not too many."""


@dataclass(frozen=True)
class NeighbourSettings:
    """Constants of the search in cells, chosen by `benchmarks/scaling.py` (docs/scaling.md, "First neighbours").

    Attributes
    ----------
    rows_per_cell : rows of a cell, fewer where there are less than its square.
    checked : rows whose neighbour is sought everywhere to learn which cells are enough, and as many to check it.
    aim : share of the first sample whose neighbour lies in the cells that are searched.
    tries : searches, each with twice the reach of the one before and at least `least_reach`, before every pair is
        compared.
    largest_share : of all rows; where a row has to be compared with more, comparing every pair is as good.
    good_up_to : number of rows up to which as many cells are searched as it takes.
    most_compared : rows with which a row is compared, on average, where there are more than that.
    near : other cells into which a row may look at most, see `CellSearch`.
    near_of_many, checked_of_many : what `near` and `checked` are there.
    """

    rows_per_cell: int = 512
    checked: int = 1000
    aim: float = 0.997
    tries: int = 4
    least_reach: float = 0.1
    largest_share: float = 0.25
    near: int = 256
    good_up_to: int = 200_000
    most_compared: int = 4096
    near_of_many: int = 64
    checked_of_many: int = 250


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
    at_once = max(1, min(side, -(-len(wanted) // threads())))

    def look(begin: int) -> None:
        for first in range(0, len(points), side):
            search.improve(wanted[begin : begin + at_once], first, min(len(points), first + side))

    in_threads(look, range(0, len(wanted), at_once))
    return search.nearest[wanted]


def good_neighbours(
    points: NDArray[np.floating], *, exact_up_to: int = EXACT_UP_TO, seed: int = 0
) -> tuple[NDArray[np.int64], float]:
    """Nearest other row of every row, exact where there are not too many rows, else of nearly all.

    Above `exact_up_to`, k-means divides the rows into cells, and a row is compared with the rows of its cell and of
    those that are hardly farther, see `slicecore.clustering.cell_search`. How far is read off a sample of rows whose
    neighbours are sought everywhere, and checked on another; where fewer than 99 of 100 are the nearest, cells up to
    twice the excess are searched, and in the end every pair is compared.

    Above 200,000 rows a row is compared with 4,096 others on average and not more, so that time grows in proportion to
    the rows: the neighbours are near, but of a million 192-dimensional rows, say, four of five are the nearest.

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
    many = n > SETTINGS.good_up_to
    rng = np.random.default_rng(seed)
    checked = SETTINGS.checked_of_many if many else SETTINGS.checked
    sampled = rng.permutation(n)[: 2 * min(checked, n // 2)]
    nearest = first_neighbours(points, rows=sampled)
    learn, check = np.split(np.arange(len(sampled)), 2)

    cells = divide(points, min(math.isqrt(n), SETTINGS.rows_per_cell), rng)
    search = CellSearch(points, cells, SETTINGS.near_of_many if many else SETTINGS.near)
    reach = search.reach_of(sampled[learn], nearest[learn], SETTINGS.aim)
    most = search.reach_for(sampled[learn], SETTINGS.most_compared if many else SETTINGS.largest_share * n)
    for _ in range(SETTINGS.tries):
        if reach > most and not many:
            break
        search.look_within(min(reach, most))
        neighbours = search.neighbours
        recall = float(np.mean(neighbours[sampled[check]] == nearest[check]))
        if recall >= LEAST_RECALL or (many and reach >= most):
            return neighbours, recall
        reach = max(2 * reach, SETTINGS.least_reach)
    if many:
        return neighbours, recall
    del search  # it is as large as the points
    return first_neighbours(points), 1.0
