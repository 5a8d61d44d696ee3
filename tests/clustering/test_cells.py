import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from slicecore.clustering.cells import divide, nearest_centres


def clustered(n, d, groups, seed):
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=4, size=(groups, d))
    group = rng.integers(groups, size=n)
    return (centres[group] + rng.normal(size=(n, d))).astype(np.float32), group


@pytest.mark.parametrize("n", [1, 7, 100, 5000])
@pytest.mark.parametrize("rows_per_cell", [1, 30, 512])
def test_every_row_is_in_a_cell_and_there_are_about_as_many_cells_as_asked_for(n, rows_per_cell):
    points, _ = clustered(n, 6, 10, seed=0)
    cells = divide(points, rows_per_cell, np.random.default_rng(1))
    assert cells.cell.shape == (n,)
    assert 0 <= cells.cell.min() <= cells.cell.max() < len(cells.centres)
    wanted = -(-n // rows_per_cell)
    assert wanted <= len(cells.centres) <= wanted + np.sqrt(wanted)
    assert np.isfinite(cells.centres).all()


def test_rows_of_a_cell_are_near_one_another():
    points, group = clustered(6000, 8, 12, seed=2)
    cells = divide(points, 100, np.random.default_rng(0))
    spread = np.square(points - cells.centres[cells.cell]).sum(axis=1).mean()
    of_groups = np.array([points[group == g].mean(axis=0) for g in range(12)])
    assert spread < 0.9 * np.square(points - of_groups[group]).sum(axis=1).mean()
    nearest = cells.centres[nearest_centres(points, cells.centres)]
    assert spread < 1.1 * np.square(points - nearest).sum(axis=1).mean()


def test_cells_do_not_depend_on_threads():
    points, _ = clustered(4000, 16, 9, seed=3)
    with threadpool_limits(2):
        cells = divide(points, 60, np.random.default_rng(0))
    with threadpool_limits(1):
        again = divide(points, 60, np.random.default_rng(0))
    np.testing.assert_array_equal(cells.cell, again.cell)
    np.testing.assert_array_equal(cells.centres, again.centres)


def test_points_of_one_place_and_points_far_from_zero():
    same = np.full((500, 3), 1e4, dtype=np.float32)
    assert np.isfinite(divide(same, 20, np.random.default_rng(0)).centres).all()
    points, group = clustered(3000, 4, 5, seed=4)
    far = divide(points + np.float32(1000), 50, np.random.default_rng(0))
    purity = [np.bincount(group[far.cell == cell]).max() for cell in np.unique(far.cell)]
    assert sum(purity) / len(points) > 0.95
