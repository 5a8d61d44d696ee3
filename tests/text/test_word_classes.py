"""Classes of words: numbers, names by their capitals, and how often the references have a word."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.text.alignment import align_table
from slicecore.text.word_classes import CLASSES, FREQUENCIES, NAME, NUMBER, OTHER, WordClasses

PROSE = ["In the morning they go to the market with all of the others who live there."]


def classes_of(references, normalisation="basic"):
    aligned = align_table(references, references, normalisation)
    classes = WordClasses.of(aligned, references)
    return {
        name: {aligned.vocabulary[code] for code in np.flatnonzero(mask)}
        for name, mask in zip(CLASSES, classes.of_word, strict=True)
    }, classes.names_unknown


def test_numbers_are_digits_and_english_number_words():
    texts = [
        "call me at twenty five past 3 on the third",
        "flight BA117 costs $20",
        "wait a second, oh and one",
    ]
    words, _ = classes_of(texts)
    assert words[NUMBER] == {"twenty", "five", "3", "third", "ba117", "20", "one"}


def test_number_words_of_english_do_not_count_in_other_languages():
    texts = [
        "Ten dom jest bardzo stary i bardzo piękny.",
        "Widziałem ten film wczoraj wieczorem z moją siostrą.",
    ]
    assert classes_of(texts)[0][NUMBER] == set()


def test_names_have_a_capital_inside_a_sentence():
    texts = [
        "Will Anna go there? She said, “Perhaps I'll go.” I will ask O'Brien of the BBC.",
        "The will of the people. Then we will see.",
        *PROSE * 3,
    ]
    words, unknown = classes_of(texts)
    assert words[NAME] == {"anna", "o'brien", "bbc"} and not unknown
    assert "Anna" in classes_of(texts, "none")[0][NAME]


def test_names_are_unknown_without_mixed_case():
    for texts, reason in (
        (["ask anna and i will come"], "no reference has a capital"),
        (["ASK ANNA AND I WILL COME"], "too many words"),
        (["Der Hund und die Katze in dem Haus", "Die Frau sah den Mann am Fenster"], "too many words"),
    ):
        words, unknown = classes_of(texts)
        assert words[NAME] == set() and reason in unknown


def test_a_word_is_rare_by_all_references():
    words, _ = classes_of(["a b c d"] + ["b c d"] * 4 + ["c d"] * 10 + ["d"] * 10)
    by_frequency = {name: words[name] for name in FREQUENCIES}
    assert by_frequency == {"once": {"a"}, "2_to_5": {"b"}, "6_to_20": {"c"}, "over_20": {"d"}}
    assert words[OTHER] == {"d"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("aB1 .'", max_size=12), min_size=1, max_size=6))
def test_every_word_of_the_references_has_one_frequency(references):
    aligned = align_table(references, references)
    classes = WordClasses.of(aligned, references)
    frequency = [index for index, name in enumerate(CLASSES) if name in FREQUENCIES]
    assert (classes.of_word[frequency].sum(axis=0) == 1).all()
