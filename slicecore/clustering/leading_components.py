"""Pairs of rows that may be near, by the components in which rows of one cell differ most.

With m the centre of the cell of a row y, and every vector divided into its leading components (1) and the rest (2),

    x·y = x₁·y₁ + m₂·y₂ + x₂·m₂ − m₂² + (x₂ − m₂)·(y₂ − m₂)

where the last term alone takes all components of every pair. It is at most |x₂ − m₂| |y₂ − m₂| times the cosine between
them, which is small nearly always, also for a row and its nearest: of vectors of many numbers, the components in which
rows of a cell differ least say little. So most pairs are left out after a product of a few numbers. Which cosine is
enough is read off rows whose nearest is known; with a cosine of 1 no pair is left out that may be the nearest.
"""

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.nearest_search import BLOCK_ELEMENTS, NearestSearch
from slicecore.product_threads import in_threads

_SAMPLE = 1 << 15
"""Rows from which the components are computed."""


class LeadingComponents:
    """Upper bounds of the scores of a `NearestSearch`, for rows and whole cells.

    Parameters
    ----------
    search
        The search, its places in the order of the cells.
    centres
        (k, d) of the cells, about the mean of all rows.
    cell
        (n,) cell of every place.
    count
        How many components lead.

    Attributes
    ----------
    cosine : between the rests of a row and of its nearest, at most.
    """

    def __init__(
        self,
        search: NearestSearch,
        centres: NDArray[np.float32],
        cell: NDArray[np.int32],
        count: int,
    ) -> None:
        n = len(cell)
        some = np.arange(0, n, -(-n // _SAMPLE))
        inside = (search.targets[some, :-1] - centres[cell[some]]).astype(np.float64)
        axes = np.linalg.eigh(inside.T @ inside)[1][:, : -count - 1 : -1].astype(np.float32)
        self.cosine = 1.0
        self._search = search
        self._count = count
        self._centres = centres @ axes
        self._centre_rest = _squares(centres) - _squares(self._centres)
        self._rest = np.empty(n, dtype=np.float32)
        # As targets: the leading components, what is added to their product, and the length |y₂ − m₂|.
        self._targets = np.empty((n, count + 2), dtype=np.float32)
        at_once = max(1, BLOCK_ELEMENTS // centres.shape[1])

        def fill(begin: int) -> None:
            block = slice(begin, begin + at_once)
            rows, of = search.targets[block, :-1], cell[block]
            leading = self._targets[block, :count]
            leading[:] = rows @ axes
            # Small differences of large numbers: no length may come out too short.
            rounding = 4 * search.rounding * search.half_square[block]
            self._rest[block] = _squares(rows) - _squares(leading) + rounding
            inner = _products(rows, centres[of]) - _products(leading, self._centres[of])
            self._targets[block, count] = inner - search.half_square[block]
            self._targets[block, count + 1] = self._length(self._rest[block], inner, self._centre_rest[of])

        in_threads(fill, range(0, n, at_once))

    def cosine_of(
        self,
        rows: NDArray[np.int64],
        others: NDArray[np.int64],
        cell: NDArray[np.int32],
        products: NDArray[np.float32],
        aim: float,
    ) -> float:
        """Cosine that is not exceeded between the rests of a share of some rows and of others.

        Parameters
        ----------
        rows, others
            Places of both.
        cell, products
            Cell of every other, and the product of every row with its centre.
        aim
            The share.
        """
        leading = self._targets[rows, : self._count]
        inner = products - _products(leading, self._centres[cell])
        known = _products(leading, self._targets[others, : self._count]) + self._targets[others, self._count]
        known += inner - self._centre_rest[cell]
        lengths = self._targets[others, -1] * self._length(self._rest[rows], inner, self._centre_rest[cell])
        left = self._search.scores_of(rows, others) - known
        cosine = np.divide(left, lengths, out=np.zeros_like(left), where=lengths > 0)
        return float(np.clip(np.quantile(cosine, aim, method="higher"), 0, 1))

    def improve(
        self, rows: NDArray[np.int64], cell: int, products: NDArray[np.float32], first: int, last: int
    ) -> None:
        """Look for nearer neighbours of the rows at some places in a cell, the places from `first` to `last`.

        Parameters
        ----------
        rows
            The places, of none in the cell.
        cell
            Number of the cell.
        products
            (len(rows),) products of the rows with its centre.
        first, last
            Its places.
        """
        queries = self._targets[rows]
        inner = products - queries[:, : self._count] @ self._centres[cell]
        queries[:, self._count] = 1
        queries[:, -1] = self.cosine * self._length(self._rest[rows], inner, self._centre_rest[cell])
        bounds = queries @ self._targets[first:last].T
        missing = inner - self._centre_rest[cell] + self._search.slack_of(rows, first, last)
        most = bounds.max(axis=1)
        open_ = np.flatnonzero(most >= self._search.score[rows] - missing)
        if not len(open_):
            return
        rows, bounds, missing = rows[open_], bounds[open_], missing[open_]
        # The most likely one first: few of the others may be nearer still.
        likeliest = bounds.argmax(axis=1)
        self._search.consider(rows, first + likeliest)
        bounds[np.arange(len(rows)), likeliest] = -np.inf
        open_ = np.flatnonzero(bounds.max(axis=1) >= self._search.score[rows] - missing)
        rows, bounds, missing = rows[open_], bounds[open_], missing[open_]
        near = np.flatnonzero(bounds >= (self._search.score[rows] - missing)[:, None])
        row, other = np.divmod(near, last - first)
        self._search.consider(rows[row], first + other)

    @staticmethod
    def _length(
        rest: NDArray[np.float32], inner: NDArray[np.float32], of_centre: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Distance between the rests of rows and centres, of their squares and the product."""
        return np.sqrt(np.maximum(rest - 2 * inner + of_centre, 0))


def _squares(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return _products(rows, rows)


def _products(rows: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.einsum("ij,ij->i", rows, others)
