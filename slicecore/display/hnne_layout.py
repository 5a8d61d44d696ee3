"""Layout of the clips by hnne, which is given the FINCH levels that are known already.

hnne has no public way to take a hierarchy, so its attribute `hierarchy_parameters` is set, and its neighbour search is
not imported. tests/display/test_projection.py says so by name when a release moves either.
"""

import sys
import threading
import types
import warnings
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.tree import Tree
from slicecore.errors import SlicecoreError

_FEWEST_TOP_CLUSTERS = 3  # that hnne can place
_TOP_CLUSTERS = 12  # the level that hnne places first has about so many
IMPORTING = threading.Lock()
"""Held while modules are imported that stand on pynndescent."""
NEEDS_PACKAGE = "This map needs {}. Install it with: pip install 'slicecore[app]'"


def hnne_places(
    vectors: NDArray[np.float32], rows: NDArray[np.int64], tree: Tree, seed: int
) -> NDArray[np.float32] | None:
    """Places of clips by hnne on the FINCH levels of a tree; None where it can't place them.

    Parameters
    ----------
    vectors
        (m, d) of the clips in the tree.
    rows
        (m,) their rows in the table.
    tree
        The tree.
    seed
        Seed of the random choices.

    Returns
    -------
    numpy.ndarray
        (m, 2)
    """
    projector = _hnne_projector()
    levels = _finch_labels(tree, rows)
    sizes = [int(labels.max()) + 1 for labels in levels]
    if sizes[0] < _FEWEST_TOP_CLUSTERS:
        return None
    # Started from very few clusters, hnne packs groups that have nothing in common close together.
    usable = [level for level, size in enumerate(sizes) if size >= _FEWEST_TOP_CLUSTERS]
    top = min(usable, key=lambda level: abs(np.log(sizes[level] / _TOP_CLUSTERS)))
    levels, sizes = levels[: top + 1], sizes[: top + 1]
    above = [_label_above(fine, coarse) for fine, coarse in pairwise(levels)]
    model = projector.HNNE(n_components=2, metric="euclidean", random_state=seed)
    model.hierarchy_parameters = projector.HierarchyParameters(
        partitions=np.column_stack(levels),
        requested_partition=None,
        partition_sizes=sizes,
        partition_labels=above,
        lowest_level_centroids=np.empty((0, 0)),  # only to place new points
        new_points_cluster_assignments=np.empty((0, 0)),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # divisions by zero, whose result is looked at
        places = model.fit_transform(vectors)
    return places.astype(np.float32) if np.isfinite(places).all() else None


def _hnne_projector() -> Any:
    """Module `hnne.projector`, imported without pynndescent unless that is loaded already.

    Importing pynndescent compiles for a quarter of a minute where nothing is cached, and hnne needs it only to find
    neighbours, which it is not asked for.
    """
    with IMPORTING:
        absent = "pynndescent" not in sys.modules and "hnne" not in sys.modules
        if absent:
            stand_in = types.ModuleType("pynndescent")
            stand_in.NNDescent = None  # type: ignore[attr-defined]
            sys.modules["pynndescent"] = stand_in
        try:
            import hnne.projector
        except ImportError as error:
            raise SlicecoreError(NEEDS_PACKAGE.format("hnne")) from error
        finally:
            if absent:
                del sys.modules["pynndescent"]
    return hnne.projector


def _finch_labels(tree: Tree, rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cluster numbers of clips at every FINCH level, the finest first."""
    position = np.empty(int(rows.max()) + 1, dtype=np.int64)
    position[tree.order] = np.arange(len(tree.order))
    levels = []
    for level in range(int(tree.level.max()) + 1):
        clusters = tree.partition(level)
        levels.append(np.repeat(np.arange(len(clusters)), tree.size[clusters])[position[rows]])
    return levels


def _label_above(fine: NDArray[np.int64], coarse: NDArray[np.int64]) -> NDArray[np.int64]:
    label = np.zeros(int(fine.max()) + 1, dtype=np.int64)
    label[fine] = coarse
    return label
