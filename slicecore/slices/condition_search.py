"""Looking for the conditions, and pairs of them, that bad clips meet; and how far chance gets with as many."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.conditions import Bins, Condition
from slicecore.slices.scanner import Scan
from slicecore.slices.significance import MARGIN, clip_scores

_MOST_CROSSED = 1 << 14  # bins of a pair of columns; pairs with more are left out
_WORK = 2.5e10  # additions; where all shuffles need more there are fewer of them
_FEWEST_SHUFFLES = 199
_MOST_LOOKED_AT = 400  # groups of a family that meet the thresholds and are compared with each other
_PRICE_OF_A_PAIR = 3.0  # evidence that a pair needs more than one of its conditions
_SAME = 0.8  # Jaccard index from which on two groups are the same
_TOLERANCE = 1e-4  # of sums in single precision


@dataclass(frozen=True)
class Group:
    """Clips that meet one condition (of the interval of bins first to last) or two (a crossed bin)."""

    columns: tuple[int, ...]
    first: int
    last: int
    support: int
    evidence: float
    gain: float


class ConditionSearch:
    """All groups of a table, and which of them are slices."""

    def __init__(self, found: Scan, columns: list[Bins], pairs: bool) -> None:
        costs = self._costs = found.costs
        self._columns = columns
        self._n = len(costs)
        self._min_support = found.min_support
        self._least = found.min_drop
        self._against = found.options.against
        self._score, per_rate, _ = clip_scores(costs.excess(), costs.denominator)
        self._deviation = float(self._score.std(ddof=1)) if self._n > 1 else 0.0
        self._excess = self._score - MARGIN * found.min_drop * per_rate
        self._pairs = [
            (a, b)
            for a, b in combinations(range(len(columns)), 2)
            if pairs and 0 < self._crossed_size(a, b) <= _MOST_CROSSED
        ]

    def _crossed_size(self, a: int, b: int) -> int:
        return len(self._columns[a].coarse_conditions) * len(self._columns[b].coarse_conditions)

    def members(self, group: Group) -> NDArray[np.int64]:
        """Rows of the clips of a group."""
        a = self._columns[group.columns[0]]
        if len(group.columns) == 1:
            return np.flatnonzero((a.code >= group.first) & (a.code < group.last))
        size = len(self._columns[group.columns[1]].coarse_conditions)
        b = self._columns[group.columns[1]]
        return np.flatnonzero((a.coarse == group.first // size) & (b.coarse == group.first % size))

    def conditions(self, group: Group) -> tuple[Condition, ...]:
        """What the clips of a group have in common."""
        a = self._columns[group.columns[0]]
        if len(group.columns) == 1:
            return next((one,) for one, *interval in a.groups if interval == [group.first, group.last])
        b = self._columns[group.columns[1]]
        size = len(b.coarse_conditions)
        return a.coarse_conditions[group.first // size], b.coarse_conditions[group.first % size]

    def choose(self) -> list[tuple[Group, list[Group]]]:
        """The groups that meet the thresholds with what the better ones leave of them.

        Each comes with the other groups of one condition that have nearly the same clips.
        """
        if self._deviation <= 0:
            return []
        ranked = sorted(
            (group for of_table in self._tables() for group in of_table),
            key=lambda group: (-round(group.gain, 9), len(group.columns), group.columns, group.first),
        )
        of_table = [group for group in ranked if not self.is_measured(group)]
        candidates = of_table[:_MOST_LOOKED_AT]
        candidates += [group for group in ranked if self.is_measured(group)][:_MOST_LOOKED_AT]
        rows = [self.members(group) for group in candidates]
        left = {measured: np.ones(self._n, dtype=bool) for measured in (False, True)}
        waiting = list(range(len(candidates)))
        chosen: dict[int, list[Group]] = {}  # with those that are nearly the same clips
        while waiting:
            gains = {}
            for i in waiting:
                same = next((j for j in chosen if _jaccard(rows[i], rows[j]) >= _SAME), None)
                if same is not None:
                    if len(candidates[i].columns) == 1:
                        chosen[same].append(candidates[i])
                    continue
                kinds = {self._columns[column].measured for column in candidates[i].columns}
                rest = rows[i][np.all([left[kind][rows[i]] for kind in kinds], axis=0)]
                if self._is_slice(rest):
                    gains[i] = self._evidence(rest) - _PRICE_OF_A_PAIR * (len(candidates[i].columns) - 1)
            waiting = [i for i in gains if gains[i] > 0]
            if not waiting:
                break
            best = max(waiting, key=lambda i: (round(gains[i], 9), -i))
            chosen[best] = []
            left[self.is_measured(candidates[best])][rows[best]] = False
            waiting.remove(best)
        return [(candidates[i], same) for i, same in chosen.items()]

    def is_measured(self, group: Group) -> bool:
        """Whether any of its conditions is on what was measured."""
        return any(self._columns[column].measured for column in group.columns)

    def _is_slice(self, rows: NDArray[np.int64]) -> bool:
        if len(rows) < self._min_support:
            return False
        sums = self._costs.numerator[rows].sum(), self._costs.denominator[rows].sum()
        return bool(self._drops(*map(np.atleast_1d, sums))[0] >= self._least)

    def _evidence(self, rows: NDArray[np.int64]) -> float:
        z = max(0.0, float(self._excess[rows].sum()) * float(self._per_deviation(np.array([len(rows)]))[0]))
        return z * z / 2

    def _tables(self) -> list[list[Group]]:
        """The groups of every column and of every pair that meet the thresholds."""
        found = []
        costs = self._costs
        values = (np.ones(self._n), costs.numerator, costs.denominator, self._excess)
        for i, one in enumerate(self._columns):
            sums = _binned(one.code, one.size, values)
            running = np.concatenate([np.zeros((4, 1)), np.cumsum(sums, axis=1)], axis=1)
            first = np.array([group[1] for group in one.groups])
            last = np.array([group[2] for group in one.groups])
            found.append(self._meeting((i,), first, last, running[:, last] - running[:, first]))
        for a, b in self._pairs:
            crossed, size = self._crossed(a, b)
            sums = _binned(crossed, size, values)
            bins = np.flatnonzero(self._asked(a, b, sums[0]))
            found.append(self._meeting((a, b), bins, bins + 1, sums[:, bins]))
        return found

    def _crossed(self, a: int, b: int) -> tuple[NDArray[np.int32], int]:
        left, right = self._columns[a].coarse, self._columns[b].coarse
        size = len(self._columns[b].coarse_conditions)
        return np.where((left >= 0) & (right >= 0), left * size + right, -1), self._crossed_size(a, b)

    def _asked(self, a: int, b: int, support: NDArray) -> NDArray[np.bool_]:
        """Whether the crossed bins are groups: large enough, and not all clips of one of both conditions."""
        alone_a, alone_b = (
            np.bincount(one.coarse[one.coarse >= 0], minlength=len(one.coarse_conditions))
            for one in (self._columns[a], self._columns[b])
        )
        smaller = np.minimum(alone_a[:, None], alone_b[None, :]).ravel()
        return (support >= self._min_support) & (support < smaller) & (support < self._n)

    def _meeting(
        self, columns: tuple[int, ...], first: NDArray, last: NDArray, sums: NDArray[np.float64]
    ) -> list[Group]:
        support, numerator, denominator, excess = sums
        drops = self._drops(numerator, denominator)
        if not self._costs.adds_up:
            drops = np.where(drops > 0, np.inf, drops)  # its value is asked for later
        meeting = np.flatnonzero(
            (support >= self._min_support) & (drops >= self._least) & (support < self._n)
        )
        z = np.maximum(0, excess[meeting]) * self._per_deviation(support[meeting])
        evidence = z * z / 2
        price = _PRICE_OF_A_PAIR * (len(columns) - 1)
        return [
            Group(columns, int(first[g]), int(last[g]), int(support[g]), float(e), float(e) - price)
            for g, e in zip(meeting, evidence, strict=True)
            if e > price
        ]

    def _drops(self, numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
        whole: tuple = float(self._costs.numerator.sum()), float(self._costs.denominator.sum())
        if self._against == "rest":
            whole = whole[0] - numerator, whole[1] - denominator
        worse = self._costs.drop(_ratio(numerator, denominator), _ratio(*whole))
        return np.where(np.isnan(worse), -np.inf, worse)

    def _per_deviation(self, support: NDArray) -> NDArray[np.float64]:
        size = np.asarray(support, dtype=np.float64)
        return 1 / (self._deviation * np.sqrt(np.maximum(size * (1 - size / self._n), 1e-12)))

    def p_values(self, groups: list[Group], shuffles: int, seed: int) -> list[float]:
        """Chance that any group stands out as much as each of these where errors fall on clips at random.

        There are two families, groups that the table tells and groups for which something was measured: p counts for
        all groups of its family, and is doubled where there are both (Bonferroni), so that many measurements do not
        drown the few columns of the table.
        """
        families = {self.is_measured(group) for group in groups}
        both = len({one.measured for one in self._columns})
        maxima = {measured: self._maxima(measured, shuffles, seed) for measured in sorted(families)}

        def p(group: Group) -> float:
            chance = maxima[self.is_measured(group)]
            reached = int(np.count_nonzero(chance >= group.evidence - _TOLERANCE))
            return min(1.0, both * (1 + reached) / (len(chance) + 1))

        return [p(group) for group in groups]

    def _maxima(self, measured: bool, shuffles: int, seed: int) -> NDArray[np.float32]:
        """Largest evidence of any group of a family, for every shuffle."""
        from concurrent.futures import ThreadPoolExecutor

        from slicecore.slices.group_permutation import WIDTH, shuffled_maxima_of_groups

        columns = [one for one in self._columns if one.measured == measured]
        pairs = [
            (a, b)
            for a, b in self._pairs
            if (self._columns[a].measured or self._columns[b].measured) == measured
        ]
        work = self._n * (len(pairs) + len(columns))
        shuffles = min(shuffles, max(_FEWEST_SHUFFLES, int(_WORK / max(work, 1))))
        layout = self._lay_out(columns, pairs)
        scores = np.sort(self._score).astype(np.float32)

        def run(begin: int) -> NDArray[np.float32]:
            # Every batch has a seed of its own, so that it does not matter how many run side by side.
            state = np.random.SeedSequence([seed, begin]).generate_state(1, np.uint64)[0]
            return shuffled_maxima_of_groups(scores, *layout, state)

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.concatenate(list(pool.map(run, range(0, shuffles, WIDTH))))[:shuffles]

    def _lay_out(self, columns: list[Bins], pairs: list[tuple[int, int]]) -> tuple[NDArray, ...]:
        """All groups of a family with enough support, as `shuffled_maxima_of_groups` takes them."""
        first: list[int] = []
        last: list[int] = []
        support: list[int] = []
        bounds = [0]
        for one in columns:
            counts = np.concatenate(
                [[0], np.cumsum(np.bincount(one.code[one.code >= 0], minlength=one.size))]
            )
            for _, start, end in one.groups:
                first.append(start)
                last.append(end)
                support.append(int(counts[end] - counts[start]))
            bounds.append(len(first))
        crossed_factor = [np.zeros(0, dtype=np.float32)]
        starts = [0]
        for a, b in pairs:
            code, size = self._crossed(a, b)
            clips = np.bincount(code[code >= 0], minlength=size)
            per_deviation = np.where(self._asked(a, b, clips), self._per_deviation(clips), 0)
            crossed_factor.append(per_deviation.astype(np.float32))
            starts.append(starts[-1] + size)
        # In an order that depends on what is known of the clips, not on their rows.
        order = np.lexsort([code for one in self._columns for code in (one.code, one.coarse)])

        def matrix(codes: list[NDArray[np.int32]]) -> NDArray[np.int32]:
            return np.array([code[order] for code in codes], dtype=np.int32).reshape(len(codes), self._n)

        return (
            matrix([one.code for one in columns]),
            np.array([one.size for one in columns], dtype=np.int64),
            np.array(first, dtype=np.int64),
            np.array(last, dtype=np.int64),
            np.array(bounds, dtype=np.int64),
            self._per_deviation(np.array(support)).astype(np.float32),
            matrix([one.coarse for one in self._columns]),
            np.array([len(one.coarse_conditions) for one in self._columns], dtype=np.int64),
            np.array(pairs, dtype=np.int64).reshape(-1, 2),
            np.array(starts, dtype=np.int64),
            np.concatenate(crossed_factor),
        )


def _ratio(
    numerator: NDArray[np.float64] | float, denominator: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    unknown = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=unknown, where=np.asarray(denominator) > 1e-9)


def _binned(
    code: NDArray[np.int32], size: int, values: tuple[NDArray[np.float64], ...]
) -> NDArray[np.float64]:
    """(values, size) sums over the bins."""
    known = code >= 0
    if known.all():
        return np.stack([np.bincount(code, one, minlength=size) for one in values])
    return np.stack([np.bincount(code[known], one[known], minlength=size) for one in values])


def _jaccard(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)
