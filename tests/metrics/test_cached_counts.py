"""Cached counts are those that would be made."""

import numpy as np
import pytest

from slicecore.errors import MetricError
from slicecore.metrics import cached_counts, word_errors
from slicecore.metrics.cached_counts import cached_word_errors

REFERENCES = ["Good morning.", "hello there", "", "a b c"]
PREDICTIONS = ["good morning", "yellow", "x", "a c"]
PARTS = ("substitutions", "deletions", "insertions", "words")


def same(first, second):
    return all(np.array_equal(getattr(first, part), getattr(second, part)) for part in PARTS)


def test_the_second_time_counts_come_from_the_cache(tmp_path, monkeypatch):
    first = cached_word_errors(REFERENCES, PREDICTIONS, "basic", cache=tmp_path)
    assert same(first, word_errors(REFERENCES, PREDICTIONS, "basic"))
    monkeypatch.setattr(cached_counts, "word_errors", lambda *_: pytest.fail("counted again"))
    assert same(cached_word_errors(REFERENCES, PREDICTIONS, "basic", cache=tmp_path), first)


@pytest.mark.parametrize(
    ("references", "predictions", "normalisation"),
    [
        (REFERENCES, PREDICTIONS, "none"),
        (REFERENCES, ["good", "morning yellow", "x", "a c"], "basic"),
        (REFERENCES[:2], PREDICTIONS[:2], "basic"),
    ],
)
def test_other_texts_or_another_normalisation_are_counted_anew(
    tmp_path, references, predictions, normalisation
):
    cached_word_errors(REFERENCES, PREDICTIONS, "basic", cache=tmp_path)
    counts = cached_word_errors(references, predictions, normalisation, cache=tmp_path)
    assert same(counts, word_errors(references, predictions, normalisation))


def test_a_damaged_file_and_a_folder_that_cannot_be_written_lose_nothing(tmp_path):
    first = cached_word_errors(REFERENCES, PREDICTIONS, "basic", cache=tmp_path)
    (file,) = (tmp_path / "counts").iterdir()
    file.write_bytes(b"PK damaged")
    assert same(cached_word_errors(REFERENCES, PREDICTIONS, "basic", cache=tmp_path), first)
    (tmp_path / "file").write_text("")
    assert same(cached_word_errors(REFERENCES, PREDICTIONS, "basic", cache=tmp_path / "file"), first)
    with pytest.raises(MetricError):
        cached_word_errors(REFERENCES, PREDICTIONS[:1], "basic", cache=tmp_path)
