"""Lassos on the map: their clips, and these as a selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from slicecore_app import wording
from slicecore_app.review.map.places import places_of
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server import drawn_maps
from slicecore_app.session.selection import Pick


def rows_inside(lasso: Mapping[str, Any], result: ReviewResult) -> np.ndarray | None:
    """Rows of the clips in a lasso, which has its `corners` and the name of the `points`; None for other places.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where it is no lasso.
    """
    points, plane = drawn_maps.plane_of(places_of(result).positions)
    corners = [(float(x), float(y)) for x, y in lasso["corners"]]
    return plane.inside(corners) if points == lasso["points"] and np.isfinite(corners).all() else None


def lassoed(rows: np.ndarray) -> Pick:
    """The selection of the clips of a lasso."""
    return Pick("selection", "", rows, reason=f"{wording.clips(len(rows))} in a lasso on the map")
