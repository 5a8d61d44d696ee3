"""Keys of words of clips and of words in a row, as columns of numbers."""

import numpy as np
from numpy.typing import NDArray

_MIX = np.uint64(0x9E3779B97F4A7C15)


def mixed(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One number for two, by Fibonacci hashing."""
    mixed: NDArray[np.uint64] = (first + np.uint64(1)) * _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed = (mixed + second + np.uint64(1)) * _MIX
    return mixed ^ (mixed >> np.uint64(32))


def distinct(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Different keys, ascending: what `numpy.unique` gives, which hashes whole numbers and takes ten times as long."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
