"""Compiled dealing of residuals to clips, for both permutation tests."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

WIDTH = 16
"""Permutations of a block."""


@njit(cache=True, nogil=True)
def dealt_to_clips(
    residuals: NDArray[np.float32], weight: NDArray[np.float32], seed: np.uint64
) -> NDArray[np.float32]:
    """Block of permutations, (n, WIDTH): residuals dealt out to the clips, times the weight of each clip."""
    n = len(residuals)
    block = np.empty((n, WIDTH), dtype=np.float32)
    permuted = residuals.copy()
    state = seed
    for w in range(WIDTH):
        state = shuffle(permuted, state)
        for i in range(n):
            block[i, w] = weight[i] * permuted[i]
    return block


@njit(cache=True, nogil=True)
def dealt_to_groups(
    own: NDArray[np.float64],
    effect: NDArray[np.float64],
    group: NDArray[np.int64],
    sensitivity: NDArray[np.float64],
    weight: NDArray[np.float32],
    seed: np.uint64,
) -> NDArray[np.float32]:
    """As `dealt_to_clips`, of clips in groups, see `deal_to_groups`; `weight` is (n,)."""
    n = len(group)
    block = np.empty((n, WIDTH), dtype=np.float32)
    dealt_own, dealt_effect = own.copy(), effect.copy()
    residual = np.empty(n)
    state = seed
    for w in range(WIDTH):
        state = deal_to_groups(residual, dealt_own, dealt_effect, group, sensitivity, state)
        for i in range(n):
            block[i, w] = weight[i] * residual[i]
    return block


@njit(cache=True, nogil=True)
def deal_to_groups(
    residual: NDArray[np.float64],
    own: NDArray[np.float64],
    effect: NDArray[np.float64],
    group: NDArray[np.int64],
    sensitivity: NDArray[np.float64],
    state: np.uint64,
) -> np.uint64:
    """Deal effects out to groups, and the clips' own parts to clips; the next state of the generator.

    Parameters
    ----------
    residual
        (n,) is filled with the residuals.
    own, effect
        Own parts (n,) and effects (groups,), which are shuffled in place.
    group, sensitivity
        See `slicecore.slices.group_effects.GroupEffects`.
    state
        Of the generator.
    """
    state = shuffle(effect, state)
    state = shuffle(own, state)
    for i in range(len(group)):
        residual[i] = own[i] + sensitivity[i] * effect[group[i]]
    return state


@njit(cache=True, nogil=True)
def shuffle(values: NDArray, state: np.uint64) -> np.uint64:
    """Permute values in place (Fisher and Yates) and return the next state of the generator.

    The generator is SplitMix64: `numpy.random.Generator.shuffle` gives the same under numba, but takes ten times as
    long (2 instead of 23 ns per clip), and shuffling is half of the work.
    """
    for i in range(len(values) - 1, 0, -1):
        state = state + np.uint64(0x9E3779B97F4A7C15)
        j = np.int64((_mixed(state) >> np.uint64(32)) * np.uint64(i + 1) >> np.uint64(32))
        values[i], values[j] = values[j], values[i]
    return state


@njit(cache=True, nogil=True)
def _mixed(state: np.uint64) -> np.uint64:
    """Output of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)."""
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
