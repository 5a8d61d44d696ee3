"""Errors of a classifier by class."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.errors import MetricError
from slicecore.metrics import error_rate
from slicecore.metrics.labels import NO_LABEL, OTHERS, LabelTable

ACTUAL = ["yes"] * 6 + ["no"] * 3 + ["stop"]
PREDICTED = ["yes", "yes", "yes", "yes", "no", "no ", "no", "no", "yes", ""]


def test_a_matrix_counts_clips_by_reference_and_prediction():
    table = LabelTable(ACTUAL, PREDICTED)
    whole = table.confusion()
    assert whole.labels == ("yes", "no", "stop", NO_LABEL)
    assert whole.counts[:2, :2].tolist() == [[4, 2], [1, 2]]
    by_label = whole.by_label().set_index("label")
    assert by_label.loc["yes", ["clips", "errors", "taken_for"]].tolist() == [6, 2, "no"]
    assert by_label.loc["yes", ["precision", "recall"]].tolist() == pytest.approx([4 / 5, 4 / 6])
    assert by_label.loc["no", "f1"] == pytest.approx(2 * 0.5 * (2 / 3) / (0.5 + 2 / 3))
    assert np.isnan(by_label.loc["stop", "precision"])
    assert table.rows("yes", "no").tolist() == [4, 5]


def test_a_group_has_the_labels_that_are_in_it():
    some = LabelTable(ACTUAL, PREDICTED).confusion([0, 1, 4])
    assert some.by_label()["label"].tolist() == ["yes", "no"]
    assert some.counts.sum() == 3


def test_a_label_that_is_not_there():
    with pytest.raises(MetricError, match="no label “maybe”"):
        LabelTable(ACTUAL, PREDICTED).rows("yes", "maybe")


def test_labels_without_mistakes_become_one_where_there_are_many():
    table = LabelTable(["a", "b", "c", "d"] * 2, ["a", "c", "b", "d"] * 2)
    few = table.confusion().condensed(3)
    assert few.labels == ("b", "c", OTHERS) and few.merged == ("a", "d")
    assert few.counts.tolist() == [[0, 2, 0], [2, 0, 0], [0, 0, 4]]
    assert table.rows(few.merged, few.merged).tolist() == [0, 3, 4, 7]
    assert table.confusion([0, 1]).condensed(3).labels == ("a", "b", "c")


def test_transcripts_have_no_matrix():
    table = LabelTable(range(2000), range(2000))
    assert not table.has_matrix
    with pytest.raises(MetricError, match=r"2,000 different labels.*wer or cer"):
        table.confusion()


LABELS = st.sampled_from(["a", "b", " b", "c", "", None])


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1), st.data())
def test_errors_are_those_of_the_error_rate_and_cells_hold_every_clip_once(pairs, data):
    actual, predicted = zip(*pairs, strict=True)
    table = LabelTable(actual, predicted)
    group = data.draw(st.lists(st.integers(0, len(pairs) - 1), unique=True))
    confusion = table.confusion(group)
    wrong = error_rate(["" if a is None else a for a in actual], ["" if p is None else p for p in predicted])
    assert confusion.counts.sum() - confusion.counts.trace() == wrong.numerator[group].sum()
    condensed = confusion.condensed(2)
    assert len(condensed.labels) <= 2 and condensed.counts.sum() == len(group)
    cells = [table.rows(a, p) for a in table.labels for p in table.labels]
    assert sorted(np.concatenate(cells).tolist()) == list(range(len(pairs)))
