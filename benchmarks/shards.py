"""Search in shards against the search of the whole: what is found of planted groups, and core seconds.

    python benchmarks/shards.py [--clips 200000] [--shards 16] [--seeds 5] [--first-seed 20000] [--families blobs ...]
        [--compared 450]

Three ways, or four, on the same clips (benchmarks/slice_finding/generators.py, hard):

- whole: one tree per view over all clips;
- whole, so many compared: the same, but a clip is compared with so many others on average, as it is where there are
  more than 200,000;
- shards by place: per view, every clip goes to the nearest of so many centres, each shard grows a tree by itself, and
  the trees are put together under nodes that join the centres. Costs and test are of the whole;
- a sample of one clip in so many: the search of the sample, then every other clip joins the slice of the clip of the
  sample nearest to it.

Core seconds are of this process on one thread: what each machine of a cluster would do with its shard is added up.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.cluster.vq import kmeans2
from slice_finding.generators import FAMILIES, SHARES, Sample, sample
from slice_finding.judging import judge, memberships
from threadpoolctl import threadpool_limits

from slicecore.clustering import neighbours
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.clustering.neighbours import EXACT_UP_TO
from slicecore.clustering.tree import Tree
from slicecore.clustering.tree_building import build_tree, relate
from slicecore.clustering.whitening import views
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner

MIN_SUPPORT, MIN_DROP, SHUFFLES = 0.005, 0.1, 199
CENTRES_FROM = 256
"""Clips per centre from which the centres of the shards are made."""
BLOCK = 1 << 25


class Spent(dict):
    """Core seconds by stage."""

    @contextmanager
    def on(self, stage: str) -> Iterator[None]:
        """Count what is done in the context."""
        start = time.process_time()
        yield
        self[stage] = self.get(stage, 0.0) + time.process_time() - start


def whole(data: Sample, spent: Spent) -> list[NDArray[np.int64]]:
    """Slices of the search of everything."""
    with spent.on("trees"):
        hierarchy = build_hierarchy(data.vectors)
    return found(hierarchy, data, spent)


def fewer_compared(data: Sample, compared: int, spent: Spent) -> list[NDArray[np.int64]]:
    """Slices of the search of everything whose neighbours are sought among so many clips on average."""
    usual = neighbours.SETTINGS
    neighbours.SETTINGS = replace(usual, good_up_to=0, most_compared=compared)
    try:
        return whole(data, spent)
    finally:
        neighbours.SETTINGS = usual


def by_place(data: Sample, shards: int, seed: int, spent: Spent) -> list[NDArray[np.int64]]:
    """Slices of a hierarchy whose trees were grown in shards."""
    n = len(data.vectors)
    with spent.on("views"):
        tables, components = views(data.vectors, np.ones(n))
    trees = []
    for table in tables:
        with spent.on("shards"):
            centres = _centres(table, shards, seed)
            shard = _nearest(table, centres)
        parts = []
        for number in range(len(centres)):
            rows = np.flatnonzero(shard == number)
            if len(rows):
                with spent.on("trees"):
                    parts.append(
                        (centres[number], build_tree(table[rows], np.ones(len(rows)), rows, EXACT_UP_TO))
                    )
        with spent.on("merging"):
            trees.append(together(parts))
    with spent.on("agreement"):
        hierarchy = Hierarchy(n, relate(trees, max(1, len(trees) // 2)), components=(components,))
    return found(hierarchy, data, spent)


def of_sample(data: Sample, shards: int, seed: int, spent: Spent) -> list[NDArray[np.int64]]:
    """Slices of a sample, extended to all clips by the nearest clip of the sample."""
    n = len(data.vectors)
    rows = np.sort(np.random.default_rng(seed).permutation(n)[: n // shards])
    costs = data.costs["WER"]
    costs = replace(costs, numerator=costs.numerator[rows], denominator=costs.denominator[rows])
    with spent.on("trees"):
        hierarchy = build_hierarchy(data.vectors[rows])
    with spent.on("scan"):
        slices = Scanner(hierarchy, costs).scan(_options()).slices
    with spent.on("extension"):
        half_whitened = views(data.vectors, np.ones(n)).components.astype(np.float32)
        of_row = np.full(len(rows), -1)
        for number, slice_ in enumerate(slices):
            of_row[slice_.members] = number
        joined = of_row[_nearest(half_whitened, half_whitened[rows])]
    return [np.flatnonzero(joined == number) for number in range(len(slices))]


def found(hierarchy: Hierarchy, data: Sample, spent: Spent) -> list[NDArray[np.int64]]:
    """Slices of a hierarchy over all clips."""
    with spent.on("scan"):
        scan = Scanner(hierarchy, data.costs["WER"]).scan(_options())
    return [slice_.members for slice_ in scan.slices]


def together(parts: list[tuple[NDArray, Tree]]) -> Tree:
    """The trees of shards under nodes that join their centres, the nearest first."""
    if len(parts) == 1:
        return parts[0][1]
    joins = linkage([centre for centre, _ in parts], "ward")[:, :2].astype(int).tolist()
    emitted: list[tuple[str, int]] = []
    stack: list[tuple[int, bool]] = [(len(parts) + len(joins) - 1, False)]
    while stack:
        node, is_done = stack.pop()
        if node < len(parts):
            emitted.append(("tree", node))
        elif is_done:
            emitted.append(("join", node))
        else:
            left, right = joins[node - len(parts)]
            stack += [(node, True), (right, False), (left, False)]
    columns: dict[str, list] = defaultdict(list)
    root, clips, nodes = {}, 0, 0
    mean = {number: centre.astype(np.float64) for number, (centre, _) in enumerate(parts)}
    parent_of: list[tuple[int, int]] = []
    facts: dict[int, tuple[int, int, float]] = {}
    for kind, node in emitted:
        if kind == "tree":
            tree = parts[node][1]
            columns["order"].append(tree.order)
            columns["parent"].append(np.where(tree.parent < 0, -1, tree.parent + nodes))
            columns["start"].append(tree.start + clips)
            columns["end"].append(tree.end + clips)
            for name in ("level", "scatter", "split", "gap", "agreement", "mix_support"):
                columns[name].append(getattr(tree, name))
            facts[node] = (clips, clips + len(tree.order), float(tree.scatter[-1]))
            clips += len(tree.order)
            nodes += len(tree.parent)
        else:
            left, right = joins[node - len(parts)]
            (start, middle, a), (_, end, b) = facts[left], facts[right]
            sizes = middle - start, end - middle
            mean[node] = (sizes[0] * mean[left] + sizes[1] * mean[right]) / sum(sizes)
            split = sizes[0] * sizes[1] / sum(sizes) * float(((mean[left] - mean[right]) ** 2).sum())
            facts[node] = (start, end, a + b + split)
            parent_of += [(root[left], nodes), (root[right], nodes)]
            columns["parent"].append(np.array([-1]))
            columns["start"].append(np.array([start]))
            columns["end"].append(np.array([end]))
            columns["level"].append(np.array([-1]))
            columns["scatter"].append(np.array([a + b + split]))
            columns["split"].append(np.array([split]))
            columns["gap"].append(np.zeros(1))
            columns["agreement"].append(np.ones(1))
            columns["mix_support"].append(np.zeros_like(parts[0][1].mix_support[:1]))
            nodes += 1
        root[node] = nodes - 1
    arrays = {name: np.concatenate(values) for name, values in columns.items()}
    for child, parent in parent_of:
        arrays["parent"][child] = parent
    return Tree(**arrays, recall=min(tree.recall for _, tree in parts))


def _options() -> Options:
    return Options(MIN_SUPPORT, MIN_DROP, shuffles=SHUFFLES)


def _centres(points: NDArray[np.float32], shards: int, seed: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    some = points[np.sort(rng.permutation(len(points))[: CENTRES_FROM * shards])]
    return kmeans2(some, some[rng.permutation(len(some))[:shards]], iter=10, minit="matrix")[0]


def _nearest(points: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.int64]:
    half_square = np.einsum("ij,ij->i", others, others) / 2
    nearest = np.empty(len(points), dtype=np.int64)
    step = max(1, BLOCK // len(others))
    for begin in range(0, len(points), step):
        nearest[begin : begin + step] = (half_square - points[begin : begin + step] @ others.T).argmin(axis=1)
    return nearest


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=int, default=200_000)
    parser.add_argument("--shards", type=int, default=16)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=20_000)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=["blobs"])
    parser.add_argument("--compared", type=int)
    options = parser.parse_args()
    ways: dict[str, Callable[[Sample, int, Spent], list[NDArray[np.int64]]]] = {
        "whole": lambda data, seed, spent: whole(data, spent),
        f"{options.shards} shards by place": lambda data, seed, spent: by_place(
            data, options.shards, seed, spent
        ),
        f"sample of 1 in {options.shards}": lambda data, seed, spent: of_sample(
            data, options.shards, seed, spent
        ),
    }
    if options.compared:
        ways[f"whole, {options.compared} compared"] = lambda data, seed, spent: fewer_compared(
            data, options.compared, spent
        )
    print("| family, clips | way | found of 5 | error | false | overlap | core s | of it |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for family in options.families:
        judged, spent = defaultdict(list), defaultdict(Spent)
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            data = sample(family, options.clips, "hard", seed)
            membership = memberships(data.group)
            for way, search in ways.items():
                with threadpool_limits(1):
                    judged[way].append(judge(search(data, seed, spent[way]), membership))
        for way, results in judged.items():
            hits = np.array([each.found for each in results])
            error = hits.std(ddof=1) / np.sqrt(len(hits)) if len(hits) > 1 else float("nan")
            stages = ", ".join(f"{stage} {seconds / len(hits):.1f}" for stage, seconds in spent[way].items())
            print(
                f"| {family}, {options.clips:,} | {way} | {hits.mean():.2f} | {error:.2f} | "
                f"{np.mean([each.false for each in results]):.2f} | {np.mean([each.overlap for each in results]):.3f} "
                f"| {sum(spent[way].values()) / len(hits):.1f} | {stages} |",
                flush=True,
            )


if __name__ == "__main__":
    assert len(SHARES) == 5  # "found of 5" in the head of the table
    main()
