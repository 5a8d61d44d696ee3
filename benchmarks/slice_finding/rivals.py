"""Other ways to clusters, and the thresholds that every method ends with."""

import warnings

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Costs

Clusters = list[NDArray[np.int64]]


def hnne_levels(vectors: NDArray[np.float32]) -> Clusters:
    """Clusters of all levels of the hierarchy that h-nne builds, each once, the finest first."""
    from hnne import HNNE

    model = HNNE(metric="euclidean", random_state=0)
    model.fit_only_hierarchy(vectors)
    levels = [_clusters(labels) for labels in model.hierarchy_parameters.partitions.T]
    return list({members.tobytes(): members for clusters in levels for members in clusters}.values())


def k_means(vectors: NDArray[np.float32], k: int) -> Clusters:
    """Cluster into k."""
    from sklearn.cluster import KMeans

    return _clusters(KMeans(k, n_init=1, random_state=0).fit_predict(vectors))


def hdbscan(
    vectors: NDArray[np.float32], min_support: int, selection: str, principal: int | None = None
) -> Clusters:
    """Clusters of HDBSCAN, selection "leaf" or "eom", on all dimensions or so many principal components.

    What it calls noise is in no cluster.
    """
    from sklearn.cluster import HDBSCAN
    from sklearn.decomposition import PCA

    if principal:
        vectors = PCA(principal, random_state=0).fit_transform(vectors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        labels = HDBSCAN(min_cluster_size=min_support, cluster_selection_method=selection).fit_predict(
            vectors
        )
    return [
        members for label, members in zip(np.unique(labels), _clusters(labels), strict=True) if label >= 0
    ]


def flag(clusters: Clusters, costs: Costs, min_support: int, min_drop: float) -> Clusters:
    """Clusters that meet both thresholds, in their order."""
    return [members for members in clusters if _meets(members, costs, min_support, min_drop)]


def by_impact(clusters: Clusters, costs: Costs) -> Clusters:
    """Clusters, those with the most errors above the overall rate first."""
    excess = costs.numerator - costs.value() * costs.denominator
    return sorted(clusters, key=lambda members: -excess[members].sum())


def _meets(members: NDArray[np.int64], costs: Costs, min_support: int, min_drop: float) -> bool:
    if len(members) < min_support:
        return False
    words = costs.denominator[members].sum()
    return bool(words > 0 and costs.numerator[members].sum() / words - costs.value() >= min_drop)


def _clusters(labels: NDArray[np.int64]) -> Clusters:
    _, where = np.unique(labels, return_inverse=True)
    order = np.argsort(where, kind="stable")
    return list(np.split(order, np.cumsum(np.bincount(where))[:-1]))
