"""Stretches of places that lie close together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def stretches(places: np.ndarray, together: int) -> list[tuple[int, int, int]]:
    """Stretches of ascending places that lie at most `together` apart: first place, last place, number of places."""
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > together) + 1
    bounds = np.concatenate([[0], breaks, [len(places)]])
    return [
        (int(places[first]), int(places[last - 1]), int(last - first)) for first, last in pairwise(bounds)
    ]
