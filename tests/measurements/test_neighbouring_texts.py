"""Measurements of texts that look at other clips: recurring phrases, words of neighbours, hard words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.audio.clip import Clip
from slicecore.measurements.hard_words import hard_words
from slicecore.measurements.neighbours import before_each, beside
from slicecore.measurements.recurring import recurring_words
from slicecore.measurements.switching import second_language
from slicecore.text.alignment import align_table
from slicecore.text.word_classes import WordClasses

SENTENCES = [
    "the train to the coast leaves at nine",
    "put the kettle on and wait",
    "nobody picked up yesterday evening",
    "our neighbour grows very tall beans",
]


def hard_shares(aligned, references):
    return hard_words(aligned, WordClasses.of(aligned, references))


def recurring(references, predictions):
    return recurring_words(align_table(references, predictions)).tolist()


def test_a_phrase_over_different_references_recurs():
    assert recurring(SENTENCES, ["thanks for watching"] * 3 + [SENTENCES[3]]) == [1, 1, 1, 0]
    assert recurring(SENTENCES, ["you", "you", "you", SENTENCES[3]]) == [1, 1, 1, 0]
    added = [f"{sentence} thanks for watching" for sentence in SENTENCES]
    assert recurring(SENTENCES, added) == [pytest.approx(3 / len(text.split())) for text in added]


@pytest.mark.parametrize(
    ("references", "predictions"),
    [
        (SENTENCES, ["thanks for watching"] * 2 + SENTENCES[2:]),  # twice only
        (SENTENCES[:1] * 4, ["thanks for watching"] * 4),  # over one reference
        ([f"{text} mac donald" for text in SENTENCES], [f"{text} mick donnell" for text in SENTENCES]),
        ([*SENTENCES, *["thanks for watching"] * 9], ["thanks for watching"] * 13),  # references have it, too
        (SENTENCES, SENTENCES),
        (SENTENCES, [""] * 4),
        ([], []),
    ],
)
def test_no_phrase_recurs(references, predictions):
    assert recurring(references, predictions) == [0] * len(references)


def shifted(by):
    """References, and predictions that begin and end so many words later."""
    words = " ".join(SENTENCES).split()
    ends = np.cumsum([len(text.split()) for text in SENTENCES])
    starts = [0, *ends[:-1]]
    return SENTENCES, [" ".join(words[s + by * (s > 0) : e + by]) for s, e in zip(starts, ends, strict=True)]


def test_words_of_a_shifted_segment_stand_in_the_clip_before():
    missing, added = beside(align_table(*shifted(2)), np.arange(-1, 3))
    assert np.isnan(missing[0]) and missing[1:].tolist() == [1, 1, 1]
    assert added[:3].tolist() == [1, 1, 1] and np.isnan(added[3])
    apart, _ = beside(align_table(*shifted(2)), np.full(4, -1))
    assert apart[1:].tolist() == [0, 0, 0]


def test_a_glued_clip_has_the_words_of_its_neighbour_and_misses_none():
    predictions = [f"{SENTENCES[0]} {SENTENCES[1]}", *SENTENCES[1:]]
    missing, added = beside(align_table(SENTENCES, predictions), np.arange(-1, 3))
    assert np.isnan(missing).all() and added[0] == 1


def test_a_single_word_in_common_and_a_copy_as_neighbour_say_nothing():
    references = ["put the lamp on", "take the bus"]
    missing, _ = beside(align_table(references, ["put lamp on", "take the the bus"]), np.array([-1, 0]))
    assert missing[0] == 0
    copies = ["red and blue"] * 2
    missing, _ = beside(align_table(copies, ["red", "red and blue and blue"]), np.array([-1, 0]))
    assert missing[0] == 0


def test_neighbours_are_those_of_the_recording_where_clips_are_parts():
    parts = [Clip("a", 5.0, 9.0), Clip("b", 0.0, 4.0), Clip("a", 0.0, 5.0), None]
    assert before_each(parts).tolist() == [2, -1, -1, -1]
    assert before_each([Clip("a"), None, Clip("b")]).tolist() == [-1, 0, 1]


def test_errors_on_numbers_names_and_rare_words():
    references = ["Ask for Anna at gate seven", "we met the dog", "we met the dog"]
    predictions = ["ask for Hannah at gate eleven", "we met the dog", "we met dog"]
    values = hard_shares(align_table(references, predictions), references)
    assert values["number_words"].tolist() == [1 / 6, 0, 0]
    assert values["name_words"].tolist() == [1 / 6, 0, 0]
    assert values["rare_words"].tolist() == [1, 0, 0]
    assert values["number_errors"][0] == values["name_errors"][0] == 1 / 2
    assert np.isnan(values["number_errors"][1]) and values["rare_errors"][2] == 0
    small = [text.lower() for text in references]
    assert np.isnan(hard_shares(align_table(small, predictions), small)["name_words"]).all()


def test_a_second_language_or_script():
    english = "the train to the coast leaves at half past nine"
    german = "und dann müssen wir leider noch einmal umsteigen bitte"
    french = "nous avons longtemps attendu le bus hier soir"
    shares = second_language([f"{english} {german}", english, french, "she said привет to me", "", "you"])
    assert 0.3 <= shares[0] <= 0.6
    assert shares[[1, 2, 5]].tolist() == [0, 0, 0]
    assert shares[3] == 1 / 5 and np.isnan(shares[4])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.text("ab ", max_size=9)] * 2), min_size=1, max_size=8))
def test_shares_are_shares(pairs):
    references, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    aligned = align_table(references, predictions)
    values = [recurring_words(aligned), *beside(aligned, np.arange(-1, len(pairs) - 1))]
    values += hard_shares(aligned, references).values()
    for each in values:
        known = each[~np.isnan(each)]
        assert ((known >= 0) & (known <= 1)).all()
