import zlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.measurements import CATALOGUE
from slicecore.measurements.text import measure_text
from slicecore.measurements.text_catalogue import TEXT
from slicecore.text import parts
from slicecore.text.form_errors import form_errors
from slicecore.text.normalisation import normalise


def measured(name, *pairs, seconds=1.0):
    references, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    return measure_text(
        references, predictions, np.full(len(pairs), seconds), form_errors(references, predictions)
    )[name].tolist()


@pytest.mark.parametrize(
    ("name", "reference", "prediction", "value"),
    [
        ("words", "Nobody picked up, the phone.", "", 5),
        ("wer", "a cold day", "a gold", 2 / 3),
        ("cer", "cold", "gold", 1 / 4),
        ("substitutions", "a cold day", "a gold", 1 / 3),
        ("deletions", "a cold day", "a gold", 1 / 3),
        ("insertions", "yes", "oh yes yes", 2),
        ("insertions", "", "oh dear", 2),
        ("deleted_at_start", "one two three four", "three five", 1 / 2),
        ("deleted_in_middle", "one two three four", "one four", 1 / 2),
        ("deleted_in_middle", "one two three four", "two three", 0),
        ("deleted_in_middle", "one two three four", "", 0),
        ("deleted_at_end", "one two three four", "one", 3 / 4),
        ("deleted_at_end", "one two three four", "", 1),
        ("deleted_at_end", "one two three four", "one three four", 0),
        ("length_ratio", "one two", "one two three", 3 / 2),
        ("repeated_words", "so it goes", "and so and so and so it goes", 4),
        ("repeated_words", "and so and so", "and so and so", 0),
        ("overlap", "a cold day", "a gold day", 2 / 4),
        ("empty_prediction", "a cold day", " . ", 1),
        ("empty_prediction", "a cold day", "a", 0),
        ("as_written", "Good morning.", "good morning", 1),
        ("as_written", "Good morning.", "Good evening.", 0),
        ("normalised_away", "twenty five dollars of mine", "$25 of hers", 3 / 4),
        ("normalised_away", "the yellow dog", "the yellow dog", 0),
        ("character_rate", "It's eight.", "", 8 / 2),
        ("word_rate", "It's eight.", "", 2 / 2),
        ("predicted_rate", "", "ten", 3 / 2),
    ],
)
def test_known_texts(name, reference, prediction, value):
    assert measured(name, (reference, prediction), seconds=2.0) == [pytest.approx(value)]


def test_a_loop_compresses_and_speech_does_not():
    text = "put the kettle on and tell me when the water boils"
    loop, plain = measured("compression", (text, "thank you " * 40), (text, text))
    assert loop > 2.4
    assert plain == 0


def test_other_script_is_other_than_that_of_most_references():
    pairs = [("hello there", "hello там"), ("good day", "good day"), ("доброе утро", "good morning")]
    assert measured("other_script", *pairs) == [1 / 4, 0, 1 / 2]
    assert np.isnan(measured("other_script", ("12", "13"))).all()


def test_kanji_and_kana_are_one_script():
    assert measured("other_script", ("今日 は ラジオ", "今日 は"), ("今日", "今日")) == [0, 0]


def test_rare_words_are_those_said_once_in_the_table():
    pairs = [("red lamp", ""), ("red radio", ""), ("red red", ""), ("", "lamp")]
    values = measured("rare_words", *pairs)
    assert values[:3] == [1 / 2, 1 / 2, 0]
    assert np.isnan(values[3])


def test_rates_are_unknown_without_speech():
    for seconds in (np.nan, 0.0, 0.1):
        assert np.isnan(measured("character_rate", ("some words", ""), seconds=seconds)).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.text("ab .1д", max_size=9)] * 2), min_size=1, max_size=6))
def test_any_texts_are_measured_and_shares_are_shares(pairs):
    references, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    values = measure_text(references, predictions, np.ones(len(pairs)), form_errors(references, predictions))
    assert list(values) == [measurement.name for measurement in TEXT]
    assert not any(np.isinf(column).any() for column in values.values())
    for name in ("overlap", "other_script", "rare_words", "normalised_away", "deleted_at_end", "deletions"):
        known = values[name][~np.isnan(values[name])]
        assert np.all((known >= 0) & (known <= 1)), name
    parts = sum(values[name] for name in ("substitutions", "deletions", "insertions"))
    assert np.allclose(parts, values["wer"])


WORDS = st.sampled_from(
    ["the train", "thanks for watching", "you", "a a a b", "", "доброе утро", "7 Lamps in May"]
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=9),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_clips_are_measured_the_same_whatever_number_is_measured_at_once(pairs, in_order, random):
    texts = [a for a, _ in pairs], pd.Series([b for _, b in pairs], dtype="str")
    before = np.arange(-1, len(pairs) - 1)
    if not in_order:  # several recordings, whose parts are anywhere in the table
        random.shuffle(order := list(range(len(pairs))))
        before[order] = [-1, *order[:-1]]
    arguments = (np.ones(len(pairs)), form_errors(*texts), before)
    together = measure_text(*texts, *arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "CLIPS_AT_ONCE", 2)
        assert form_errors(*texts).tolist() == arguments[1].tolist()
        in_parts = measure_text(*texts, *arguments)
    for name, values in together.items():
        assert np.array_equal(values, in_parts[name], equal_nan=True), name


@given(st.text("abc äж", min_size=1, max_size=900) | st.text("ab", min_size=700, max_size=800))
def test_compression_is_that_of_zlib(prediction):
    (ratio,) = measured("compression", ("x", prediction))
    reference, content = b"x", normalise([prediction])[0].encode()
    assert ratio == len(content) / len(zlib.compress(content)) - 1 / len(zlib.compress(reference))


def test_every_text_measurement_is_in_the_catalogue():
    assert {measurement.name for measurement in TEXT} <= set(CATALOGUE)
