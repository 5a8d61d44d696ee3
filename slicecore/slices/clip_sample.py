"""Samples of clips by their vectors: a fixed number of well recognised ones, and a fixed number of any group."""

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property

_AT_ONCE = 1 << 14
_FNV_OFFSET, _FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # of the hash FNV-1a


class ClipSample:
    """Samples of the clips of an embedding, drawn by the vectors alone: the order of the rows changes nothing.

    Parameters
    ----------
    components
        (n, k) half-whitened components, NaN where a clip has no vector; see `Hierarchy`.
    good
        (n,) mask of the clips that are recognised no worse than the whole.
    references
        Number of well recognised clips that are looked at, at most.
    """

    def __init__(self, components: NDArray[np.float16], good: NDArray[np.bool_], references: int) -> None:
        self.components = components
        self.has_components = components.shape[1] > 0
        known = np.isfinite(components[:, 0]) if self.has_components else np.zeros(len(components), bool)
        key = _keys(components)
        self._rank = np.empty(len(components), dtype=np.int64)
        self._rank[np.argsort(key, kind="stable")] = np.arange(len(components))
        self.references = self.first(np.flatnonzero(known & good), references)
        self.reference_points = components[self.references].astype(np.float32)

    @cached_property
    def all_points(self) -> NDArray[np.float32]:
        """(n, k) components of all clips, in a precision with which one can compute."""
        return self.components.astype(np.float32)

    def first(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """At most so many of some clips, in the order of the draw."""
        rank = self._rank[rows]
        if count < len(rows):
            drawn = np.argpartition(rank, count)[:count]
            rows, rank = rows[drawn], rank[drawn]
        return rows[np.argsort(rank)]

    def points(self, rows: NDArray[np.int64], count: int) -> NDArray[np.float32]:
        """(c, k) components of at most so many of some clips; those without a vector are left out."""
        known = rows[np.isfinite(self.components[rows, 0])]
        return self.components[self.first(known, count)].astype(np.float32)


def _keys(components: NDArray[np.float16]) -> NDArray[np.uint64]:
    """(n,) random numbers that depend on the vectors alone."""
    key = np.full(len(components), _FNV_OFFSET, dtype=np.uint64)
    for begin in range(0, len(components), _AT_ONCE):
        block = np.ascontiguousarray(components[begin : begin + _AT_ONCE]).view(np.uint16)
        for column in block.T:
            key[begin : begin + _AT_ONCE] = (key[begin : begin + _AT_ONCE] ^ column) * _FNV_PRIME
    return key ^ (key >> np.uint64(32))
