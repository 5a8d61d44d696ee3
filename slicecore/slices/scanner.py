"""Scanning a hierarchy for slices: clusters on which the model is clearly worse than on the whole."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.errors import SlicecoreError
from slicecore.metrics.costs import (
    Costs,
    Custom,
    errors_and_words,
    how_much_worse,
    of_one_model,
    shared_errors,
)
from slicecore.metrics.intervals import value_interval
from slicecore.slices.options import CONFIRMED, POSSIBLE, Options
from slicecore.slices.result import Scan, Slice
from slicecore.slices.selection import background, choose, choose_plainly, evidence
from slicecore.slices.significance import P_CONFIRMED, ShuffleTest

__all__ = ["Scan", "Scanner", "Slice", "scan"]

# Share of a cluster's clips and evidence that must be left where slices of another embedding have some of its clips.
_MOST = 0.7
# A slice gives way to two or more of another embedding that lie in it by this share, are each a good part of it and
# together most of it.
_INSIDE, _PART, _TOGETHER = 0.8, 0.2, 0.8
_KEPT = 4096  # slices that have been looked at and are kept with their ids and intervals


class Scanner:
    """Everything about a scan that does not depend on the thresholds.

    Parameters
    ----------
    hierarchy
        The clusters.
    costs
        The metric, of the same clips.
    ids
        Ids of the clips; the row numbers by default. The ids of slices follow from them.
    cache
        Folder in which what takes longest is kept for the next time; None: nowhere.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips.
    """

    def __init__(
        self,
        hierarchy: Hierarchy,
        costs: Costs,
        ids: Sequence[str] | NDArray[np.str_] | None = None,
        cache: Path | None = None,
    ) -> None:
        for what, length in (
            ("costs", len(costs.numerator)),
            ("ids", hierarchy.n if ids is None else len(ids)),
        ):
            if length != hierarchy.n:
                raise SlicecoreError(
                    f"The hierarchy is of {hierarchy.n} clips, but there are {what} of {length}."
                )
        self.hierarchy = hierarchy
        self.costs = costs
        names = [str(row) for row in range(hierarchy.n)] if ids is None else [str(one) for one in ids]
        by_name = sorted(range(hierarchy.n), key=names.__getitem__)
        self._sorted_names = [names[row].encode() for row in by_name]
        self._rank = np.empty(hierarchy.n, dtype=np.int64)  # of every clip among the sorted names
        self._rank[by_name] = np.arange(hierarchy.n)
        self._overall = costs.value()
        self._errors, self._words = errors_and_words(costs)
        self._shared = shared_errors(costs)
        self._sums = [(tree.sums(costs.numerator), tree.sums(costs.denominator)) for tree in hierarchy.trees]
        self._values = [_ratio(*sums) for sums in self._sums]
        self._valued_from = 1  # support from which on the values of clusters are known
        if isinstance(costs, Custom):
            self._values = [np.full(len(tree.parent), np.nan) for tree in hierarchy.trees]
            self._valued_from = hierarchy.n + 1
        self._evidence: list[NDArray[np.float64]] = []
        if hierarchy.n:
            self._whole = background(self._errors, self._words, np.ones(hierarchy.n, dtype=bool))
            self._evidence = [evidence(tree, self._whole)[0] for tree in hierarchy.trees]
        embedding = np.array(hierarchy.embedding or [0] * len(hierarchy.trees))
        self._trees_of_embedding = [np.flatnonzero(embedding == i).tolist() for i in np.unique(embedding)]
        self._cache = cache
        self._tests: dict[int, ShuffleTest] = {}
        self._kept: dict[tuple, Slice] = {}

    def scan(
        self,
        min_support: float = 5,
        min_drop: float = 0.1,
        *,
        relative: bool = False,
        against: str = "whole",
        rule: str = "best",
        shuffles: int = 999,
        tier: str | None = None,
        max_slices: int | None = None,
        order: str = "impact",
    ) -> Scan:
        """Find the slices at these thresholds.

        The first scan with shuffles takes them, which is the longest part of it; they are kept for the next ones.

        Parameters
        ----------
        min_support, min_drop, relative, against, rule, shuffles, tier, max_slices, order
            See `slicecore.slices.options.Options`.

        Raises
        ------
        SlicecoreError
            A value makes no sense.
        """
        options = Options(min_support, min_drop, relative, against, rule, shuffles, tier, max_slices, order)
        if against == "rest" and isinstance(self.costs, Custom):
            raise SlicecoreError("A metric by a function of your own can be compared with the whole only.")
        # A difference may be 0 on the whole: a share of it says nothing.
        whole = of_one_model(self.costs).value() if relative else self._overall
        support, least = options.clips(self.hierarchy.n), options.threshold(whole)
        if not self._evidence or math.isnan(self._overall):
            return Scan((), self._overall, self.costs, support, least, 0.0, None, options, self)
        trees = self.hierarchy.trees
        self._value_clusters(support)
        large = [np.flatnonzero((tree.size >= support) & (tree.parent >= 0)) for tree in trees]
        drops = [self._drops(i, nodes, against) for i, nodes in enumerate(large)]
        candidates = [nodes[drop >= least] for nodes, drop in zip(large, drops, strict=True)]
        if rule == "plain":
            chosen = [self._choose_plainly(candidates[0], support, least)]
        else:
            chosen = [self._choose(of_one, candidates, support) for of_one in self._trees_of_embedding]
        slices = self._disjoint(chosen, support, least, against)
        slices = self._tested(slices, support, least, shuffles)
        slices = [one for one in slices if tier in (None, one.tier)]
        slices.sort(key=lambda one: (one.tier == POSSIBLE, -_rounded(getattr(one, order)), one.id))
        slices = slices[:max_slices]
        worst = max((float(one.max()) for one in drops if len(one)), default=-math.inf)
        return Scan(
            slices=tuple(slices),
            overall=self._overall,
            costs=self.costs,
            min_support=support,
            min_drop=least,
            explained=math.fsum(one.share for one in slices),
            worst=worst if worst > -math.inf else None,
            options=options,
            scanner=self,
        )

    def cluster(self, tree: int, node: int, against: str = "whole") -> Slice:
        """Any cluster described as a slice, flagged or not, without a test.

        `value`, `drop`, `impact` and the interval are NaN where the metric has no value for it.
        """
        return self._described(tree, node, against)

    def group(self, rows: Sequence[int] | NDArray[np.int64], against: str = "whole") -> Slice:
        """Any clips described as a slice, without a test: a selection of the user's own.

        Its `tree` and `node` are -1: it is no cluster, so nothing is wider or narrower. `value`, `drop`, `impact` and
        the interval are NaN where the metric has no value for these clips.

        Raises
        ------
        SlicecoreError
            There are no clips, or a row is none of the table's.
        """
        members = np.unique(np.asarray(rows, dtype=np.int64))
        if not len(members):
            raise SlicecoreError("A slice needs at least one clip.")
        if members[0] < 0 or members[-1] >= self.hierarchy.n:
            raise SlicecoreError(f"There are clips 0 to {self.hierarchy.n - 1}, but no clip {members[-1]}.")
        return self._described(-1, -1, against, members)

    def _described(self, tree: int, node: int, against: str, rest: NDArray[np.int64] | None = None) -> Slice:
        """A cluster, the rest of it, or clips of no cluster (-1) as a slice."""
        key = (tree, node, against, b"" if rest is None else rest.tobytes())
        one = self._kept.get(key)
        if one is None:
            one = self._describe(tree, node, against, rest)
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = one
        return one

    def _describe(self, tree: int, node: int, against: str, rest: NDArray[np.int64] | None) -> Slice:
        if rest is None:
            # The same sums as candidates have: a slice must not miss a threshold by rounding.
            members = np.sort(self.hierarchy.trees[tree].members(node))
            value, ratio = float(self._values[tree][node]), float(self._evidence[tree][node])
            numerator, denominator = (sums[node] for sums in self._sums[tree])
            if isinstance(self.costs, Custom) and math.isnan(value):
                value = self.costs.value(members)
        else:
            members, value = rest, self.costs.value(rest)
            numerator, denominator = self.costs.numerator[rest].sum(), self.costs.denominator[rest].sum()
            ratio = self._evidence_of(tree, node, rest)
        against_whole, drop = (
            float(self._worse(np.array([value]), numerator, denominator, what)[0])
            for what in ("whole", against)
        )
        errors = float(self._shared.sum())
        return Slice(
            id=_slice_id(self._sorted_names[rank] for rank in np.sort(self._rank[members]).tolist()),
            members=members,
            support=len(members),
            value=value,
            drop=drop if drop > -math.inf else math.nan,
            impact=against_whole * float(denominator) if not math.isnan(value) else math.nan,
            share=float(self._shared[members].sum()) / errors if errors > 0 else 0.0,
            tree=int(tree),
            node=int(node),
            evidence=ratio,
            interval=value_interval(self.costs, members) if not math.isnan(value) else (math.nan, math.nan),
        )

    def _evidence_of(self, tree: int, node: int, members: NDArray[np.int64]) -> float:
        if node < 0:  # of no cluster: the whole of a tree holds all of them
            tree, node = 0, len(self.hierarchy.trees[0].parent) - 1
        if node < 0:  # a tree without clips
            return math.nan
        inside = np.zeros(self.hierarchy.n, dtype=bool)
        inside[members] = True
        observed, expected = self._whole.observed * inside, self._whole.expected * inside
        among = replace(self._whole, observed=observed, expected=expected)
        return float(evidence(self.hierarchy.trees[tree], among)[0][node])

    def _tested(self, slices: list[Slice], min_support: int, least: float, shuffles: int) -> list[Slice]:
        if not shuffles or not slices:
            return slices
        test = self._tests.get(shuffles)
        if test is None:
            test = ShuffleTest(self.hierarchy, self.costs, shuffles, cache=self._cache)
            test = self._tests.setdefault(shuffles, test)
        p_values = test.test(slices, min_support, least)
        return [
            one.with_p(p, CONFIRMED if p <= P_CONFIRMED else POSSIBLE)
            for one, p in zip(slices, p_values, strict=True)
        ]

    def _disjoint(
        self, chosen: list[list[tuple[int, int]]], min_support: int, least: float, against: str
    ) -> list[Slice]:
        """Slices of what was chosen in every embedding, so that no two share a clip.

        Speakers and rooms cross: a bad speaker and a bad room share clips, and both are problems. The one with more
        evidence has the clips that they share; the other keeps the rest if that is most of it and still bad. But what
        one embedding takes for one problem and another tells apart is left to the other: a disturbed voice sounds the
        same to a speaker model whatever disturbs it.
        """
        described = [[self.cluster(*one, against) for one in of_one] for of_one in chosen]
        if len(chosen) == 1:
            return described[0]
        slices = [
            one
            for i, of_one in enumerate(described)
            for one in of_one
            if not any(_told_apart(one, other) for j, other in enumerate(described) if j != i)
        ]
        slices.sort(key=lambda one: (-_rounded(one.evidence), one.tree, one.node))
        free = np.ones(self.hierarchy.n, dtype=bool)
        kept = []
        for whole in slices:
            one, rest = whole, whole.members[free[whole.members]]
            if len(rest) < max(min_support, _MOST * whole.support):
                continue
            if len(rest) < whole.support:
                one = self._described(whole.tree, whole.node, against, rest)
            if one.drop >= least and one.evidence >= _MOST * whole.evidence:
                kept.append(one)
                free[one.members] = False
        return kept

    def _choose(
        self, of_embedding: list[int], candidates: list[NDArray[np.int64]], min_support: int
    ) -> list[tuple[int, int]]:
        chosen = choose(
            [self.hierarchy.trees[i] for i in of_embedding],
            [candidates[i] for i in of_embedding],
            [self._evidence[i] for i in of_embedding],
            self._errors,
            self._words,
            min_support,
        )
        return [(of_embedding[i], node) for i, node in chosen]

    def _choose_plainly(
        self, candidates: NDArray[np.int64], min_support: int, min_drop: float
    ) -> list[tuple[int, int]]:
        tree = self.hierarchy.trees[0]
        words = self._sums[0][1]
        on_levels = candidates[tree.level[candidates] >= 0]
        drops = self._drops(0, np.arange(len(words)), "whole")
        excess = np.multiply(drops, words, out=np.zeros(len(words)), where=drops > -np.inf)
        return [(0, node) for node in choose_plainly(tree, on_levels, excess, words, min_support, min_drop)]

    def _value_clusters(self, min_support: int) -> None:
        """See to it that the values of all clusters with so much support are known."""
        if min_support >= self._valued_from:
            return
        for tree, values in zip(self.hierarchy.trees, self._values, strict=True):
            for node in np.flatnonzero((tree.size >= min_support) & (tree.size < self._valued_from)):
                values[node] = self.costs.value(tree.members(int(node)))
        self._valued_from = min_support

    def _drops(self, tree: int, nodes: NDArray[np.int64], against: str) -> NDArray[np.float64]:
        numerator, denominator = (sums[nodes] for sums in self._sums[tree])
        return self._worse(self._values[tree][nodes], numerator, denominator, against)

    def _worse(
        self,
        value: NDArray[np.float64],
        numerator: NDArray[np.float64],
        denominator: NDArray[np.float64],
        against: str,
    ) -> NDArray[np.float64]:
        """How much worse groups are than what they are compared with; -inf where there is no value."""
        compared: NDArray[np.float64] | float = self._overall
        if against == "rest":
            compared = _ratio(
                self.costs.numerator.sum() - numerator, self.costs.denominator.sum() - denominator
            )
        drops = how_much_worse(self.costs, value, compared)
        return np.where(np.isnan(drops), -np.inf, drops)


def scan(
    hierarchy: Hierarchy,
    costs: Costs,
    *,
    ids: Sequence[str] | NDArray[np.str_] | None = None,
    **options: Any,
) -> Scan:
    """Find the slices of a hierarchy. For many scans of the same clips use a `Scanner`.

    Parameters
    ----------
    hierarchy, costs, ids
        See `Scanner`.
    **options
        `min_support` (5), `min_drop` (0.1), `relative`, `against`, `rule`, `shuffles`, `tier`, `max_slices` and
        `order`: see `slicecore.slices.options.Options`.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips, or a value makes no sense.
    """
    return Scanner(hierarchy, costs, ids).scan(**options)


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    # The sums come from differences of running sums: what is left of a zero by rounding is no denominator.
    none = denominator <= 1e-12 * max(float(np.max(denominator, initial=0.0)), 0.0)
    return np.divide(numerator, denominator, out=np.full(np.shape(numerator), np.nan), where=~none)


def _told_apart(one: Slice, others: Sequence[Slice]) -> bool:
    """Whether two or more of the disjoint slices of another embedding are the parts of a slice."""
    inside = [len(np.intersect1d(one.members, other.members, assume_unique=True)) for other in others]
    parts = [
        count
        for count, other in zip(inside, others, strict=True)
        if count >= max(_INSIDE * other.support, _PART * one.support)
    ]
    return len(parts) > 1 and sum(parts) >= _TOGETHER * one.support


def _rounded(number: float) -> float:
    # What is equal must rank equal whatever order the rows were added up in.
    return float(f"{number:.9g}")


def _slice_id(sorted_names: Iterable[bytes]) -> str:
    # Lengths keep names apart that read the same one after the other.
    content = b"".join(len(name).to_bytes(4, "little") + name for name in sorted_names)
    return hashlib.blake2b(content, digest_size=6).hexdigest()
