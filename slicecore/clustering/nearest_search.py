"""Nearest rows so far, and what it takes to find nearer ones.

Blocked float32 products select the candidates; wherever rounding leaves more than one, exact float64 distances decide.
So the result depends neither on the size of the blocks nor on the number of threads.
"""

import numpy as np
from numpy.typing import NDArray

BLOCK_ELEMENTS = 1 << 20
"""Scores held at a time, 4 MiB of float32: they stay in the processor's cache."""


class NearestSearch:
    """Nearest other row of every row among those that were looked at so far.

    Parameters
    ----------
    points
        (n, d) finite coordinates, of which no copy is made but the one for the products.
    order
        (n,) the rows in the order in which they have their places here, by default their own. Of equally near rows the
        lowest wins; rows that `improve` is given at once must come in ascending order.

    Attributes
    ----------
    targets : (n, d + 1) float32 coordinates about their mean, and minus half their square: the row with the largest
        x·y − |y|²/2 is nearest to x, and the extra column puts both terms into one product.
    half_square : (n,) half the square of every row.
    nearest : (n,) place of the nearest other row so far, -1 for none.
    score : (n,) its x·y − |y|²/2.
    """

    def __init__(self, points: NDArray[np.floating], order: NDArray[np.int64] | None = None) -> None:
        n, d = points.shape
        self._points = points
        self._order = order
        self.targets = np.empty((n, d + 1), dtype=np.float32)
        self.half_square = np.empty(n, dtype=np.float32)
        mean = points.mean(axis=0, dtype=np.float64)
        at_once = max(1, BLOCK_ELEMENTS // (d + 1))
        for begin in range(0, n, at_once):
            some = slice(begin, begin + at_once)
            centred = self.targets[some, :-1]
            centred[:] = points[some if order is None else order[some]] - mean
            np.einsum("ij,ij->i", centred, centred, out=self.half_square[some])
        self.half_square /= 2
        self.targets[:, -1] = -self.half_square
        self._rounding = 4 * np.finfo(np.float32).eps * np.sqrt(d + 1)
        self.nearest = np.full(n, -1, dtype=np.int64)
        self.score = np.full(n, -np.inf, dtype=np.float32)

    def improve(self, rows: NDArray[np.int64], first: int, last: int) -> None:
        """Look for nearer neighbours of the rows at some places among those from the place `first` to `last`."""
        queries = self.targets[rows]
        queries[:, -1] = 1
        scores = queries @ self.targets[first:last].T
        inside = np.flatnonzero((rows >= first) & (rows < last))
        scores[inside, rows[inside] - first] = -np.inf
        # Rounding may hide a better one in a score that is lower by up to the slack, which is at most this.
        most = scores.max(axis=1)
        slack = self._rounding * (self.half_square[rows] + self.half_square[first:last].max())
        open_ = np.flatnonzero((most > -np.inf) & (most >= self.score[rows] - slack))
        if not len(open_):
            return
        if len(open_) < len(rows):
            rows, scores = rows[open_], scores[open_]
        self._decide(rows, scores, first)

    def _decide(self, rows: NDArray[np.int64], scores: NDArray[np.float32], first: int) -> None:
        every = np.arange(len(rows))
        best = scores.argmax(axis=1)
        score = scores[every, best]
        slack = self._rounding * (self.half_square[rows] + self.half_square[first + best])
        scores[every, best] = -np.inf  # now the second best is the largest
        second = scores.max(axis=1)
        scores[every, best] = score
        best += first
        for i in np.flatnonzero(second >= score - slack):
            candidates = first + np.flatnonzero(scores[i] >= score[i] - slack[i])
            best[i] = candidates[self._squares(rows[[i]], candidates).argmin()]
            score[i] = scores[i, best[i] - first]
        now = self.nearest[rows]
        better = score > self.score[rows] + slack
        unclear = np.flatnonzero(~better & (now >= 0) & (score >= self.score[rows] - slack))
        old, new = (self._squares(rows[unclear], which[unclear]) for which in (now, best))
        tie = self._names(best[unclear]) < self._names(now[unclear])
        better[unclear] = (new < old) | ((new == old) & tie)
        self.nearest[rows[better]] = best[better]
        self.score[rows[better]] = score[better]

    def _squares(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
        difference = self._points[self._names(others)].astype(np.float64) - self._points[self._names(rows)]
        return np.einsum("ij,ij->i", difference, difference)

    def _names(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        return places if self._order is None else self._order[places]
