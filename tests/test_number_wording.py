import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore import wording

CASES = json.loads((Path(__file__).parent / "number_cases.json").read_text())


@pytest.mark.parametrize(
    ("function", "case"),
    [(name, case) for name, cases in CASES.items() if name != "about" for case in cases],
)
def test_numbers_are_written_as_in_the_browser(function, case):
    *arguments, text = case
    assert getattr(wording, function)(*arguments) == text


@given(st.floats(-1e12, 1e12))
def test_a_number_of_any_size_keeps_three_digits_and_has_no_exponent(number):
    text = wording.significant(number).replace("\u2212", "-").replace(",", "")
    assert set(text) <= set("-.0123456789")
    assert float(text) == pytest.approx(number, rel=0.0051, abs=1e-300)


def test_numbers_that_are_no_numbers_are_unknown():
    for function in (wording.fixed, wording.significant, wording.rate, wording.points, wording.signed):
        assert {function(float("nan")), function(float("inf"))} == {"–"}


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.004, "under 1 %"), (0.125, "13 %"), (0.996, "over 99 %"), (1, "100 %")],
)
def test_all_and_nothing_are_exact(share, text):
    assert wording.percent(share) == text


@pytest.mark.parametrize(("p", "text"), [(0.0125, "p = .013"), (0.001, "p = .001"), (1, "p = 1.000")])
def test_p_values(p, text):
    assert wording.p_value(p) == text


@pytest.mark.parametrize(
    ("count", "of", "text"),
    [
        (0, 1, "not confirmed"),
        (1, 1, "confirmed"),
        (0, 3, "none confirmed"),
        (2, 3, "2 of them confirmed"),
        (3, 3, "all confirmed"),
    ],
)
def test_how_many_are_so(count, of, text):
    assert wording.how_many(count, of, "confirmed") == text
