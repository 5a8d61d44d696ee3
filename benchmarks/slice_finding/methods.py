"""Methods of the benchmark by name: data set to slices.

A method returns its answers by the name of their file: most have one, ours has all slices and the confirmed ones.
Slices come in the order in which a person would look at them, ours as in `Scan`, those of a plain clustering by impact.
"""

from collections.abc import Callable

import numpy as np

from slice_finding import rivals
from slice_finding.answers import Slices
from slice_finding.data_set import DataSet
from slice_finding.domino import TUNED, DominoOptions, domino
from slice_finding.planespot import planespot
from slice_finding.spotlight import SpotlightOptions, spotlights
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.result import Scan
from slicecore.slices.scanner import Scanner

Method = Callable[[DataSet], dict[str, Slices]]

TITLES = {
    "slicecore": "slicecore",
    "slicecore-confirmed": "slicecore, confirmed slices",
    "plain": "plain rule, our tree",
    "hnne": "h-nne levels, every cluster",
    "k-means-20": "k-means, 20",
    "k-means-50": "k-means, 50",
    "hdbscan-leaf": "HDBSCAN, leaf",
    "hdbscan-eom": "HDBSCAN, eom",
    "hdbscan-leaf-10": "HDBSCAN, leaf, 10 components",
    "domino": "Domino, defaults",
    "domino-tuned": "Domino, tuned",
    "planespot": "PlaneSpot, tuned",
    "spotlight": "Spotlight, tuned",
    "sliceguard": "sliceguard 0.0.35",
    "limit": "limit of our trees",
}
"""Titles in tables, by the name of the file; those of other methods are the name itself."""


def _product(data: DataSet) -> dict[str, Slices]:
    scan = _scan(data, Options(data.min_support, data.min_drop))
    confirmed = [slice_.members for slice_ in scan.slices if slice_.tier == CONFIRMED]
    return {"slicecore": [slice_.members for slice_ in scan.slices], "slicecore-confirmed": confirmed}


def _plain(data: DataSet) -> dict[str, Slices]:
    scan = _scan(data, Options(data.min_support, data.min_drop, rule="plain", shuffles=0))
    return {"plain": [slice_.members for slice_ in scan.slices]}


def _scan(data: DataSet, options: Options) -> Scan:
    return Scanner(build_hierarchy(data.vectors), data.costs).scan(options)


def _limit(data: DataSet) -> dict[str, Slices]:
    return {"limit": _best_clusters(build_hierarchy(data.vectors), data)}


def _ranked(name: str, clusters: Callable[[DataSet], Slices]) -> Method:
    """Method whose clusters are flagged in their own order."""

    def method(data: DataSet) -> dict[str, Slices]:
        return {name: rivals.flag(clusters(data), data.costs, data.min_support, data.min_drop)}

    return method


def _unranked(name: str, clusters: Callable[[DataSet], Slices]) -> Method:
    """Method whose clusters have no order and come by impact."""
    return _ranked(name, lambda data: rivals.by_impact(clusters(data), data.costs))


METHODS: dict[str, Method] = {
    "slicecore": _product,
    "plain": _plain,
    "hnne": _unranked("hnne", lambda data: rivals.hnne_levels(data.vectors)),
    "k-means-20": _unranked("k-means-20", lambda data: rivals.k_means(data.vectors, 20)),
    "k-means-50": _unranked("k-means-50", lambda data: rivals.k_means(data.vectors, 50)),
    "hdbscan-leaf": _unranked(
        "hdbscan-leaf", lambda data: rivals.hdbscan(data.vectors, data.min_support, "leaf")
    ),
    "hdbscan-eom": _unranked(
        "hdbscan-eom", lambda data: rivals.hdbscan(data.vectors, data.min_support, "eom")
    ),
    "hdbscan-leaf-10": _unranked(
        "hdbscan-leaf-10", lambda data: rivals.hdbscan(data.vectors, data.min_support, "leaf", 10)
    ),
    "domino": _ranked("domino", lambda data: domino(data.vectors, data.costs, DominoOptions())),
    "domino-tuned": _ranked("domino-tuned", lambda data: domino(data.vectors, data.costs, TUNED)),
    "planespot": _ranked("planespot", lambda data: planespot(data.vectors, data.costs)),
    "spotlight": _ranked("spotlight", lambda data: spotlights(data.vectors, data.costs, SpotlightOptions())),
    "limit": _limit,
}


def _best_clusters(hierarchy: Hierarchy, data: DataSet) -> Slices:
    """For every planted group the cluster that meets both thresholds and overlaps most: what no choice can exceed."""
    best = []
    costs = data.costs
    for members in data.membership:
        inside = members.astype(np.float64)
        choice = (0.0, np.zeros(0, dtype=np.int64))
        for tree in hierarchy.trees:
            words = tree.sums(costs.denominator)
            drop = tree.sums(costs.numerator) / np.where(words > 0, words, np.inf) - costs.value()
            meets = (tree.size >= data.min_support) & (drop >= data.min_drop)
            common = tree.sums(inside)
            overlap = np.where(meets, common / (tree.size + inside.sum() - common), 0)
            node = int(overlap.argmax())
            if overlap[node] > choice[0]:
                choice = (float(overlap[node]), tree.members(node))
        if choice[0] > 0:
            best.append(choice[1])
    return best
