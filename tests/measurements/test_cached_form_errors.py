"""Errors of form are compared once per pair of texts, and are not mixed up with word errors of the same texts."""

import pytest

from slicecore.measurements import cached_form_errors as module
from slicecore.measurements.cached_form_errors import cached_form_errors
from slicecore.metrics.cached_counts import cached_word_errors
from slicecore.text.form_errors import form_errors


def test_errors_of_form_are_stored_apart_from_counts(tmp_path, monkeypatch):
    references, predictions = (
        ["ice cream please", "two of them", "the end"],
        ["icecream please", "2 of them", "and"],
    )
    cached_word_errors(references, predictions, "basic", cache=tmp_path)
    first = cached_form_errors(references, predictions, "basic", cache=tmp_path)
    assert first.tolist() == form_errors(references, predictions).tolist()
    assert first.any()
    monkeypatch.setattr(module, "form_errors", lambda *_: pytest.fail("compared again"))
    assert cached_form_errors(references, predictions, "basic", cache=tmp_path).tolist() == first.tolist()
