"""Permutation engine: maxima of a statistic under permutation, drawn as far as they are needed, and p values."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.options import P_CONFIRMED
from slicecore.work_threads import threads

Draw = Callable[[int, np.uint64], NDArray[np.floating]]

_FEWEST = 199
_MOST_DEALT = 2e9
"""Clips dealt in all permutations of clusters together: some half a minute."""


def within_work(permutations: int, work: float, most_work: float) -> int:
    """Number of permutations that a long search can afford: fewer than asked for, but not fewer than 199.

    With 199 of them a test at 5 % loses hardly any power (Davison and Hinkley, Bootstrap Methods and their Application,
    1997, section 4.2.5), and p is no smaller than .005.

    Parameters
    ----------
    permutations
        Number of permutations that is asked for.
    work, most_work
        Work of one permutation, and of all together at most.
    """
    return min(permutations, max(_FEWEST, int(most_work / max(work, 1))))


def permutations_of_clusters(asked: int, clips: int) -> int:
    """Number of permutations that the test of clusters takes: as many as asked for up to two million clips."""
    return within_work(asked, clips, _MOST_DEALT)


class PermutationMaxima:
    """Maxima of a statistic over all groups that were searched, for every permutation of the clips.

    A p that is read off them counts for the whole search, not for one test of many.

    Parameters
    ----------
    draw
        Gives the maxima of so many permutations from a seed, (count, columns), -inf where there is no group. It is
        called in several threads at once.
    permutations
        How many there are in all. The smallest p is 1 / (permutations + 1).
    batch
        Permutations that are drawn at once. Every batch has a seed of its own, so that the result does not depend on
        how many run side by side.
    columns
        Columns of the maxima, such as size classes of groups.
    seed
        Seed of all of them.
    """

    def __init__(self, draw: Draw, permutations: int, *, batch: int, columns: int = 1, seed: int = 0) -> None:
        self._draw = draw
        self._permutations = permutations
        self._batch = batch
        self._seed = seed
        self._maxima = np.zeros((0, columns))
        self._sorted: NDArray[np.floating] | None = None  # once all are there
        self._store: Callable[[NDArray[np.floating]], None] | None = None

    def start_with(
        self, maxima: NDArray[np.floating] | None, store: Callable[[NDArray[np.floating]], None]
    ) -> None:
        """Begin with maxima that were stored, if there are any, and store those that are added."""
        if maxima is not None and maxima.shape[1:] == self._maxima.shape[1:]:
            self._add(maxima[: self._permutations])
        self._store = store

    def p(self, statistic: float, column: int = 0, *, stop_early: bool = False) -> float:
        """Share of the permutations whose maximum is at least the statistic, the real one among them, see `tested`."""
        return self.tested(statistic, column, stop_early=stop_early)[0]

    def tested(self, statistic: float, column: int = 0, *, stop_early: bool = False) -> tuple[float, int]:
        """Share of the permutations whose maximum is at least the statistic, and the number of these permutations.

        Parameters
        ----------
        statistic
            Of the group; a little less than its exact value, so that rounding does not lose a tie.
        column
            Column of the maxima that are compared.
        stop_early
            Draw no more batches once p can't be 5 % or less any more: p is then that of the permutations so far
            (Besag and Clifford, Sequential Monte Carlo p-values, Biometrika 1991).
        """
        too_many = math.ceil(P_CONFIRMED * (self._permutations + 1))
        steps = range(self._batch, self._permutations, self._batch) if stop_early else ()
        for count in (*steps, self._permutations):
            reached = self._reached(statistic, column, count)
            if reached >= too_many:
                break
        return (1 + reached) / (count + 1), count

    def _reached(self, statistic: float, column: int, count: int) -> int:
        self._draw_up_to(count)
        if count == self._permutations and self._sorted is not None:
            return count - int(np.searchsorted(self._sorted[:, column], statistic))
        return int(np.count_nonzero(self._maxima[:count, column] >= statistic))

    def _draw_up_to(self, count: int) -> None:
        done = len(self._maxima)
        if done >= count:
            return
        from concurrent.futures import ThreadPoolExecutor

        # What goes on after the first look mostly goes on to the end: no processor waits for the next.
        if done:
            count = min(self._permutations, max(count, done + self._batch * threads()))

        def run(begin: int) -> NDArray[np.floating]:
            seed = np.random.SeedSequence([self._seed, begin]).generate_state(1, np.uint64)[0]
            return self._draw(min(self._batch, self._permutations - begin), seed)

        batches = range(done, count, self._batch)
        with ThreadPoolExecutor(min(len(batches), threads())) as pool:
            self._add(np.concatenate([*pool.map(run, batches)]))
        if self._store is not None:
            self._store(self._maxima)

    def _add(self, maxima: NDArray[np.floating]) -> None:
        self._maxima = np.concatenate([self._maxima, maxima])
        if len(self._maxima) == self._permutations:
            self._sorted = np.sort(self._maxima, axis=0)
