"""Conditions of a filter as text: what a filter can hold comes back from an address; what was never one is refused."""

import numpy as np
import pandas as pd
import pytest

from slicecore.errors import SlicecoreError
from slicecore.filtering.columns import Column
from slicecore.slices.condition import Condition, Operator, Part
from slicecore_app.session.parsing import Table, conditions, conditions_text

TIMES = pd.Series(["2024-03-09 22:15", "2024-03-10 05:00"])
COLUMNS = {
    "accent": Column("accent", np.array(["irish", "welsh"], dtype=object)),
    "age": Column("age", np.array([20.0, 30.0])),
    "recorded": Column("recorded", TIMES.to_numpy(dtype=object), cells=TIMES),
}
TABLE = Table(None, {}, columns=lambda: COLUMNS)


@pytest.mark.parametrize(
    "condition",
    [
        Condition("age", Operator.BETWEEN, (50.0, 60.0)),
        Condition("age", Operator.WITHIN, (0.1 + 0.2, 1e300)),
        Condition("age", Operator.BELOW, -30.5),
        Condition("age", Operator.ONE_OF, (20.0, 30.0)),
        Condition("accent", Operator.ONE_OF, ("irish", 'a "b", [c]')),
        Condition("recorded", Operator.WITHIN, (1710028800.0, 1710115200.0), part=Part.MOMENT),
        Condition("recorded", Operator.BETWEEN, (22.0, 5.0), part=Part.HOUR),
        Condition("recorded", Operator.EQUAL, "Sunday", part=Part.WEEKDAY),
        Condition("recorded", Operator.ONE_OF, ("Sunday", "Monday"), part=Part.WEEKDAY),
    ],
)
def test_every_condition_comes_back_from_its_text(condition):
    several = (condition, Condition("accent", Operator.DIFFERENT, "welsh"))
    assert conditions(conditions_text(several), TABLE) == several


def test_links_of_before_are_read():
    expected = (Condition("age", Operator.AT_LEAST, 5.0), Condition("accent", Operator.EQUAL, "irish"))
    assert conditions('[["age","≥",5],["accent","=","irish"]]', TABLE) == expected


def test_one_of_one_value_is_that_value():
    (condition,) = conditions('[["accent","is one of",["irish"]]]', TABLE)
    assert condition == Condition("accent", Operator.EQUAL, "irish")


@pytest.mark.parametrize(
    "text",
    [
        '[["age","≥",1e999]]',
        f'[["age","≥",1{"0" * 400}]]',
        '[["age","≥",NaN]]',
        '[["age","≥",true]]',
        '[["age","≥",[1,2]]]',
        '[["age","between",[60,50]]]',
        '[["age","between",[1]]]',
        '[["age","between",[1,[2]]]]',
        '[["age","between",{"1":2}]]',
        '[["age","between",[1,2],"hour"]]',
        '[["age","≥",1,"","x"]]',
        '[["age","is one of",[]]]',
        '[["accent","is one of",["irish",3]]]',
        '[["accent","=","\\ud800"]]',
        '[["accent",["="],"irish"]]',
        '[[["accent"],"=","irish"]]',
        '[["recorded","≥",1e300,"moment"]]',
        '[["recorded","between",[22,24],"hour"]]',
        '[["recorded","=","Someday","weekday"]]',
        '[["recorded","=","Sunday","month"]]',
        "[" * 1900,
        '["age"]',
        "null",
    ],
)
def test_what_never_was_a_filter_is_refused(text):
    with pytest.raises((ValueError, KeyError, TypeError, SlicecoreError)):
        conditions(text, TABLE)
