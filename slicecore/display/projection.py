"""Projection of the clips to places on a map."""

import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.display.hnne_layout import IMPORTING, NEEDS_PACKAGE, hnne_places
from slicecore.errors import SlicecoreError

METHODS = ("hnne", "umap")

_FEWEST_CLIPS = 20  # with fewer, hnne gives no numbers and umap no neighbourhood


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
        Seed of the random choices.

    Returns
    -------
    numpy.ndarray
        (n, 2) float32, NaN for clips in no cluster.

    Raises
    ------
    SlicecoreError
        The method is unknown, the vectors are not those of the hierarchy, or the packages of the extra `app`, which
        has both methods, are not installed.
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
    placed = None
    if len(rows) >= _FEWEST_CLIPS and known.shape[1] > 1:
        placed = hnne_places(known, rows, tree, seed) if method == "hnne" else _umap(known, seed)
    places[rows] = _principal_plane(known) if placed is None else placed
    return places


def _umap(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32] | None:
    try:
        with IMPORTING:
            from umap import UMAP
    except ImportError as error:
        raise SlicecoreError(NEEDS_PACKAGE.format("umap-learn")) from error

    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        warnings.filterwarnings("ignore", message=".*n_jobs value")  # one thread makes a seed repeatable
        warnings.filterwarnings("ignore", message="Graph is not fully connected")  # groups may well lie apart
        # The defaults draw every group together into a blob in which no clip can be told from another.
        model = UMAP(min_dist=3.0, spread=4.0, n_neighbors=15, random_state=seed)
        places = model.fit_transform(vectors)
    return places if np.isfinite(places).all() else None


def _principal_plane(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """First two principal components, the sign of each such that its largest value is positive."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    left, strength, _ = np.linalg.svd(centred, full_matrices=False)
    plane = np.zeros((len(vectors), 2))
    k = min(2, left.shape[1])
    plane[:, :k] = left[:, :k] * strength[:k]
    plane *= np.where(plane.max(axis=0) < -plane.min(axis=0), -1, 1)
    return plane.astype(np.float32)
