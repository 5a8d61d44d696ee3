"""Outline of a group of clips on a map."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_DIRECTIONS = 16
_CIRCLE_CORNERS = 16
_STRAY = 3.0  # times the median distance from the middle


def hull(points: ArrayLike, margin: float = 0.0) -> NDArray[np.float64]:
    """Outline of where a group of points lies: the convex hull of all but a few strays.

    A stray is more than three times as far from the middle of the group as half of the points are.

    Parameters
    ----------
    points
        (n, 2); points that are not finite are left out.
    margin
        Distance of the outline from the points, in their units.

    Returns
    -------
    numpy.ndarray
        (k, 2) corners, counter-clockwise. Without a margin one for points on one spot, two for points on a line; (0, 2)
        without points.
    """
    array = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    array = array[np.isfinite(array).all(axis=1)]
    if not len(array):
        return np.zeros((0, 2))
    distance = np.linalg.norm(array - np.median(array, axis=0), axis=1)
    array = np.unique(array[distance <= _STRAY * np.median(distance)], axis=0)
    if margin > 0:  # around the corners of a small circle about every point
        angles = np.arange(_CIRCLE_CORNERS) * (2 * np.pi / _CIRCLE_CORNERS)
        circle = margin * np.column_stack([np.cos(angles), np.sin(angles)])
        array = (array[:, None] + circle).reshape(-1, 2)
    centred = array - array.mean(axis=0)
    strength = np.linalg.svd(centred, compute_uv=False)
    if len(array) < 3 or strength[1] <= 1e-9 * strength[0]:
        return array[[0, -1]] if len(array) > 1 else array  # sorted: the ends of the line
    return _convex_hull(array)


def _convex_hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corners of the convex hull of points that are not all on a line, counter-clockwise.

    Andrew's monotone chain (Another efficient algorithm for convex hulls in two dimensions, 1979), of the points that
    are not inside the polygon of those farthest in some directions. SciPy's hull is as quick, but loading it takes a
    quarter of a second of every start.
    """
    angles = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    farthest = np.argmax(points @ np.stack([np.cos(angles), np.sin(angles)]), axis=0)
    begin = points[farthest[farthest != np.roll(farthest, 1)]]
    edges = np.roll(begin, -1, axis=0) - begin
    away = points[:, None] - begin
    inside = (edges[:, 0] * away[..., 1] - edges[:, 1] * away[..., 0] > 0).all(axis=1)
    rest = np.unique(points[~inside], axis=0).tolist()
    return np.array([*_chain(rest), *_chain(rest[::-1])])


def _chain(points: list[list[float]]) -> list[list[float]]:
    """The corners below sorted points, from the first to the last but one."""
    corners: list[list[float]] = []
    for x, y in points:
        while len(corners) > 1:
            (x1, y1), (x2, y2) = corners[-2:]
            if (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) > 0:
                break
            corners.pop()
        corners.append([x, y])
    return corners[:-1]
