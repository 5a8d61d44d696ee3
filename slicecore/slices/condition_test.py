"""Permutation test of the groups that conditions describe."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.slices import condition_groups
from slicecore.slices.condition_groups import ConditionGroups, Group, binned, spanned
from slicecore.slices.group_effects import GroupEffects
from slicecore.slices.permutation import PermutationMaxima

_WORK = 2.5e10  # additions; where all permutations need more there are fewer of them
_FEWEST_PERMUTATIONS = 199
_TOLERANCE = 1e-4  # of sums in single precision


def group_p_values(groups: ConditionGroups, chosen: list[Group], shuffles: int, seed: int = 0) -> list[float]:
    """Chance that any group gains as much as each of these where errors fall on clips at random.

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
    kinds = [(groups.is_measured(group), groups.is_of_one_group(groups.members(group))) for group in chosen]
    maxima = {kind: _maxima(groups, *kind, shuffles, seed) for kind in sorted(set(kinds))}
    return [
        min(1.0, families * maxima[kind].p(group.gain - _TOLERANCE))
        for kind, group in zip(kinds, chosen, strict=True)
    ]


def _maxima(
    groups: ConditionGroups, measured: bool, of_one_group: bool, shuffles: int, seed: int
) -> PermutationMaxima:
    """Largest gain of any group of a family, for every permutation.

    Where clips come in groups, effects are dealt out to these, but for what is of one such group: to the clips.
    """
    from slicecore.slices import condition_kernels, dealing_kernels

    columns = [i for i, column in enumerate(groups.columns) if column.measured == measured]
    pairs = groups.pairs_of(measured)
    work = len(groups.clips) * (len(pairs) + len(columns))
    shuffles = min(shuffles, max(_FEWEST_PERMUTATIONS, int(_WORK / max(work, 1))))
    effects = None if of_one_group else groups.effects
    # In an order that depends on what is known of the clips, not on their rows.
    known: list[NDArray] = [
        groups.scores.weight.round(9),
        *(column.code[groups.clips] for column in groups.columns),
    ]
    place = np.lexsort(np.vstack(known if effects is None else [*known, effects.group]))
    order = groups.clips[place]
    weight = groups.weight[order].astype(np.float32)
    layout = (
        weight,
        *_single_layout(groups, columns, measured, order),
        *_pair_layout(groups, pairs, measured, order),
    )
    limits = (
        condition_groups.SETTINGS.extended_from,
        groups.min_support,
        groups.scores.deviation,
        groups.rate.share,
    )
    residuals = np.sort(groups.scores.residual).astype(np.float32)
    dealt = None if effects is None else _dealt_parts(effects, place)

    def draw(count: int, seed: np.uint64) -> NDArray[np.float32]:
        if dealt is None:
            block = dealing_kernels.dealt_to_clips(residuals, weight, seed)
        else:
            block = dealing_kernels.dealt_to_groups(*dealt, weight, seed)
        return condition_kernels.group_maxima(block, *layout, *limits)[:count, None]

    return PermutationMaxima(draw, shuffles, batch=dealing_kernels.WIDTH, seed=seed)


def _dealt_parts(effects: GroupEffects, place: NDArray[np.int64]) -> tuple[NDArray, ...]:
    """Effects and own parts as `dealt_to_groups` takes them, of the clips in an order."""
    return effects.own, np.sort(effects.effect), effects.group[place], effects.sensitivity[place]


def _single_layout(
    groups: ConditionGroups, columns: list[int], measured: bool, order: NDArray[np.int64]
) -> tuple[NDArray, ...]:
    """Groups of one column, as `group_maxima` takes them."""
    scores, prices = groups.scores, groups.prices[measured]
    sums, spans = [np.zeros((2, 0))], [np.zeros((0, 2), dtype=np.int64)]
    factors, means, price = [np.zeros(0)], [np.zeros(0)], [np.zeros(0)]
    counts = range(2, condition_groups.SETTINGS.most_joined + 1)
    for i in columns:
        column = groups.columns[i]
        of_bins = binned(column.code, column.size, [groups.weight, groups.weight**2])
        intervals = np.concatenate([column.simple, column.inner])
        sums.append(of_bins)
        spans.append(intervals)
        weights, squares = spanned(of_bins, intervals)
        factors.append(scores.per_deviation(weights, squares))
        means.append(groups.per_mean(weights))
        price.append(
            np.repeat([prices.simple(column), prices.inner(column)], [len(column.simple), len(column.inner)])
        )
    joined = [[prices.joined(groups.columns[i], count) for count in counts] for i in columns]
    least = [prices.simple(groups.columns[i]) for i in columns]
    weights, squares = np.concatenate(sums, axis=1)
    first, last = np.concatenate(spans).T
    return (
        _matrix([groups.columns[i].code for i in columns], order),
        _starts([groups.columns[i].size for i in columns]),
        weights.copy(),
        squares.copy(),
        np.array(joined, dtype=np.float32).reshape(len(columns), len(counts)),
        np.array(least, dtype=np.float32),
        first.copy(),
        last.copy(),
        _starts([len(intervals) for intervals in spans[1:]]),
        np.concatenate(factors).astype(np.float32),
        np.concatenate(means).astype(np.float32),
        np.concatenate(price).astype(np.float32),
    )


def _pair_layout(
    groups: ConditionGroups, pairs: list[tuple[int, int]], measured: bool, order: NDArray[np.int64]
) -> tuple[NDArray, ...]:
    """Groups of two columns and of three, as `group_maxima` takes them."""
    scores, prices, bins = groups.scores, groups.prices[measured], groups.columns
    values = [groups.distinct, groups.weight, groups.weight**2]
    factors, means = [np.zeros(0)], [np.zeros(0)]
    for a, b in pairs:
        clips, weights, squares = groups.crossed(a, b, values)
        is_group = groups.are_groups(a, b, clips)
        factors.append(np.where(is_group, scores.per_deviation(weights, squares), 0).ravel())
        means.append(groups.per_mean(weights).ravel())
    spans = np.concatenate([np.zeros((0, 2), dtype=np.int64), *(column.coarse_spans for column in bins)])
    thirds = np.full(len(bins), np.inf, dtype=np.float32)
    for i in groups.thirds_of(measured):
        thirds[i] = prices.third(bins[i])
    return (
        _matrix(groups.coarse, order),
        _starts([column.coarse_size for column in bins]),
        spans[:, 0].copy(),
        spans[:, 1].copy(),
        _starts([len(column.coarse_spans) for column in bins]),
        np.array(pairs, dtype=np.int64).reshape(-1, 2),
        _starts([len(factor) for factor in factors[1:]]),
        np.concatenate(factors).astype(np.float32),
        np.concatenate(means).astype(np.float32),
        np.array([prices.pair(bins[a], bins[b]) for a, b in pairs], dtype=np.float32),
        thirds,
    )


def _matrix(codes: list[NDArray[np.int32]], order: NDArray[np.int64]) -> NDArray[np.int32]:
    """(columns, n) bins in an order of the clips."""
    return np.array([code[order] for code in codes], dtype=np.int32).reshape(len(codes), len(order))


def _starts(sizes: list[int]) -> NDArray[np.int64]:
    """First position of every part, and the length of all."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
