from dataclasses import replace

import numpy as np
import pytest

from slicecore.explain.causes import CAUSES
from slicecore.metrics import Costs, difference
from slicecore_app import wording

RATE = Costs(np.ones(1), np.ones(1), name="WER")
NUMBER = Costs(np.ones(1), np.ones(1), name="MAE", is_rate=False)


@pytest.mark.parametrize(
    ("number", "costs", "text"),
    [
        (0.676, RATE, "67.6 %"),
        (1.2267, RATE, "122.7 %"),
        (3.214, NUMBER, "3.21"),
        (float("nan"), RATE, "–"),
        (None, RATE, "–"),
    ],
)
def test_values(number, costs, text):
    assert wording.value(number, costs).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("number", "costs", "text"),
    [(0.347, RATE, "+34.7 pts"), (-0.088, RATE, "−8.8 pts"), (0.0, RATE, "0.0 pts"), (1.5, NUMBER, "+1.5")],
)
def test_drops_carry_a_sign_and_a_real_minus(number, costs, text):
    assert wording.drop(number, costs).replace("\u202f", " ") == text


def test_of_two_models_the_difference_is_in_points_and_both_values_stand_beside():
    rates, numbers = (
        difference(replace(costs, numerator=np.array([0.676])), replace(costs, numerator=np.array([0.5])))
        for costs in (RATE, NUMBER)
    )
    assert wording.value(rates.value(), rates).replace("\u202f", " ") == "+17.6 pts"
    assert wording.value(-0.2, rates, decimals=0).replace("\u202f", " ") == "−20 pts"
    assert wording.both(rates).replace("\u202f", " ") == "67.6 vs 50.0 %"
    assert wording.both(numbers) == "0.676 vs 0.5"


def test_waiting_times_turn_to_minutes_when_they_are_long():
    assert [wording.seconds(number) for number in (0.2, 22.4, 89, 95)] == ["1 s", "22 s", "89 s", "2 min"]


def test_clips_are_counted_in_words():
    assert [wording.clips(count) for count in (1, 35, 12000)] == ["1 clip", "35 clips", "12,000 clips"]


def test_a_place_in_a_long_list_is_written_like_any_count():
    assert [wording.place(2, 35), wording.place(1233, 12000)] == ["3 of 35", "1,234 of 12,000"]


def test_short_names_are_those_of_causes_that_there_are():
    labels = {rule.label for rule in CAUSES.values()}
    shortened = {
        label for label in labels if wording.short_cause(label) != label.removeprefix("Very ").capitalize()
    }
    assert len(shortened) == len(wording.SHORT_CAUSES)


def test_short_names_of_what_is_no_reason_say_so():
    assert wording.short_cause("Also background noise or voices") == "Also noise"
    assert wording.short_cause("Also high-frequency noise") == "Also HF noise"
    assert wording.short_cause("Also very quiet") == "Also quiet"
