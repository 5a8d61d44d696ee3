"""Agreement of predicted and actual scores."""

import numpy as np
import pytest

from slicecore.errors import MetricError
from slicecore.metrics import ScoreTable

ACTUAL = ["1.0", "2", "3", "4.5"]
TABLE = ScoreTable(ACTUAL, ["1.5", "2.5", "3.5", "5"])


def test_bias_and_correlation_of_a_group():
    assert TABLE.bias() == TABLE.bias([0, 3]) == 0.5
    assert TABLE.correlation() == pytest.approx(1)
    assert np.isnan(TABLE.correlation([0, 1])) and np.isnan(TABLE.bias([]))
    assert np.isnan(ScoreTable(ACTUAL, ["2"] * 4).correlation())


def test_both_sides_lie_on_one_scale():
    places = TABLE.places()
    assert places.min() == 0 and places.max() == 1
    assert (places[:, 1] > places[:, 0]).all()  # above the diagonal: predicted too high
    assert ScoreTable([], []).places().shape == (0, 2)


def test_a_text_is_no_score():
    with pytest.raises(MetricError, match="“good” is not a number"):
        ScoreTable(ACTUAL, ["1", "good", "3", "4"])
