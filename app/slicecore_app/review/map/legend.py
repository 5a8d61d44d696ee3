"""Colours of the map as they are chosen, and the clips behind an entry of its legend."""

from __future__ import annotations

import numpy as np

from slicecore.slices.condition import Condition, Operator
from slicecore_app import wording
from slicecore_app.review.map.colouring import Colouring, by_column, by_drop, by_group
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.memo import Same
from slicecore_app.server.open_table import COLOURS
from slicecore_app.session.map_colour import CLUSTER, COLUMN, VALUE
from slicecore_app.session.selection import Pick, selected


def colouring(result: ReviewResult, by: str) -> Colouring:
    """Colours by value, by cluster, or by a column, as `session.map_colour` names them."""
    if by == CLUSTER:
        codes = result.table.top_clusters(result.model, result.analysis)
        return result.table.shared(COLOURS, Same(codes), lambda: _by_cluster(codes))
    name = by.removeprefix(COLUMN)
    if by != VALUE and name in result.columns:
        column = result.columns[name]
        return result.table.shared(COLOURS, Same(column), lambda: by_column(column))
    return result.table.shared(
        COLOURS,
        Same(result.costs),
        lambda: by_drop(np.asarray(result.points(result.drop(result.clip_values)))),
    )


def _by_cluster(codes: np.ndarray) -> Colouring:
    counts = np.bincount(codes[codes >= 0])
    return by_group(codes, [wording.clips(int(count)) for count in counts], "Cluster")


def group(result: ReviewResult, by: str, index: int) -> Pick | None:
    """The selection of the clips behind an entry of the legend; None where it has no such entry."""
    colours = colouring(result, by)
    rows = np.flatnonzero(colours.steps == index)
    if not 0 <= index < len(colours.legend.entries) or not len(rows):
        return None
    if not colours.values:
        return selected(rows, f"cluster of {wording.clips(len(rows))}")
    column = by.removeprefix(COLUMN)
    return selected(rows, str(Condition(column, Operator.EQUAL, colours.values[index])))
