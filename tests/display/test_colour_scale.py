import numpy as np
import pytest

from slicecore.display.colour_scale import points_per_unit, scale_column
from slicecore.metrics import Costs


def test_rates_are_in_percentage_points():
    assert points_per_unit(Costs([1.0], [2.0]), 0.5, 90) == 100


@pytest.mark.parametrize("higher_is_better", [False, True])
def test_the_worst_clips_of_a_number_get_the_end_of_the_scale(higher_is_better):
    sign = -1 if higher_is_better else 1
    costs = Costs(sign * np.arange(101.0), np.ones(101), higher_is_better=higher_is_better, is_rate=False)
    assert points_per_unit(costs, 0.0, 90) * 99 == pytest.approx(90)


def test_a_metric_without_drops_has_a_scale_all_the_same():
    assert points_per_unit(Costs([1.0, 1.0], [1.0, 1.0], is_rate=False), 1.0, 90) == 1
    assert points_per_unit(Costs([0.0], [0.0], is_rate=False), float("nan"), 90) == 1


def test_a_column_lies_between_its_percentiles():
    scaled = scale_column(np.append(np.arange(101.0), np.nan))
    assert (scaled.low, scaled.high) == (1, 99)
    assert scaled.position[[0, 1, 50, 99, 100]].tolist() == [0, 0, 0.5, 1, 1]
    assert np.isnan(scaled.position[-1])
    assert scale_column(np.full(3, 7.0)).position.tolist() == [0, 0, 0]
    assert np.isnan(scale_column(np.full(3, np.nan)).position).all()
