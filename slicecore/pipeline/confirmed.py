"""Confirmed slices of a table, named: clusters of its recordings, or conditions where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import ModelError, TableError
from slicecore.pipeline.costs import costs_of
from slicecore.pipeline.search import find_slices
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.result import Scan
from slicecore.table.speakers import group_column, group_labels

if TYPE_CHECKING:
    from slicecore.pipeline.analysis import Progress
    from slicecore.table.dataset import Dataset


def confirmed_slices(
    data: Dataset,
    metric: str,
    normalisation: str,
    *,
    models: Sequence[str] = (),
    group: str | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> tuple[list[tuple[str, NDArray[np.int64]]], str]:
    """Names and rows of the confirmed slices, and why they are of metadata only, "" where they are not.

    Parameters
    ----------
    data
        The clips.
    metric, normalisation, group, cache, progress
        As in `find_slices`.
    models
        Embedding models; "signal" by default.
    """
    try:
        result = find_slices(
            data,
            metric=metric,
            normalisation=normalisation,
            model=list(models) or "signal",
            group=group,
            cache=cache,
            progress=progress,
            tier=CONFIRMED,
        )
    except (TableError, ModelError) as error:
        return _by_conditions(data, metric, normalisation, group), str(error)
    named = [
        (result.explain(slice_).title or f"Slice {slice_.id}", slice_.members) for slice_ in result.slices
    ]
    return named, ""


def _by_conditions(
    data: Dataset, metric: str, normalisation: str, group: str | None
) -> list[tuple[str, NDArray[np.int64]]]:
    costs, options = costs_of(data, metric, normalisation), Options(tier=CONFIRMED)
    min_support, min_drop = options.clips(len(data)), options.threshold(costs.value())
    scan = Scan((), costs.value(), costs, min_support, min_drop, 0.0, None, options)
    column = group_column(data, group)
    groups = group_labels(data, column) if column else None
    return [(each.label, each.slice.members) for each in scan_metadata(scan, data, groups=groups)]
