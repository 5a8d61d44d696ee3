import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.display.outline import hull


def inside(polygon, points, tolerance):
    """True if points lie to the left of every edge of a counter-clockwise polygon."""
    edges = np.roll(polygon, -1, axis=0) - polygon
    offsets = points[:, None] - polygon
    cross = edges[:, 0] * offsets[..., 1] - edges[:, 1] * offsets[..., 0]
    return (cross >= -tolerance).all(axis=1)


@settings(max_examples=60, deadline=None)
@given(
    points=st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=30),
    margin=st.sampled_from([0.0, 0.5]),
)
def test_outline_holds_most_points(points, margin):
    array = np.array(points, dtype=float)
    outline = hull(array, margin)
    assert outline.shape[1] == 2
    if len(outline) >= 3:
        assert inside(outline, array, 1e-9).mean() >= 0.5
    else:
        assert margin == 0
        assert len(array) < 4 or len(outline) <= 2 or np.linalg.matrix_rank(array[1:] - array[0]) <= 1


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        (np.zeros((0, 2)), 0),
        ([[np.nan, np.nan]], 0),
        ([[1, 2]], 1),
        ([[1, 2], [1, 2]], 1),
        ([[0, 0], [1, 1]], 2),
        ([[0, 0], [1, 1], [3, 3], [2, 2]], 2),
        ([[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5]], 4),
    ],
)
def test_outline_of_few_points(points, corners):
    outline = hull(points)
    assert len(outline) == corners
    if corners:
        around = hull(points, margin=0.1)
        assert inside(around, np.asarray(points, dtype=float), 1e-9).all()


def test_a_stray_does_not_stretch_the_outline():
    rng = np.random.default_rng(0)
    points = np.vstack([rng.normal(size=(30, 2)), [[100, 100]]])
    assert hull(points).max() < 10
