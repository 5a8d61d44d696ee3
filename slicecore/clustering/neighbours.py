"""Nearest neighbours: the nearest other row of every row, exactly, or in the nearest cells where there are many rows.

Blocked float32 products select the candidates; wherever rounding leaves more than one, exact float64 distances decide.
So the result depends neither on the size of the blocks nor on the number of threads.
"""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.nearest_few import smallest
from slicecore.product_threads import in_threads, threads

EXACT_UP_TO = 25_000
"""Rows up to which every pair is compared."""

LEAST_RECALL = 0.99
"""Share of the neighbours that must be the nearest where not every pair is compared."""

_BLOCK_ELEMENTS = 1 << 20  # scores held at a time, 4 MiB of float32: they stay in the processor's cache
_PAIRS = 1 << 22  # of row and cell held at a time
_BLOCKS_PER_THREAD = 4


@dataclass(frozen=True)
class NeighbourSettings:
    """Constants of the search in cells, chosen by `benchmarks/scaling.py` (docs/scaling.md, "First neighbours").

    Attributes
    ----------
    cells_per_root : cells over the square root of the number of rows.
    rows_per_cell : rows of the sample from which the centres are computed, over the number of cells.
    rounds : of k-means; more make no neighbour better.
    checked : rows whose neighbour is sought everywhere to learn how many cells are enough, and as many to check it.
    aim : share of the first sample whose neighbour lies in the cells that are searched.
    largest_share : of the cells; where more are needed, comparing every pair is as good.
    """

    cells_per_root: float = 2.0
    rows_per_cell: int = 32
    rounds: int = 6
    checked: int = 1000
    aim: float = 0.998
    largest_share: float = 0.25


SETTINGS = NeighbourSettings()


def first_neighbours(
    points: NDArray[np.floating],
    *,
    rows: NDArray[np.int64] | None = None,
    block_elements: int = _BLOCK_ELEMENTS,
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
    search = _Search(points)
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

    Above that, k-means divides the rows into cells and a row is compared with the rows of the cells nearest to it (an
    inverted file; Jégou, Douze, Schmid: Product quantization for nearest neighbor search, PAMI 2011). How many cells
    are enough is read off a sample of rows whose neighbours are sought everywhere, and checked on another; where
    the share found is too low, twice as many are searched, and in the end all.

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

    centres = _k_means(points, round(SETTINGS.cells_per_root * math.sqrt(n)), rng)
    cell_of_neighbour = _nearest_centres(points[nearest[learn]], centres, 1)
    ranking = _nearest_centres(points[sampled[learn]], centres, len(centres))
    rank = np.argmax(ranking == cell_of_neighbour, axis=1)
    count = max(2, int(np.quantile(rank, SETTINGS.aim, method="higher")) + 1)
    while count <= SETTINGS.largest_share * len(centres):
        neighbours = neighbours_in_cells(points, centres, count)
        recall = float(np.mean(neighbours[sampled[check]] == nearest[check]))
        if recall >= LEAST_RECALL:
            return neighbours, recall
        count *= 2
    return first_neighbours(points), 1.0


def neighbours_in_cells(
    points: NDArray[np.floating], centres: NDArray[np.float32], count: int
) -> NDArray[np.int64]:
    """Nearest other row of every row among the rows of the cells nearest to it; ties go to the lowest row.

    Parameters
    ----------
    points
        (n, d) finite coordinates, n >= 2.
    centres
        (k, d) a row belongs to the cell whose centre is nearest. Cells may be empty.
    count
        Number of cells that are searched, at most k. A row that is alone in them is compared with every row.

    Returns
    -------
    numpy.ndarray
        (n,) row numbers.
    """
    cells = _nearest_centres(points, centres, count)
    by_cell = np.argsort(cells[:, 0], kind="stable")
    bounds = np.searchsorted(cells[by_cell, 0], np.arange(len(centres) + 1))
    nearest = _search_cells(points[by_cell], by_cell, bounds, cells[by_cell])
    neighbours = np.empty(len(points), dtype=np.int64)
    neighbours[by_cell] = by_cell[nearest]
    alone = np.sort(by_cell[nearest < 0])
    if len(alone):
        neighbours[alone] = first_neighbours(points, rows=alone)
    return neighbours


class _Search:
    """Best neighbours so far, and what it takes to find better ones.

    `names` are the numbers that decide ties, the lowest wins; ascending in what `improve` is given at once.
    """

    def __init__(self, points: NDArray[np.floating], names: NDArray[np.int64] | None = None) -> None:
        n, d = points.shape
        self.points = points
        self.names = np.arange(n) if names is None else names
        centred = (points - points.mean(axis=0, dtype=np.float64)).astype(np.float32)
        self.half_square = np.einsum("ij,ij->i", centred, centred) / 2
        # The row with the largest x·y − |y|²/2 is nearest to x; an extra column puts both terms into one product.
        self.targets = np.hstack([centred, -self.half_square[:, None]])
        self.rounding = 4 * np.finfo(np.float32).eps * np.sqrt(d + 1)
        self.nearest = np.full(n, -1, dtype=np.int64)
        self.score = np.full(n, -np.inf, dtype=np.float32)

    def improve(self, rows: NDArray[np.int64], first: int, last: int) -> None:
        """Look for nearer neighbours of some rows among the rows from `first` to `last`."""
        queries = self.targets[rows]
        queries[:, -1] = 1
        scores = queries @ self.targets[first:last].T
        inside = np.flatnonzero((rows >= first) & (rows < last))
        scores[inside, rows[inside] - first] = -np.inf
        best = scores.argmax(axis=1)
        every = np.arange(len(rows))
        score = scores[every, best]
        slack = self.rounding * (self.half_square[rows] + self.half_square[first + best])
        # Rounding may hide a better one in a score that is lower by up to the slack.
        open_ = np.flatnonzero((score > -np.inf) & (score >= self.score[rows] - slack))
        if not len(open_):
            return
        scores[every, best] = -np.inf  # now the second best is the largest
        second = scores.max(axis=1)
        scores[every, best] = score
        rows, best, score, slack = rows[open_], first + best[open_], score[open_], slack[open_]
        for i in np.flatnonzero(second[open_] >= score - slack):
            candidates = first + np.flatnonzero(scores[open_[i]] >= score[i] - slack[i])
            best[i] = candidates[self._squares(rows[[i]], candidates).argmin()]
            score[i] = scores[open_[i], best[i] - first]
        now = self.nearest[rows]
        better = score > self.score[rows] + slack
        unclear = np.flatnonzero(~better & (now >= 0))
        old, new = (self._squares(rows[unclear], which[unclear]) for which in (now, best))
        tie = self.names[best[unclear]] < self.names[now[unclear]]
        better[unclear] = (new < old) | ((new == old) & tie)
        self.nearest[rows[better]] = best[better]
        self.score[rows[better]] = score[better]

    def _squares(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
        difference = self.points[others].astype(np.float64) - self.points[rows]
        return np.einsum("ij,ij->i", difference, difference)


def _search_cells(
    grouped: NDArray[np.floating],
    names: NDArray[np.int64],
    bounds: NDArray[np.int64],
    cells: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Position of the nearest other row in the cells of every row, (n, count), -1 where there is none.

    Rows come cell after cell, each beginning at its bound.
    """
    n, count = cells.shape
    search = _Search(grouped, names)
    # Several blocks for every thread, that none waits long for the others.
    at_once = max(1, min(_PAIRS // count, -(-n // (_BLOCKS_PER_THREAD * threads()))))

    def look(begin: int) -> None:
        looked_in = cells[begin : begin + at_once].ravel()
        by_target = np.argsort(looked_in, kind="stable")
        rows = begin + by_target // count
        parts = np.searchsorted(looked_in[by_target], np.arange(len(bounds)))
        for c in np.flatnonzero((np.diff(parts) > 0) & (np.diff(bounds) > 0)).tolist():
            first, last = int(bounds[c]), int(bounds[c + 1])
            some = max(1, _BLOCK_ELEMENTS // (last - first))
            for i in range(int(parts[c]), int(parts[c + 1]), some):
                search.improve(rows[i : min(i + some, parts[c + 1])], first, last)

    in_threads(look, range(0, n, at_once))
    return search.nearest


def _k_means(points: NDArray[np.floating], k: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Centres of cells; a few rounds on a sample are enough."""
    from scipy.cluster.vq import kmeans2

    sample = points[np.sort(rng.permutation(len(points))[: SETTINGS.rows_per_cell * k])].astype(np.float32)
    centres = sample[rng.permutation(len(sample))[:k]]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="One of the clusters is empty")  # its centre stays
        return kmeans2(sample, centres, iter=SETTINGS.rounds, minit="matrix")[0]


def _nearest_centres(
    points: NDArray[np.floating], centres: NDArray[np.float32], count: int
) -> NDArray[np.int32]:
    """(n, count) centres nearest to every point, the nearest first."""
    half_square = np.einsum("ij,ij->i", centres, centres) / 2
    nearest = np.empty((len(points), count), dtype=np.int32)
    at_once = max(1, _BLOCK_ELEMENTS // len(centres))

    def look(begin: int) -> None:
        block = nearest[begin : begin + at_once]
        score = half_square - points[begin : begin + at_once].astype(np.float32) @ centres.T
        if count == 1:
            block[:, 0] = score.argmin(axis=1)
        elif count > len(centres) // 4:
            block[:] = np.argsort(score, axis=1, kind="stable")[:, :count]
        else:
            block[:] = smallest(score, count)

    in_threads(look, range(0, len(points), at_once))
    return nearest
