"""Description of any clips as a slice: value, drop, impact, evidence, interval and id under one metric."""

import hashlib
import math
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from cachetools import LRUCache
from numpy.typing import ArrayLike, NDArray

from slicecore.cached_properties import cached_property
from slicecore.errors import SlicecoreError
from slicecore.groups import check_same_clips, digest, rows_of
from slicecore.metrics import Costs
from slicecore.metrics.intervals import value_interval
from slicecore.slices.clip_groups import ClipGroups
from slicecore.slices.copies import once_each
from slicecore.slices.result import Slice
from slicecore.slices.selection import background, evidence_of_sums

_CACHED_SLICES = 4096
_CACHED_MEMBERS = 1 << 22  # of all cached slices together: 32 MiB


@dataclass(frozen=True)
class Cluster:
    """A node of a tree with what is known of it.

    Attributes
    ----------
    tree, node : the node.
    value : the metric over its clips.
    numerator, denominator : sums of the costs over its clips.
    evidence : log-likelihood ratio against the overall rate.
    """

    tree: int
    node: int
    value: float
    numerator: float
    denominator: float
    evidence: float


class Describer:
    """Descriptions of groups of clips under one metric.

    Parameters
    ----------
    costs
        The metric.
    ids
        Ids of the clips, from which the ids of slices follow; the row numbers by default.
    groups
        Groups that the clips come from, if they are known.
    copies
        (n,) row that stands for every clip, see `slicecore.slices.copies`: evidence counts copies once.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips.
    """

    def __init__(
        self,
        costs: Costs,
        ids: Sequence[str] | NDArray[np.str_] | None = None,
        groups: ClipGroups | None = None,
        copies: NDArray[np.int64] | None = None,
    ) -> None:
        self.costs = costs
        self._groups, self._losses = groups, costs.losses()
        self.n = len(costs)
        check_same_clips(self.n, {"ids": self.n if ids is None else len(ids)}, "metric")
        self.overall = costs.value()
        self.errors, self.words = (
            once_each(values, copies) for values in (costs.excess(), costs.denominator)
        )
        self.whole = background(self.errors, self.words, np.ones(self.n, dtype=bool)) if self.n else None
        self._ids = ids
        self._cached = _SliceCache()

    def drop(
        self, value: ArrayLike, numerator: ArrayLike, denominator: ArrayLike, against: str
    ) -> NDArray[np.float64]:
        """Drop of groups against what they are compared with, positive is worse; NaN where unknown.

        Parameters
        ----------
        value, numerator, denominator
            The metric of the groups, and the sums of their costs.
        against
            "whole" or "rest".
        """
        compared: NDArray[np.float64] | float = self.overall
        if against == "rest":
            compared = ratio(
                self.costs.numerator.sum() - np.asarray(numerator),
                self.costs.denominator.sum() - np.asarray(denominator),
            )
        return self.costs.drop(value, compared)

    def group(self, members: Sequence[int] | NDArray, against: str = "whole") -> Slice:
        """Any clips as a slice, which has been in no test; see `Scanner.group`."""
        rows = rows_of(members, self.n)
        if not len(rows):
            raise SlicecoreError("A slice needs at least one clip.")
        return self.part(-1, -1, rows, against)

    def part(self, tree: int, node: int, rows: NDArray[np.int64], against: str = "whole") -> Slice:
        """Some of the clips of a cluster as a slice; see `group`.

        Parameters
        ----------
        tree, node
            The cluster, -1 for none.
        rows
            Ascending.
        against
            "whole" or "rest".
        """
        return self._cached.get(
            (tree, node, against, digest(rows)),
            lambda: self._describe(self._sums(tree, node, rows), rows, against),
        )

    def cluster(self, cluster: Cluster, members: NDArray[np.int64], against: str = "whole") -> Slice:
        """A whole cluster as a slice; see `group`.

        Its numbers are those by which it was chosen: a slice must not miss a threshold by rounding.

        Parameters
        ----------
        cluster
            What is known of it.
        members
            Its clips.
        against
            "whole" or "rest".
        """
        key = (cluster.tree, cluster.node, against, b"")
        return self._cached.get(key, lambda: self._describe(cluster, np.sort(members), against))

    def union(self, clusters: Sequence[Slice], beside: NDArray[np.int64], against: str = "whole") -> Slice:
        """The clusters of one problem, and clips beside them, as one slice; a single cluster without them as it is.

        Its p is the smallest of its clusters': where nothing is to be found, a scan has a cluster with a small p no
        more often than p says, so it has no more often a slice with such a part. Clusters of one speaker, whose p is
        about this speaker alone, count only where there are no others.

        Parameters
        ----------
        clusters
            Disjoint slices.
        beside
            Rows of clips that are in none of them, ascending; perhaps none.
        against
            "whole" or "rest".
        """
        if len(clusters) == 1 and not len(beside):
            return clusters[0]
        parts = sorted(clusters, key=lambda part: (-part.support, part.id))
        rows = np.sort(np.concatenate([*(part.members for part in parts), beside]))
        several = [part for part in parts if part.groups and not part.groups.is_one]
        p_values = [part.p_value for part in several or parts if part.p_value is not None]
        if len(beside):
            parts.append(self.part(-1, -1, beside, against))
        whole = replace(self.part(-1, -1, rows, against), parts=tuple(parts))
        return whole.with_p(min(p_values)) if p_values else whole

    def _sums(self, tree: int, node: int, rows: NDArray[np.int64]) -> Cluster:
        assert self.whole is not None
        observed, expected = (values[rows].sum() for values in (self.whole.observed, self.whole.expected))
        return Cluster(
            tree=tree,
            node=node,
            value=self.costs.value(rows),
            numerator=float(self.costs.numerator[rows].sum()),
            denominator=float(self.costs.denominator[rows].sum()),
            evidence=float(evidence_of_sums(observed, expected, self.whole)[0]),
        )

    def _describe(self, known: Cluster, members: NDArray[np.int64], against: str) -> Slice:
        value = known.value
        excess, drop = (
            float(self.drop(value, known.numerator, known.denominator, compared))
            for compared in ("whole", against)
        )
        has_value = not math.isnan(value)
        return Slice(
            id=self._id(members),
            members=members,
            support=len(members),
            value=value,
            drop=drop,
            impact=excess * known.denominator if has_value else math.nan,
            share=self.costs.share(members),
            tree=known.tree,
            node=known.node,
            evidence=known.evidence,
            interval=value_interval(self.costs, members) if has_value else (math.nan, math.nan),
            groups=self._groups.of_slice(members, self._losses) if self._groups else None,
        )

    def _id(self, members: NDArray[np.int64]) -> str:
        rank = self._rank
        rows = np.sort(members) if rank is None else members[np.argsort(rank[members])]
        return _slice_id(name.encode() for name in self._names[rows].tolist())

    @cached_property
    def _names(self) -> NDArray[np.str_]:
        """(n,) ids of the clips."""
        if isinstance(self._ids, np.ndarray) and self._ids.dtype.kind == "U":
            return self._ids
        return np.array(
            [str(name) for name in (range(self.n) if self._ids is None else self._ids)], dtype=str
        )

    @cached_property
    def _rank(self) -> NDArray[np.int64] | None:
        """(n,) position of every clip in the order of the ids; None where they are in it."""
        names = self._names
        if (names[:-1] <= names[1:]).all():
            return None
        rank = np.empty(self.n, dtype=np.int64)
        rank[np.argsort(names, kind="stable")] = np.arange(self.n)
        return rank


class _SliceCache:
    """Slices described lately, the oldest dropped where there are too many or they have too many clips."""

    def __init__(self) -> None:
        self._slices: LRUCache[tuple, Slice] = LRUCache(_CACHED_MEMBERS, _members_counted)
        self._lock = threading.Lock()  # one server process describes for many people

    def get(self, key: tuple, describe: Callable[[], Slice]) -> Slice:
        with self._lock:
            if (known := self._slices.get(key)) is not None:
                return known
        slice_ = describe()
        with self._lock:
            return self._slices.setdefault(key, slice_)


def _members_counted(slice_: Slice) -> int:
    """Members that a slice takes of the cache: a small one has its other fields, and a larger one than all fits."""
    return min(max(slice_.support, _CACHED_MEMBERS // _CACHED_SLICES), _CACHED_MEMBERS)


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> NDArray[np.float64]:
    """Quotient of sums, NaN where the denominator is 0.

    The sums come from differences of running sums: what rounding leaves of a zero is no denominator.
    """
    below = np.asarray(denominator, dtype=np.float64)
    none = below <= 1e-12 * max(float(np.max(below, initial=0.0)), 0.0)
    return np.divide(numerator, below, out=np.full(below.shape, np.nan), where=~none)


def _slice_id(sorted_names: Iterable[bytes]) -> str:
    # Lengths keep names apart that read the same one after the other.
    content = b"".join(len(name).to_bytes(4, "little") + name for name in sorted_names)
    return hashlib.blake2b(content, digest_size=6).hexdigest()
