"""Several models on every slice."""

import numpy as np
import pytest

from slicecore.metrics import METRICS
from slicecore.report.models_table import models_on, models_table

REFERENCE = ["a b", "c d", "e f", "g h"]
PREDICTIONS = {
    "large": ["a b", "c d", "e x", "x x"],
    "small": ["a b", "c x", "x x", "x x"],
    "tiny": ["x x", "x x", "e f", "g h"],
}


@pytest.fixture
def costs():
    return {name: METRICS["wer"](REFERENCE, texts, "basic") for name, texts in PREDICTIONS.items()}


def test_models_are_measured_by_the_best_one_of_each_slice(costs):
    table = models_table(costs, {"s": np.array([2, 3])})
    assert table["slice_id"].tolist() == [""] * 3 + ["s"] * 3
    assert table["clips"].tolist() == [4] * 3 + [2] * 3
    assert table["model"].tolist() == [*PREDICTIONS] * 2
    assert table["value"].tolist() == [0.375, 0.625, 0.5, 0.75, 1.0, 0.0]
    assert table["behind_best"].tolist() == [0, 0.25, 0.125, 0.75, 1.0, 0]


def test_of_a_metric_that_should_be_high_the_highest_is_best(costs):
    accuracy = {name: METRICS["accuracy"](REFERENCE, texts, "basic") for name, texts in PREDICTIONS.items()}
    assert [each.is_best for each in models_on(accuracy)] == [True, False, True]


def test_where_nothing_is_measured_no_model_is_best():
    costs = {name: METRICS["wer"]([""], [""], "basic") for name in PREDICTIONS}
    assert not any(each.is_best for each in models_on(costs))
