"""Groups that meet the thresholds and stand out by more than their price: the candidates of metadata slices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from slicecore.slices import condition_groups
from slicecore.slices.bin_sums import MANY, binned, spanned
from slicecore.slices.bins import Bins, Spans, fewest_bits
from slicecore.slices.condition_groups import ConditionGroups, Group, Prices
from slicecore.thresholds import reaches
from slicecore.work_threads import in_threads


@dataclass(frozen=True)
class CandidateSettings:
    """Constants of the search.

    Attributes
    ----------
    most_extended : groups of two conditions that are searched for a third one; the best ones.
    most_of_column : groups of one column that are compared with those of others.
    most_listed : groups for which one may gain as little as it does.
    same_column : Jaccard index from which on two intervals of a column are alternatives.
    """

    most_extended: int = 60
    most_of_column: int = 8
    most_listed: int = 8
    same_column: float = 0.5


SETTINGS = CandidateSettings()

_ROWS_AT_ONCE = 1 << 20
"""Rows of columns that are counted together: one by one, columns of a small table would take longer."""


@dataclass(frozen=True, eq=False)
class _Thirds:
    """Third conditions of a family.

    Attributes
    ----------
    code : (columns, n) coarse bin of every clip, those of one column after those of the one before, 0 for none.
    size : number of bins.
    column, place, price : (conditions,) column, place among its coarse spans, and price.
    span : (conditions, 2) interval of bins.
    """

    code: NDArray[np.signedinteger]
    size: int
    column: NDArray[np.int64]
    place: NDArray[np.int64]
    span: NDArray[np.int64]
    price: NDArray[np.float64]


class Candidates:
    """Search of all groups with the errors as they are.

    Parameters
    ----------
    groups
        The groups.
    """

    def __init__(self, groups: ConditionGroups) -> None:
        self._groups = groups
        self._thirds: dict[bool, _Thirds] = {}

    def of_columns(self) -> Iterator[Group]:
        """Groups of one condition."""
        for i, column in enumerate(self._groups.columns):
            sums = binned(column.code, column.size, self._groups.values)
            prices = self._groups.prices[column.measured]
            spans = np.concatenate([column.simple, column.inner])
            price = np.repeat(
                [prices.simple(column), prices.inner(column)], [len(column.simple), len(column.inner)]
            )
            intervals = [_spans(first, last, column.size) for first, last in spans.tolist()]
            meeting = self._meeting(spanned(sums, spans), price)
            singles = [Group(((i, intervals[at]),), *numbers) for at, numbers in meeting]
            yield from _distinct(singles, column, sums[0])
            yield from self._joined(i, column, sums, prices)

    def of_pairs(self) -> Iterator[Group]:
        """Groups of two conditions, and of three that begin with two."""
        groups, columns = self._groups, self._groups.columns
        promising: list[Group] = []
        crossed = groups.pair_sums
        prices = [
            groups.prices[columns[a].measured or columns[b].measured].pair(columns[a], columns[b])
            for a, b in groups.pairs
        ]
        price = np.array([0.0, *prices])[crossed.pair + 1]
        evidence = self._evidence(crossed.sums)
        extended = np.flatnonzero(evidence - price >= condition_groups.SETTINGS.extended_from)
        meeting = {at for at, _ in self._meeting(crossed.sums, price)}
        for at in sorted({*extended.tolist(), *meeting}):
            a, b = groups.pairs[crossed.pair[at]]
            parts = (
                (a, _fine(columns[a], columns[a].coarse_spans[crossed.at_a[at]])),
                (b, _fine(columns[b], columns[b].coarse_spans[crossed.at_b[at]])),
            )
            group = Group(parts, int(crossed.sums[0, at]), float(evidence[at]), float(price[at]))
            promising.append(group)
            if at in meeting:
                yield group
        promising.sort(key=lambda group: -round(group.gain, 9))
        yield from self._all_extended(promising[: SETTINGS.most_extended])

    def _all_extended(self, pairs: list[Group]) -> Iterator[Group]:
        """Groups of three conditions that begin with those of the pairs."""
        found: list[list[Group]] = [[]] * len(pairs)
        for measured in {self._groups.is_measured(pair) for pair in pairs}:
            self._third_conditions(measured)  # once, before there are threads

        def extend(number: int) -> None:
            found[number] = list(self._extended(pairs[number]))

        in_threads(extend, range(len(pairs)), threaded=self._groups.n >= MANY)
        yield from chain.from_iterable(found)

    def _extended(self, pair: Group) -> Iterator[Group]:
        """Groups of a third condition besides those of a pair."""
        groups = self._groups
        measured = groups.is_measured(pair)
        rows = groups.members(pair)
        thirds = self._third_conditions(measured)
        values = groups.values[rows]
        in_bins = np.zeros((values.shape[1], thirds.size))
        at_once = max(1, _ROWS_AT_ONCE // len(rows))
        for begin in range(0, len(thirds.code), at_once):
            code = thirds.code[begin : begin + at_once, rows]
            in_bins += binned(code.ravel(), thirds.size, np.tile(values, (len(code), 1)))
        sums = spanned(in_bins, thirds.span)
        narrower = np.flatnonzero(
            (sums[0] < pair.support) & ~np.isin(thirds.column, [i for i, _ in pair.parts])
        )
        for at, numbers in self._meeting(sums[:, narrower], pair.price + thirds.price[narrower]):
            i, place = int(thirds.column[narrower[at]]), thirds.place[narrower[at]]
            column = groups.columns[i]
            parts = (*pair.parts, (i, _fine(column, column.coarse_spans[place])))
            yield Group(tuple(sorted(parts)), *numbers)

    def _third_conditions(self, measured: bool) -> _Thirds:
        """Bins of all columns for a third condition, one after the other, and the conditions on them."""
        if measured in self._thirds:
            return self._thirds[measured]
        groups = self._groups
        thirds = groups.thirds_of(measured)
        size = 1 + sum(groups.columns[i].coarse_size for i in thirds)
        code = np.zeros((len(thirds), groups.n), fewest_bits(size))
        columns, spans, places, prices = [], [], [], []
        start = 1  # the first bin is for clips that are in none
        for i, of_column in zip(thirds, code, strict=True):
            column = groups.columns[i]
            count = len(column.coarse_spans)
            coarse = groups.coarse[i]
            np.add(coarse, start, out=of_column, where=coarse >= 0, dtype=code.dtype)
            columns.append(np.full(count, i))
            spans.append(column.coarse_spans + start)
            places.append(np.arange(count))
            prices.append(np.full(count, groups.prices[measured].third(column)))
            start += column.coarse_size
        found = _Thirds(code, size, *map(np.concatenate, (columns, places, spans, prices)))
        self._thirds[measured] = found
        return found

    def _joined(self, i: int, column: Bins, sums: NDArray[np.float64], prices: Prices) -> Iterator[Group]:
        """The worst values of a column together, as long as each gains something by itself."""
        if not column.is_joined or column.size < 3:
            return
        excess, squares = sums[3], sums[5]
        order = np.argsort(-excess / np.maximum(squares, 1e-12), kind="stable")
        alone = {
            at
            for at, (_, evidence, price) in self._meeting(sums, np.full(column.size, prices.simple(column)))
            if evidence >= price
        }
        worst = list(takewhile(alone.__contains__, order[: condition_groups.SETTINGS.most_joined].tolist()))
        for first, last in combinations(range(len(worst) + 1), 2):
            codes = sorted(worst[first:last])
            if len(codes) > 1 and len(codes) < column.size:
                together = sums[:, codes].sum(axis=1, keepdims=True)
                for _, numbers in self._meeting(together, np.array([prices.joined(column, len(codes))])):
                    yield Group(((i, _runs(codes)),), *numbers)

    def _evidence(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        *_, excess, weights, squares = sums
        return self._groups.evidence_of(excess, weights, squares)

    def _meeting(
        self, sums: NDArray[np.float64], price: NDArray[np.float64]
    ) -> list[tuple[int, tuple[int, float, float]]]:
        """Position of the groups that meet the thresholds and gain enough, with their support, evidence and price."""
        groups = self._groups
        support, numerator, denominator, *_ = sums
        large = np.flatnonzero((support >= groups.min_support) & (support < len(groups.clips)))
        large = large[reaches(groups.drops(numerator[large], denominator[large]), groups.min_drop)]
        evidence = self._evidence(sums[:, large])
        return [
            (int(at), (int(support[at]), float(of_group), float(price[at])))
            for at, of_group in zip(large, evidence, strict=True)
            if of_group - price[at] > condition_groups.least_gain(SETTINGS.most_listed)
        ]


def _distinct(groups: list[Group], column: Bins, clips: NDArray[np.float64]) -> list[Group]:
    """The best groups of a column; of two intervals that are nearly the same, the better one.

    `clips` counts those of every bin.
    """
    if column.names is not None:
        return groups
    inside = {}
    for group in groups:
        mask = np.zeros(column.size, dtype=bool)
        for first, last in group.parts[0][1]:
            mask[first:last] = True
        inside[group.parts] = mask
    distinct: list[Group] = []
    for group in sorted(groups, key=lambda group: (-round(group.gain, 9), group.parts)):
        if len(distinct) < SETTINGS.most_of_column and not any(
            _jaccard(clips, inside[group.parts], inside[other.parts]) >= SETTINGS.same_column
            for other in distinct
        ):
            distinct.append(group)
    return distinct


def _jaccard(clips: NDArray[np.float64], a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Jaccard index of two sets of bins."""
    return float(clips[a & b].sum() / max(1, clips[a | b].sum()))


def _spans(first: int, last: int, size: int) -> Spans:
    """An interval of bins, in two parts where it goes round the clock."""
    return ((first, last),) if first < last else ((first, size), (0, last))


def _fine(column: Bins, coarse: Iterable[int]) -> Spans:
    """The interval of bins of an interval of coarse ones."""
    first, last = coarse
    return ((int(column.coarse_edges[first]), int(column.coarse_edges[last])),)


def _runs(codes: list[int]) -> Spans:
    """Ascending bins as intervals."""
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(codes)) if b > a + 1), len(codes)]
    return tuple((codes[first], codes[last - 1] + 1) for first, last in pairwise(breaks))
