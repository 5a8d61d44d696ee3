"""Cluster trees and maps of a data set, from the cache where the same vectors were clustered before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering import neighbours, whitening
from slicecore.clustering.tree import MIXTURE
from slicecore.mapped_memory import let_go
from slicecore.storage.array_cache import cached_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder

if TYPE_CHECKING:
    from slicecore.clustering.hierarchy import Hierarchy

_TREE_NUMBER, _MAP_NUMBER = 7, 3
"""Raised when the same vectors and constants give another tree or map."""


def cached_hierarchy(vectors: Sequence[NDArray[np.float32]], cache: Path) -> Hierarchy:
    """Hierarchy over the vectors of one or several embeddings.

    Parameters
    ----------
    vectors
        One table per embedding, (n, d); NaN rows where a clip has none.
    cache
        Folder of the cache.
    """
    from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy

    tables = [np.asarray(table, np.float32) for table in vectors]
    arrays = cached_arrays(
        cache,
        CacheFolder.TREES,
        _tree_version(),
        lambda: build_hierarchy(tables).to_arrays(),
        arrays=tables,
    )
    for table in tables:  # read from end to end, and after this a few rows at a time
        let_go(table)
    return Hierarchy.from_arrays(arrays)


def cached_positions(
    vectors: NDArray[np.float32], hierarchy: Hierarchy, cache: Path, layout: str = "hnne"
) -> NDArray[np.float32]:
    """Place of every clip on the map, (n, 2) float32, NaN without a vector; parameters as in `cached_hierarchy`.

    Parameters
    ----------
    layout
        Method of `slicecore.display.projection.project`.
    """
    from slicecore.display.projection import project

    arrays = cached_arrays(
        cache,
        CacheFolder.MAPS,
        f"map {_MAP_NUMBER} {layout} of {_tree_version()}",
        lambda: {"positions": project(vectors, hierarchy, method=layout)},
        arrays=[np.asarray(vectors, np.float32)],
    )
    let_go(vectors)
    return arrays["positions"]


def _tree_version() -> str:
    return f"hierarchy {version_of(_TREE_NUMBER, MIXTURE, neighbours.SETTINGS, whitening.SETTINGS)}"
