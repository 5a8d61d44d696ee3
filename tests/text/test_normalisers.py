"""The leaderboard's normaliser, compounds, and normalisers by a function of the user's."""

import re
import sys
from functools import cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import slicecore as sc
from slicecore.errors import MetricError
from slicecore.metrics import align
from slicecore.metrics.cached_counts import cached_word_errors
from slicecore.text import parts
from slicecore.text.alignment import align_table
from slicecore.text.form_errors import form_errors
from slicecore.text.normalisation import normalise
from slicecore.text.own_normaliser import load_normaliser, remember


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Uhm, it's half past seven o'clock.", "it is 7 30"),
        ("twenty-one minutes past 8, at 9:30 or 10:00", "8 21 at 9 30 or 10"),
        ("a quarter to one", "12 45"),
        ("Oh, he said four oh five", "oh he said 405"),
        ("oh seven nine", "079"),
        ("B. B. C. and the 5 G, as a rule", "bbc and the 5g as a rule"),
        ("John's wi-fi cost $20 million, 5 %", "john s wifi cost $20000000 5"),
        ("Ok, al right, e-mail the colour", "okay alright email the color"),
        ("kinda <noise> (sic) [x]", "kinda"),
        ("ooh mmm hmm ahem", "oh"),
    ],
)
def test_the_leaderboards_rules(text, words):
    assert normalise([text], "leaderboard") == [words]


def test_compounds_are_no_errors_and_keep_the_words_of_the_reference():
    references = ["the ice cream man", "an icecream", "a note book is here", "yes"]
    predictions = ["the icecream man", "an ice cream", "a notebook was here", "no"]
    counts = sc.metrics.word_errors(references, predictions, "leaderboard")
    assert counts.costs.numerator.tolist() == [0, 0, 1, 1]
    assert counts.words.tolist() == [4, 2, 5, 1]
    steps = align("an icecream", "an ice cream", "leaderboard")
    assert [(s.kind, s.reference, s.prediction) for s in steps] == [
        ("equal", "an", "an"),
        ("equal", "icecream", "ice"),
        ("equal", "", "cream"),
    ]
    assert form_errors(["ice cream"], ["icecream"], "leaderboard").tolist() == [0]


_WORDS = st.lists(st.sampled_from(["b", "c", "bc", "cb", "bcb", "x"]), max_size=6)


@settings(max_examples=150, deadline=None)
@given(_WORDS, _WORDS)
def test_compounds_give_the_fewest_errors(reference, prediction):
    def clean(text):
        return text

    clean.joins_compounds = True
    aligned = align_table([" ".join(reference)], [" ".join(prediction)], clean)

    @cache
    def fewest(i, j):
        if not i or not j:
            return i + j
        ways = [fewest(i - 1, j) + 1, fewest(i, j - 1) + 1]
        ways.append(fewest(i - 1, j - 1) + (reference[i - 1] != prediction[j - 1]))
        ways += [fewest(k, j - 1) for k in range(i) if "".join(reference[k:i]) == prediction[j - 1]]
        ways += [fewest(i - 1, k) for k in range(j) if "".join(prediction[k:j]) == reference[i - 1]]
        return min(ways)

    assert aligned.errors.tolist() == [fewest(len(reference), len(prediction))]
    assert aligned.reference_words.tolist() == [len(reference)]
    assert aligned.prediction_words.tolist() == [len(prediction)]
    steps = list(aligned.steps(0))
    assert [a for _, a, _ in steps if a] == reference and [b for _, _, b in steps if b] == prediction


def test_a_function_of_the_users_normalises_everywhere(tmp_path):
    def vowels(text):
        return "".join(letter for letter in text.lower() if letter in "aeiou ")

    assert normalise(["Good  day"], vowels) == ["oo a"]
    assert sc.metrics.wer(["Good day"], ["mood bay"], vowels).value() == 0
    counts = cached_word_errors(["Good day"], ["mood bee"], vowels, cache=tmp_path)
    assert counts.words.tolist() == [2] and counts.substitutions.tolist() == [1]
    name = remember(vowels)
    assert normalise(["Good day"], name) == ["oo a"] and "vowels#" in name


def test_the_name_of_a_function_changes_with_its_source_and_what_it_holds(tmp_path):
    def rule(old):
        return lambda text: text.replace(old, "")

    assert remember(rule("a")) == remember(rule("a")) != remember(rule("b"))
    names = []
    for body in ("text.upper()", "text.upper()", "text.lower()"):
        (tmp_path / "rules.py").write_text(f"def clean(text):\n    return {body}\n")
        names.append(load_normaliser(f"{tmp_path / 'rules.py'}:clean"))
    assert names[0] == names[1] != names[2]
    assert normalise(["Ab"], names[0]) == ["AB"] and normalise(["Ab"], names[2]) == ["ab"]


def test_a_function_of_the_working_folder_leaves_the_path_to_those_who_look_through_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts_of_rules").mkdir()
    (tmp_path / "rules_here.py").write_text(
        "import sys\nsys.path.append('parts_of_rules')\ndef clean(text):\n    return text.upper()\n"
    )
    before, looking = list(sys.path), iter(sys.path)
    looked = [next(looking)]
    assert normalise(["ab"], load_normaliser("rules_here:clean")) == ["AB"]
    assert [*looked, *looking] == before
    assert sys.path == [*before, "parts_of_rules"]  # what the module adds stays


def test_functions_that_give_other_texts_have_other_names():
    class Cleaner:
        def __init__(self, old):
            self.old = old

        def clean(self, text):
            return text.replace(self.old, "")

        __call__ = clean

    def rule(old, text):
        return text.replace(old, "")

    pairs = [
        (lambda text: text.lower(), lambda text: text.upper()),
        (partial(rule, "a"), partial(rule, "b")),
        (Cleaner("a").clean, Cleaner("b").clean),
        (partial(rule, Cleaner("a")), partial(rule, Cleaner("b"))),
        (Cleaner(re.compile("a" * 300)), Cleaner(re.compile("a" * 301))),
        (cache(partial(rule, "a")), cache(partial(rule, "b"))),
    ]
    assert [remember(first) == remember(second) for first, second in pairs] == [False] * len(pairs)
    assert remember(partial(rule, "a")) == remember(partial(rule, "a"))
    assert remember(Cleaner("a")) == remember(Cleaner("a"))


def test_what_is_wrong_with_a_function_is_said(tmp_path):
    (tmp_path / "table.jsonl").write_text(
        '{"reference": "a", "prediction": "a"}\n{"reference": "b c", "prediction": "b"}\n'
    )
    for at_once in (2, 1):  # whichever clips are aligned together
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parts, "CLIPS_AT_ONCE", at_once)
            with pytest.raises(MetricError, match="fails on row 2, “b c”: too long"):
                sc.find_slices(tmp_path / "table.jsonl", normalisation=_no_spaces)
    with pytest.raises(MetricError, match=r"gives None for row 2, “a”\. Let it return a text"):
        sc.metrics.wer(["a"], ["a"], lambda text: None)
    with pytest.raises(MetricError, match="can't be imported: No module named 'no_such'"):
        load_normaliser("no_such:clean")
    with pytest.raises(MetricError, match=r"names no normaliser\. Write module:function"):
        load_normaliser("rules.py")
    with pytest.raises(MetricError, match="There is no normalisation “None”"):
        sc.metrics.wer(["a"], ["a"], None)
    (tmp_path / "rules.py").write_text("clean = 3\n")
    with pytest.raises(MetricError, match="has no function “clean”"):
        load_normaliser(f"{tmp_path / 'rules.py'}:clean")
    (tmp_path / "rules.py").write_text("class Clean:\n    def __init__(self, rules): ...\n")
    with pytest.raises(MetricError, match=r"can't be made: .*missing 1 required"):
        load_normaliser(f"{tmp_path / 'rules.py'}:Clean")
    with pytest.raises(MetricError, match="not known here: give it as --normalisation others:clean"):
        sc.metrics.wer(["a"], ["a"], "others:clean#12345678")
    name = remember(_no_spaces)
    with pytest.raises(MetricError, match="has been changed since"):
        sc.metrics.wer(["a"], ["a"], name[:-8] + "00000000")


def _no_spaces(text):
    if " " in text:
        raise ValueError("too long")
    return text


def test_texts_are_normalised_once_per_side():
    calls = []
    sc.metrics.wer(["a"], ["b"], lambda text: calls.append(text) or text)
    assert calls == ["a", "b"]
