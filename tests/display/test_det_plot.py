"""DET curves as data."""

import numpy as np
from scipy.stats import norm

from slicecore.display.det_plot import det_plot
from slicecore.metrics import DetectionTable

TARGETS = np.arange(40) % 2
TABLE = DetectionTable(TARGETS, TARGETS + np.linspace(-0.8, 0.8, 40))


def test_the_operating_point_lies_on_the_curve_within_the_axes():
    plot = det_plot([(TABLE, 0.5, None), (TABLE, 0.9, np.arange(10))])
    (low, _), *_, (high, _) = plot.ticks
    for line in plot.lines:
        assert line.at_threshold in line.points
        assert all(low <= side <= high for point in line.points for side in point)
    rates = plot.lines[0].rates
    assert plot.lines[0].at_threshold == (
        round(float(norm.ppf(rates.false_accept_rate)), 2),
        round(float(norm.ppf(rates.false_reject_rate)), 2),
    )


def test_clips_of_one_kind_have_no_curve():
    plot = det_plot([(TABLE, 0.5, None), (TABLE, 0.5, np.arange(0, 40, 2))])
    assert plot.lines[0].points and not plot.lines[1].points and plot.lines[1].at_threshold is None
    assert plot.lines[1].rates.targets == 0 and np.isnan(plot.lines[1].equal_error_rate)
