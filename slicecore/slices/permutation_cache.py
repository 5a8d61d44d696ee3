"""What shuffling the errors came to, kept on disk: with it a start from the cache has its p values at once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.tree import Tree
from slicecore.storage.atomic import write_whole

MOST_SETS = 20
"""Sets of clips, besides all, for which the maxima of one table and metric are kept; the newest ones."""

_FORMAT = 1
_log = logging.getLogger(__name__)


class KeptShuffles:
    """The maxima of one test, by which of its clips are shuffled.

    Parameters
    ----------
    cache
        Folder of the cache.
    trees, errors, words, shuffles, seed
        All that the maxima depend on, see `slicecore.slices.significance.ShuffleTest`.
    """

    def __init__(
        self,
        cache: Path,
        trees: Sequence[Tree],
        errors: NDArray[np.float64],
        words: NDArray[np.float64],
        shuffles: int,
        seed: int,
    ) -> None:
        digest = hashlib.blake2b(f"{_FORMAT} {shuffles} {seed}".encode(), digest_size=16)
        for array in (errors, words, *(part for tree in trees for part in _parts(tree))):
            digest.update(f"{array.dtype} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        self._folder = cache / "shuffles"
        self._test = digest.hexdigest()

    def load(self, alive: NDArray[np.bool_]) -> NDArray[np.float64] | None:
        """Maxima of the shuffles of some clips, (shuffles so far, size classes); None where they are not kept."""
        path = self._path(alive)
        try:
            return np.load(path, allow_pickle=False)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, EOFError) as error:
            _log.warning("The kept shuffles %s are damaged (%s); they are made again.", path, error)
            return None

    def keep(self, alive: NDArray[np.bool_], maxima: NDArray[np.float64]) -> None:
        """Keep maxima. Where they can't be, the next start makes them again."""
        path = self._path(alive)
        try:
            write_whole(path, lambda part: np.save(part, maxima, allow_pickle=False))
            for old in sorted(self._folder.glob(f"{self._test}-*.npy"), key=_modified)[:-MOST_SETS]:
                old.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("Shuffles can't be kept in %s (%s); the next start makes them again.", path, error)

    def _path(self, alive: NDArray[np.bool_]) -> Path:
        if alive.all():
            return self._folder / f"{self._test}.npy"
        which = hashlib.blake2b(np.packbits(alive).tobytes(), digest_size=8).hexdigest()
        return self._folder / f"{self._test}-{which}.npy"


def _parts(tree: Tree) -> tuple[NDArray, ...]:
    return tree.order, tree.start, tree.end, tree.agreement


def _modified(path: Path) -> float:
    return path.stat().st_mtime
