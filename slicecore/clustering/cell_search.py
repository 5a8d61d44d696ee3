"""Search for nearest rows in cells: in a row's own, and in those that are hardly farther from it.

An inverted file (Jégou, Douze, Schmid: Product quantization for nearest neighbor search, PAMI 2011) in which every row
looks into as many cells as it takes: into those whose centres are not much farther away than that of its own cell. How
much that is depends on the nearest row of its own cell: with squared distances d² to a centre, d₁² to that of the own
cell and b² to that row, cells are searched up to an excess (d² − d₁²)/b². The one that is enough is read off rows whose
nearest is known.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.cells import Cells
from slicecore.clustering.nearest_search import BLOCK_ELEMENTS, NearestSearch
from slicecore.work_threads import in_threads, threads

_BLOCKS_PER_THREAD = 4
_CELLS_AT_ONCE = 128


class CellSearch:
    """Nearest other row of every row in its own cell, and then in others.

    Parameters
    ----------
    points
        (n, d) finite coordinates, n >= 2.
    cells
        Their cells, see `slicecore.clustering.cells`.
    near
        Number of other cells into which a row may look: those whose centres are nearest to that of its own cell.
    """

    def __init__(self, points: NDArray[np.floating], cells: Cells, near: int = 256) -> None:
        size = np.bincount(cells.cell, minlength=len(cells.centres))
        inhabited = np.flatnonzero(size)
        number = np.empty(len(size), dtype=np.int32)
        number[inhabited] = np.arange(len(inhabited))
        cell = number[cells.cell]
        by_cell = np.argsort(cell, kind="stable")
        self._by_cell = by_cell
        self._bounds = np.concatenate([[0], np.cumsum(size[inhabited])])
        self._cell = cell[by_cell]
        self._search = NearestSearch(points, by_cell)
        self._centres = (cells.centres[inhabited] - points.mean(axis=0, dtype=np.float64)).astype(np.float32)
        self._half_square = np.einsum("ij,ij->i", self._centres, self._centres) / 2
        self._near = self._nearest_cells(near)
        in_threads(self._look_at_home, range(len(inhabited)))

    @property
    def neighbours(self) -> NDArray[np.int64]:
        """(n,) nearest other row of every row so far, -1 for none."""
        found, nearest = np.empty_like(self._by_cell), self._search.nearest
        found[self._by_cell] = np.where(nearest < 0, -1, self._by_cell[nearest])
        return found

    def reach_of(self, rows: NDArray[np.int64], nearest: NDArray[np.int64], aim: float) -> float:
        """Excess up to which cells are searched where a share of some rows shall find their nearest.

        Parameters
        ----------
        rows, nearest
            Rows, and the nearest other row of each.
        aim
            The share.
        """
        excess = self._excess_of(rows)[np.arange(len(rows)), self._cell[self._places_of(nearest)]]
        return float(np.quantile(excess, aim, method="higher"))

    def reach_for(self, rows: NDArray[np.int64], compared: float) -> float:
        """Largest excess at which some rows are compared with at most so many on average; 0 where there is none."""
        excess = self._excess_of(rows).ravel()
        by_excess = np.argsort(excess, kind="stable")
        total = np.cumsum(np.tile(np.diff(self._bounds), len(rows))[by_excess])
        within = int(np.searchsorted(total, compared * len(rows), side="right"))
        return float(excess[by_excess[within - 1]]) if within else 0.0

    def look_within(self, reach: float) -> None:
        """Let every row look into the near cells up to an excess; one that is alone in its cell looks into all."""
        k = len(self._centres)
        cells = max(1, min(_CELLS_AT_ONCE, k // (_BLOCKS_PER_THREAD * threads())))

        def look(begin: int) -> None:
            found = [self._pairs(cell, reach) for cell in range(begin, min(k, begin + cells))]
            rows, cells_of_rows = (np.concatenate(each) for each in zip(*found, strict=True))
            by_target = np.argsort(cells_of_rows, kind="stable")
            rows, targets = rows[by_target], cells_of_rows[by_target]
            parts = np.append(np.flatnonzero(np.diff(targets, prepend=-1)), len(targets)).tolist()
            for start, end in pairwise(parts):
                first, last = self._bounds[targets[start] : targets[start] + 2].tolist()
                some = max(1, BLOCK_ELEMENTS // (last - first))
                for i in range(start, end, some):
                    self._search.improve(rows[i : min(i + some, end)], first, last)

        in_threads(look, range(0, k, cells))

    def _nearest_cells(self, count: int) -> NDArray[np.int32]:
        """(k, count) other cells nearest to every cell, those of the lowest number first."""
        k = len(self._centres)
        near = np.empty((k, min(k - 1, count)), dtype=np.int32)
        at_once = max(1, BLOCK_ELEMENTS // k)

        def look(begin: int) -> None:
            some = np.arange(begin, min(k, begin + at_once))
            distance = self._half_square - self._centres[some] @ self._centres.T
            distance[some - begin, some] = np.inf
            chosen = np.argpartition(distance, near.shape[1] - 1, axis=1)[:, : near.shape[1]]
            near[some] = np.sort(chosen, axis=1)

        if near.shape[1]:
            in_threads(look, range(0, k, at_once))
        return near

    def _look_at_home(self, cell: int) -> None:
        first, last = self._bounds[cell : cell + 2].tolist()
        some = max(1, BLOCK_ELEMENTS // (last - first))
        for begin in range(first, last, some):
            self._search.improve(np.arange(begin, min(last, begin + some)), first, last)

    def _pairs(self, cell: int, reach: float) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Rows of a cell, by their places, and the other cells that each looks into."""
        places = np.arange(*self._bounds[cell : cell + 2].tolist())
        near = self._near[cell]
        coordinates = self._search.targets[places[0] : places[-1] + 1, :-1]
        score = coordinates @ self._centres[near].T - self._half_square[near]
        own = coordinates @ self._centres[cell] - self._half_square[cell]
        nearest = self._half_square_of_nearest(places)
        known = np.isfinite(nearest)
        least = np.full(len(own), -np.inf, dtype=np.float32)
        least[known] = own[known] - reach * nearest[known]
        row, column = np.nonzero(score >= least[:, None])
        return places[row], near[column]

    def _excess_of(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """(rows, k) excess of every cell, 0 for the own one."""
        places = self._places_of(rows)
        score = self._scores(places)
        own = score[np.arange(len(rows)), self._cell[places]].astype(np.float64)
        return (own[:, None] - score) / self._half_square_of_nearest(places)[:, None]

    def _scores(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """(places, k) half the square of a row less half that of its distance to every centre."""
        return self._search.targets[places, :-1] @ self._centres.T - self._half_square

    def _half_square_of_nearest(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """Half the squared distance of the nearest so far, infinite where there is none."""
        half_square = self._search.half_square[places] - self._search.score[places]
        return np.maximum(half_square, np.finfo(np.float32).tiny)

    def _places_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Places of some rows in the order of the cells."""
        place = np.empty_like(self._by_cell)
        place[self._by_cell] = np.arange(len(place))
        return place[rows]
