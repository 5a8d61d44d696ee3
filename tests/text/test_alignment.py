import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from slicecore.errors import MetricError
from slicecore.measurements.text import measure_text
from slicecore.metrics import align, word_errors
from slicecore.text import alignment, parts
from slicecore.text.alignment import DELETED, EQUAL, INSERTED, SUBSTITUTED, align_table
from slicecore.text.few_recent import FewRecent
from slicecore.text.form_errors import form_errors
from slicecore.text.words import WordTable

_TEXTS = st.lists(st.tuples(*[st.text("ab .", max_size=12)] * 2), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_counts_and_words_are_those_of_the_single_clips(pairs):
    references, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    table = align_table(references, predictions)
    counts = word_errors(references, predictions)
    assert np.array_equal(table.count(SUBSTITUTED), counts.substitutions)
    assert np.array_equal(table.count(DELETED), counts.deletions)
    assert np.array_equal(table.count(INSERTED), counts.insertions)
    assert np.array_equal(table.reference_words, counts.words)
    for row in range(len(pairs)):
        steps = np.flatnonzero(table.clip == row)
        words = [
            tuple(table.vocabulary[i] if i >= 0 else "" for i in (table.reference[s], table.prediction[s]))
            for s in steps
        ]
        assert words == [
            (edit.reference, edit.prediction) for edit in align(references[row], predictions[row])
        ]


def test_steps_have_their_kind():
    table = align_table(["a cold day", "yes"], ["a gold", "oh yes"])
    assert table.kind.tolist() == [EQUAL, SUBSTITUTED, DELETED, INSERTED, EQUAL]
    assert table.prediction_words.tolist() == [2, 2]


def test_other_lengths_are_an_error():
    with pytest.raises(MetricError, match="2 references but 1 predictions"):
        align_table(["a", "b"], ["a"])


def test_a_table_is_aligned_once_for_counts_measurements_and_words(monkeypatch):
    references, predictions = ["a cold day", "yes sir"], ["a gold day", "oh yes"]
    calls, editops = [], Levenshtein.editops
    monkeypatch.setattr(Levenshtein, "editops", lambda *sides: calls.append(sides) or editops(*sides))
    word_errors(pd.Series(references), pd.Series(predictions))
    of_form = form_errors(references, predictions)
    measure_text(references, predictions, np.ones(2), of_form)
    WordTable(references, predictions).of([0])
    assert len(calls) == len(references)


def test_clips_of_several_blocks_have_the_steps_that_they_have_in_one(monkeypatch):
    references = ["a cold day", "", "yes sir", "a cold day", "no", "one two"]
    predictions = ["a gold day", "oh", "yes sir", "a cold day", "", "two one"]
    whole = align_table(references, predictions)
    monkeypatch.setattr(parts, "CLIPS_AT_ONCE", 2)
    monkeypatch.setattr(alignment, "_recent", FewRecent(1))
    blocks = align_table(references, predictions)
    assert blocks is not whole
    assert blocks.vocabulary == whole.vocabulary
    for column in ("clip", "kind", "reference", "prediction"):
        assert np.array_equal(getattr(blocks, column), getattr(whole, column))


def test_the_alignment_of_a_large_table_is_read_the_next_time(tmp_path, monkeypatch):
    references = ["a cold day", "", 'say "ö" \udc80', "hello there", "x"] * 40
    predictions = ["a gold", "more words", "say ö", "", "x"] * 40
    expected = align_table(references, predictions)
    monkeypatch.setattr(alignment, "LEAST_CLIPS", 100)
    answers = []
    for _ in range(2):
        monkeypatch.setattr(alignment, "_recent", FewRecent(4))
        answers.append(align_table(references, predictions, cache=tmp_path))
        monkeypatch.setattr(alignment, "_aligned", None)  # the second time nothing is aligned
    for answer in answers:
        assert answer.vocabulary == expected.vocabulary and answer.clips == expected.clips
        for part in ("clip", "kind", "reference", "prediction"):
            mine, other = getattr(answer, part), getattr(expected, part)
            assert np.array_equal(mine, other) and mine.dtype == other.dtype
