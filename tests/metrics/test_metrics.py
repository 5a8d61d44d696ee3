import jiwer
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore import metrics
from slicecore.errors import MetricError
from slicecore.metrics import METRICS, Costs, align, word_errors
from slicecore.metrics.transcripts import empty_references

sentences = st.lists(st.sampled_from(["a", "b", "c", "dd"]), max_size=6).map(" ".join)
pairs = st.lists(st.tuples(sentences, sentences), min_size=1, max_size=12)


@given(pairs)
def test_pooled_wer_and_cer_are_those_of_jiwer(clips):
    reference, prediction = (list(texts) for texts in zip(*clips, strict=True))
    if any(reference):
        assert metrics.wer(reference, prediction, "none").value() == pytest.approx(
            jiwer.wer(reference, prediction)
        )
        assert metrics.cer(reference, prediction, "none").value() == pytest.approx(
            jiwer.cer(reference, prediction)
        )


@given(pairs, st.integers(0, 2**12 - 1))
def test_parts_add_up(clips, bits):
    reference, prediction = (list(texts) for texts in zip(*clips, strict=True))
    costs = metrics.wer(reference, prediction)
    part = np.array([bits >> i & 1 for i in range(len(clips))], dtype=bool)
    total = sum(
        costs.value(rows) * costs.denominator[rows].sum()
        for rows in (part, ~part)
        if costs.denominator[rows].sum()
    )
    lost = sum(costs.numerator[rows].sum() for rows in (part, ~part) if not costs.denominator[rows].sum())
    assert total + lost == pytest.approx(costs.numerator.sum())
    rows = np.flatnonzero(part)
    assert np.array_equal(costs.value(rows), costs.value(part), equal_nan=True)


@given(sentences, sentences)
def test_alignment_counts_as_word_errors_and_spells_both_sides(reference, prediction):
    edits = align(reference, prediction)
    errors = word_errors([reference], [prediction])
    for kind, count in (
        ("substitute", errors.substitutions),
        ("delete", errors.deletions),
        ("insert", errors.insertions),
    ):
        assert sum(edit.kind == kind for edit in edits) == count[0]
    assert " ".join(edit.reference for edit in edits if edit.reference) == reference
    assert " ".join(edit.prediction for edit in edits if edit.prediction) == prediction
    assert all((edit.reference == edit.prediction) == (edit.kind == "equal") for edit in edits)


def test_empty_references_are_told_of_transcripts_alone():
    assert empty_references(word_errors(["one", "", "..."], ["one", "two", ""]).costs).startswith(
        "2 clips have "
    )
    assert empty_references(word_errors(["one", ""], ["one", "two"]).costs).startswith("1 clip has ")
    assert empty_references(word_errors(["one"], [""]).costs) == ""
    assert empty_references(Costs([1.0], [0.0], name="of my own")) == ""


def test_word_errors_of_known_clips():
    errors = word_errors(["the cat sat", "", "one two", ""], ["The hat sat down!", "noise here", "", ""])
    assert errors.substitutions.tolist() == [1, 0, 0, 0]
    assert errors.deletions.tolist() == [0, 0, 2, 0]
    assert errors.insertions.tolist() == [1, 2, 0, 0]
    assert errors.words.tolist() == [3, 0, 2, 0]
    costs = errors.costs
    assert costs.value() == pytest.approx(6 / 5)
    assert costs.per_clip()[[0, 2]] == pytest.approx([2 / 3, 1])
    assert np.isnan(costs.per_clip()[[1, 3]]).all()
    assert np.isnan(costs.value([1, 3]))
    assert np.isnan(costs.value([]))
    assert np.isnan(metrics.wer([], []).value())


def test_normalisation_decides_what_counts():
    assert metrics.wer(["Twenty one!"], ["21"], "english").value() == 0
    assert metrics.wer(["Hello!"], ["hello"], "basic").value() == 0
    assert metrics.wer(["Hello!"], ["hello"], "none").value() == 1


def test_error_rate():
    costs = metrics.error_rate(["dog", "cat ", 3, ""], ["dog", "cat", "4", ""])
    assert costs.numerator.tolist() == [0, 0, 1, 0]
    assert costs.value() == 0.25


def test_accuracy_is_what_the_error_rate_leaves_and_higher_is_better():
    labels, predictions = ["dog", "cat ", 3, ""], ["dog", "cat", "4", ""]
    costs = metrics.accuracy(labels, predictions)
    assert costs.higher_is_better and costs.is_rate
    assert costs.value() == 1 - metrics.error_rate(labels, predictions).value() == 0.75


@pytest.mark.parametrize("key", METRICS)
def test_every_metric_is_defined_at_the_ends(key):
    metric, right, wrong = METRICS[key], ["1", "2", "3"], ["6", "7", "8"]
    if metric.has_threshold:
        right, wrong = ["0", "0", "1"], ["1", "1", "0"]
    best, worst = (0, 1) if not metric.function([], []).higher_is_better else (1, 0)
    assert metric(right, right).value() == best
    if metric.is_rate:
        assert metric(right, wrong).value() == worst
    assert np.isnan(metric([], []).value())
    assert np.isnan(metric(right, wrong).value([]))
    errors, words = metric(right, wrong).excess(), metric(right, wrong).denominator
    assert (errors > 0).all() and (words > 0).all()
    assert (metric(right, right).excess() == 0).all()


def test_what_counts_as_an_error_is_never_negative_and_worse_is_more():
    costs = Costs(np.array([-3.0, 2.0, 0.0, 0.0]), np.array([1.0, 2.0, 0.0, 1.0]))
    assert costs.excess().tolist() == [0, 8, 0, 3]
    costs = Costs(costs.numerator, costs.denominator, higher_is_better=True, is_rate=False)
    assert costs.excess().tolist() == [4, 0, 0, 1]
    none = Costs(np.zeros(2), np.zeros(2), higher_is_better=True, is_rate=False)
    assert none.excess().tolist() == [0, 0]


def test_errors_of_numbers():
    costs = metrics.mae(pd.Series(["1", "2.5"]), pd.Series(["2", "0.5"]))
    assert costs.numerator.tolist() == [1, 2]
    assert not costs.is_rate
    assert metrics.mse(["1", "2.5"], ["2", "0.5"]).value() == 2.5


@pytest.mark.parametrize(
    ("bad", "message"), [("abc", "“abc” is not a number"), ("", "empty"), ("inf", "inf")]
)
def test_errors_of_numbers_name_row_and_column(bad, message):
    with pytest.raises(MetricError, match=f"Row 3, column “age”.*{message}"):
        metrics.mae(pd.Series(["1", bad], name="age"), pd.Series(["1", "1"]))


def test_lengths_must_match():
    with pytest.raises(MetricError, match="2 references but 1 prediction"):
        metrics.wer(["a", "b"], ["a"])


@pytest.mark.parametrize(
    ("numerator", "denominator", "message"),
    [
        ([1, 2], [1], "2 numerators but 1"),
        ([1, np.nan], [1, 1], "Row 3"),
        ([1, 1], [1, -1], "negative"),
        ([[1]], [[1]], "shape"),
    ],
)
def test_costs_refuse(numerator, denominator, message):
    with pytest.raises(MetricError, match=message):
        Costs(np.array(numerator), np.array(denominator))


def test_costs_are_a_copy_and_read_only():
    source = np.ones(3)
    costs = Costs(source, np.ones(3))
    source[:] = 5
    assert costs.value() == 1
    with pytest.raises(ValueError, match="read-only"):
        costs.numerator[0] = 2


def test_registry_computes_each_metric():
    for key, metric in METRICS.items():
        assert metric.key == key
        assert metric(["0", "1"], ["0", "1"], "basic").value() == (key == "accuracy")
    assert METRICS["wer"](["A."], ["a"], "none").value() == 1


def test_the_mean_of_a_column_leaves_out_clips_without_a_number():
    costs = metrics.mean_of(pd.Series([0.5, None, 1.5, np.nan], name="mos"), "mos", higher_is_better=True)
    assert costs.value() == 1.0 and costs.value([0, 1]) == 0.5
    assert np.isnan(costs.value([1, 3]))
    assert (costs.name, costs.higher_is_better, costs.is_rate) == ("mos", True, False)
    with pytest.raises(MetricError, match="Row 4, column “mos”: “good” is not a number"):
        metrics.mean_of([1, None, "good"], "mos")


def test_the_catalogue_can_not_be_written_to():
    with pytest.raises(TypeError):
        METRICS["mean"] = METRICS["mae"]


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("wer", "words"),
        ("cer", "characters"),
        ("error_rate", "labels"),
        ("accuracy", "labels"),
        ("mae", "numbers"),
        ("detection", "decisions"),
    ],
)
def test_metrics_know_what_they_compare(key, unit):
    costs = METRICS[key](["1", "0"], ["1", "3"])
    assert costs.unit == unit
    assert (costs.compares_text, costs.compares_values) == (key in ("wer", "cer"), key not in ("wer", "cer"))


def test_values_are_worded_by_their_metric():
    rate, number = Costs([1.0], [8.0]), Costs([3.0], [1.0], is_rate=False)
    both = metrics.difference(Costs([2.0], [8.0]), rate)
    assert [costs.value_text(costs.value()) for costs in (rate, number)] == ["12.5\u202f%", "3"]
    assert both.value_text(both.value()) == rate.drop_text(0.125) == "+12.5\u202fpts"
    assert number.drop_text(-0.5) == "\u22120.5"
    assert rate.value_text(None) == number.value_text(float("nan")) == "–"


def test_a_share_is_of_all_errors():
    costs = Costs([1.0, 3.0, 0.0], [4.0, 4.0, 4.0])
    assert (costs.share([1]), costs.share([True, False, True]), costs.share([])) == (0.75, 0.25, 0)
    better = metrics.difference(Costs([1.0, 3.0, 4.0], [4.0] * 3), Costs([2.0, 0.0, 3.0], [4.0] * 3))
    assert better.share([1, 0]) == 0.75  # clips on which the model is no worse have none
    assert Costs([0.0], [1.0]).share([0]) == 0
