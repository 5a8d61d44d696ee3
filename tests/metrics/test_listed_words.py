"""Words that matter: counts by the alignment, intervals, and the order of the list."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import slicecore as sc
from slicecore.errors import MetricError, TableError
from slicecore.metrics.intervals import proportion_interval
from slicecore.text.alignment import EQUAL, align_table

texts = st.lists(st.sampled_from("abc"), max_size=6).map(" ".join)


def table_of(pairs):
    references, predictions = zip(*pairs, strict=True)
    return sc.from_table(pd.DataFrame({"sentence": references, "prediction": predictions}), name="calls")


def counts(recall):
    return recall.in_references, recall.in_predictions, recall.recognised


def test_words_and_several_in_a_row_are_counted_as_they_are_aligned():
    data = table_of(
        [
            ("Play Nova Radio now", "play nova radio now"),
            ("play Nova Radio", "play nova the radio"),  # both words, but not together
            ("play nova", "radio"),  # no occurrence, whatever the next clip begins with
            ("radio on", "nova radio"),
        ]
    )
    by_word = {each.word: each for each in sc.word_recall(data, ["Nova radio!", "play", "off"])}
    assert counts(by_word["Nova radio!"]) == (2, 2, 1)
    assert counts(by_word["play"]) == (3, 2, 2)
    assert by_word["play"].recall == pytest.approx(2 / 3) and by_word["play"].precision == 1
    assert counts(by_word["off"]) == (0, 0, 0) and math.isnan(by_word["off"].recall)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6), texts.filter(bool))
def test_counts_are_those_of_the_single_clips(pairs, phrase):
    (recall,) = sc.word_recall(table_of(pairs), [phrase])
    wanted = phrase.split()

    def occurrences(words):
        return sum(words[i : i + len(wanted)] == wanted for i in range(len(words)))

    aligned = align_table(*map(list, zip(*pairs, strict=True)))
    runs = []
    for row in range(len(pairs)):
        runs.append([word if kind == EQUAL else "" for kind, word, _ in aligned.steps(row)])
    expected = (
        sum(occurrences(reference.split()) for reference, _ in pairs),
        sum(occurrences(prediction.split()) for _, prediction in pairs),
        sum(map(occurrences, runs)),
    )
    assert counts(recall) == expected


def test_the_surely_worst_comes_first_and_absent_words_last():
    clips = [("often", "of")] * 30 + [("often", "often")] * 10 + [("once", "one"), ("well", "well")]
    words = sc.word_recall(table_of(clips), ["well", "never", "once", "often", "OFTEN"])
    assert [each.word for each in words] == ["often", "once", "well", "never"]


def test_intervals_hold_the_share_and_are_no_points():
    assert proportion_interval(3, 3) == (pytest.approx(0.4385, abs=1e-4), 1.0)
    assert proportion_interval(0, 3) == (0.0, pytest.approx(0.5615, abs=1e-4))
    low, high = proportion_interval(81, 263)  # Newcombe 1998, table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_a_file_has_words_a_line(tmp_path):
    data = table_of([("turn it on", "turn it on")])
    path = tmp_path / "words.txt"
    path.write_text("\ufeffturn it\r\n\r\non\r\n", encoding="utf-8")
    assert {each.word for each in sc.word_recall(data, path)} == {"turn it", "on"}
    path.write_text("\n")
    with pytest.raises(MetricError, match="has no words"):
        sc.word_recall(data, path)
    with pytest.raises(MetricError, match="Nothing is left of “!”"):
        sc.word_recall(data, ["on", "!"])
    with pytest.raises(TableError):
        sc.word_recall(data, tmp_path / "missing.txt")
