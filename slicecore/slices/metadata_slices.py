"""Slices that metadata and measurements describe: values, ranges, and two or three of these where the model is bad.

They go through the thresholds of the scan and through its test: errors are dealt out to the clips anew, and a group's p
counts for all groups that were searched together. Of groups of the same clips the best one is a slice, and another only
where it still meets the thresholds on the clips that the better ones do not cover. Metadata and measurements do not
compete with each other: a device and its noise are both slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import check_same_clips
from slicecore.measurements import CATALOGUE
from slicecore.measurements.text_catalogue import FROM_PREDICTION, TEXT
from slicecore.slices.bins import Bins, bins_of
from slicecore.slices.clip_groups import ClipGroups
from slicecore.slices.condition import Condition, Operator, Part
from slicecore.slices.condition_choice import cached_choice
from slicecore.slices.condition_groups import ConditionGroups
from slicecore.slices.describer import Describer
from slicecore.slices.metric_columns import without_metric
from slicecore.slices.options import POSSIBLE
from slicecore.slices.result import Slice
from slicecore.table.left_out import columns_left_out
from slicecore.thresholds import reaches
from slicecore.wording import percent

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from slicecore.slices.scanner import Scan
    from slicecore.table.dataset import Dataset


@dataclass(frozen=True, eq=False, repr=False)
class MetadataSlice:
    """A slice that one, two or three conditions describe.

    Attributes
    ----------
    conditions : what its clips have in common.
    slice : the clips, with value, drop, p and tier as those of a scan; it is no cluster of a tree.
    same : other conditions that nearly the same clips meet, such as the only speaker with an accent.
    shuffles : number of permutations of which its p is the share; 0 without a test.
    """

    conditions: tuple[Condition, ...]
    slice: Slice
    same: tuple[Condition, ...] = ()
    shuffles: int = 0

    @property
    def label(self) -> str:
        """The conditions in words: "accent = scottish and Length ≥ 4.1 s"."""
        return " and ".join(map(str, self.conditions))

    def __repr__(self) -> str:
        return f"MetadataSlice({self.label}: {self.slice!r})"

    def overlap(self, cluster: Slice) -> Overlap:
        """Overlap of a cluster with this slice."""
        common = len(np.intersect1d(cluster.members, self.slice.members, assume_unique=True))
        return Overlap(self, common, cluster.support, self.slice.support)


@dataclass(frozen=True, eq=False)
class Overlap:
    """Overlap of a cluster with a metadata slice.

    Attributes
    ----------
    metadata_slice : the metadata slice.
    common : number of clips in both.
    of_cluster, of_slice : number of clips of the cluster, and of the metadata slice.
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
        """The overlap in words: "81 % of this slice has accent = scottish, 27 of the 29 such clips"."""
        label = self.metadata_slice.label
        has = f"meets “{label}”" if any(map(_is_sentence, self.metadata_slice.conditions)) else f"has {label}"
        return (
            f"{percent(self.common / self.of_cluster)} of this slice {has}, "
            f"{self.common} of the {self.of_slice} such clips"
        )


def _is_sentence(condition: Condition) -> bool:
    return condition.operator == Operator.ONE_OF or condition.part != Part.WHOLE


def mostly(
    cluster: Slice, metadata_slices: Sequence[MetadataSlice], least: float = 0.6, least_of_slice: float = 0.3
) -> Overlap | None:
    """Dominant metadata slice of a cluster: the one that it mostly is; None for none.

    Parameters
    ----------
    cluster
        A slice of a scan.
    metadata_slices
        From `scan_metadata`.
    least, least_of_slice
        Share of the cluster, and of the metadata slice, that both must have in common.

    Examples
    --------
    >>> sc.mostly(result.slices[0], result.metadata_slices).metadata_slice.label
    'device = headset'
    """
    overlaps = [metadata_slice.overlap(cluster) for metadata_slice in metadata_slices]
    large = [
        overlap
        for overlap in overlaps
        if overlap.common >= least * overlap.of_cluster
        and overlap.common >= least_of_slice * overlap.of_slice
    ]
    return max(large, key=lambda overlap: overlap.jaccard, default=None)


def scan_metadata(
    scan: Scan,
    data: Dataset,
    measured: pd.DataFrame | None = None,
    *,
    pairs: bool = True,
    seed: int = 0,
    groups: ClipGroups | Sequence[object] | NDArray | None = None,
    copies: NDArray[np.int64] | None = None,
    cache: Path | None = None,
    columns: list[Bins] | None = None,
) -> tuple[MetadataSlice, ...]:
    """Find the slices that metadata and measurements describe, at the thresholds of a scan.

    Searched are the values of metadata, one or several of a column, ranges of its numbers and of the measurements (all
    below, above or between two quantiles), moments, hours and weekdays of its times, and two or three such conditions
    on different columns. Columns that name clips or are constant are left out (`slicecore.table.left_out`), and so are
    measurements that depend on the prediction, and those of texts where the metric compares labels or numbers.

    Parameters
    ----------
    scan
        The scan, which gives minimum support, minimum drop, comparison and number of shuffles.
    data
        The clips.
    measured
        (n, columns) such as `Measurements.table`.
    pairs
        Whether several conditions together are searched.
    seed
        Seed of the shuffles.
    groups
        (n,) label of the group that every clip comes from, its speaker say, as `slicecore.Scanner` takes it. The test
        then deals with whole groups, and every slice says who is in it.
    copies
        (n,) row that stands for every clip, as `slicecore.Scanner` takes it. Copies of a clip count once in the minimum
        support, in the choice and in the test, where the values of the row that stands for them are theirs, and as
        often as they are there in all values.
    cache
        Folder of the cache, where the choice and what the shuffles gave are kept; None: nowhere.
    columns
        From `searched_columns`, where they are known.

    Returns
    -------
    tuple of MetadataSlice
        Confirmed ones first, then the largest impact. They may share clips.

    Raises
    ------
    SlicecoreError
        The tables are not of the same clips.

    Examples
    --------
    >>> [found.label for found in sc.scan_metadata(result.scan, result.data)]
    ['device = headset']
    """
    options = scan.options
    clip_groups = None if groups is None else ClipGroups.of(groups)
    if columns is None:
        columns = searched_columns(scan, data, measured, copies)
    searched = ConditionGroups(scan, columns, pairs, clip_groups, copies)
    chosen = cached_choice(searched, cache)
    describer = Describer(scan.costs, data.ids, clip_groups, copies)
    slices = [describer.group(searched.members(group), options.against) for group, _ in chosen]
    shuffles = [0] * len(slices)
    if options.shuffles:
        from slicecore.slices.condition_test import group_p_values  # scipy.sparse takes .2 s

        tests = group_p_values(searched, [group for group, _ in chosen], options.shuffles, seed, cache)
        slices = [slice_.with_p(p) for slice_, (p, _) in zip(slices, tests, strict=True)]
        shuffles = [count for _, count in tests]
    metadata_slices = [
        MetadataSlice(
            searched.conditions(group), slice_, tuple(searched.conditions(other)[0] for other in same), taken
        )
        for slice_, (group, same), taken in zip(slices, chosen, shuffles, strict=True)
        if reaches(slice_.drop, scan.min_drop) and options.tier in (None, slice_.tier)
    ]
    metadata_slices.sort(key=lambda m: (m.slice.tier == POSSIBLE, -round(m.slice.impact, 9), m.label))
    return tuple(metadata_slices)


def searched_columns(
    scan: Scan, data: Dataset, measured: pd.DataFrame | None, copies: NDArray[np.int64] | None
) -> list[Bins]:
    """The columns that `scan_metadata` searches, as bins. Of a scan they depend on costs and minimum support alone."""
    import pandas as pd

    tables = {"metadata": data.table, "measurements": measured, "copies": copies}
    lengths = {name: len(table) for name, table in tables.items() if table is not None}
    check_same_clips(len(scan.costs), lengths, "scan")
    left_out = columns_left_out(data.table, data.metadata)
    searched = [name for name in data.metadata if name not in left_out]
    searched = without_metric(data.table, searched, scan.costs)
    metadata = data.table[searched].reset_index(drop=True)
    numbers = pd.DataFrame(index=metadata.index) if measured is None else measured.reset_index(drop=True)
    unfit = {measurement.name for measurement in TEXT} if scan.costs.compares_values else FROM_PREDICTION
    numbers = numbers[[name for name in numbers.columns if name not in unfit]]
    counted = None if copies is None else copies == np.arange(len(copies))
    return bins_of(metadata, numbers, CATALOGUE, scan.min_support, counted)
