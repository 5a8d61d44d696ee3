"""Every number explains itself: the sentences are there, with their names filled in."""

import numpy as np
import pytest

from slicecore.metrics import Costs, difference
from slicecore.report import glossary

NAMES = {
    "metric": "WER",
    "against": "the overall one",
    "unit": "in percentage points",
    "shuffles": "99",
    "noun": "speaker",
    "Noun": "Speaker",
}


ONE = Costs(np.ones(1), np.ones(1), name="WER")
BOTH = difference(ONE, ONE, ("small", "large"))


@pytest.mark.parametrize("term", sorted(glossary.OF_DIFFERENCE))
def test_every_term_of_a_difference_names_both_models(term):
    text = glossary.explain(term, BOTH, **{name: NAMES[name] for name in ("against", "unit")})
    assert "{" not in text
    assert "small" in text
    assert "large" in text
    assert 10 < len(text) < 220


def test_a_term_that_means_the_same_for_a_difference_is_that_of_one_model():
    assert glossary.explain("support", BOTH) == glossary.explain("support", ONE)
    assert "WER difference" in glossary.explain("cause_change", BOTH)


@pytest.mark.parametrize("term", sorted(glossary.TERMS))
def test_every_term_is_a_sentence_without_gaps(term):
    text = glossary.explain(term, **NAMES)
    assert "{" not in text
    assert 10 < len(text) < 220
    assert text[0].isupper() or text.startswith("p ")


def test_an_unknown_term_is_an_error():
    with pytest.raises(KeyError):
        glossary.explain("nonsense")
