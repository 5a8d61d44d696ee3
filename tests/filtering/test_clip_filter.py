"""Filters of clips, and the filter that describes a slice."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.errors import SlicecoreError
from slicecore.filtering.clip_filter import ClipFilter, describing_condition, search_texts
from slicecore.filtering.columns import EMPTY, Column, columns_of, measured_columns
from slicecore.measurements import CATALOGUE
from slicecore.metrics import METRICS
from slicecore.slices.condition import Condition
from slicecore.table.dataset import from_table


@pytest.fixture
def data():
    table = pd.DataFrame(
        {
            "id": ["a1", "a2", "b1", "b2", "b3"],
            "reference": ["press seven now", "seven of nine", "the Press", "hold the line", "press hold"],
            "prediction": ["press eleven now", "seven of nine", "the press", "", "press hold"],
            "accent": ["scottish", "scottish", "welsh", None, "welsh"],
            "noise": [3.0, 10.0, np.nan, 40.0, 10.0],
            "errors": ["x", "x", "y", "y", "y"],
        }
    )
    return from_table(table, name="calls", reference="reference", prediction="prediction", id="id")


@pytest.fixture
def columns(data):
    costs = METRICS["wer"](data.reference, data.prediction, "basic")
    return columns_of(data, costs, {"level": (np.arange(5.0), "dB")})


def test_measurements_of_a_large_table_are_not_copied(data):
    level = np.arange(5.0)
    columns = columns_of(
        data, METRICS["wer"](data.reference, data.prediction, "basic"), {"level": (level, "dB")}
    )
    assert np.shares_memory(columns["level"].values, level)


def test_one_number_for_all_clips_stays_one_in_percent():
    table = pd.DataFrame({name: np.broadcast_to(0.25, 1000) for name in CATALOGUE}, copy=False)
    shares = [values for values, unit in measured_columns(table).values() if unit == "%"]
    assert shares and all(values.strides == (0,) and values[-1] == 25 for values in shares)


def test_different_numbers_are_counted_with_their_clips():
    column = Column("level", np.array([2.5, -0.0, np.nan, 0.0, 2.5, 7.1]))
    numbers, until = column.steps
    assert numbers.tolist() == [0, 2.5, 7.1] and until.tolist() == [0, 2, 4, 5]
    assert Column("level", np.array([np.nan])).steps.until.tolist() == [0]


def rows(data, columns, words="", *conditions):
    clip_filter = ClipFilter(words, tuple(Condition(*condition) for condition in conditions))
    return np.flatnonzero(clip_filter.matches(search_texts(data), columns)).tolist()


def test_words_are_found_in_id_reference_and_prediction_whatever_their_case(data, columns):
    assert rows(data, columns, "PRESS") == [0, 2, 4]
    assert rows(data, columns, "eleven") == [0]
    assert rows(data, columns, "b") == [2, 3, 4]
    assert rows(data, columns, "seven nine") == [1]
    assert rows(data, columns, "press now") == [0]
    assert rows(data, columns, '"seven now"') == [0]
    assert rows(data, columns, "  ") == [0, 1, 2, 3, 4]
    assert rows(data, columns, "zebra") == []


def test_a_part_of_a_text_is_found_whatever_its_case_and_a_missing_text_holds_nothing(data, columns):
    assert rows(data, columns, "", ("accent", "contains", "Scot")) == [0, 1]
    assert rows(data, columns, "", ("accent", "does not contain", "scot")) == [2, 3, 4]
    assert rows(data, columns, "", ("accent", "contains", "emp")) == []
    both = ("accent", "does not contain", "scot"), ("accent", "does not contain", "welsh")
    assert rows(data, columns, "", *both) == [3]
    assert rows(data, columns, "", ("noise", ">", 10.0)) == [3]
    with pytest.raises(SlicecoreError, match="can't be compared"):
        rows(data, columns, "", ("noise", "contains", "1"))


def test_words_are_found_in_the_file_name_and_with_a_slash_in_the_path():
    table = pd.DataFrame(
        {"audio": ["one/clip_1.wav", "two/clip_2.wav", ""], "ref": ["a"] * 3, "hyp": ["a"] * 3}
    )
    data = from_table(table, name="t", reference="ref", prediction="hyp", folder="/sounds")
    texts = search_texts(data)

    def found(words):
        return np.flatnonzero(ClipFilter(words).matches(texts, {})).tolist()

    assert found("CLIP_2") == found("two/") == found("/sounds/two/clip_2.wav") == [1]
    assert found("/sounds/") == [0, 1]
    assert found("sounds") == found("two") == []


def test_columns_are_the_metric_the_table_and_what_was_measured(columns):
    assert list(columns) == ["WER", "errors", "words", "accent", "noise", "errors (table)", "level"]
    assert columns["WER"].values[:2].round(1).tolist() == [33.3, 0.0]
    assert columns["WER"].unit == "%"
    assert columns["accent"].distinct.tolist() == ["scottish", "welsh", EMPTY]
    assert columns["level"].origin == "measured"


def test_a_column_of_which_nothing_is_known_describes_and_meets_nothing(data, columns):
    unknown = columns | {"level": Column("level", np.full(5, np.nan), "dB", "measured")}
    assert unknown["level"].distinct.tolist() == [] and unknown["level"].codes.tolist() == [-1] * 5
    assert rows(data, unknown, "", ("level", "≥", 0.0)) == rows(data, unknown, "", ("level", "≠", 0.0)) == []
    assert describing_condition(np.array([3, 4]), unknown) is None


def test_conditions_on_text_and_numbers_are_all_met(data, columns):
    assert rows(data, columns, "", ("accent", "=", "scottish")) == [0, 1]
    assert rows(data, columns, "", ("accent", "≠", "scottish")) == [2, 3, 4]
    assert rows(data, columns, "", ("accent", "=", EMPTY)) == [3]
    assert rows(data, columns, "", ("noise", "≥", 10.0)) == [1, 3, 4]
    assert rows(data, columns, "", ("noise", "≤", 10.0)) == [0, 1, 4]
    assert rows(data, columns, "", ("noise", "=", 10.0)) == [1, 4]
    assert rows(data, columns, "", ("noise", "≠", 10.0)) == [0, 3]
    assert rows(data, columns, "press", ("noise", "≥", 4.0), ("accent", "=", "welsh")) == [4]


def test_a_filter_reads_as_a_reason():
    clip_filter = ClipFilter("seven", (Condition("accent", "=", "scottish"), Condition("noise", "≥", -2.5)))
    assert str(clip_filter) == "accent = scottish, noise ≥ \u22122.5, words: “seven”"
    assert clip_filter and not ClipFilter("  ")


@pytest.mark.parametrize(
    "condition", [("gone", "=", "x"), ("accent", "≥", "x"), ("noise", "=", "loud"), ("accent", "=", 3.0)]
)
def test_a_condition_that_does_not_fit_is_an_error_that_names_the_column(data, columns, condition):
    with pytest.raises(SlicecoreError, match=condition[0]):
        rows(data, columns, "", condition)


def test_the_condition_that_holds_just_a_slices_clips_describes_it(columns):
    description = describing_condition(np.array([0, 1]), columns)
    assert str(description.condition) == "accent = scottish"
    assert (description.precision, description.recall) == (1, 1)
    assert str(describing_condition(np.array([3, 4]), columns).condition) == "level ≥ 3"
    assert describing_condition(np.array([0, 2]), columns) is None


@settings(deadline=None)
@given(st.data())
def test_a_description_says_the_truth_and_no_limit_is_better(drawn):
    n = drawn.draw(st.integers(2, 30))
    numbers = np.array(drawn.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n)), dtype=float)
    members = np.array(sorted(drawn.draw(st.sets(st.integers(0, n - 1), min_size=1))))
    table = pd.DataFrame({"ref": ["a"] * n, "hyp": ["a"] * n, "x": numbers})
    data = from_table(table, name="t", reference="ref", prediction="hyp")
    columns = columns_of(data, METRICS["wer"](data.reference, data.prediction, "basic"))
    inside = np.isin(np.arange(n), members)

    def f_score(mask):
        return 2 * (mask & inside).sum() / (mask.sum() + inside.sum())

    masks = [
        mask
        for value in numbers
        for mask in (numbers <= value, numbers >= value, numbers == value)
        if not mask.all()
    ]
    best = max(map(f_score, masks), default=0)
    description = describing_condition(members, columns)
    if description is None:
        assert best < 1
        return
    mask = ClipFilter(conditions=(description.condition,)).matches(search_texts(data), columns)
    assert description.precision == pytest.approx((mask & inside).sum() / mask.sum())
    assert description.recall == pytest.approx((mask & inside).sum() / inside.sum())
    assert f_score(mask) == pytest.approx(best)
