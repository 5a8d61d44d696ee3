"""Colours of confusion matrices."""

import numpy as np

from slicecore.display.confusion_colours import cell_points, change_points
from slicecore.metrics.label_changes import LabelComparison
from slicecore.metrics.labels import LabelTable

ACTUAL = ["yes"] * 4 + ["no"] * 2 + ["a", "b"]
MODEL = LabelTable(ACTUAL, ["yes", "yes", "yes", "no", "yes", "yes", "a", "b"])
OTHER = LabelTable(ACTUAL, ["yes", "yes", "no", "no", "no", "no", "a", "b"])


def test_cells_go_by_their_share_of_the_row_and_right_ones_the_other_way():
    points = cell_points(MODEL.confusion().condensed(3))
    assert points[:2, :2].tolist()[0] == [-0.75 * 35, 0.25 * 90]
    assert points[1, 0] == 90 and np.isnan(points[1, 1])
    assert np.isnan(points[2, 2])  # a and b, which stand together


def test_a_difference_is_in_points_of_the_row_and_fewer_right_clips_are_worse():
    points = change_points(LabelComparison(MODEL, OTHER).change(most=3))
    assert points[0, :2].tolist() == [-25, -25] and points[1, :2].tolist() == [100, 100]
    assert np.isnan(points[2]).all()
