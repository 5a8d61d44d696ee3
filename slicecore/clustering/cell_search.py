"""Search for nearest rows in cells: in a row's own, and in those that are hardly farther from it.

An inverted file (Jégou, Douze, Schmid: Product quantization for nearest neighbor search, PAMI 2011) in which every row
looks into as many cells as it takes: into those whose centres are not much farther away than that of its own cell. How
much that is depends on the nearest row of its own cell: with squared distances d² to a centre, d₁² to that of the own
cell and b² to that row, cells are searched up to an excess (d² − d₁²)/b². The one that is enough is read off rows whose
nearest is known.
"""

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.nearest_search import BLOCK_ELEMENTS, NearestSearch
from slicecore.product_threads import in_threads, threads

_BLOCKS_PER_THREAD = 4
_ROWS_AT_ONCE = 1 << 18


class CellSearch:
    """Nearest other row of every row in its own cell, and then in others.

    Parameters
    ----------
    points
        (n, d) finite coordinates, n >= 2.
    centres
        (k, d) a row belongs to the cell whose centre is nearest. Cells may be empty.
    """

    def __init__(self, points: NDArray[np.floating], centres: NDArray[np.float32]) -> None:
        cell = nearest_centres(points, centres)
        by_cell = np.argsort(cell, kind="stable")
        self._by_cell = by_cell
        self._bounds = np.searchsorted(cell[by_cell], np.arange(len(centres) + 1))
        self._cell = cell[by_cell]
        self._search = NearestSearch(points, by_cell)
        self._centres = (centres - points.mean(axis=0, dtype=np.float64)).astype(np.float32)
        self._half_square = np.einsum("ij,ij->i", self._centres, self._centres) / 2
        in_threads(self._look_at_home, range(len(centres)))

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

    def share_within(self, rows: NDArray[np.int64], reach: float) -> float:
        """Share of all rows with which some rows are compared on average."""
        compared = (self._excess_of(rows) <= reach) @ np.diff(self._bounds)
        return float(compared.mean() / len(self._by_cell))

    def look_within(self, reach: float) -> None:
        """Let every row look into the other cells up to an excess; one that is alone in its cell looks into all."""
        n, k = len(self._by_cell), len(self._centres)
        at_once = max(1, min(_ROWS_AT_ONCE, -(-n // (_BLOCKS_PER_THREAD * threads()))))

        def look(begin: int) -> None:
            rows, cells = self._pairs(begin, min(n, begin + at_once), reach)
            by_target = np.argsort(cells, kind="stable")
            rows = rows[by_target]
            parts = np.searchsorted(cells[by_target], np.arange(k + 1)).tolist()
            for c in np.flatnonzero((np.diff(parts) > 0) & (np.diff(self._bounds) > 0)).tolist():
                first, last = int(self._bounds[c]), int(self._bounds[c + 1])
                some = max(1, BLOCK_ELEMENTS // (last - first))
                for i in range(parts[c], parts[c + 1], some):
                    self._search.improve(rows[i : min(i + some, parts[c + 1])], first, last)

        in_threads(look, range(0, n, at_once))

    def _look_at_home(self, cell: int) -> None:
        first, last = int(self._bounds[cell]), int(self._bounds[cell + 1])
        some = max(1, BLOCK_ELEMENTS // max(1, last - first))
        for begin in range(first, last, some):
            self._search.improve(np.arange(begin, min(last, begin + some)), first, last)

    def _pairs(self, begin: int, end: int, reach: float) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Rows, by their places from `begin` to `end`, and the other cells that each looks into."""
        rows, cells = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        at_once = max(1, BLOCK_ELEMENTS // len(self._centres))
        for first in range(begin, end, at_once):
            places = np.arange(first, min(end, first + at_once))
            score = self._scores(places)
            nearest = self._half_square_of_nearest(places)
            own = score[places - first, self._cell[places]]
            known = np.isfinite(nearest)
            least = np.full(len(own), -np.inf, dtype=np.float32)
            least[known] = own[known] - reach * nearest[known]
            score[places - first, self._cell[places]] = -np.inf
            row, cell = np.nonzero(score >= least[:, None])
            rows.append(first + row)
            cells.append(cell.astype(np.int32))
        return np.concatenate(rows), np.concatenate(cells)

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


def nearest_centres(points: NDArray[np.floating], centres: NDArray[np.float32]) -> NDArray[np.int32]:
    """(n,) centre nearest to every point."""
    half_square = np.einsum("ij,ij->i", centres, centres) / 2
    nearest = np.empty(len(points), dtype=np.int32)
    at_once = max(1, BLOCK_ELEMENTS // len(centres))

    def look(begin: int) -> None:
        some = points[begin : begin + at_once].astype(np.float32, copy=False)
        nearest[begin : begin + at_once] = (half_square - some @ centres.T).argmin(axis=1)

    in_threads(look, range(0, len(points), at_once))
    return nearest
