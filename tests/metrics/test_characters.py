"""Alignment of characters."""

from itertools import accumulate

import regex
from hypothesis import given
from hypothesis import strategies as st

from slicecore.metrics import align_characters, cer
from slicecore.text.normalisation import normalise

TEXT = st.text(alphabet="ab ç今天気ไทย", max_size=40)


def test_wrong_characters_stand_alone_and_equal_ones_in_pieces():
    (edits,) = align_characters(["我们去公园吧"], ["我们公园了吧好"])
    assert [(edit.kind, edit.reference, edit.prediction) for edit in edits] == [
        ("equal", "我们", "我们"),
        ("delete", "去", ""),
        ("equal", "公园", "公园"),
        ("insert", "", "了"),
        ("equal", "吧", "吧"),
        ("insert", "", "好"),
    ]
    (edits,) = align_characters(["turn the lights off immediately"], ["turn the lights off immediately"])
    assert [edit.reference for edit in edits] == ["turn ", "the ", "lights ", "off ", "immediately"]


def test_a_letter_and_its_marks_are_one_character():
    family = "👩\u200d👩\u200d👧"
    for reference, prediction, wanted in (
        ("ที่นี่", "ทีนี่", [("substitute", "ที่", "ที"), ("equal", "นี่", "นี่")]),
        ("पानी", "पनी", [("substitute", "पा", "प"), ("equal", "नी", "नी")]),
        (f"so {family}", "so", [("equal", "so", "so"), ("delete", " ", ""), ("delete", family, "")]),
    ):
        (edits,) = align_characters([reference], [prediction], "none")
        assert [(edit.kind, edit.reference, edit.prediction) for edit in edits] == wanted


@given(st.lists(st.text(alphabet="aกที่้ำि क\u200d👩🏽", max_size=30), min_size=2, max_size=2))
def test_no_edit_begins_within_a_character(texts):
    reference, prediction = normalise(texts, "none")
    (edits,) = align_characters([reference], [prediction], "none")
    for side, text in (("reference", reference), ("prediction", prediction)):
        parts = [getattr(edit, side) for edit in edits]
        assert "".join(parts) == text
        ends = set(accumulate(map(len, regex.findall(r"\X", text)))) | {0}
        assert set(accumulate(map(len, parts))) <= ends


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_wrong_characters_are_those_that_the_rate_counts(pairs):
    references, predictions = map(list, zip(*pairs, strict=True))
    costs = cer(references, predictions, "none")
    for row, edits in enumerate(align_characters(references, predictions, "none")):
        assert sum(edit.kind != "equal" for edit in edits) == costs.numerator[row]
        assert "".join(edit.reference for edit in edits) == normalise(references, "none")[row]
        assert "".join(edit.prediction for edit in edits) == normalise(predictions, "none")[row]
        assert all(len(edit.reference) <= 12 for edit in edits)
