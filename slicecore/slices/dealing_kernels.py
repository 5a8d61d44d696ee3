"""Compiled dealing of residuals to clips, for both permutation tests.

Arrays are made outside of what numba compiles, here and in all other kernels: every kind of array that is made inside
takes it another .1 to .2 s, once on every machine.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

WIDTH = 16
"""Permutations of a block."""


def dealt_to_clips(
    residuals: NDArray[np.float32], weight: NDArray[np.float32], seed: np.uint64
) -> NDArray[np.float32]:
    """Block of permutations, (n, WIDTH): residuals dealt out to the clips, times the weight of each clip."""
    block = np.empty((len(residuals), WIDTH), dtype=np.float32)
    _fill_by_clips(block, residuals.copy(), weight, seed)
    return block


@njit(cache=True, nogil=True)
def _fill_by_clips(
    block: NDArray[np.float32], permuted: NDArray[np.float32], weight: NDArray[np.float32], state: np.uint64
) -> None:
    """As `dealt_to_clips`; `permuted` is shuffled in place."""
    for w in range(WIDTH):
        state = shuffle(permuted, state)
        for i in range(len(permuted)):
            block[i, w] = weight[i] * permuted[i]


def dealt_to_groups(
    parts: tuple[NDArray, ...], weight: NDArray[np.float32], seed: np.uint64
) -> NDArray[np.float32]:
    """As `dealt_to_clips`, of clips in groups, see `deal_to_groups`.

    Parameters
    ----------
    parts
        Own parts, effects, groups and sensitivities.
    weight
        (n,) weights of the clips.
    seed
        Of the generator.
    """
    own, effect, group, sensitivity = parts
    block = np.empty((len(group), WIDTH), dtype=np.float32)
    _fill_by_groups(block, np.empty(len(group)), own.copy(), effect.copy(), group, sensitivity, weight, seed)
    return block


@njit(cache=True, nogil=True)
def _fill_by_groups(
    block: NDArray[np.float32],
    residual: NDArray[np.float64],
    own: NDArray[np.float64],
    effect: NDArray[np.float64],
    group: NDArray[np.int64],
    sensitivity: NDArray[np.float64],
    weight: NDArray[np.float32],
    state: np.uint64,
) -> None:
    """As `dealt_to_groups`; own parts and effects are shuffled in place, `residual` is working space."""
    for w in range(WIDTH):
        state = deal_to_groups(residual, own, effect, group, sensitivity, state)
        for i in range(len(group)):
            block[i, w] = weight[i] * residual[i]


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
