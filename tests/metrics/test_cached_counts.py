"""Counts that are kept are those that would be made."""

import numpy as np
import pytest

from slicecore.errors import MetricError
from slicecore.metrics import cached_counts
from slicecore.metrics.builtin import word_errors
from slicecore.metrics.cached_counts import kept_vanishing_errors, kept_word_errors
from slicecore.text.form_errors import vanishing_errors

SAID = ["Good morning.", "hello there", "", "a b c"]
HEARD = ["good morning", "yellow", "x", "a c"]
PARTS = ("substitutions", "deletions", "insertions", "words")


def same(one, other):
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in PARTS)


def test_the_second_time_counts_come_from_the_cache(tmp_path, monkeypatch):
    first = kept_word_errors(SAID, HEARD, "basic", tmp_path)
    assert same(first, word_errors(SAID, HEARD, "basic"))
    monkeypatch.setattr(cached_counts, "word_errors", lambda *_: pytest.fail("counted again"))
    assert same(kept_word_errors(SAID, HEARD, "basic", tmp_path), first)


def test_errors_that_vanish_are_kept_apart_from_counts(tmp_path, monkeypatch):
    said, heard = ["ice cream please", "two of them", "the end"], ["icecream please", "2 of them", "and"]
    kept_word_errors(said, heard, "basic", tmp_path)
    first = kept_vanishing_errors(said, heard, "basic", tmp_path)
    assert first.tolist() == vanishing_errors(said, heard).tolist()
    assert first.any()
    monkeypatch.setattr(cached_counts, "vanishing_errors", lambda *_: pytest.fail("compared again"))
    assert kept_vanishing_errors(said, heard, "basic", tmp_path).tolist() == first.tolist()


@pytest.mark.parametrize(
    ("said", "heard", "normalisation"),
    [
        (SAID, HEARD, "none"),
        (SAID, ["good", "morning yellow", "x", "a c"], "basic"),
        (SAID[:2], HEARD[:2], "basic"),
    ],
)
def test_other_texts_or_another_normalisation_are_counted_anew(tmp_path, said, heard, normalisation):
    kept_word_errors(SAID, HEARD, "basic", tmp_path)
    assert same(
        kept_word_errors(said, heard, normalisation, tmp_path), word_errors(said, heard, normalisation)
    )


def test_a_damaged_file_and_a_folder_that_cannot_be_written_lose_nothing(tmp_path):
    first = kept_word_errors(SAID, HEARD, "basic", tmp_path)
    (file,) = (tmp_path / "counts").iterdir()
    file.write_bytes(b"PK damaged")
    assert same(kept_word_errors(SAID, HEARD, "basic", tmp_path), first)
    (tmp_path / "file").write_text("")
    assert same(kept_word_errors(SAID, HEARD, "basic", tmp_path / "file"), first)
    with pytest.raises(MetricError):
        kept_word_errors(SAID, HEARD[:1], "basic", tmp_path)
