"""Whether the same clips give the same slices."""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from slice_finding.generators import Sample, sample
from slice_finding.planted import MIN_DROP, min_support
from slicecore.costs import Costs
from slicecore.hierarchy import build_hierarchy
from slicecore.scan import scan
from slicecore.significance import P_CONFIRMED

DROPPED = 0.01


def table(sizes: dict[int, int], families: tuple[str, ...], first_seed: int) -> str:
    """A row per family and size, over so many hard data sets of each size."""
    lines = [
        "| family | n | sets | same input | rows shuffled | one thread | 1 % of rows dropped | of these, confirmed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for family in families:
        for n, count in sizes.items():
            same, overlaps, sure = np.zeros((3, count), dtype=int), [], []
            for i in range(count):
                data = sample(family, n, "hard", first_seed + i)
                rng = np.random.default_rng(first_seed + i)
                first = _slices(data, np.arange(n))
                same[0, i] = _slices(data, np.arange(n)) == first
                same[1, i] = _slices(data, rng.permutation(n)) == first
                with threadpool_limits(1):
                    same[2, i] = _slices(data, np.arange(n)) == first
                kept = np.sort(rng.choice(n, size=n - round(DROPPED * n), replace=False))
                after = _slices(data, kept)
                overlaps += _best_overlaps(first, after, kept)
                confirmed = {rows: told for rows, told in first.items() if told[1] <= P_CONFIRMED}
                sure += _best_overlaps(confirmed, after, kept)
            cells = [f"{row.sum()} of {count} identical" for row in same]
            cells += [f"{np.mean(overlaps):.3f}", f"{np.mean(sure):.3f}"]
            lines.append(f"| {family} | {n} | {count} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _slices(data: Sample, rows: NDArray[np.int64]) -> dict[frozenset[int], tuple[str, float | None]]:
    """Id and p of every slice among some rows, by its rows in the data set."""
    whole = data.costs["WER"]
    costs = Costs(whole.numerator[rows], whole.denominator[rows], name=whole.name)
    hierarchy = build_hierarchy(data.vectors[rows])
    found = scan(
        hierarchy,
        costs,
        min_support=min_support(len(data.group)),
        min_drop=MIN_DROP,
        ids=[str(row) for row in rows],
    )
    return {frozenset(rows[one.members].tolist()): (one.id, one.p_value) for one in found.slices}


def _best_overlaps(
    before: dict[frozenset[int], tuple[str, float | None]],
    after: dict[frozenset[int], tuple[str, float | None]],
    kept: NDArray[np.int64],
) -> list[float]:
    """Per slice of all rows the best Jaccard index, among the rows kept, with a slice of those."""
    remaining = set(kept.tolist())
    return [
        max((len(one & other & remaining) / len(one & remaining | other) for other in after), default=0.0)
        for one in before
    ]
