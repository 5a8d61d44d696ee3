"""Our rule and its rivals on the same vectors, errors and thresholds."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slice_finding import rivals
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.options import CONFIRMED
from slicecore.slices.scanner import scan

OURS, OURS_CONFIRMED = "slicecore", "slicecore, confirmed slices"
PLAIN = "plain rule, our tree"
LIMIT = "limit of our trees"
SLICEGUARD = "sliceguard 0.0.35"
METHODS = (
    OURS,
    OURS_CONFIRMED,
    PLAIN,
    "h-nne levels, every cluster",
    "h-nne levels, parents unmarked",
    "k-means, 20",
    "k-means, 50",
    "HDBSCAN, leaf",
    "HDBSCAN, eom",
    SLICEGUARD,
    LIMIT,
)


@dataclass(frozen=True, eq=False)
class Answer:
    """Slices of a method under one metric, and its CPU time from vectors to slices."""

    method: str
    metric: str
    slices: list[NDArray[np.int64]]
    cpu_s: float


def answers(
    vectors: NDArray[np.float32],
    costs: dict[str, Costs],
    min_support: int,
    min_drop: float,
    *,
    with_hdbscan: bool,
    group: NDArray[np.int64],
) -> Iterator[Answer]:
    """Every method but sliceguard, which runs elsewhere. `group` is for the limit of our trees alone."""
    hierarchy, building = _timed(lambda: build_hierarchy(vectors))
    thresholds: dict[str, float] = {"min_support": min_support, "min_drop": min_drop}
    for metric, of_clips in costs.items():
        result, seconds = _timed(lambda c=of_clips: scan(hierarchy, c, **thresholds))
        confirmed = [slice_ for slice_ in result.slices if slice_.tier == CONFIRMED]
        for name, slices in ((OURS, result.slices), (OURS_CONFIRMED, confirmed)):
            yield Answer(name, metric, [slice_.members for slice_ in slices], building + seconds)
        plain, seconds = _timed(lambda c=of_clips: scan(hierarchy, c, rule="plain", shuffles=0, **thresholds))
        yield Answer(PLAIN, metric, [slice_.members for slice_ in plain.slices], building + seconds)
        yield Answer(LIMIT, metric, _best_nodes(hierarchy, of_clips, group, min_support, min_drop), building)
    levels, clustering = _timed(lambda: rivals.hnne_levels(vectors))
    for name, rule in (
        ("h-nne levels, every cluster", rivals.flag_every),
        ("h-nne levels, parents unmarked", rivals.unmark_parents),
    ):
        for metric, of_clips in costs.items():
            slices, seconds = _timed(lambda r=rule, c=of_clips: r(levels, c, min_support, min_drop))
            yield Answer(name, metric, slices, clustering + seconds)
    flat: dict[str, Callable[[], rivals.Clusters]] = {
        "k-means, 20": lambda: rivals.k_means(vectors, 20),
        "k-means, 50": lambda: rivals.k_means(vectors, 50),
    }
    if with_hdbscan:
        flat["HDBSCAN, leaf"] = lambda: rivals.hdbscan(vectors, min_support, "leaf")
        flat["HDBSCAN, eom"] = lambda: rivals.hdbscan(vectors, min_support, "eom")
    for name, cluster in flat.items():
        clusters, clustering = _timed(cluster)
        for metric, of_clips in costs.items():
            slices, seconds = _timed(lambda k=clusters, c=of_clips: rivals.flag(k, c, min_support, min_drop))
            yield Answer(name, metric, slices, clustering + seconds)


def compile_everything() -> None:
    """Run once what is compiled on first use, so that it is in nobody's seconds."""
    rng = np.random.default_rng(0)
    costs = {"WER": Costs(rng.poisson(1, size=300).astype(float), np.full(300, 5.0), name="WER")}
    vectors = rng.normal(size=(300, 8)).astype(np.float32)
    for _ in answers(vectors, costs, 5, 0.1, with_hdbscan=True, group=np.full(300, -1)):
        pass


def _best_nodes(
    hierarchy: Hierarchy, costs: Costs, group: NDArray[np.int64], min_support: int, min_drop: float
) -> list[NDArray[np.int64]]:
    """For every planted group the cluster that meets both thresholds and overlaps most: what no choice can exceed."""
    best = []
    for i in range(int(group.max(initial=-1)) + 1):
        inside = (group == i).astype(np.float64)
        choice: tuple[float, NDArray[np.int64]] = (0.0, np.zeros(0, dtype=np.int64))
        for tree in hierarchy.trees:
            words = tree.sums(costs.denominator)
            drop = tree.sums(costs.numerator) / np.where(words > 0, words, np.inf) - costs.value()
            meets = (tree.size >= min_support) & (drop >= min_drop)
            common = tree.sums(inside)
            overlap = np.where(meets, common / (tree.size + inside.sum() - common), 0)
            node = int(overlap.argmax())
            if overlap[node] > choice[0]:
                choice = (float(overlap[node]), tree.members(node))
        if choice[0] > 0:
            best.append(choice[1])
    return best


def _timed(task: Callable) -> tuple:
    begin = time.process_time()
    outcome = task()
    return outcome, time.process_time() - begin
