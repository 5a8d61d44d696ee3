"""Errors by class of word: counts inside and outside a group, and their intervals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import slicecore as sc
from slicecore.metrics.class_errors import ClassTable, telling
from slicecore.metrics.intervals import proportion_interval


def by_name(references, predictions, members=None):
    return {each.name: each for each in ClassTable(references, predictions).of(members)}


def test_errors_on_numbers_in_a_group_and_in_the_rest():
    references = ["dial five two", "dial nine", "please dial four", "dial two"]
    predictions = ["dial nine two oh", "dial", "please dial for", "dial two"]
    number = by_name(references, predictions, [0, 1])["number"]
    assert (number.words, number.errors, number.words_rest, number.errors_rest) == (3, 2, 2, 1)
    assert number.rate == pytest.approx(2 / 3) and number.rate_rest == 0.5
    assert number.all_errors == 3 and number.share == pytest.approx(
        2 / 3
    )  # the third error is the added word
    assert number.interval == proportion_interval(2, 3)


def test_the_interval_is_over_clips():
    # Half of the clips have all four numbers wrong: forty words tell no more than ten clips.
    references = ["one two three four"] * 20
    predictions = ["one two three four"] * 10 + ["a b c d"] * 10
    low, high = by_name(references, predictions)["number"].interval
    alone = proportion_interval(40, 80)
    assert low < alone[0] - 0.05 and high > alone[1] + 0.05


def test_a_class_without_words_has_no_rate_and_unknown_names_say_why():
    classes = by_name(["a b"], ["a b"])
    assert np.isnan(classes["number"].rate) and np.isnan(classes["number"].share)
    assert "no reference has a capital" in classes["name"].unknown and not classes["number"].unknown
    assert not classes["once"].tells


def test_classes_that_are_listed_have_words_and_differ():
    texts = ["go to the room"] * 30
    assert [each.name for each in telling(ClassTable(texts, texts).of())] == ["name", "over_20"]
    texts = ["go to room two"] * 30
    assert [each.name for each in telling(ClassTable(texts, texts).of())] == [
        "number",
        "name",
        "over_20",
        "other",
    ]


def test_word_classes_of_a_data_set():
    data = sc.read(
        pd.DataFrame({"reference": ["go to room two"] * 12, "prediction": ["go to room too"] * 12})
    )
    number = sc.word_classes(data, np.arange(12) < 5)[0]
    assert (number.label, number.words, number.rate, number.words_rest) == ("Numbers", 5, 1.0, 7)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.text("ab1 ", max_size=9)] * 2), min_size=2, max_size=8), st.data())
def test_classes_by_frequency_add_up_to_all_words(pairs, data):
    references, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    members = data.draw(st.lists(st.integers(0, len(pairs) - 1), min_size=1, unique=True))
    words = sc.WordTable(references, predictions).of(members)
    classes = by_name(references, predictions, members)
    frequencies = [classes[name] for name in ("once", "2_to_5", "6_to_20", "over_20")]
    assert sum(each.words for each in frequencies) == words.words
    assert sum(each.errors for each in frequencies) == words.substitutions + words.deletions
