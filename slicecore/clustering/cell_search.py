"""Search for nearest rows in cells: in a row's own, and in those that are hardly farther from it.

An inverted file (Jégou, Douze, Schmid: Product quantization for nearest neighbor search, PAMI 2011) in which every row
looks into as many cells as it takes: into those whose centres are not much farther away than that of its own cell. How
much that is depends on the nearest row of its own cell: with squared distances d² to a centre, d₁² to that of the own
cell and b² to that row, cells are searched up to an excess (d² − d₁²)/b². The one that is enough is read off rows whose
nearest is known.
"""

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.leading_components import LeadingComponents
from slicecore.clustering.nearest_search import BLOCK_ELEMENTS, NearestSearch
from slicecore.product_threads import in_threads, threads

_BLOCKS_PER_THREAD = 4
_ROWS_AT_ONCE = 1 << 18
_ROWS_BY_LEADING = 1 << 15
"""The same for any number of threads: what is left out may depend on the rounding of a block's product."""


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
        self._leading: LeadingComponents | None = None
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

    def lead_by(self, count: int, rows: NDArray[np.int64], nearest: NDArray[np.int64], aim: float) -> None:
        """Compare rows by their leading components first, so that a share of some rows still finds its nearest.

        Parameters
        ----------
        count
            How many components lead.
        rows, nearest
            Rows, and the nearest other row of each.
        aim
            The share. With 1 no nearest row is lost.
        """
        places, others = self._places_of(rows), self._places_of(nearest)
        if self._leading is None:
            self._leading = LeadingComponents(self._search, self._centres, self._cell, count)
        cell = self._cell[others]
        products = np.einsum("ij,ij->i", self._search.targets[places, :-1], self._centres[cell])
        self._leading.cosine = 1 if aim == 1 else self._leading.cosine_of(places, others, cell, products, aim)

    def share_within(self, rows: NDArray[np.int64], reach: float) -> float:
        """Share of all rows with which some rows are compared on average."""
        compared = (self._excess_of(rows) <= reach) @ np.diff(self._bounds)
        return float(compared.mean() / len(self._by_cell))

    def look_within(self, reach: float) -> None:
        """Let every row look into the other cells up to an excess; one that is alone in its cell looks into all."""
        n, k = len(self._by_cell), len(self._centres)
        at_once = max(1, min(_ROWS_AT_ONCE, -(-n // (_BLOCKS_PER_THREAD * threads()))))
        if self._leading is not None:
            at_once = _ROWS_BY_LEADING

        def look(begin: int) -> None:
            rows, cells, products = self._pairs(begin, min(n, begin + at_once), reach)
            by_target = np.argsort(cells, kind="stable")
            rows, products = rows[by_target], products[by_target]
            parts = np.searchsorted(cells[by_target], np.arange(k + 1)).tolist()
            for c in np.flatnonzero((np.diff(parts) > 0) & (np.diff(self._bounds) > 0)).tolist():
                first, last = int(self._bounds[c]), int(self._bounds[c + 1])
                some = max(1, BLOCK_ELEMENTS // (last - first))
                for i in range(parts[c], parts[c + 1], some):
                    part = slice(i, min(i + some, parts[c + 1]))
                    if self._leading is None:
                        self._search.improve(rows[part], first, last)
                    else:
                        self._leading.improve(rows[part], c, products[part], first, last)

        in_threads(look, range(0, n, at_once))

    def _look_at_home(self, cell: int) -> None:
        first, last = int(self._bounds[cell]), int(self._bounds[cell + 1])
        some = max(1, BLOCK_ELEMENTS // max(1, last - first))
        for begin in range(first, last, some):
            self._search.improve(np.arange(begin, min(last, begin + some)), first, last)

    def _pairs(
        self, begin: int, end: int, reach: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
        """Rows, by their places from `begin` to `end`, the other cells that each looks into, and its product."""
        rows, cells, products = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
        at_once = max(1, BLOCK_ELEMENTS // len(self._centres))
        for first in range(begin, end, at_once):
            places = np.arange(first, min(end, first + at_once))
            score = self._scores(places)
            nearest = self._half_square_of_nearest(places)
            own = score[places - first, self._cell[places]]
            known = np.isfinite(nearest)
            least = np.full(len(own), -np.inf, dtype=np.float32)
            least[known] = own[known] - reach * nearest[known]
            pair = np.flatnonzero(score >= least[:, None])
            row, cell = np.divmod(pair, len(self._centres))
            other = cell != self._cell[first + row]
            rows.append(first + row[other])
            cells.append(cell[other].astype(np.int32))
            products.append(score.ravel()[pair[other]] + self._half_square[cells[-1]])
        return np.concatenate(rows), np.concatenate(cells), np.concatenate(products)

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
