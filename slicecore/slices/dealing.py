"""Dealing of residuals to clips, for both permutation tests: several permutations at once."""

import numpy as np
from numpy.typing import NDArray

WIDTH = 16
"""Permutations of a block, where there are not too many clips."""
_NUMBERS_AT_ONCE, _ROWS_AT_ONCE = 1 << 21, 2048


def generator(seed: np.uint64) -> np.random.Generator:
    """The random numbers of some permutations."""
    return np.random.Generator(np.random.SFC64(int(seed)))  # the fastest; shuffling is half of the work


def widths(count: int, n: int) -> list[int]:
    """Numbers of permutations of the blocks that make up so many permutations of n clips."""
    width = max(1, min(WIDTH, _NUMBERS_AT_ONCE // max(n, 1)))
    return [min(width, count - begin) for begin in range(0, count, width)]


def dealt_to_clips(
    residuals: NDArray[np.floating], weight: NDArray[np.floating], width: int, random: np.random.Generator
) -> NDArray[np.floating]:
    """Block of permutations, (n, width): residuals dealt out to the clips, times the weight of each clip."""
    rows = np.empty((width, len(residuals)), dtype=weight.dtype)
    permuted = residuals.astype(np.float64)  # numpy shuffles numbers of this size fastest
    for row in rows:
        random.shuffle(permuted)
        row[:] = weight * permuted
    return upright(rows)


def dealt_to_groups(
    parts: tuple[NDArray, ...], weight: NDArray[np.floating], width: int, random: np.random.Generator
) -> NDArray[np.floating]:
    """As `dealt_to_clips`, of clips in groups: effects are dealt to the groups, and the clips' own parts to the clips.

    Parameters
    ----------
    parts
        Own parts, effects, groups and sensitivities, see `slicecore.slices.group_effects.GroupEffects`.
    weight
        (n,) weights of the clips.
    width
        Number of permutations.
    random
        Random numbers.
    """
    own, effect, group, sensitivity = parts
    own, effect = own.copy(), effect.copy()
    rows = np.empty((width, len(group)), dtype=weight.dtype)
    for row in rows:
        random.shuffle(effect)
        random.shuffle(own)
        row[:] = weight * (own + sensitivity * effect[group])
    return upright(rows)


def upright(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """Rows as columns, in parts that stay in the processor's cache."""
    columns = np.empty(rows.shape[::-1], dtype=rows.dtype)
    for begin in range(0, len(columns), _ROWS_AT_ONCE):
        columns[begin : begin + _ROWS_AT_ONCE] = rows[:, begin : begin + _ROWS_AT_ONCE].T
    return columns
