import numpy as np
import pytest

from slicecore.display.plane import NO_STEP, Part, Plane

EVERYTHING = Part(-100.0, 100.0, -100.0, 100.0)


@pytest.fixture
def positions():
    rng = np.random.default_rng(3)
    positions = rng.normal(size=(5000, 2)).astype(np.float32) * [3, 1]
    positions[::50] = positions[7]  # many on one spot
    positions[::33] = np.nan
    positions[5] = [np.inf, 0]
    return positions.astype(np.float32)


def test_pixels_hold_all_clips_in_view(positions):
    plane, part = Plane(positions), Part(-1.5, 2.25, -1.0, 0.75)
    x, y = positions.T.astype(np.float64)
    inside = (x >= part.left) & (x < part.right) & (y >= part.bottom) & (y < part.top)
    steps = np.zeros(len(positions), np.uint8)
    marked = np.arange(len(positions)) % 3 == 0
    density = plane.density(part, 61, 40, steps, marked)
    assert density.counts.shape == density.steps.shape == density.marked.shape == (40, 61)
    assert density.counts.sum() == inside.sum()
    assert density.marked.sum() == (inside & marked).sum()
    assert np.array_equal(np.sort(plane.rows[plane.at(part)]), np.flatnonzero(inside))
    whole = plane.density(EVERYTHING, 20, 20, steps, marked)
    assert whole.counts.sum() == len(plane) == np.isfinite(positions).all(axis=1).sum()


def test_a_pixel_is_where_its_clips_are():
    positions = np.array([[0.5, 9.5], [0.5, 9.4], [9.9, 0.1], [3.2, 5.0]], np.float32)
    steps = np.array([10, 20, 4, NO_STEP], np.uint8)
    density = Plane(positions).density(Part(0, 10, 0, 10), 10, 10, steps, np.zeros(4, bool))
    assert density.counts[0, 0] == 2
    assert density.steps[0, 0] == 15  # the mean
    assert (density.counts[9, 9], density.steps[9, 9]) == (1, 4)
    assert (density.counts[4, 3] + density.counts[5, 3], density.counts.sum()) == (1, 4)
    assert density.steps[density.counts == 0].tolist() == [NO_STEP] * 97


def test_groups_are_not_averaged_and_marked_clips_decide():
    positions = np.zeros((6, 2), np.float32)
    steps = np.array([0, 0, 6, 6, 6, NO_STEP], np.uint8)
    part, none = Part(-1, 1, -1, 1), np.zeros(6, bool)
    plane = Plane(positions)
    assert plane.density(part, 1, 1, steps, none, are_groups=True).steps.item() == 6
    marked = np.array([True, False, False, False, False, False])
    assert plane.density(part, 1, 1, steps, marked, are_groups=True).steps.item() == 0
    assert plane.density(part, 1, 1, steps, marked).steps.item() == 0


def test_a_polygon_holds_what_lies_inside(positions):
    """The even-odd rule clip by clip, as the page itself does it for the points that it draws."""
    turns = np.linspace(0, 4 * np.pi, 40, endpoint=False)
    corners = np.stack([1.5 * np.cos(turns), (0.2 + turns / 8) * np.sin(turns)], axis=1)  # it crosses itself

    def holds(x, y):
        inside = False
        for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, 1, axis=0), strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
        return inside

    found = Plane(positions).inside(corners.tolist())
    assert 200 < len(found) < 4000
    assert found.tolist() == [row for row, (x, y) in enumerate(positions.astype(float)) if holds(x, y)]


def test_the_nearest_clip_within_reach(positions):
    plane = Plane(positions)
    rng = np.random.default_rng(5)
    for x, y in rng.normal(size=(60, 2)):
        apart = ((positions - [x, y]) / [0.05, 0.02]) ** 2
        distance = np.where(np.isfinite(positions).all(axis=1), apart.sum(axis=1), np.inf)
        row = plane.nearest(x, y, 0.05, 0.02)
        if distance.min() > 1:
            assert row is None
        else:
            assert distance[row] == pytest.approx(distance.min())


@pytest.mark.parametrize("positions", [np.full((4, 2), np.nan), np.zeros((0, 2)), np.full((3, 2), 1.0)])
def test_few_places_or_none(positions):
    plane = Plane(positions.astype(np.float32))
    places = int(np.isfinite(positions).all(axis=1).sum())
    steps, marked = np.zeros(len(positions), np.uint8), np.zeros(len(positions), bool)
    assert plane.density(EVERYTHING, 3, 2, steps, marked).counts.sum() == len(plane) == places
    assert len(plane.inside([(0, 0), (0, 3), (3, 3), (3, 0)])) == places
    assert (plane.nearest(1, 1, 0.1, 0.1) is None) == (not places)
    assert not len(plane.inside([]))
