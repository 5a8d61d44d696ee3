"""Results of a scan: slices, and what lies around them in the hierarchy."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.metrics.costs import Difference

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.clustering.tree import Tree
    from slicecore.metrics.costs import Costs
    from slicecore.slices.options import Options
    from slicecore.slices.scanner import Scanner


@dataclass(frozen=True, eq=False, repr=False)
class Slice:
    """A group of clips on which the model is worse than on the whole. Slices of the same clips are equal.

    Attributes
    ----------
    id : 12 hexadecimal digits that depend on the ids of the member clips alone.
    members : (support,) sorted rows.
    support : number of clips.
    value : the metric over the members.
    drop : how much worse than the value that the scan compares with, positive is worse.
    impact : errors above what the overall rate would give.
    share : of all errors.
    tree, node : the cluster of the hierarchy. Of several embeddings, a slice may lack clips of its cluster that are in
        another slice. Both are -1 for clips that somebody selected.
    evidence : log-likelihood ratio against the overall rate, by which clusters of different sizes can be compared.
    interval : 95 % bootstrap interval of `value` over the slice's clips. It says how exactly the value of such clips is
        known, not whether the slice is a real one: slices are chosen for being bad, so values tend to be too high.
    p_value : chance that any cluster of the hierarchy stands out as much where errors fall on clips at random; None
        without a test.
    tier : "confirmed" for a p of at most 5 %, else "possible"; None without a test.
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
    evidence: float
    interval: tuple[float, float]
    p_value: float | None = None
    tier: str | None = None

    def with_p(self, p_value: float, tier: str) -> Slice:
        """The same slice with the result of its test."""
        return replace(self, p_value=p_value, tier=tier)

    def __repr__(self) -> str:
        tier = f", {self.tier}" if self.tier else ""
        return f"Slice({self.id}: {_clips(self.support)}, value {self.value:.3g}, drop {self.drop:.3g}{tier})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slice) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, eq=False, repr=False)
class Scan:
    """What a scan found.

    Attributes
    ----------
    slices : the slices, confirmed ones first, then the largest impact (or what the options say). No two share a clip.
    overall : the metric over all clips, with those that belong to no cluster; NaN where it has no value.
    costs : the metric.
    min_support, min_drop : the thresholds as they were applied: a number of clips, and a drop in units of the metric.
    explained : share of all errors that lie in slices.
    worst : largest drop of any cluster with enough support; None where there is no such cluster.
    options : what was asked for.
    scanner : what made this scan.
    """

    slices: tuple[Slice, ...]
    overall: float
    costs: Costs
    min_support: int
    min_drop: float
    explained: float
    worst: float | None
    options: Options
    scanner: Scanner = field(repr=False)

    def __repr__(self) -> str:
        slices = "1 slice" if len(self.slices) == 1 else f"{len(self.slices)} slices"
        return (
            f"Scan({slices} with {self.explained:.0%} of the errors; "
            f"{self.costs.name or 'value'} {self.overall:.3g} over {_clips(len(self.costs))})"
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self.to_frame().to_html(index=False)}"

    def to_frame(self) -> pd.DataFrame:
        """One row per slice in the order of the scan: its rank, then the columns of `slices_frame`."""
        frame = slices_frame(self.slices, self.costs, self.overall)
        frame.insert(1, "rank", range(1, len(frame) + 1))
        return frame

    @cached_property
    def slice_of_clip(self) -> NDArray[np.int64]:
        """(n,) position in `slices` of the slice that each clip is in, -1 for none."""
        position = np.full(len(self.costs.numerator), -1, dtype=np.int64)
        for i, one in enumerate(self.slices):
            position[one.members] = i
        return position

    def widen(self, one: Slice) -> Slice | None:
        """The next larger cluster that holds a slice, in its tree; None where only the whole is larger.

        It has been in no test, so it has neither p nor tier, unless it is a slice of this scan.

        Raises
        ------
        SlicecoreError
            The slice is of another hierarchy.
        """
        tree = self._tree(one)
        above = int(tree.parent[one.node])
        return self._at(one.tree, above) if above >= 0 and tree.parent[above] >= 0 else None

    def narrow(self, one: Slice) -> Slice | None:
        """That of the two clusters below a slice which has most errors above the overall rate; None where none is.

        `widen` leads back from it. Raises as `widen` does.
        """
        below = [child for child in self.children(one) if not np.isnan(child.impact)]
        return max(below, key=lambda child: child.impact, default=None)

    def ancestors(self, one: Slice) -> list[Slice]:
        """The clusters that hold a slice, the next larger first, without the whole. Raises as `widen` does."""
        tree = self._tree(one)
        above = []
        node = int(tree.parent[one.node])
        while tree.parent[node] >= 0:
            above.append(self._at(one.tree, node))
            node = int(tree.parent[node])
        return above

    def children(self, one: Slice) -> list[Slice]:
        """The two clusters that a slice consists of, none for the finest. Raises as `widen` does.

        Value, drop and impact are NaN where the metric has no value for one of them.
        """
        return [self._at(one.tree, int(node)) for node in self._tree(one).children[one.node] if node >= 0]

    def _at(self, tree: int, node: int) -> Slice:
        for one in self.slices:
            if (one.tree, one.node) == (tree, node):
                return one
        return self.scanner.cluster(tree, node, self.options.against)

    def _tree(self, one: Slice) -> Tree:
        trees = self.scanner.hierarchy.trees
        if not (
            0 <= one.tree < len(trees)
            and one.node < len(trees[one.tree].parent)
            and np.isin(one.members, trees[one.tree].members(one.node)).all()
        ):
            raise SlicecoreError(f"The slice {one.id} is not a cluster of the hierarchy of this scan.")
        return trees[one.tree]


def slices_frame(slices: Sequence[Slice], costs: Costs, overall: float) -> pd.DataFrame:
    """Numbers of slices, a row each.

    Columns: slice_id, tier, p_value, support, value, interval_low, interval_high, drop, impact, share, metric and
    overall_value; where two models are compared also model, model_value, compared_with and other_value.

    Parameters
    ----------
    slices
        The slices, in the order of the rows.
    costs
        The metric.
    overall
        Its value over all clips.
    """
    import pandas as pd

    columns: dict[str, list] = {
        "slice_id": [slice_.id for slice_ in slices],
        "tier": [slice_.tier for slice_ in slices],
        "p_value": [slice_.p_value for slice_ in slices],
        "support": [slice_.support for slice_ in slices],
        "value": [slice_.value for slice_ in slices],
        "interval_low": [slice_.interval[0] for slice_ in slices],
        "interval_high": [slice_.interval[1] for slice_ in slices],
        "drop": [slice_.drop for slice_ in slices],
        "impact": [slice_.impact for slice_ in slices],
        "share": [slice_.share for slice_ in slices],
        "metric": [costs.name] * len(slices),
        "overall_value": [overall] * len(slices),
    }
    if isinstance(costs, Difference):
        model, other = costs.names
        columns |= {
            "model": [model] * len(slices),
            "model_value": [costs.model.value(slice_.members) for slice_ in slices],
            "compared_with": [other] * len(slices),
            "other_value": [costs.other.value(slice_.members) for slice_ in slices],
        }
    return pd.DataFrame(columns)


def _clips(count: int) -> str:
    return "1 clip" if count == 1 else f"{count} clips"
