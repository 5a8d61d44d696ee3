"""Geometry of the plots of a report."""

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from slicecore.metrics import Costs
from slicecore.report.html.extent import LADDER, Extent, first_to_try, sentence
from slicecore.report.html.plots import axis_of, colour_step, span_of, waterfall_bars
from slicecore.slices.impact import Step, Waterfall
from slicecore.slices.scanner import Slice

COSTS = Costs(np.ones(2), np.ones(2), name="WER")
NUMBERS = st.floats(-5, 5)


def slice_of(name):
    return Slice(name, np.arange(1), 1, 0.5, 0.2, 1.0, 0.1, 0, 0, 1.0, (0.4, 0.6))


@given(st.lists(NUMBERS, max_size=5), NUMBERS)
def test_every_number_has_a_place_in_order(numbers, overall):
    axis = axis_of(numbers, COSTS, overall)
    places = [axis.place(number) for number in sorted([*numbers, overall])]
    assert places == sorted(places) and all(0 <= place <= 100 for place in places)
    assert 1 <= len(axis.ticks) <= 12 and all(0 <= place <= 100 for place, _ in axis.ticks)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0, 1))
@example([5e-324], 0.0)
def test_bars_of_a_waterfall_begin_where_the_one_before_ends(changes, rest):
    steps, before = [], rest + sum(changes)
    overall = before
    for i, change in enumerate(changes):
        after = rest if i == len(changes) - 1 else before - change
        steps.append(Step(slice_of(f"{i}"), before, after))
        before = after
    names = {f"{i}": f"slice {i}" for i in range(len(changes))}
    numbers = {f"{i}": i + 1 for i in range(len(changes))}
    bars = waterfall_bars(Waterfall(overall, tuple(steps), rest), COSTS, names, numbers)
    assert len(bars) == min(len(changes), 21) + 2
    ends = [bars[0].start + bars[0].width]
    for bar in bars[1:-1]:
        assert abs(bar.start + bar.width - ends[-1]) < 0.03
        ends.append(bar.start)
    assert abs(bars[-1].width - (ends[-1] - bars[-1].start)) < 0.03


def test_a_value_that_is_not_known_has_no_place():
    axis = axis_of([math.nan], COSTS, math.nan)
    assert not span_of(math.nan, (math.nan, math.nan), axis).known
    assert math.isnan(axis.mark)
    assert span_of(0.5, (math.nan, 0.6), axis).low == axis.place(0.5)


def test_colours_go_from_better_to_worse():
    steps = [colour_step(points) for points in (-90, -35, 0, 10, 45, 90, 500)]
    assert steps == [0, 0, 7, 9, 16, 25, 25] and colour_step(math.nan) == 7


@given(
    st.lists(st.lists(st.one_of(st.none(), st.floats(0.1, 60)), max_size=10), max_size=8),
    st.integers(0, 10**7),
)
def test_a_larger_file_has_no_less_of_the_clips(durations, limit):
    places = [first_to_try(durations, 0, bytes_) for bytes_ in (limit, 2 * limit)]
    assert places[0] >= places[1]
    assert first_to_try([], 0, 1) == 0


def test_what_is_left_out_is_said():
    assert sentence(LADDER[0], False, 10, 10_000_000) == ""
    assert sentence(Extent(10, 6.0), True, 10, 10_000_000) == (
        "To keep this file under 10 MB, of longer clips the first 6 s can be heard."
    )
    assert "each slice has 3 example clips instead of 10 and of longer clips" in sentence(
        Extent(3, 5.0), True, 10, 10_000_000
    )
    assert sentence(Extent(0, 0.0), False, 0, 10_000_000) == ""
