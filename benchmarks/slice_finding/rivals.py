"""Other ways to slices: the same thresholds on other clusters, and other rules on a hierarchy."""

import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Costs

Clusters = list[NDArray[np.int64]]


def hnne_levels(vectors: NDArray[np.float32]) -> list[Clusters]:
    """Levels of the hierarchy that h-nne builds, as they are, the finest first."""
    from hnne import HNNE

    model = HNNE(metric="euclidean", random_state=0)
    model.fit_only_hierarchy(vectors)
    return [_clusters(labels) for labels in model.hierarchy_parameters.partitions.T]


def k_means(vectors: NDArray[np.float32], k: int) -> Clusters:
    """Cluster into k."""
    from sklearn.cluster import KMeans

    return _clusters(KMeans(k, n_init=1, random_state=0).fit_predict(vectors))


def hdbscan(vectors: NDArray[np.float32], min_support: int, selection: str) -> Clusters:
    """Clusters of HDBSCAN, selection "leaf" or "eom"; what it calls noise is in none."""
    from sklearn.cluster import HDBSCAN

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        labels = HDBSCAN(min_cluster_size=min_support, cluster_selection_method=selection).fit_predict(
            vectors
        )
    return [
        members for label, members in zip(np.unique(labels), _clusters(labels), strict=True) if label >= 0
    ]


def flag(clusters: Clusters, costs: Costs, min_support: int, min_drop: float) -> Clusters:
    """Clusters that meet both thresholds."""
    return [members for members in clusters if _meets(members, costs, min_support, min_drop)]


def flag_every(levels: list[Clusters], costs: Costs, min_support: int, min_drop: float) -> Clusters:
    """Clusters of all levels that meet both thresholds, each once."""
    flagged = {
        members.tobytes(): members
        for clusters in levels
        for members in flag(clusters, costs, min_support, min_drop)
    }
    return list(flagged.values())


def unmark_parents(levels: list[Clusters], costs: Costs, min_support: int, min_drop: float) -> Clusters:
    """Clusters that meet both thresholds, but no parent that fails them without what is flagged in it."""
    owner = np.full(len(costs.numerator), -1)
    flagged: Clusters = []
    for clusters in levels:
        for members in flag(clusters, costs, min_support, min_drop):
            rest = members[owner[members] < 0]
            if len(rest) == len(members) or _meets(rest, costs, min_support, min_drop):
                owner[members] = len(flagged)
                flagged.append(members)
    return [flagged[i] for i in np.unique(owner[owner >= 0])]


def _meets(members: NDArray[np.int64], costs: Costs, min_support: int, min_drop: float) -> bool:
    if len(members) < min_support:
        return False
    words = costs.denominator[members].sum()
    return bool(words > 0 and costs.numerator[members].sum() / words - costs.value() >= min_drop)


def _clusters(labels: NDArray[np.int64]) -> Clusters:
    return list(_each(labels))


def _each(labels: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    _, where = np.unique(labels, return_inverse=True)
    order = np.argsort(where, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(where))[:-1])
