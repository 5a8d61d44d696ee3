"""Stability of slices: the same clips in another order or on one thread, and where one of a hundred is missing."""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from slice_finding.generators import Sample, sample
from slice_finding.planted import MIN_DROP, min_support
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.options import P_CONFIRMED
from slicecore.slices.scanner import scan

DROPPED = 0.01
DRAWS = 5  # of the rows that are dropped: one draw alone moves the mean by several hundredths

Slices = dict[frozenset[int], tuple[str, float | None]]
"""Id and p of every slice, by its rows in the data set."""


def table(sizes: dict[int, int], families: tuple[str, ...], first_seed: int) -> str:
    """A row per family and size, over so many hard data sets of each size.

    The last column is what no choice can exceed: the best index of a slice with any cluster there is without the rows.
    """
    lines = [
        "| family | n | sets | same input | rows shuffled | one thread | 1 % of rows dropped | of these, confirmed "
        "| best cluster there is |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for family in families:
        for n, count in sizes.items():
            same = np.zeros((3, count), dtype=int)
            overlaps: list[float] = []
            sure: list[float] = []
            limits: list[float] = []
            for i in range(count):
                data = sample(family, n, "hard", first_seed + i)
                rng = np.random.default_rng(first_seed + i)
                first, _ = _slices(data, np.arange(n))
                same[0, i] = _slices(data, np.arange(n))[0] == first
                same[1, i] = _slices(data, rng.permutation(n))[0] == first
                with threadpool_limits(1):
                    same[2, i] = _slices(data, np.arange(n))[0] == first
                confirmed = {rows: (name, p) for rows, (name, p) in first.items() if p <= P_CONFIRMED}
                for _ in range(DRAWS):
                    remaining = np.sort(rng.choice(n, size=n - round(DROPPED * n), replace=False))
                    after, hierarchy = _slices(data, remaining)
                    overlaps += _best_overlaps(first, after, remaining)
                    sure += _best_overlaps(confirmed, after, remaining)
                    limits += _best_clusters(first, hierarchy, remaining)
            cells = [f"{row.sum()} of {count} identical" for row in same]
            cells += [f"{np.mean(overlaps):.3f}", f"{np.mean(sure):.3f}", f"{np.mean(limits):.3f}"]
            lines.append(f"| {family} | {n} | {count} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _slices(data: Sample, rows: NDArray[np.int64]) -> tuple[Slices, Hierarchy]:
    whole = data.costs["WER"]
    costs = Costs(whole.numerator[rows], whole.denominator[rows], name=whole.name)
    hierarchy = build_hierarchy(data.vectors[rows])
    result = scan(
        hierarchy,
        costs,
        min_support=min_support(len(data.group)),
        min_drop=MIN_DROP,
        ids=[str(row) for row in rows],
    )
    slices = {frozenset(rows[s.members].tolist()): (s.id, s.p_value) for s in result.slices}
    return slices, hierarchy


def _best_overlaps(before: Slices, after: Slices, rows: NDArray[np.int64]) -> list[float]:
    """Best Jaccard index of every slice of all rows with a slice of the remaining rows, among these."""
    remaining = set(rows.tolist())
    return [
        max(
            (len(slice_ & other & remaining) / len(slice_ & remaining | other) for other in after),
            default=0.0,
        )
        for slice_ in before
    ]


def _best_clusters(before: Slices, hierarchy: Hierarchy, rows: NDArray[np.int64]) -> list[float]:
    """Best Jaccard index of every slice of all rows with any cluster of the remaining rows."""
    best = []
    for slice_ in before:
        inside = np.isin(rows, list(slice_)).astype(np.float64)
        common = [tree.sums(inside) for tree in hierarchy.trees]
        best.append(
            max(
                float((shared / (tree.size + inside.sum() - shared)).max())
                for tree, shared in zip(hierarchy.trees, common, strict=True)
            )
        )
    return best
