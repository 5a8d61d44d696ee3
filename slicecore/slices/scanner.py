"""Scanner of a hierarchy for slices: clusters on which the model is clearly worse than on the whole."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.clustering.tree import Tree
from slicecore.errors import SlicecoreError
from slicecore.groups import check_same_clips
from slicecore.metrics import Costs
from slicecore.slices.clip_groups import ClipGroups
from slicecore.slices.describer import Cluster, Describer, ratio
from slicecore.slices.disjoint import disjoint_slices, rounded
from slicecore.slices.options import POSSIBLE, Options, OptionValues
from slicecore.slices.result import Scan, Slice
from slicecore.slices.selection import choose, choose_plainly, evidence
from slicecore.slices.significance import PermutationTest
from slicecore.slices.whole_problems import WholeProblems
from slicecore.thresholds import reaches

__all__ = ["Scan", "Scanner", "Slice", "scan"]


class Scanner:
    """Everything about a scan that does not depend on its options, and the way from slice to slice in the hierarchy.

    Parameters
    ----------
    hierarchy
        The clusters.
    costs
        The metric, of the same clips.
    ids
        Ids of the clips; the row numbers by default. The ids of slices follow from them.
    cache
        Folder in which what takes longest is cached for the next time; None: nowhere.
    groups
        (n,) label of the group that every clip comes from, its speaker say, "" or None where it is in none; or
        `ClipGroups`. Slices then say who is in them, and the test deals with whole groups, see docs/significance.md.
    copies
        (n,) row that stands for every clip, as `slicecore.slices.copies.find_copies` gives it. Copies of a clip count
        once in the minimum support, in the choice and in the test, and as often as they are there in all values.

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
        *,
        groups: ClipGroups | Sequence[object] | NDArray | None = None,
        copies: NDArray[np.int64] | None = None,
    ) -> None:
        counts = {name: len(v) for name, v in (("groups", groups), ("copies", copies)) if v is not None}
        check_same_clips(hierarchy.n, {"costs": len(costs), **counts}, "hierarchy")
        self.hierarchy = hierarchy
        self.costs = costs
        self.groups = None if groups is None else ClipGroups.of(groups)
        self.copies = copies
        self._describer = Describer(costs, ids, self.groups, copies)
        self._overall = self._describer.overall
        self._sums = [(tree.sums(costs.numerator), tree.sums(costs.denominator)) for tree in hierarchy.trees]
        self._values = [ratio(*sums) for sums in self._sums]
        self._supports = [tree.size for tree in hierarchy.trees]
        if copies is not None:
            distinct = (copies == np.arange(hierarchy.n)).astype(np.float64)
            self._supports = [tree.sums(distinct).round().astype(np.int64) for tree in hierarchy.trees]
        self._valued_from = 1  # support from which on the values of clusters are known
        if not costs.adds_up:
            self._values = [np.full(len(tree.parent), np.nan) for tree in hierarchy.trees]
            self._valued_from = hierarchy.n + 1
        self._evidence: list[NDArray[np.float64]] = []
        if self._describer.whole:
            self._evidence = [evidence(tree, self._describer.whole)[0] for tree in hierarchy.trees]
        embedding = np.array(hierarchy.embedding or [0] * len(hierarchy.trees))
        self._trees_of_embedding = [np.flatnonzero(embedding == i).tolist() for i in np.unique(embedding)]
        self._problems = WholeProblems(hierarchy, self._describer)
        self._cache = cache
        self._tests: dict[int, PermutationTest] = {}

    def scan(self, options: Options | None = None) -> Scan:
        """Find the slices at these options, the usual ones by default.

        The first scan with shuffles takes them, which is the longest part of it; they are cached for the next ones.

        Raises
        ------
        SlicecoreError
            The metric can't be compared as the options ask.

        Examples
        --------
        >>> result.scanner.scan(sc.Options(min_support=50))
        Scan(1 slice with 100% of the errors; WER 0.06 over 200 clips)
        """
        options = options or Options()
        against = options.against
        if against == "rest" and not self.costs.adds_up:
            raise SlicecoreError("A metric by a function of your own can be compared with the whole only.")
        # A difference may be 0 on the whole: a share of it says nothing.
        whole = self.costs.model_costs.value() if options.relative else self._overall
        min_support, min_drop = options.clips(self.hierarchy.n), options.threshold(whole)
        has_clusters = not self.hierarchy.is_empty
        if not self._evidence or math.isnan(self._overall):
            none = (), self._overall, self.costs, min_support, min_drop, 0.0, None, options
            return Scan(*none, has_clusters=has_clusters)
        trees = self.hierarchy.trees
        self._value_clusters(min_support)
        large = [
            np.flatnonzero((support >= min_support) & (tree.parent >= 0))
            for tree, support in zip(trees, self._supports, strict=True)
        ]
        drops = [self._drops(tree, nodes, against) for tree, nodes in enumerate(large)]
        candidates = [nodes[reaches(drop, min_drop)] for nodes, drop in zip(large, drops, strict=True)]
        if options.rule == "plain":
            chosen = [self._choose_plainly(candidates[0], min_support, min_drop)]
        else:
            chosen = [self._choose(indices, candidates, min_support) for indices in self._trees_of_embedding]
        by_embedding = [[self.cluster(*place, against) for place in places] for places in chosen]
        slices = disjoint_slices(by_embedding, self._describer, min_support, min_drop, against)
        slices = self._tested(slices, min_support, min_drop, options.shuffles)
        if options.rule == "best":
            slices = self._problems.of(slices, min_drop, against)
        slices = [slice_ for slice_ in slices if options.tier in (None, slice_.tier)]
        slices.sort(key=lambda s: (s.tier == POSSIBLE, -rounded(getattr(s, options.order)), s.id))
        slices = slices[: options.max_slices]
        worst = max((float(drop.max()) for drop in drops if len(drop)), default=-math.inf)
        return Scan(
            slices=tuple(slices),
            overall=self._overall,
            costs=self.costs,
            min_support=min_support,
            min_drop=min_drop,
            explained=math.fsum(slice_.share for slice_ in slices),
            worst=worst if worst > -math.inf else None,
            options=options,
            has_clusters=has_clusters,
            share=self._problems.shared,
        )

    def cluster(self, tree: int, node: int, against: str = "whole") -> Slice:
        """Any cluster described as a slice, flagged or not, without a test.

        `value`, `drop`, `impact` and the interval are NaN where the metric has no value for it.
        """
        value = float(self._values[tree][node])
        members = self.hierarchy.trees[tree].members(node)
        if math.isnan(value) and not self.costs.adds_up:
            value = self.costs.value(np.sort(members))
        numerator, denominator = (float(sums[node]) for sums in self._sums[tree])
        known = Cluster(
            int(tree), int(node), value, numerator, denominator, float(self._evidence[tree][node])
        )
        return self._describer.cluster(known, members, against)

    def group(self, members: Sequence[int] | NDArray, against: str = "whole") -> Slice:
        """Any clips described as a slice, without a test: a user-defined slice.

        Its `tree` and `node` are -1: it is no cluster, so nothing is wider or narrower. `value`, `drop`, `impact` and
        the interval are NaN where the metric has no value for these clips.

        Parameters
        ----------
        members
            Rows, or a mask over all clips.
        against
            "whole" or "rest".

        Raises
        ------
        SlicecoreError
            There are no clips, or a row is none of the table's.

        Examples
        --------
        >>> headset = result.scanner.group(clips["device"] == "headset")
        >>> headset.support, headset.value
        (20, 0.6)
        """
        return self._describer.group(members, against)

    def widen(self, slice_: Slice, scan: Scan | None = None) -> Slice | None:
        """The next larger cluster that holds a slice, in its tree; None where only the whole is larger.

        It has been in no test, so it has neither p nor tier, unless it is a slice of `scan`. From a part of a slice of
        `scan` the way leads to that slice, which is no cluster: from there only the whole is larger.

        Parameters
        ----------
        slice_
            A cluster of the hierarchy, or most of one.
        scan
            A scan whose slices are given as they are, with p and tier, and whose comparison counts; by default
            clusters are compared with the whole.

        Raises
        ------
        SlicecoreError
            The slice is of another hierarchy.
        """
        return next(iter(self._above(slice_, scan, 1)), None)

    def narrow(self, slice_: Slice, scan: Scan | None = None) -> Slice | None:
        """The one of the two clusters below a slice with most errors above the overall rate; None where there is none.

        Of a slice of several parts it is one of these. `widen` leads back from it, to a slice of parts with its scan.
        Parameters and errors are those of `widen`.
        """
        below = [child for child in self.children(slice_, scan) if not math.isnan(child.impact)]
        return max(below, key=lambda child: child.impact, default=None)

    def ancestors(self, slice_: Slice, scan: Scan | None = None) -> list[Slice]:
        """The clusters that hold a slice, the next larger first, without the whole.

        Parameters and errors are those of `widen`.
        """
        return self._above(slice_, scan)

    def children(self, slice_: Slice, scan: Scan | None = None) -> list[Slice]:
        """The two clusters that a slice consists of, none for the finest; the parts of one that was joined.

        Value, drop and impact are NaN where the metric has no value for one of them. Parameters and errors are those of
        `widen`.
        """
        if slice_.parts:
            return list(slice_.clusters)
        below = self._tree(slice_).children[slice_.node]
        return [self._at(slice_.tree, node, scan) for node in below.tolist() if node >= 0]

    def _above(self, slice_: Slice, scan: Scan | None, count: int | None = None) -> list[Slice]:
        if slice_.parts:
            return []
        parent = self._tree(slice_).parent
        for whole in scan.slices if scan is not None else ():
            if slice_ in whole.parts:
                return [whole]
        above: list[Slice] = []
        node = int(parent[slice_.node])
        while node >= 0 and parent[node] >= 0 and len(above) != count:
            above.append(self._at(slice_.tree, node, scan))
            node = int(parent[node])
        return above

    def _at(self, tree: int, node: int, scan: Scan | None) -> Slice:
        if scan is None:
            return self.cluster(tree, node)
        for whole in scan.slices:
            for slice_ in whole.parts or (whole,):
                if (slice_.tree, slice_.node) == (tree, node):
                    return slice_
        return self.cluster(tree, node, scan.options.against)

    def _tree(self, slice_: Slice) -> Tree:
        trees = self.hierarchy.trees
        if not (
            0 <= slice_.tree < len(trees)
            and slice_.node < len(trees[slice_.tree].parent)
            and np.isin(slice_.members, trees[slice_.tree].members(slice_.node)).all()
        ):
            raise SlicecoreError(f"The slice {slice_.id} is not a cluster of this hierarchy.")
        return trees[slice_.tree]

    def _tested(self, slices: list[Slice], min_support: int, min_drop: float, shuffles: int) -> list[Slice]:
        if not shuffles or not slices:
            return slices
        test = self._tests.get(shuffles)
        if test is None:
            test = PermutationTest(
                self.hierarchy,
                self.costs,
                shuffles,
                cache=self._cache,
                groups=self.groups.code if self.groups else None,
                copies=self.copies,
            )
            test = self._tests.setdefault(shuffles, test)
        p_values = test.test(slices, min_support, min_drop)
        return [slice_.with_p(p) for slice_, p in zip(slices, p_values, strict=True)]

    def _choose(
        self, indices: list[int], candidates: list[NDArray[np.int64]], min_support: int
    ) -> list[tuple[int, int]]:
        """Clusters that the rule chooses among the candidates of the trees of one embedding."""
        chosen = choose(
            [self.hierarchy.trees[i] for i in indices],
            [candidates[i] for i in indices],
            [self._evidence[i] for i in indices],
            self._describer.errors,
            self._describer.words,
            min_support,
        )
        return [(indices[i], node) for i, node in chosen]

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
        """Value all clusters with so much support, as far as that is not done yet."""
        if min_support >= self._valued_from:
            return
        for tree, values in zip(self.hierarchy.trees, self._values, strict=True):
            for node in np.flatnonzero((tree.size >= min_support) & (tree.size < self._valued_from)):
                values[node] = self.costs.value(tree.members(int(node)))
        self._valued_from = min_support

    def _drops(self, tree: int, nodes: NDArray[np.int64], against: str) -> NDArray[np.float64]:
        """Drop of nodes, -inf where there is none."""
        numerator, denominator = (sums[nodes] for sums in self._sums[tree])
        drops = self._describer.drop(self._values[tree][nodes], numerator, denominator, against)
        return np.where(np.isnan(drops), -np.inf, drops)


def scan(
    hierarchy: Hierarchy,
    costs: Costs,
    *,
    ids: Sequence[str] | NDArray[np.str_] | None = None,
    groups: ClipGroups | Sequence[object] | NDArray | None = None,
    copies: NDArray[np.int64] | None = None,
    **options: Unpack[OptionValues],
) -> Scan:
    """Find the slices of a hierarchy. For many scans of the same clips use a `Scanner`.

    Parameters
    ----------
    hierarchy, costs, ids, groups, copies
        See `Scanner`.
    **options
        `min_support`, `min_drop` and the others of `slicecore.slices.options.Options`.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips, or a value makes no sense.

    Examples
    --------
    >>> hierarchy = sc.build_hierarchy(np.stack(clips["vector"]))
    >>> costs = sc.metrics.wer(clips["reference"], clips["prediction"])
    >>> sc.scan(hierarchy, costs, min_support=10, min_drop=0.2).slices
    (Slice(1df6359a03aa: 20 clips, value 0.6, drop 0.54, confirmed),)
    """
    return Scanner(hierarchy, costs, ids, groups=groups, copies=copies).scan(Options(**options))
