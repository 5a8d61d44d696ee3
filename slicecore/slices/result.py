"""Result of a scan, as plain data: the slices and the figures they belong to."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.metrics.costs import as_rows
from slicecore.slices.options import ONE_GROUP, Options, tier_of
from slicecore.slices.permutation import permutations_of_clusters
from slicecore.wording import clips, counted, percent, significant

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import Costs
    from slicecore.metrics.costs import Members


@dataclass(frozen=True)
class SliceGroups:
    """Who is in a slice: the groups, such as speakers, that its clips come from.

    Attributes
    ----------
    noun : for one of the groups, such as "speaker".
    count : number of groups; a clip that is in none counts as one.
    largest : name of the group with most clips; "" where no clip is in a group.
    share_of_clips : its share of the slice's clips.
    worst : name of the group with most errors; "" where no clip is in a group.
    share_of_errors : its share of the slice's errors.
    """

    noun: str
    count: int
    largest: str
    share_of_clips: float
    worst: str
    share_of_errors: float

    @property
    def is_one(self) -> bool:
        """True where the slice is one group's, up to some stray clips: one speaker, not an accent."""
        return self.count == 1 or (self.largest != "" and self.share_of_clips >= ONE_GROUP)

    @property
    def name(self) -> str:
        """Name of a slice that is one group's: "One speaker"."""
        return f"One {self.noun}"

    @property
    def text(self) -> str:
        """Who is in the slice: "7 speakers; one has 64 % of the errors", "One speaker: s12"."""
        if self.is_one:
            return f"{self.name}: {self.largest}" if self.largest else self.name
        groups = f"{self.count:,} {self.noun}s"
        return f"{groups}; one has {percent(self.share_of_errors)} of the errors" if self.worst else groups


@dataclass(frozen=True, eq=False, repr=False)
class Slice:
    """A group of clips on which the model is worse than on the whole.

    Two slices are equal, and have the same hash, where they are of the same clips (the same `id`), whatever their
    numbers: the same clips under another metric, or before and after their test, are the same slice. A set of slices
    or a dictionary with slices as keys therefore keeps one of them, the first; compare the fields where numbers count.

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
        another slice. Both are -1 for user-defined slices, and for those of several parts.
    evidence : log-likelihood ratio against the overall rate, by which clusters of different sizes can be compared.
    interval : 95 % bootstrap interval of `value` over the slice's clips. It says how exactly the value of such clips is
        known, not whether the slice is a real one: slices are chosen for being bad, so values tend to be too high.
    p_value : chance that any cluster of the hierarchy stands out as much where errors fall on clips at random; None
        without a test.
    tier : "confirmed" for a p of at most 5 %, else "possible"; None without a test.
    groups : who is in it; None where nothing is known of groups.
    parts : of a slice that is more than one cluster, its clusters, the largest first, with their own tests (p is the
        smallest of theirs), and as the last, where there are any, clips beside them, whose `tree` is -1. Empty for a
        slice that is one cluster.
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
    groups: SliceGroups | None = None
    parts: tuple[Slice, ...] = ()

    @property
    def clusters(self) -> tuple[Slice, ...]:
        """The clusters of which the slice consists, the largest first; none for a user-defined slice."""
        return tuple(part for part in self.parts or (self,) if part.tree >= 0)

    @property
    def beside(self) -> int:
        """Number of clips that are in none of its clusters."""
        return self.support - sum(part.support for part in self.clusters)

    def with_p(self, p_value: float) -> Slice:
        """The same slice with the result of its test."""
        return replace(self, p_value=p_value, tier=tier_of(p_value))

    def __repr__(self) -> str:
        tier = f", {self.tier}" if self.tier else ""
        numbers = f"value {significant(self.value)}, drop {significant(self.drop)}"
        return f"Slice({self.id}: {clips(self.support)}, {numbers}{tier})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slice) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)


def _nothing(slices: Sequence[Slice]) -> list[NDArray[np.int64]]:
    return [np.zeros(0, dtype=np.int64) for _ in slices]


@dataclass(frozen=True, eq=False)
class SharedClips:
    """Clips of a slice that the problem of another one explains as well.

    Attributes
    ----------
    home : the slice that they are in, where they count.
    other : the slice whose problem they have, too.
    rows : (m,) their sorted rows.
    """

    home: Slice
    other: Slice
    rows: NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Scan:
    """Slices of one scan. `Scanner` leads from them to wider and narrower clusters.

    Attributes
    ----------
    slices : the slices, confirmed ones first, then the largest impact (or what the options say). No two share a clip.
    overall : the metric over all clips, with those that belong to no cluster; NaN where it has no value.
    costs : the metric.
    min_support, min_drop : the thresholds as they were applied: a number of clips, and a drop in units of the metric.
    explained : share of all errors that lie in slices.
    worst : largest drop of any cluster with enough support; None where there is no such cluster.
    options : the options as they were given.
    has_clusters : False where no clip has a vector: there was no cluster to look through.
    share : finds `shared`, which takes a millisecond or more: not in every scan.
    """

    slices: tuple[Slice, ...]
    overall: float
    costs: Costs
    min_support: int
    min_drop: float
    explained: float
    worst: float | None
    options: Options
    has_clusters: bool = True
    share: Callable[[Sequence[Slice]], Sequence[NDArray[np.int64]]] = field(default=_nothing, repr=False)

    def __repr__(self) -> str:
        slices = counted(len(self.slices), "slice")
        return (
            f"Scan({slices} with {self.explained:.0%} of the errors; "
            f"{self.costs.name or 'value'} {significant(self.overall)} over {clips(len(self.costs))})"
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self.to_frame().to_html(index=False)}"

    def to_frame(self) -> pd.DataFrame:
        """One row per slice in the order of the scan: its rank, then the columns of `slices_frame`.

        After support follows shared, the number of clips of other slices that its problem explains as well.
        """
        frame = slices_frame(self.slices, self.costs, self.overall)
        frame.insert(1, "rank", range(1, len(frame) + 1))
        frame.insert(list(frame.columns).index("support") + 1, "shared", [len(rows) for rows in self.shared])
        return frame

    @property
    def shuffles(self) -> int:
        """Number of permutations of the clusters' test: those of the options, fewer above two million clips."""
        return permutations_of_clusters(self.options.shuffles, len(self.costs))

    def drop(self, members: Members) -> float:
        """Drop of some clips against the whole or, with `against="rest"`, all other clips; NaN where it is unknown.

        Parameters
        ----------
        members
            Rows of the clips, or a mask.
        """
        compared = self.overall
        if self.options.against == "rest":
            outside = np.ones(len(self.costs), dtype=bool)
            outside[as_rows(members)] = False
            compared = self.costs.value(outside)
        return float(self.costs.drop(self.costs.value(members), compared))

    @cached_property
    def shared(self) -> tuple[NDArray[np.int64], ...]:
        """Per slice, the sorted rows of clips of other slices that its problem explains as well.

        They are in none of its numbers: a clip's errors count in its own slice alone.
        """
        return tuple(self.share(self.slices))

    @cached_property
    def slice_of_clip(self) -> NDArray[np.int64]:
        """(n,) position in `slices` of the slice that each clip is in, -1 for none."""
        position = np.full(len(self.costs.numerator), -1, dtype=np.int64)
        for i, slice_ in enumerate(self.slices):
            position[slice_.members] = i
        return position

    @cached_property
    def shared_clips(self) -> tuple[SharedClips, ...]:
        """The clips that two problems explain, by slice and other slice; most clips first."""
        shared = []
        for other, rows in zip(self.slices, self.shared, strict=True):
            positions = self.slice_of_clip[rows]
            for i in np.unique(positions).tolist():
                shared.append(SharedClips(self.slices[i], other, rows[positions == i]))
        return tuple(sorted(shared, key=lambda each: -len(each.rows)))


_GROUP_COLUMNS = {
    "groups": "count",
    "largest_group": "largest",
    "largest_group_clips": "share_of_clips",
    "worst_group": "worst",
    "worst_group_errors": "share_of_errors",
}


def slices_frame(slices: Sequence[Slice], costs: Costs, overall: float) -> pd.DataFrame:
    """Numbers of slices, a row each.

    Columns: slice_id, tier, p_value, parts (of how many it consists), support, value, interval_low,
    interval_high, drop, impact, share, metric and overall_value; where clips come in groups also groups (their number),
    largest_group, largest_group_clips (its share of the clips), worst_group and worst_group_errors (its share of the
    errors); where two models are compared also model, model_value, compared_with and other_value.

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
        "parts": [max(1, len(slice_.parts)) for slice_ in slices],
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
    if any(slice_.groups for slice_ in slices):
        columns |= {
            name: [getattr(slice_.groups, attribute, None) for slice_ in slices]
            for name, attribute in _GROUP_COLUMNS.items()
        }
    if costs.compared:
        (model, model_costs), (other, other_costs) = costs.compared
        columns |= {
            "model": [model] * len(slices),
            "model_value": [model_costs.value(slice_.members) for slice_ in slices],
            "compared_with": [other] * len(slices),
            "other_value": [other_costs.value(slice_.members) for slice_ in slices],
        }
    return pd.DataFrame(columns)
