from dataclasses import replace

import numpy as np
import pytest
from invented import speech

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs, accuracy, difference, mae
from slicecore.slices.empty_scan import drop_below, nearest_miss, ways_out, why_empty
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan

VECTORS, COSTS, _ = speech(bad=((40, 0.8),))
HIERARCHY = build_hierarchy(VECTORS)
SCANNER = Scanner(HIERARCHY, COSTS)
COSTS_OF_FEW = Costs(COSTS.numerator[-30:], COSTS.denominator[-30:], name="WER")
NOBODY = Options(min_support=20, min_drop=0.95, shuffles=0)


def scanned(costs, **options):
    return scan(HIERARCHY, costs, **({"shuffles": 0} | options))


def test_why_a_scan_is_empty():
    assert not SCANNER.scan(NOBODY).slices
    n = len(COSTS)
    words, none = COSTS.denominator, np.zeros(n)
    assert why_empty(scanned(Costs(none, none))) == "no reference"
    assert why_empty(scanned(Costs(none, words))) == "no error"
    assert why_empty(scanned(Costs(words, words))) == "same value"
    assert why_empty(scanned(Costs(words, words, higher_is_better=True))) == "same value"
    assert why_empty(scanned(difference(COSTS, COSTS))) == "no difference"
    assert why_empty(scanned(difference(Costs(none, words, name="WER"), COSTS))) == "thresholds"
    assert why_empty(SCANNER.scan(NOBODY)) == "thresholds"
    without_vectors = build_hierarchy(np.full((n, 1), np.nan))
    assert why_empty(scan(without_vectors, COSTS, shuffles=0)) == "no clusters"


def test_the_nearest_miss_names_the_worst_cluster_and_the_threshold():
    result = SCANNER.scan(NOBODY)
    amount = COSTS.drop_text(result.worst).lstrip("+")
    assert nearest_miss(result) == (
        f"The worst cluster with at least 20 clips lies {amount} above the overall WER of "
        f"{COSTS.value_text(result.overall)}; the minimum drop is 95\u202fpts."
    )
    assert (
        nearest_miss(scanned(COSTS, min_support=10_000)) == "There is no cluster with at least 10,000 clips."
    )


def test_where_a_cluster_meets_both_thresholds_chance_is_the_reason():
    few = scan(build_hierarchy(VECTORS[-30:]), COSTS_OF_FEW, min_support=5, min_drop=0.02, shuffles=0)
    assert not few.slices and few.worst > 0.02
    assert why_empty(few) == "chance"
    text = nearest_miss(few)
    assert "the minimum drop" not in text and "chance" in text
    assert drop_below(few) is None  # the present one is met


def test_a_tier_that_leaves_nothing_has_chance_as_its_reason():
    vectors, costs, _ = speech(n=200, bad=((10, 0.2),), seed=3)
    confirmed = scan(build_hierarchy(vectors), costs, min_drop=0.05, shuffles=99, tier="confirmed")
    assert why_empty(confirmed) == "chance"


def test_the_worst_cluster_lies_below_where_higher_is_better_and_above_no_difference():
    n = len(COSTS)
    right = accuracy(["a"] * n, ["b" if bad else "a" for bad in COSTS.per_clip() > 0.5])
    assert " below the overall Accuracy of " in nearest_miss(scanned(right, min_drop=0.99))
    better = difference(Costs(np.zeros(n), COSTS.denominator, name="WER"), COSTS)
    assert " no difference; " in nearest_miss(scanned(better, min_drop=0.99))


def test_a_worst_cluster_that_is_better_than_the_whole_lies_on_the_good_side():
    n = len(COSTS)
    right = accuracy(["a"] * n, ["b" if bad else "a" for bad in COSTS.per_clip() > 0.5])
    for costs, side in ((COSTS, "below"), (right, "above")):
        text = nearest_miss(replace(scanned(costs, min_support=20, min_drop=0.9), worst=-0.1))
        assert f"lies 10.0\u202fpts {side} the overall" in text


def test_against_the_rest_the_nearest_miss_names_the_rest():
    result = scanned(COSTS, min_support=20, min_drop=0.95, against="rest")
    assert (
        f"{COSTS.drop_text(result.worst).lstrip('+')} above the WER of the clips outside it; "
        in nearest_miss(result)
    )


@pytest.mark.parametrize("relative", [False, True])
def test_a_lower_drop_is_round_and_met(relative):
    result = SCANNER.scan(
        Options(min_support=20, min_drop=50 if relative else 0.95, relative=relative, shuffles=0)
    )
    drop = drop_below(result)
    assert drop * 20 == pytest.approx(round(drop * 20))  # a step of five points or percent
    assert drop * (result.overall if relative else 1) <= result.worst
    assert SCANNER.scan(Options(min_support=20, min_drop=drop, relative=relative, shuffles=0)).slices


def test_a_lower_drop_of_numbers_is_just_below_the_worst():
    numbers = mae(COSTS.numerator.tolist(), [0.0] * len(COSTS))
    result = scanned(numbers, min_support=20, min_drop=1000)
    assert drop_below(result) == np.nextafter(result.worst, 0)
    assert scanned(numbers, min_support=20, min_drop=drop_below(result)).slices


def test_ways_out_lead_to_slices():
    result = SCANNER.scan(NOBODY)
    (lower,) = ways_out(SCANNER, result, (30,))
    assert (lower.option, lower.value) == ("min_drop", drop_below(result))
    assert (
        lower.slices
        == len(SCANNER.scan(Options(min_support=20, min_drop=lower.value, shuffles=0)).slices)
        > 0
    )
    large = SCANNER.scan(Options(min_support=len(COSTS), min_drop=0.1, shuffles=0))
    support = [way for way in ways_out(SCANNER, large, (5, 20, 30, 5000)) if way.option == "min_support"]
    assert [way.value for way in support] == [30]


def test_a_tier_that_leaves_nothing_is_a_way_out():
    vectors, costs, _ = speech(n=200, bad=((10, 0.2),), seed=3)  # p = .4: far from either tier's end
    scanner = Scanner(build_hierarchy(vectors), costs)
    options = Options(min_support=5, min_drop=0.05, shuffles=99)
    assert {slice_.tier for slice_ in scanner.scan(options).slices} == {"possible"}
    confirmed = scanner.scan(replace(options, tier="confirmed"))
    assert not confirmed.slices
    assert ("tier", None) in [(way.option, way.value) for way in ways_out(scanner, confirmed)]
