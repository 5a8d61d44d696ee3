"""Permutation test of the groups that conditions describe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import intervals
from slicecore.slices import cluster_null, condition_groups, dealing, shared_shuffles
from slicecore.slices.bin_sums import binned, spanned
from slicecore.slices.bins import Bins
from slicecore.slices.condition_groups import ConditionGroups, Group
from slicecore.slices.condition_maxima import (
    CellGroups,
    ConditionMaxima,
    Evidence,
    JoinedValues,
    PairGroups,
    ThirdConditions,
    as_members,
)
from slicecore.slices.group_effects import GroupEffects
from slicecore.slices.permutation import PermutationMaxima, within_work
from slicecore.slices.shared_shuffles import SharedShuffles
from slicecore.storage.array_cache import entry, load_arrays, store_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder

_WORK = 2.5e10  # additions; where all permutations need more there are fewer of them
_Deal = Callable[[int, np.random.Generator], NDArray[np.floating]]
"""Gives the scores of so many permutations, (n, count), or of fewer where there are very many clips."""
_TOLERANCE = 1e-4  # of sums in single precision
_NUMBER = 2
"""Raised when the same permutations give other maxima."""


def group_p_values(
    groups: ConditionGroups, chosen: list[Group], shuffles: int, seed: int = 0, cache: Path | None = None
) -> list[tuple[float, int]]:
    """Chance that any group gains as much as each of these by luck, and the number of permutations that it is of.

    By luck errors fall on clips at random. There are two families, groups of the table and groups of which something
    was measured: p counts for all groups of its family, and is doubled where there are both (Bonferroni), so that many
    measurements do not drown the few columns of the table. Of very many clips there are no more permutations once a
    group can't be confirmed any more.

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
    cache
        Folder of the cache, where what they gave is kept; None: nowhere.
    """
    families = len({column.measured for column in groups.columns})
    kinds = [(groups.is_measured(group), groups.is_of_one_group(groups.members(group))) for group in chosen]
    maxima = {kind: _maxima(groups, *kind, shuffles, seed, cache) for kind in sorted(set(kinds))}
    is_large = len(groups.clips) > shared_shuffles.LARGE
    tested = [
        maxima[kind].tested(group.gain - _TOLERANCE, stop_early=is_large)
        for kind, group in zip(kinds, chosen, strict=True)
    ]
    return [(min(1.0, families * p), count) for p, count in tested]


def _maxima(
    groups: ConditionGroups, measured: bool, of_one_group: bool, shuffles: int, seed: int, cache: Path | None
) -> PermutationMaxima:
    """Largest gain of any group of a family, for every permutation.

    Where clips come in groups, effects are dealt out to these, but for what is of one such group: to the clips.
    """
    columns = [i for i, column in enumerate(groups.columns) if column.measured == measured]
    pairs = groups.pairs_of(measured)
    work = len(groups.clips) * (len(pairs) + len(columns))
    shuffles = within_work(shuffles, work, _WORK)
    effects = None if of_one_group else groups.effects
    laid_out: list[tuple[ConditionMaxima, _Deal]] = []
    lock = threading.Lock()

    def draw(count: int, batch_seed: np.uint64) -> NDArray[np.float64]:
        with lock:  # not before: where all maxima are cached, nothing is laid out
            if not laid_out:
                laid_out.append(_laid_out(groups, columns, pairs, measured, effects, seed))
        maxima, deal = laid_out[0]
        random = dealing.generator(batch_seed)
        largest = np.zeros(0)
        while len(largest) < count:
            largest = np.concatenate([largest, maxima.largest(deal(count - len(largest), random))])
        return largest[:, None]

    found = PermutationMaxima(draw, shuffles, batch=dealing.WIDTH, seed=seed)
    if cache is not None:
        settings = version_of(_NUMBER, condition_groups.SETTINGS, cluster_null.SETTINGS)
        name = f"conditions {settings} {shuffles} {seed} {measured} {of_one_group}"
        path = entry(cache, CacheFolder.SHUFFLES, name, arrays=groups.inputs)
        stored = load_arrays(path)
        found.start_with(stored["maxima"] if stored else None, lambda maxima: _store(path, maxima))
    return found


def _store(path: Path, maxima: NDArray[np.floating]) -> None:
    store_arrays(path, {"maxima": maxima})


def _dealer(
    residual: NDArray[np.float64],
    weight: NDArray[np.float32],
    effects: GroupEffects | None,
    place: NDArray[np.int64],
    seed: int,
) -> _Deal:
    """Function that deals residuals to clips in an order, and effects to their groups where these are given."""
    if effects is None:
        parts: tuple[NDArray, ...] = (np.sort(residual),)
    else:
        parts = effects.own, np.sort(effects.effect), effects.group[place], effects.sensitivity[place]
    if len(weight) > shared_shuffles.LARGE:
        shared = SharedShuffles(parts[0], dealing.WIDTH, seed)
        of_groups = None if effects is None else (parts[1], parts[2], parts[3].astype(np.float32))
        return lambda count, random: shared.dealt(random, weight, of_groups)[:, :count]
    if effects is None:
        return lambda count, random: dealing.dealt_to_clips(parts[0], weight, count, random)
    return lambda count, random: dealing.dealt_to_groups(parts, weight, count, random)


def _laid_out(
    groups: ConditionGroups,
    columns: list[int],
    pairs: list[tuple[int, int]],
    measured: bool,
    effects: GroupEffects | None,
    seed: int,
) -> tuple[ConditionMaxima, _Deal]:
    """Groups of a family, of the clips in an order, and what deals residuals to these.

    The order depends on what is known of the clips, not on their rows.
    """
    known: list[NDArray] = [
        groups.scores.weight.round(9),
        *(column.code[groups.clips] for column in groups.columns),
    ]
    place = np.lexsort(tuple(known if effects is None else [*known, effects.group]))
    order = groups.clips[place]
    bins = [groups.columns[i] for i in columns]
    start = _starts([column.size + 1 for column in bins])
    cells = _matrix([column.code for column in bins], order, start[:-1] + 1)
    thirds = [i for i in groups.thirds_of(measured) if len(groups.columns[i].coarse_spans)]
    weight = groups.weight[order].astype(np.float32)
    maxima = ConditionMaxima(
        _single(groups, bins, measured, start),
        cells,
        _joined(groups, bins, measured, start),
        _pairs(groups, pairs, measured, order) if pairs else None,
        _thirds(groups, thirds, measured, order) if thirds else None,
        Evidence(groups.scores.deviation, len(order), groups.rate),
        weight,
        condition_groups.SETTINGS.extended_from,
    )
    return maxima, _dealer(groups.scores.residual, weight, effects, place, seed)


def _single(
    groups: ConditionGroups, bins: list[Bins], measured: bool, start: NDArray[np.int64]
) -> CellGroups:
    """Groups of one condition."""
    prices = groups.prices[measured]
    cells, counts, sums, price = [], [], [], []
    for column, first in zip(bins, start.tolist(), strict=False):
        spans = np.concatenate([column.simple, column.inner])
        begin, end = spans.T
        count = np.where(end < begin, end + column.size, end) - begin  # some go round the clock
        cells.append(intervals(begin, count) % max(column.size, 1) + first + 1)
        counts.append(count)
        of_bins = binned(column.code, column.size, groups.values[:, -2:])
        sums.append(spanned(of_bins, spans))
        each = [prices.simple(column), prices.inner(column)]
        price.append(np.repeat(each, [len(column.simple), len(column.inner)]))
    weights, squares = np.concatenate(sums, axis=1)
    return CellGroups(
        as_members(np.concatenate(cells), np.concatenate(counts), int(start[-1])),
        _tall(groups.scores.per_deviation(weights, squares)),
        _tall(groups.per_mean(weights)),
        _tall(np.concatenate(price)),
    )


def _joined(
    groups: ConditionGroups, bins: list[Bins], measured: bool, start: NDArray[np.int64]
) -> list[JoinedValues]:
    """Columns of which a condition may join values."""
    prices, counts = groups.prices[measured], range(2, condition_groups.SETTINGS.most_joined + 1)
    joined = []
    for column, first in zip(bins, start.tolist(), strict=False):
        price = np.array([prices.joined(column, count) for count in counts])
        if price[0] < np.inf:
            weights, squares = binned(column.code, column.size, groups.values[:, -2:])
            cells = slice(first + 1, first + 1 + column.size)
            joined.append(JoinedValues(cells, weights, squares, price, prices.simple(column)))
    return joined


def _pairs(
    groups: ConditionGroups, pairs: list[tuple[int, int]], measured: bool, order: NDArray[np.int64]
) -> PairGroups:
    """Groups of two conditions."""
    bins, prices = groups.columns, groups.prices[measured]
    number, known = {pair: i for i, pair in enumerate(pairs)}, groups.pair_sums
    of_family = np.array([number.get(pair, -1) for pair in groups.pairs])
    own = np.flatnonzero(of_family[known.pair] >= 0)
    pair, at_a, at_b = of_family[known.pair[own]], known.at_a[own], known.at_b[own]
    *_, weights, squares = known.sums[:, own]
    price = np.array([prices.pair(bins[a], bins[b]) for a, b in pairs])[pair]
    sizes, crossed = np.array([column.coarse_size + 1 for column in bins]), np.array(pairs)
    width, start = sizes[crossed[:, 1]], _starts(sizes[crossed].prod(axis=1))
    spans = np.concatenate([column.coarse_spans for column in bins])
    before = _starts([len(column.coarse_spans) for column in bins])
    first_a, last_a = spans[before[crossed[pair, 0]] + at_a].T
    first_b, last_b = spans[before[crossed[pair, 1]] + at_b].T
    # The cells of a group: for each of its bins of the first column, an interval of bins of the second one.
    long = last_a - first_a
    row = intervals(first_a + 1, long) * np.repeat(width[pair], long)
    begin = row + np.repeat(start[pair] + first_b + 1, long)
    cells = intervals(begin, np.repeat(last_b - first_b, long))
    return PairGroups(
        _matrix(groups.coarse, order, np.ones(len(groups.coarse), np.int64)),
        crossed,
        width.astype(np.int32),
        start[:-1].astype(np.int32),
        pair,
        CellGroups(
            as_members(cells, long * (last_b - first_b), int(start[-1])),
            _tall(groups.scores.per_deviation(weights, squares)),
            _tall(groups.per_mean(weights)),
            _tall(price),
        ),
    )


def _thirds(
    groups: ConditionGroups, columns: list[int], measured: bool, order: NDArray[np.int64]
) -> ThirdConditions:
    """Conditions for groups of three."""
    bins, prices = [groups.columns[i] for i in columns], groups.prices[measured]
    start = _starts([column.coarse_size + 1 for column in bins])
    count = [len(column.coarse_spans) for column in bins]
    begin, end = np.concatenate([column.coarse_spans for column in bins]).T
    cells = _matrix([groups.coarse[i] for i in columns], order, start[:-1] + 1)
    return ThirdConditions(
        cells,
        as_members(
            intervals(begin + np.repeat(start[:-1], count) + 1, end - begin), end - begin, int(start[-1])
        ),
        np.repeat(columns, count),
        np.repeat([prices.third(column) for column in bins], count),
        groups.min_support,
    )


def _matrix(
    codes: list[NDArray[np.signedinteger]], order: NDArray[np.int64], first: NDArray[np.int64]
) -> NDArray[np.int32]:
    """(n, columns) bins in an order of the clips, those of each column from a number on."""
    bins = np.empty((len(order), len(codes)), np.int32)
    for column, code in enumerate(codes):
        bins[:, column] = code[order]
        bins[:, column] += int(first[column])
    return bins


def _tall(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """(values, 1) in single precision."""
    return values.astype(np.float32)[:, None]


def _starts(sizes: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """First position of every part, and the length of all."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
