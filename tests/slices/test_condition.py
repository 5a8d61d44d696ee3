"""Conditions of metadata slices and filters: their words, and the columns that give any."""

import pandas as pd
import pytest

from slicecore.errors import SlicecoreError
from slicecore.measurements import CATALOGUE
from slicecore.slices.bins import bins_of
from slicecore.slices.condition import Condition


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("accent", "=", "scottish"), "accent = scottish"),
        (Condition("duration", "≥", 4.1, "Length", "s"), "Length ≥ 4.1 s"),
        (Condition("peak", "<", -30.0, "Peak", "dBFS"), "Peak < −30 dBFS"),
        (
            Condition("speech_share", "to", (0.25, 0.755), "Share of speech", "%"),
            "Share of speech between 25 and 75.5 %",
        ),
        (Condition("file_rate", "≥", 16000.0, "Sampling rate", "Hz"), "Sampling rate ≥ 16000 Hz"),
        (Condition("recorded", "≥", 1700159000.0), "recorded ≥ 1700159000"),
        (Condition("age", "between", (31.0, 40.0)), "age between 31 and 40"),
        (Condition("accent", "is one of", ("irish", "scottish")), "accent is irish or scottish"),
        (
            Condition("accent", "is one of", ("irish", "scottish", "welsh")),
            "accent is irish, scottish or welsh",
        ),
    ],
)
def test_conditions_read_well(condition, text):
    assert str(condition) == text


def test_a_condition_by_an_unknown_operator_is_an_error():
    with pytest.raises(SlicecoreError, match="“age” can't be compared by “about”"):
        Condition("age", "about", 40.0)


def test_columns_that_say_nothing_give_no_condition():
    table = pd.DataFrame({"id": range(30), "same": ["a"] * 30, "empty": [None] * 30, "note": list("ab") * 15})
    columns = bins_of(table[["same", "empty", "note"]], table[[]], CATALOGUE, 5)
    assert [column.column for column in columns] == ["note"]
    constant = bins_of(table[[]], pd.DataFrame({"peak": [1.0] * 30}), CATALOGUE, 5)
    assert constant == []
