"""Slices that metadata and measurements describe: values, ranges, and pairs of these on which the model is bad.

They go through the thresholds of the scan and through its test: errors are shuffled over the clips, and a group's p
counts for all groups that were looked at together. Of groups that say the same only one is shown: the best first, and
another only where it still meets the thresholds with what the shown ones leave of it. What the table says of the clips
and what was measured are not weighed against each other: a device and its noise are both shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicecore.groups import check_same_clips
from slicecore.measurements import CATALOGUE
from slicecore.measurements.text import FROM_PREDICTION, TEXT
from slicecore.slices.bins import bins_of
from slicecore.slices.condition import Condition
from slicecore.slices.condition_groups import ConditionGroups
from slicecore.slices.condition_search import choose_groups
from slicecore.slices.condition_test import group_p_values
from slicecore.slices.describer import Describer
from slicecore.slices.options import CONFIRMED, POSSIBLE
from slicecore.slices.permutation import P_CONFIRMED
from slicecore.slices.result import Slice
from slicecore.wording import percent

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.slices.scanner import Scan
    from slicecore.table.dataset import Dataset


@dataclass(frozen=True, eq=False)
class MetadataSlice:
    """A slice that one or two conditions describe.

    Attributes
    ----------
    conditions : what its clips have in common.
    slice : the clips, with value, drop, p and tier as those of a scan; it is no cluster of a tree.
    same : other conditions that nearly the same clips meet, such as the only speaker with an accent.
    """

    conditions: tuple[Condition, ...]
    slice: Slice
    same: tuple[Condition, ...] = ()

    @property
    def label(self) -> str:
        """The conditions in words: "accent = scottish and Length ≥ 4.1 s"."""
        return " and ".join(map(str, self.conditions))

    def overlap(self, cluster: Slice) -> Overlap:
        """How far a cluster is this slice."""
        common = len(np.intersect1d(cluster.members, self.slice.members, assume_unique=True))
        return Overlap(self, common, cluster.support, self.slice.support)


@dataclass(frozen=True, eq=False)
class Overlap:
    """How far a cluster is a slice over metadata.

    Attributes
    ----------
    metadata_slice : the slice over metadata.
    common : clips in both.
    of_cluster, of_slice : clips of the cluster, and of the slice over metadata.
    """

    metadata_slice: MetadataSlice
    common: int
    of_cluster: int
    of_slice: int

    @property
    def jaccard(self) -> float:
        """Clips in both among clips in either."""
        return self.common / (self.of_cluster + self.of_slice - self.common)

    @property
    def sentence(self) -> str:
        """Such as "81 % of this slice has accent = scottish; it holds 27 of the 29 such clips"."""
        return (
            f"{percent(self.common / self.of_cluster)} of this slice has {self.metadata_slice.label}; "
            f"it holds {self.common} of the {self.of_slice} such clips"
        )


def mostly(
    cluster: Slice, found: Sequence[MetadataSlice], least: float = 0.6, least_of_slice: float = 0.3
) -> Overlap | None:
    """Which slice over metadata a cluster mostly is; None for none.

    Parameters
    ----------
    cluster
        A slice of a scan.
    found
        From `scan_metadata`.
    least, least_of_slice
        Share of the cluster, and of the slice over metadata, that both must have in common.
    """
    overlaps = [one.overlap(cluster) for one in found]
    good = [
        one
        for one in overlaps
        if one.common >= least * one.of_cluster and one.common >= least_of_slice * one.of_slice
    ]
    return max(good, key=lambda one: one.jaccard, default=None)


def scan_metadata(
    found: Scan,
    data: Dataset,
    measured: pd.DataFrame | None = None,
    *,
    pairs: bool = True,
    seed: int = 0,
) -> tuple[MetadataSlice, ...]:
    """Find the slices that metadata and measurements describe, at the thresholds of a scan.

    Looked at are the values of metadata, ranges of its numbers and of the measurements (all below or above a
    quantile), and pairs of such conditions on two columns. Measurements that depend on the prediction are left out,
    and those of texts where the metric compares labels or numbers.

    Parameters
    ----------
    found
        The scan; minimum support, minimum drop, what it compares with, and the number of shuffles are its.
    data
        The clips.
    measured
        (n, columns) such as `Measurements.table`.
    pairs
        Whether pairs of conditions are looked at.
    seed
        Of the shuffles.

    Returns
    -------
    tuple of MetadataSlice
        Confirmed ones first, then the largest impact. They may share clips.

    Raises
    ------
    SlicecoreError
        The tables are not of the same clips.
    """
    import pandas as pd

    n = len(found.costs)
    tables = {"metadata": data.table, "measurements": measured}
    check_same_clips(n, {name: len(table) for name, table in tables.items() if table is not None}, "scan")
    metadata = data.table[list(data.metadata)].reset_index(drop=True)
    numbers = pd.DataFrame(index=metadata.index) if measured is None else measured.reset_index(drop=True)
    left_out = {measurement.name for measurement in TEXT} if found.costs.compares_values else FROM_PREDICTION
    numbers = numbers[[name for name in numbers.columns if name not in left_out]]
    columns = bins_of(metadata, numbers, CATALOGUE, found.min_support)
    groups = ConditionGroups(found, columns, pairs)
    chosen = choose_groups(groups)
    options = found.options
    p_values = (
        group_p_values(groups, [group for group, _ in chosen], options.shuffles, seed)
        if options.shuffles
        else []
    )
    describer = Describer(found.costs, data.ids)
    slices = []
    for i, (group, same) in enumerate(chosen):
        one = describer.group(groups.members(group), options.against)
        if p_values:
            one = one.with_p(p_values[i], CONFIRMED if p_values[i] <= P_CONFIRMED else POSSIBLE)
        if one.drop >= found.min_drop - 1e-9 and options.tier in (None, one.tier):
            others = tuple(groups.conditions(other)[0] for other in same)
            slices.append(MetadataSlice(groups.conditions(group), one, others))
    slices.sort(key=lambda one: (one.slice.tier == POSSIBLE, -round(one.slice.impact, 9), one.label))
    return tuple(slices)
