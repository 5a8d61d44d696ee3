"""Permutation test of the groups that conditions describe."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.condition_groups import ConditionGroups, Group
from slicecore.slices.permutation import PermutationMaxima

_WORK = 2.5e10  # additions; where all permutations need more there are fewer of them
_FEWEST_PERMUTATIONS = 199
_TOLERANCE = 1e-4  # of sums in single precision


def group_p_values(groups: ConditionGroups, chosen: list[Group], shuffles: int, seed: int = 0) -> list[float]:
    """Chance that any group stands out as much as each of these where errors fall on clips at random.

    There are two families, groups of the table and groups of which something was measured: p counts for all groups of
    its family, and is doubled where there are both (Bonferroni), so that many measurements do not drown the few columns
    of the table.

    Parameters
    ----------
    groups
        All groups.
    chosen
        The groups that are tested.
    shuffles
        Number of permutations; fewer where a large table has many columns.
    seed
        Seed of the permutations.
    """
    families = len({column.measured for column in groups.columns})
    maxima = {
        measured: _maxima(groups, measured, shuffles, seed)
        for measured in sorted({groups.is_measured(group) for group in chosen})
    }
    return [
        min(1.0, families * maxima[groups.is_measured(group)].p(group.evidence - _TOLERANCE))
        for group in chosen
    ]


def _maxima(groups: ConditionGroups, measured: bool, shuffles: int, seed: int) -> PermutationMaxima:
    """Largest evidence of any group of a family, for every permutation."""
    from slicecore.slices import permutation_kernels

    columns = [i for i, column in enumerate(groups.columns) if column.measured == measured]
    pairs = [
        (a, b)
        for a, b in groups.pairs
        if (groups.columns[a].measured or groups.columns[b].measured) == measured
    ]
    work = groups.n * (len(pairs) + len(columns))
    shuffles = min(shuffles, max(_FEWEST_PERMUTATIONS, int(_WORK / max(work, 1))))
    layout = _lay_out(groups, columns, pairs)
    residuals = np.sort(groups.scores.residual).astype(np.float32)

    def draw(count: int, seed: np.uint64) -> NDArray[np.float32]:
        return permutation_kernels.group_maxima(residuals, *layout, seed)[:count, None]

    return PermutationMaxima(draw, shuffles, batch=permutation_kernels.WIDTH, seed=seed)


def _lay_out(
    groups: ConditionGroups, columns: list[int], pairs: list[tuple[int, int]]
) -> tuple[NDArray, ...]:
    """All groups of a family with enough support, as `group_maxima` takes them, from the weights on."""
    scores, bins = groups.scores, groups.columns
    values = (scores.weight, scores.weight**2)
    first: list[int] = []
    last: list[int] = []
    factors = [np.zeros(0)]
    bounds = [0]
    for i in columns:
        intervals = np.array([group[1:] for group in bins[i].groups])
        running = np.array([np.append(0.0, np.cumsum(_sums(bins[i].code, bins[i].size, v))) for v in values])
        first += intervals[:, 0].tolist()
        last += intervals[:, 1].tolist()
        factors.append(scores.per_deviation(*(running[:, intervals[:, 1]] - running[:, intervals[:, 0]])))
        bounds.append(len(first))
    crossed_factors = [np.zeros(0)]
    starts = [0]
    for a, b in pairs:
        code, size = groups.crossed(a, b)
        clips, weights, squares = (_sums(code, size, v) for v in (np.ones(groups.n), *values))
        is_group = groups.are_groups(a, b, clips)
        crossed_factors.append(np.where(is_group, scores.per_deviation(weights, squares), 0))
        starts.append(starts[-1] + size)
    # In an order that depends on what is known of the clips, not on their rows.
    codes = [code for column in bins for code in (column.code, column.coarse)]
    order = np.lexsort(np.vstack([scores.weight.round(9), *codes]))

    def matrix(codes: list[NDArray[np.int32]]) -> NDArray[np.int32]:
        return np.array([code[order] for code in codes], dtype=np.int32).reshape(len(codes), groups.n)

    return (
        scores.weight[order].astype(np.float32),
        matrix([bins[i].code for i in columns]),
        np.array([bins[i].size for i in columns], dtype=np.int64),
        np.array(first, dtype=np.int64),
        np.array(last, dtype=np.int64),
        np.array(bounds, dtype=np.int64),
        np.concatenate(factors).astype(np.float32),
        matrix([column.coarse for column in bins]),
        np.array([len(column.coarse_conditions) for column in bins], dtype=np.int64),
        np.array(pairs, dtype=np.int64).reshape(-1, 2),
        np.array(starts, dtype=np.int64),
        np.concatenate(crossed_factors).astype(np.float32),
    )


def _sums(code: NDArray[np.int32], size: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = code >= 0
    return np.bincount(code[known], values[known], minlength=size).astype(np.float64)
