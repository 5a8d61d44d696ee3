"""Confirmed slices of a table, named: clusters of its recordings, or conditions where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import ModelError, TableError
from slicecore.pipeline.definitions import named_slices
from slicecore.pipeline.search import find_slices
from slicecore.slices.empty_scan import no_vectors
from slicecore.slices.options import CONFIRMED

if TYPE_CHECKING:
    from slicecore.pipeline.analysis import Progress
    from slicecore.pipeline.result import Result
    from slicecore.table.dataset import Dataset


def confirmed_slices(
    data: Dataset,
    metric: str,
    normalisation: str,
    *,
    threshold: float | None = None,
    is_mean: bool = False,
    higher_is_better: bool = False,
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
    metric, normalisation, threshold, group, cache, progress
        As in `find_slices`.
    is_mean, higher_is_better
        Whether the metric is the mean of the column of its name, and which way that goes.
    models
        Embedding models; by default those of `find_slices`.
    """
    from slicecore.embedding import NONE

    def found(*models: str) -> Result:
        return find_slices(
            data,
            metric=None if is_mean else metric,
            threshold=threshold,
            mean_of=metric if is_mean else None,
            higher_is_better=higher_is_better and is_mean,
            normalisation=normalisation,
            model=models or None,
            group=group,
            cache=cache,
            progress=progress,
            tier=CONFIRMED,
        )

    try:
        result = found(*models)
        why = "" if result.scan.has_clusters else f"{no_vectors(data)}."
    except (TableError, ModelError) as error:
        result, why = found(NONE), str(error)
    return [(each.name, each.slice.members) for each in named_slices(result)], why
