"""Places of the clips on a map, and outlines of groups on it."""

import sys
import threading
import types
import warnings
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.clustering.tree import Tree
from slicecore.errors import SlicecoreError

METHODS = ("hnne", "umap")

_FEWEST_CLIPS = 20  # with fewer, hnne gives no numbers and umap no neighbourhood
_FEWEST_TOP_CLUSTERS = 3  # that hnne can place
_TOP_CLUSTERS = 12  # the level that hnne places first has about so many
_DIRECTIONS = 16
_CIRCLE_CORNERS = 16
_STRAY = 3.0  # times the median distance from the middle
_importing = threading.Lock()


def project(
    vectors: ArrayLike, hierarchy: Hierarchy, method: str = "hnne", seed: int = 0
) -> NDArray[np.float32]:
    """Place clips in two dimensions so that similar ones lie together.

    Parameters
    ----------
    vectors
        (n, d); those the hierarchy was built from.
    hierarchy
        Clusters of the same clips.
    method
        "hnne" lays out the FINCH levels of the first tree from coarse to fine (Sarfraz et al., Hierarchical nearest
        neighbor graph embedding for efficient dimensionality reduction, CVPR 2022). "umap" keeps neighbourhoods
        (McInnes, Healy, Melville: UMAP, 2018); it is slower. Where there are too few clips or clusters, the places are
        the first two principal components.
    seed
        Of the random choices.

    Returns
    -------
    numpy.ndarray
        (n, 2) float32, NaN for clips in no cluster.

    Raises
    ------
    SlicecoreError
        The method is unknown, or the vectors are not those of the hierarchy.
    """
    array = np.asarray(vectors, dtype=np.float32)
    if method not in METHODS:
        raise SlicecoreError(f'Unknown map "{method}". Choose one of {", ".join(METHODS)}.')
    if len(array) != hierarchy.n:
        raise SlicecoreError(f"The hierarchy is of {hierarchy.n} clips, but there are {len(array)} vectors.")
    tree = hierarchy.trees[0]
    places = np.full((len(array), 2), np.nan, dtype=np.float32)
    rows = np.sort(tree.order)
    if not len(rows):
        return places
    known = array[rows]
    found = None
    if len(rows) >= _FEWEST_CLIPS and known.shape[1] > 1:
        found = _hnne(known, rows, tree, seed) if method == "hnne" else _umap(known, seed)
    places[rows] = _principal_plane(known) if found is None else found
    return places


def hull(points: ArrayLike, margin: float = 0.0) -> NDArray[np.float64]:
    """Outline of where a group of points lies: the convex hull of all but a few strays.

    A stray is more than three times as far from the middle of the group as half of the points are.

    Parameters
    ----------
    points
        (n, 2); points that are not finite are left out.
    margin
        Distance of the outline from the points, in their units.

    Returns
    -------
    numpy.ndarray
        (k, 2) corners, counter-clockwise. Without a margin one for points on one spot, two for points on a line; (0, 2)
        without points.
    """
    array = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    array = array[np.isfinite(array).all(axis=1)]
    if not len(array):
        return np.zeros((0, 2))
    distance = np.linalg.norm(array - np.median(array, axis=0), axis=1)
    array = np.unique(array[distance <= _STRAY * np.median(distance)], axis=0)
    if margin > 0:  # around the corners of a small circle about every point
        angles = np.arange(_CIRCLE_CORNERS) * (2 * np.pi / _CIRCLE_CORNERS)
        circle = margin * np.column_stack([np.cos(angles), np.sin(angles)])
        array = (array[:, None] + circle).reshape(-1, 2)
    centred = array - array.mean(axis=0)
    strength = np.linalg.svd(centred, compute_uv=False)
    if len(array) < 3 or strength[1] <= 1e-9 * strength[0]:
        return array[[0, -1]] if len(array) > 1 else array  # sorted: the ends of the line
    return _convex_hull(array)


def _convex_hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corners of the convex hull of points that are not all on a line, counter-clockwise.

    Andrew's monotone chain (Another efficient algorithm for convex hulls in two dimensions, 1979), of the points that
    are not inside the polygon of those farthest in some directions. SciPy's hull is as quick, but loading it takes a
    quarter of a second of every start.
    """
    angles = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    farthest = np.argmax(points @ np.stack([np.cos(angles), np.sin(angles)]), axis=0)
    begin = points[farthest[farthest != np.roll(farthest, 1)]]
    edges = np.roll(begin, -1, axis=0) - begin
    away = points[:, None] - begin
    inside = (edges[:, 0] * away[..., 1] - edges[:, 1] * away[..., 0] > 0).all(axis=1)
    rest = np.unique(points[~inside], axis=0).tolist()
    return np.array([*_chain(rest), *_chain(rest[::-1])])


def _chain(points: list[list[float]]) -> list[list[float]]:
    """The corners below sorted points, from the first to the last but one."""
    corners: list[list[float]] = []
    for x, y in points:
        while len(corners) > 1:
            (x1, y1), (x2, y2) = corners[-2:]
            if (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) > 0:
                break
            corners.pop()
        corners.append([x, y])
    return corners[:-1]


def _hnne(
    vectors: NDArray[np.float32], rows: NDArray[np.int64], tree: Tree, seed: int
) -> NDArray[np.float32] | None:
    """Places by hnne on the FINCH levels of the tree, None where it can't."""
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
    with _importing:
        absent = "pynndescent" not in sys.modules and "hnne" not in sys.modules
        if absent:
            stand_in = types.ModuleType("pynndescent")
            stand_in.NNDescent = None  # type: ignore[attr-defined]
            sys.modules["pynndescent"] = stand_in
        try:
            import hnne.projector
        finally:
            if absent:
                del sys.modules["pynndescent"]
    return hnne.projector


def _umap(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32] | None:
    with _importing:
        from umap import UMAP

    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        warnings.filterwarnings("ignore", message=".*n_jobs value")  # one thread makes a seed repeatable
        warnings.filterwarnings("ignore", message="Graph is not fully connected")  # groups may well lie apart
        # The defaults draw every group together into a blob in which no clip can be told from another.
        model = UMAP(min_dist=3.0, spread=4.0, n_neighbors=15, random_state=seed)
        places = model.fit_transform(vectors)
    return places if np.isfinite(places).all() else None


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


def _principal_plane(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """First two principal components, the sign of each such that its largest value is positive."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    left, strength, _ = np.linalg.svd(centred, full_matrices=False)
    plane = np.zeros((len(vectors), 2))
    k = min(2, left.shape[1])
    plane[:, :k] = left[:, :k] * strength[:k]
    plane *= np.where(plane.max(axis=0) < -plane.min(axis=0), -1, 1)
    return plane.astype(np.float32)
