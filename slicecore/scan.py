"""Scanning a hierarchy for slices: clusters on which the model is clearly worse than on the whole."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.hierarchy import Hierarchy
from slicecore.metrics import Costs
from slicecore.selection import background, choose, choose_plainly, evidence

RULES = ("best", "plain")
"""How slices are chosen among the clusters that meet both thresholds."""


@dataclass(frozen=True, eq=False)
class Slice:
    """A group of clips on which the model is worse than on the whole.

    Attributes
    ----------
    id : 12 hexadecimal digits that depend on the ids of the member clips alone.
    members : (support,) sorted rows.
    support : number of clips.
    value : the metric over the members.
    drop : how much worse than the overall value, positive is worse.
    impact : errors above what the overall rate would give.
    share : of all errors.
    tree, node : the cluster of the hierarchy.
    """

    id: str
    members: NDArray[np.int64]
    support: int
    value: float
    drop: float
    impact: float
    share: float
    tree: int
    node: int


@dataclass(frozen=True, eq=False)
class Scan:
    """What a scan found.

    Attributes
    ----------
    slices : the slices, the largest impact first. No two share a clip.
    overall : the metric over all clips, with those that belong to no cluster; NaN where it has no value.
    costs : the metric.
    min_support, min_drop : the thresholds.
    explained : share of all errors that lie in slices.
    worst : largest drop of any cluster with enough support; None where there is no such cluster.
    """

    slices: tuple[Slice, ...]
    overall: float
    costs: Costs
    min_support: int
    min_drop: float
    explained: float
    worst: float | None

    @cached_property
    def slice_of_clip(self) -> NDArray[np.int64]:
        """(n,) position in `slices` of the slice that each clip is in, -1 for none."""
        position = np.full(len(self.costs.numerator), -1, dtype=np.int64)
        for i, one in enumerate(self.slices):
            position[one.members] = i
        return position


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

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips.
    """

    def __init__(
        self, hierarchy: Hierarchy, costs: Costs, ids: Sequence[str] | NDArray[np.str_] | None = None
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
        self._sums = [(tree.sums(costs.numerator), tree.sums(costs.denominator)) for tree in hierarchy.trees]
        self._drops = [self._drop(numerator, denominator) for numerator, denominator in self._sums]
        self._evidence: list[NDArray[np.float64]] = []
        if hierarchy.n:
            whole = background(self._errors, self._words, np.ones(hierarchy.n, dtype=bool))
            self._evidence = [evidence(tree, whole)[0] for tree in hierarchy.trees]

    def scan(self, min_support: int = 5, min_drop: float = 0.1, *, rule: str = "best") -> Scan:
        """Find the slices at these thresholds.

        Parameters
        ----------
        min_support
            Fewest clips of a slice.
        min_drop
            Least difference between the value of a slice and the overall value, in units of the metric.
        rule
            "best" is the rule of `slicecore.selection` over all trees. "plain" is that of the literature, on the
            FINCH levels of the first tree: a cluster gives way to those below it that capture the problem.

        Raises
        ------
        SlicecoreError
            A threshold makes no sense, or the rule is unknown.
        """
        if min_support < 1:
            raise SlicecoreError(f"The minimum support must be at least 1 clip, not {min_support}.")
        if not min_drop >= 0:
            raise SlicecoreError(f"The minimum drop must be 0 or more, not {min_drop}.")
        if rule not in RULES:
            raise SlicecoreError(f'Unknown rule "{rule}". Choose one of {", ".join(RULES)}.')
        if not self._evidence or math.isnan(self._overall):
            return Scan((), self._overall, self.costs, min_support, min_drop, 0.0, None)
        trees = self.hierarchy.trees
        large = [np.flatnonzero((tree.size >= min_support) & (tree.parent >= 0)) for tree in trees]
        candidates = [nodes[self._drops[i][nodes] >= min_drop] for i, nodes in enumerate(large)]
        if rule == "plain":
            chosen = self._choose_plainly(candidates[0], min_support, min_drop)
        else:
            chosen = choose(trees, candidates, self._evidence, self._errors, self._words, min_support)
        slices = sorted(
            (self._slice(tree, node) for tree, node in chosen), key=lambda one: (-one.impact, one.id)
        )
        drops = [self._drops[i][nodes] for i, nodes in enumerate(large)]
        worst = max((float(one.max()) for one in drops if len(one)), default=-math.inf)
        return Scan(
            slices=tuple(slices),
            overall=self._overall,
            costs=self.costs,
            min_support=min_support,
            min_drop=min_drop,
            explained=math.fsum(one.share for one in slices),
            worst=worst if worst > -math.inf else None,
        )

    def _choose_plainly(
        self, candidates: NDArray[np.int64], min_support: int, min_drop: float
    ) -> list[tuple[int, int]]:
        tree = self.hierarchy.trees[0]
        words = self._sums[0][1]
        on_levels = candidates[tree.level[candidates] >= 0]
        excess = np.where(words > 0, self._drops[0] * words, 0)
        return [(0, node) for node in choose_plainly(tree, on_levels, excess, words, min_support, min_drop)]

    def _drop(self, numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much worse than the whole; -inf where there is no value."""
        value = np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0)
        drop = self._overall - value if self.costs.higher_is_better else value - self._overall
        return np.where(np.isnan(drop), -np.inf, drop)

    def _slice(self, tree: int, node: int) -> Slice:
        members = np.sort(self.hierarchy.trees[tree].members(node))
        numerator, denominator = (float(sums[node]) for sums in self._sums[tree])
        drop = float(self._drops[tree][node])
        errors = float(self._errors.sum())
        return Slice(
            id=_slice_id(self._sorted_names[rank] for rank in np.sort(self._rank[members]).tolist()),
            members=members,
            support=len(members),
            value=numerator / denominator,
            drop=drop,
            impact=drop * denominator,
            share=float(self._errors[members].sum()) / errors if errors > 0 else 0.0,
            tree=tree,
            node=node,
        )


def scan(
    hierarchy: Hierarchy,
    costs: Costs,
    *,
    min_support: int = 5,
    min_drop: float = 0.1,
    ids: Sequence[str] | NDArray[np.str_] | None = None,
    rule: str = "best",
) -> Scan:
    """Find the slices of a hierarchy. For many scans of the same clips use a `Scanner`.

    Parameters
    ----------
    hierarchy, costs, ids
        See `Scanner`.
    min_support, min_drop, rule
        See `Scanner.scan`.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips, a threshold makes no sense, or the rule is unknown.
    """
    return Scanner(hierarchy, costs, ids).scan(min_support, min_drop, rule=rule)


def errors_and_words(costs: Costs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What to count, not negative and more is worse, and out of how much.

    Where higher is better, what a clip lacks to the best value counts: 1 for a rate, else that of the best clip.
    """
    words = costs.denominator
    if not costs.higher_is_better:
        return np.maximum(costs.numerator, 0), words
    best = float(np.nanmax(costs.per_clip(), initial=1.0 if costs.is_rate else -np.inf))
    return np.maximum(best * words - costs.numerator, 0), words


def _slice_id(sorted_names: Iterable[bytes]) -> str:
    # Lengths keep names apart that read the same one after the other.
    content = b"".join(len(name).to_bytes(4, "little") + name for name in sorted_names)
    return hashlib.blake2b(content, digest_size=6).hexdigest()
