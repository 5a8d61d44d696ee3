import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.neighbours import first_neighbours


def by_brute_force(points):
    points = points.astype(np.float64)
    distances = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    return distances.argmin(axis=1)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(2, 50),
    d=st.integers(1, 6),
    offset=st.sampled_from([0.0, 1.0, 1000.0]),
    grid=st.booleans(),
    block=st.integers(1, 400),
    seed=st.integers(0, 2**32 - 1),
)
def test_neighbours_are_exact_whatever_the_block(n, d, offset, grid, block, seed):
    rng = np.random.default_rng(seed)
    points = rng.integers(4, size=(n, d)) if grid else rng.normal(size=(n, d))
    points = (points + offset).astype(np.float32)
    np.testing.assert_array_equal(first_neighbours(points, block_elements=block), by_brute_force(points))


def test_close_points_far_from_the_rest_are_told_apart():
    rng = np.random.default_rng(0)
    near = rng.normal(scale=1e-3, size=(30, 20))
    points = np.vstack([near + 100, near[::-1] - 100, rng.normal(size=(5, 20))]).astype(np.float32)
    np.testing.assert_array_equal(first_neighbours(points), by_brute_force(points))


def test_a_single_point_is_its_own_neighbour():
    assert first_neighbours(np.zeros((1, 3))).tolist() == [0]


@pytest.mark.parametrize("n", [1000])
def test_neighbours_of_embeddings_sized_vectors(n):
    points = np.random.default_rng(1).normal(size=(n, 192)).astype(np.float32)
    np.testing.assert_array_equal(first_neighbours(points, block_elements=100_000), first_neighbours(points))
