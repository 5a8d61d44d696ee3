import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.display.hnne_layout import hnne_places
from slicecore.display.projection import project
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


def test_hnne_still_takes_the_hierarchy_that_it_is_given():
    """`slicecore.display.hnne_layout` sets the attribute `hierarchy_parameters` of hnne, which is not documented."""
    from hnne.projector import HNNE, HierarchyParameters

    assert [field.name for field in dataclasses.fields(HierarchyParameters)] == [
        *("partitions", "requested_partition", "partition_sizes", "partition_labels"),
        *("lowest_level_centroids", "new_points_cluster_assignments"),
    ]
    assert HNNE(n_components=2).hierarchy_parameters is None
    vectors, _ = groups()
    tree = build_hierarchy(vectors).trees[0]
    places = hnne_places(vectors, np.arange(200), tree, 0)
    assert places is not None
    # Another hierarchy of the same vectors gives another layout: it is the one in use.
    by_first_value = build_hierarchy(vectors[:, :1]).trees[0]
    assert not np.array_equal(places, hnne_places(vectors, np.arange(200), by_first_value, 0))


def test_hnne_is_imported_without_the_neighbour_search_that_takes_long_to_compile():
    """`slicecore.display.hnne_layout` keeps pynndescent from being imported by hnne."""
    code = (
        "import sys; from slicecore.display import hnne_layout; projector = hnne_layout._hnne_projector(); "
        "assert projector.HNNE and projector.NNDescent is None; assert 'pynndescent' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
