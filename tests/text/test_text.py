import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore import metrics
from slicecore.errors import MetricError
from slicecore.text.normalisation import NORMALISATIONS, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rock 'n' roll, don’t.", "rock n roll don't"),
        ("C’est l’ÉTÉ !", "c'est l'été"),
        ("हिन्दी में, नमस्ते।", "हिन्दी में नमस्ते"),
        ("ไม่เป็นไร", "ไม่เป็นไร"),
        ("中文，测试", "中文 测试"),
        ("Straße, İstanbul", "straße istanbul"),
        ("Wi-Fi  is\tup", "wi fi is up"),
        ("e\u0301te\u0301", "été"),
        ("“quoted” 'words' dogs'", "quoted words dogs"),
        ("…", ""),
        ("I ❤\ufe0f you, 👩\u200d👩\u200d👧 here", "i you here"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_basic(text, expected):
    assert normalise([text], "basic") == [expected]


def test_none_keeps_everything_but_white_space():
    assert normalise(["  A,\n b "], "none") == ["A, b"]


def test_english_unifies_numbers_and_spelling():
    assert normalise(["Twenty-one colours, won't it?", ""], "english") == ["21 colors will not it", ""]


def test_unknown_name():
    with pytest.raises(MetricError, match="basic"):
        normalise(["a"], "loud")


@given(st.lists(st.text()), st.sampled_from(["none", "basic"]))
def test_twice_is_once(texts, how):
    once = normalise(texts, how)
    assert normalise(once, how) == once
    assert all(text == " ".join(text.split()) for text in once)


@given(st.text())
def test_every_normalisation_takes_any_text(text):
    for how in NORMALISATIONS:
        assert len(normalise([text], how)) == 1


@pytest.mark.parametrize("how", ["none", "basic", "english"])
def test_an_empty_cell_as_pandas_reads_it_is_no_word(how):
    assert normalise(["a b", None, float("nan"), pd.NA, 5], how) == ["a b", "", "", "", "5"]
    assert metrics.wer(pd.Series(["a b", "c"]), pd.Series(["a b", float("nan")])).value() == 1 / 3


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_plain_letters_are_normalised_as_they_are_beside_others(text):
    assert normalise([f"{text} é"]) == [f"{normalise([text])[0]} é".strip()]
