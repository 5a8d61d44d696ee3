"""Permutations of very many clips, several that share one shuffle.

Shuffling a million numbers takes longer than all else, as every step is a miss of the caches. Here the residuals are
shuffled once for every column of a table, and one shuffle of the rows of that table is a permutation in every column.
Each permutation is uniform, and any two of them are independent: those of two columns because these were shuffled
apart, two of one column because the rows were. So a share of the permutations has the mean and the variance that it
has where each is shuffled by itself; only four or more depend on one another. Effects of groups, which are fewer, are
shuffled for each permutation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.slices import dealing

LARGE = 1 << 17
"""Number of clips above which permutations share shuffles."""
_NUMBERS_AT_ONCE = 1 << 28
_CLIPS_AT_ONCE = 1 << 16


class SharedShuffles:
    """Residuals in columns, each shuffled once.

    Parameters
    ----------
    residual
        (n,) what is dealt: residuals, or the clips' own parts.
    width
        Number of columns, fewer where there are so many clips that they would take too much memory.
    seed
        Seed of the columns.

    Attributes
    ----------
    columns : (n, width) float32.
    """

    def __init__(self, residual: NDArray[np.floating], width: int, seed: int) -> None:
        n = len(residual)
        rows = np.empty((max(1, min(width, _NUMBERS_AT_ONCE // n)), n), dtype=np.float32)
        random = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(0,))))
        for row in rows:
            row[:] = residual
            random.shuffle(row)
        self.columns = dealing.upright(rows)

    @property
    def width(self) -> int:
        """Number of permutations that share a shuffle."""
        return self.columns.shape[1]

    def rows(self, random: np.random.Generator) -> NDArray[np.int32]:
        """(n,) row of the columns that every clip is dealt."""
        rows = np.arange(len(self.columns), dtype=np.int32)
        random.shuffle(rows)
        return rows

    def dealt(
        self,
        random: np.random.Generator,
        weight: NDArray[np.float32],
        effects: tuple[NDArray[np.floating], NDArray[np.int64], NDArray[np.float32]] | None = None,
    ) -> NDArray[np.float32]:
        """Block of permutations, (n, width): residuals dealt out to the clips, times the weight of each clip.

        Parameters
        ----------
        random
            Random numbers.
        weight
            (n,) weights of the clips.
        effects
            Effects, groups of the clips and their sensitivities, where effects are dealt to groups besides.
        """
        rows = self.rows(random)
        of_groups = None if effects is None else shuffled_effects(effects[0], self.width, random)
        block = np.empty_like(self.columns)
        for begin in range(0, len(block), _CLIPS_AT_ONCE):
            some = slice(begin, begin + _CLIPS_AT_ONCE)
            part = self.columns[rows[some]]
            if effects is not None and of_groups is not None:
                part += effects[2][some, None] * of_groups[effects[1][some]]
            np.multiply(part, weight[some, None], out=block[some])
        return block


def shuffled_effects(
    effect: NDArray[np.floating], width: int, random: np.random.Generator
) -> NDArray[np.float32]:
    """(groups, width) effects dealt out to groups, anew in every column."""
    effects = np.tile(effect.astype(np.float32), (width, 1))
    for row in effects:
        random.shuffle(row)
    return np.ascontiguousarray(effects.T)
