"""Two classifiers on the same clips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.errors import MetricError
from slicecore.metrics.label_changes import LabelComparison
from slicecore.metrics.labels import OTHERS, LabelTable

ACTUAL = ["yes", "yes", "yes", "no", "no"]


def test_cells_hold_the_clips_that_only_one_model_has_there():
    comparison = LabelComparison(
        LabelTable(ACTUAL, ["yes", "no", "no", "no", "yes"]),
        LabelTable(ACTUAL, ["yes", "yes", "maybe", "no", "no"]),
    )
    change = comparison.change()
    assert change.model.labels == change.other.labels == ("yes", "no", "maybe")
    assert change.gained.tolist() == [[0, 2, 0], [1, 0, 0], [0, 0, 0]]
    assert change.lost.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert comparison.rows("yes", "no").tolist() == [1, 2]
    assert comparison.rows("yes", "maybe").tolist() == [2]
    assert comparison.change([0, 3]).gained.sum() == 0
    with pytest.raises(MetricError, match="“often”"):
        comparison.rows("yes", "often")


def test_other_references_are_not_compared():
    with pytest.raises(MetricError, match="same references"):
        LabelComparison(LabelTable(["a"], ["a"]), LabelTable(["b"], ["a"]))


LABELS = st.sampled_from("abcd")


@given(st.lists(st.tuples(LABELS, LABELS, LABELS), min_size=1), st.integers(2, 4))
def test_what_is_gained_less_what_is_lost_is_the_difference_of_both_matrices(clips, most):
    actual, model, other = zip(*clips, strict=True)
    comparison = LabelComparison(LabelTable(actual, model), LabelTable(actual, other))
    change = comparison.change(most=most)
    assert np.array_equal(change.gained - change.lost, change.model.counts - change.other.counts)
    assert len(change.model.labels) <= most and change.model.counts.sum() == len(clips)
    merged = {OTHERS: change.model.merged or OTHERS}
    for i, one in enumerate(change.model.labels):
        for j, two in enumerate(change.model.labels):
            rows = comparison.rows(merged.get(one, one), merged.get(two, two))
            assert len(rows) == change.gained[i, j] + change.lost[i, j]
