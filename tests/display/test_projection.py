import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.display.projection import hull, project
from slicecore.errors import SlicecoreError


def groups(n=200, missing=()):
    rng = np.random.default_rng(0)
    centres = rng.normal(scale=8, size=(6, 10))
    label = rng.integers(6, size=n)
    vectors = (centres[label] + rng.normal(size=(n, 10))).astype(np.float32)
    vectors[list(missing)] = np.nan
    return vectors, label


@pytest.mark.parametrize("method", ["hnne", "umap"])
def test_similar_clips_lie_together_and_the_map_is_repeatable(method):
    vectors, label = groups(missing=[3, 7])
    hierarchy = build_hierarchy(vectors)
    places = project(vectors, hierarchy, method)
    assert places.shape == (200, 2)
    assert places.dtype == np.float32
    assert np.isnan(places[[3, 7]]).all()
    known = np.delete(np.arange(200), [3, 7])
    assert np.isfinite(places[known]).all()
    distance = np.linalg.norm(places[known][:, None] - places[known][None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert (label[known][distance.argmin(axis=1)] == label[known]).mean() > 0.95
    np.testing.assert_array_equal(places, project(vectors, hierarchy, method))


@pytest.mark.parametrize(
    "vectors",
    [
        np.zeros((0, 3)),
        np.zeros((1, 3)),
        np.eye(2),
        np.random.default_rng(0).normal(size=(10, 4)),
        np.random.default_rng(0).normal(size=(17, 4)),
        np.random.default_rng(0).normal(size=(20, 4)),
        np.zeros((60, 5)),
        np.repeat(np.eye(2), 30, axis=0),
        np.arange(40.0)[:, None],
        np.full((5, 2), np.nan),
        np.vstack([np.zeros((40, 6)), np.random.default_rng(0).normal(size=(40, 6))]),
    ],
)
@pytest.mark.parametrize("method", ["hnne", "umap"])
def test_every_clip_with_a_vector_has_a_place(vectors, method):
    places = project(vectors, build_hierarchy(vectors), method)
    assert places.shape == (len(vectors), 2)
    np.testing.assert_array_equal(np.isfinite(places).all(axis=1), np.isfinite(vectors).all(axis=1))


def test_bad_input_is_explained():
    vectors, _ = groups(30)
    with pytest.raises(SlicecoreError, match="tsne"):
        project(vectors, build_hierarchy(vectors), "tsne")
    with pytest.raises(SlicecoreError, match="30 clips"):
        project(vectors[:20], build_hierarchy(vectors))


def inside(polygon, points, tolerance):
    """Whether points lie to the left of every edge of a counter-clockwise polygon."""
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
        assert np.linalg.matrix_rank(array[1:] - array[0]) <= 1 or len(array) < 4 or len(outline) <= 2


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
