import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.errors import SlicecoreError
from slicecore.metrics import word_errors
from slicecore.text.form_errors import form_errors
from slicecore.text.words import WordTable

REFERENCES = [
    "turn the lamp on",
    "turn the lamp off",
    "turn the radio on",
    "where is the lamp",
    "play the radio",
]
PREDICTIONS = ["turn the lamb on", "turn the lamb of", "turn the radio on", "where is the lamp", ""]


def test_words_of_a_slice_stand_against_the_rest():
    words = WordTable(REFERENCES, PREDICTIONS).of([0, 1])
    assert (words.words, words.errors, words.substitutions) == (8, 3, 3)
    assert [
        (word.word, word.count, word.of, word.count_rest, word.of_rest) for word in words.misrecognised
    ] == [
        ("lamp", 2, 2, 0, 1),
        ("off", 1, 1, 0, 0),
    ]
    assert [(word.word, word.prediction, word.count) for word in words.confusions] == [
        ("lamp", "lamb", 2),
        ("off", "of", 1),
    ]


def test_a_word_that_is_as_bad_everywhere_comes_after_one_that_is_only_bad_here():
    references = ["red", "red", "blue", "red", "red", "red", "blue", "blue"]
    predictions = ["rat", "rat", "flew", "rat", "rat", "rat", "blue", "blue"]
    first = WordTable(references, predictions).of([0, 1, 2]).misrecognised[0]
    assert (first.word, first.count) == ("blue", 1)


def test_inserted_and_deleted_words_and_empty_predictions():
    table = WordTable([*REFERENCES, "yes"], [*PREDICTIONS[:4], "", "oh yes"])
    words = table.of()
    assert [word.word for word in words.inserted] == ["oh"]
    assert {(word.word, word.count) for word in words.deleted} == {("play", 1), ("the", 1), ("radio", 1)}
    assert words.empty.tolist() == [4]
    assert table.of([0]).empty.tolist() == []


def test_an_empty_reference_is_no_empty_prediction():
    assert WordTable(["", "a"], ["", ""]).of().empty.tolist() == [1]


def test_top_limits_the_lists():
    words = WordTable(["a b c d"], ["e f g h"]).of(top=2)
    assert len(words.misrecognised) == len(words.confusions) == 2


def test_rows_that_are_not_there_are_an_error():
    with pytest.raises(SlicecoreError, match="Rows go from 0 to 4"):
        WordTable(REFERENCES, PREDICTIONS).of([7])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(*[st.text("ab ", max_size=9)] * 2), min_size=2, max_size=8),
    st.data(),
)
def test_slice_and_rest_add_up(pairs, data):
    references, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    members = data.draw(st.lists(st.integers(0, len(pairs) - 1), min_size=1, unique=True))
    words = WordTable(references, predictions).of(members)
    counts = word_errors(references, predictions)
    errors = counts.substitutions + counts.deletions + counts.insertions
    assert words.errors == errors[members].sum()
    assert words.words == counts.words[members].sum()
    assert sum(word.count for word in words.misrecognised) == (
        counts.substitutions[members].sum() + counts.deletions[members].sum()
    )
    for word in (*words.misrecognised, *words.confusions, *words.deleted):
        assert 0 < word.count <= word.of
        assert 0 <= word.count_rest <= word.of_rest


def test_words_written_another_way_are_errors_of_form():
    references = [
        "you owe me twenty five dollars",
        "the ice cream",
        "my colour",
        "the cat and the dog",
        "Hello.",
    ]
    predictions = ["you owe me $25", "the icecream", "my color", "the cat and the dock", "hello"]
    assert form_errors(references, predictions).tolist() == [3, 2, 1, 0, 0]
    assert form_errors(references, predictions, "none")[4] == 1


def test_the_english_normaliser_is_for_english_only():
    references, predictions = ["wir haben zwanzig", "das ist gut"], ["wir haben 20", "das ist gut"]
    assert form_errors(references, predictions).tolist() == [0, 0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.text("ab .,A1", max_size=9)] * 2), min_size=1, max_size=6))
def test_no_more_errors_are_of_form_than_there_are(pairs):
    references, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    counts = word_errors(references, predictions)
    errors = counts.substitutions + counts.deletions + counts.insertions
    of_form = form_errors(references, predictions)
    assert np.all((of_form >= 0) & (of_form <= errors))
