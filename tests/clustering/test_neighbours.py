from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from slicecore.clustering import neighbours as neighbours_module
from slicecore.clustering.cell_search import CellSearch
from slicecore.clustering.cells import Cells, nearest_centres
from slicecore.clustering.neighbours import LEAST_RECALL, first_neighbours, good_neighbours


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


def clustered(n, d, groups, seed):
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=3, size=(groups, d))
    return (centres[rng.integers(groups, size=n)] + rng.normal(size=(n, d))).astype(np.float32)


def test_neighbours_of_some_rows():
    points = clustered(300, 5, 4, seed=0)
    rows = np.array([7, 3, 299, 0])
    np.testing.assert_array_equal(first_neighbours(points, rows=rows), first_neighbours(points)[rows])


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 400),
    d=st.integers(1, 12),
    groups=st.integers(1, 40),
    grid=st.booleans(),
    limit=st.sampled_from([0, 50]),
    seed=st.integers(0, 2**32 - 1),
)
def test_few_neighbours_in_cells_are_missed_and_never_the_row_itself(n, d, groups, grid, limit, seed):
    points = clustered(n, d, groups, seed)
    points = np.unique(points.round() if grid else points, axis=0)
    neighbours, recall = good_neighbours(points, exact_up_to=limit)
    exact = first_neighbours(points)
    assert recall >= LEAST_RECALL
    assert ((neighbours >= 0) & (neighbours < len(points))).all()
    if len(points) > 1:
        assert (neighbours != np.arange(len(points))).all()
    if len(points) <= max(limit, 3):
        np.testing.assert_array_equal(neighbours, exact)
        assert recall == 1.0
    if len(points) > 100:
        assert (neighbours == exact).mean() >= 0.95


def test_neighbours_in_cells_do_not_depend_on_threads():
    points = clustered(3000, 24, 30, seed=1)
    with threadpool_limits(2):
        neighbours, recall = good_neighbours(points, exact_up_to=100)
    with threadpool_limits(1):
        np.testing.assert_array_equal(good_neighbours(points, exact_up_to=100)[0], neighbours)
    assert (neighbours == first_neighbours(points)).mean() >= LEAST_RECALL
    assert LEAST_RECALL <= recall <= 1


def test_a_search_whose_sample_finds_all_at_home_ends_where_the_check_finds_too_few(monkeypatch):
    points = clustered(2000, 3, 3, seed=5)
    monkeypatch.setattr(CellSearch, "reach_of", lambda *_: 0.0)
    neighbours, recall = good_neighbours(points, exact_up_to=100)
    assert recall >= LEAST_RECALL
    assert (neighbours == first_neighbours(points)).mean() >= LEAST_RECALL


def test_points_without_structure_are_compared_with_all_others():
    points = np.random.default_rng(0).normal(size=(2000, 100)).astype(np.float32)
    neighbours, recall = good_neighbours(points, exact_up_to=100)
    np.testing.assert_array_equal(neighbours, first_neighbours(points))
    assert recall == 1.0


def around(points, centres):
    centres = np.asarray(centres, dtype=np.float32)
    return Cells(nearest_centres(points, centres), centres)


def test_a_point_alone_in_its_cell_beside_an_empty_cell_gets_its_nearest_neighbour():
    points = np.array([[0.0], [0.1], [0.2], [50.0], [100.0]], dtype=np.float32)
    search = CellSearch(points, around(points, [[0.1], [50.0], [60.0], [100.0]]))  # the third cell is empty
    assert search.neighbours.tolist()[3:] == [-1, -1]
    search.look_within(0.0)
    assert search.neighbours.tolist() == [1, 0, 1, 2, 3]


@settings(max_examples=30, deadline=None)
@given(n=st.integers(2, 60), cells=st.integers(1, 12), seed=st.integers(0, 2**32 - 1))
def test_all_cells_together_give_the_exact_neighbours(n, cells, seed):
    rng = np.random.default_rng(seed)
    points, centres = rng.normal(size=(n, 3)).astype(np.float32), rng.normal(size=(cells, 3))
    search = CellSearch(points, around(points, centres))
    search.look_within(np.inf)
    np.testing.assert_array_equal(search.neighbours, by_brute_force(points))


def test_a_row_looks_into_the_cells_near_its_own_and_into_no_others():
    points = np.array([[0.0], [10.0], [20.0], [31.0]], dtype=np.float32)
    search = CellSearch(points, around(points, points), near=1)
    search.look_within(np.inf)
    assert search.neighbours.tolist() == [1, 0, 1, 2]
    far = np.array([[0.0, 0.0], [3.0, 0.0], [9.0, 8.9], [9.0, 9.1]], dtype=np.float32)
    centres = [[1.0, 0.0], [9.0, 0.0], [9.0, 9.0]]  # the second cell is empty and counts for nothing
    search = CellSearch(far, around(far, centres), near=1)
    search.look_within(np.inf)
    assert search.neighbours.tolist() == [1, 0, 3, 2]


def test_the_reach_that_is_read_off_rows_finds_their_nearest():
    points = clustered(4000, 12, 30, seed=2)
    exact = first_neighbours(points)
    search = CellSearch(points, around(points, points[:60]))
    rows = np.arange(0, 4000, 3)
    before = (search.neighbours == exact)[rows].mean()
    search.look_within(search.reach_of(rows, exact[rows], aim=1.0))
    assert before < (search.neighbours == exact)[rows].mean() == 1.0


def test_the_reach_for_so_many_comparisons_is_not_smaller_than_that_for_fewer_and_all_have_no_end():
    points = clustered(4000, 12, 30, seed=2)
    cells = around(points, points[:60])
    search, rows = CellSearch(points, cells), np.arange(0, 4000, 3)
    reaches = [search.reach_for(rows, compared) for compared in (1, 200, 500, 1000, 4000)]
    assert reaches == sorted(reaches)
    assert reaches[0] == 0.0
    wider = CellSearch(points, cells)
    search.look_within(reaches[1])
    wider.look_within(reaches[3])
    exact = first_neighbours(points)
    assert (search.neighbours == exact).mean() < (wider.neighbours == exact).mean()


def many(monkeypatch, **others):
    """Let tables of more than 2,000 rows be as large as those that are compared with so many rows."""
    changed = replace(neighbours_module.SETTINGS, good_up_to=2000, **others)
    monkeypatch.setattr(neighbours_module, "SETTINGS", changed)


def test_many_rows_are_compared_with_so_many_and_the_share_of_the_nearest_is_told(monkeypatch):
    points = clustered(6000, 24, 5, seed=3)
    exact = first_neighbours(points)
    shares = []
    for compared in (100, 400, 6000):
        many(monkeypatch, most_compared=compared)
        neighbours, recall = good_neighbours(points, exact_up_to=100)
        assert (neighbours != np.arange(len(points))).all()
        assert (neighbours >= 0).all()
        shares.append((neighbours == exact).mean())
        assert abs(recall - shares[-1]) < 0.1  # of 250 rows
    assert 0.2 < shares[0] < shares[1] < shares[2]
    assert shares[2] >= 0.97


def test_neighbours_of_many_rows_are_near_even_where_there_is_no_structure(monkeypatch):
    many(monkeypatch, most_compared=300)
    points = np.random.default_rng(0).normal(size=(4000, 40)).astype(np.float32)
    monkeypatch.setattr(CellSearch, "look_within", counting(CellSearch.look_within))
    neighbours, recall = good_neighbours(points, exact_up_to=100)
    assert recall < LEAST_RECALL
    distance = np.linalg.norm(points - points[neighbours], axis=1)
    nearest = np.linalg.norm(points - points[first_neighbours(points)], axis=1)
    assert np.median(distance / nearest) < 1.15
    assert CellSearch.look_within.calls == 1  # twice the reach would be beyond what is allowed


def counting(function):
    def counted(*args):
        counted.calls += 1
        return function(*args)

    counted.calls = 0
    return counted
