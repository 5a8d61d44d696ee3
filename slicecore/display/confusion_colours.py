"""Colours of confusion matrices: the place of every cell on the drop scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.display.palette import DROP_POINTS
from slicecore.metrics import Confusion
from slicecore.metrics.label_changes import ConfusionChange


def cell_points(confusion: Confusion) -> NDArray[np.float64]:
    """Points of every cell by its share of the row, (labels, labels).

    All of a row in one wrong cell is the upper end of the scale, all of it right the lower one. NaN of cells without
    clips, and where the labels that stand together meet: right and wrong are one there.
    """
    share = _share_of_row(confusion.counts, confusion)
    points = np.where(np.eye(len(share), dtype=bool), DROP_POINTS[0], DROP_POINTS[-1]) * share
    return _only(points, confusion.counts > 0, confusion)


def change_points(change: ConfusionChange) -> NDArray[np.float64]:
    """Points of every cell of the difference of two models, (labels, labels).

    Percentage points of the row that the first model has more in the cell; fewer of them where that is right. NaN of
    cells with as many clips, and where the labels that stand together meet.
    """
    more = change.gained - change.lost
    points = 100 * _share_of_row(more, change.model)
    points[np.diag_indices_from(points)] *= -1
    return _only(points, more != 0, change.model)


def _share_of_row(counts: NDArray[np.int64], confusion: Confusion) -> NDArray[np.float64]:
    share: NDArray[np.float64] = counts / np.maximum(confusion.clips, 1)[:, None]
    return share


def _only(points: NDArray[np.float64], there: NDArray[np.bool_], confusion: Confusion) -> NDArray[np.float64]:
    points = np.where(there, points, np.nan)
    if confusion.merged:
        points[-1, -1] = np.nan
    return points
