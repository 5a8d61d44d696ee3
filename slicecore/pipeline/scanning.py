"""Scanner of an analysed data set, which knows the groups and the copies among its clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.slices.clip_groups import ClipGroups
from slicecore.slices.scanner import Scanner
from slicecore.table.speakers import group_labels, group_noun

if TYPE_CHECKING:
    from slicecore.metrics import Costs
    from slicecore.pipeline.analysis import Analysis


def scanner_of(analysis: Analysis, costs: Costs, group: str | None, cache: Path | None) -> Scanner:
    """The scanner of a data set.

    Parameters
    ----------
    analysis
        Its embeddings and clusters.
    costs
        The metric.
    group
        Groups that its clips come in, as `slicecore.table.speakers.group_column` names them.
    cache
        Folder of the cache.
    """
    data = analysis.data
    return Scanner(
        analysis.hierarchy,
        costs,
        data.ids,
        cache,
        groups=ClipGroups.of(group_labels(data, group), group_noun(group)) if group else None,
        copies=analysis.copies,
    )
