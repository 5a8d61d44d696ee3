"""On-disk cache of the permutation maxima: with it a start from the cache has its p values at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.tree import Tree
from slicecore.storage.array_cache import ENDING, entry, load_arrays, store_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder

MOST_SETS = 20
"""Sets of clips, besides all, for which the maxima of one table and metric are cached; the newest ones."""

_NUMBER = 8
"""Raised when the same shuffles give other maxima, or the format changes."""


class PermutationCache:
    """The maxima of one test, by which of its clips are shuffled, and whether as groups.

    Parameters
    ----------
    cache
        Folder of the cache.
    trees, shuffles, seed
        Of the test, see `slicecore.slices.significance.PermutationTest`.
    clips
        What the test knows of every clip besides, each (n,): errors, words, groups.
    settings
        Calibrated constants of the test: with others, other maxima are looked for.
    """

    def __init__(
        self,
        cache: Path,
        trees: Sequence[Tree],
        clips: Sequence[NDArray],
        shuffles: int,
        seed: int,
        settings: object,
    ) -> None:
        name = f"shuffles {version_of(_NUMBER, settings)} {shuffles} {seed}"
        inputs = (*clips, *(part for tree in trees for part in _parts(tree)))
        self._all = entry(cache, CacheFolder.SHUFFLES, name, arrays=inputs)

    def load(self, alive: NDArray[np.bool_], by_group: bool) -> NDArray[np.float64] | None:
        """Maxima of the shuffles of some clips, (shuffles so far, size classes); None where there are none."""
        arrays = load_arrays(self._path(alive, by_group))
        return None if arrays is None else arrays["maxima"]

    def store(self, alive: NDArray[np.bool_], by_group: bool, maxima: NDArray[np.float64]) -> None:
        """Store maxima; the oldest sets make room. Where that fails, the next start shuffles again."""
        if store_arrays(self._path(alive, by_group), {"maxima": maxima}):
            sets = sorted(self._all.parent.glob(f"{self._all.stem}-*{ENDING}"), key=_modified)
            for oldest in sets[:-MOST_SETS]:
                oldest.unlink(missing_ok=True)

    def _path(self, alive: NDArray[np.bool_], by_group: bool) -> Path:
        if alive.all() and not by_group:
            return self._all
        clips = hashlib.blake2b(np.packbits(alive).tobytes() + bytes([by_group]), digest_size=8).hexdigest()
        return self._all.with_name(f"{self._all.stem}-{clips}{ENDING}")


def _parts(tree: Tree) -> tuple[NDArray, ...]:
    return tree.order, tree.start, tree.end, tree.agreement


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
