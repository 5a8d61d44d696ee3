"""Every number explains itself: the sentences are there, with their names filled in."""

import pytest

from app import glossary

NAMES = {"metric": "WER", "against": "the overall one", "unit": "in percentage points"}


@pytest.mark.parametrize("term", sorted(glossary.TERMS))
def test_every_term_is_a_sentence_without_gaps(term):
    text = glossary.explain(term, **NAMES)
    assert "{" not in text
    assert 10 < len(text) < 220
    assert text[0].isupper() or text.startswith("p ")


def test_an_unknown_term_is_an_error():
    with pytest.raises(KeyError):
        glossary.explain("nonsense")
