import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import speech

import slicecore as sc
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.errors import SlicecoreError
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner


@pytest.fixture(scope="module")
def scanner():
    vectors, costs, _ = speech(600, [(60, 0.45), (15, 0.7), (12, 0.25)], seed=1)
    return Scanner(build_hierarchy(vectors), costs)


def ids(result):
    return [slice_.id for slice_ in result.slices]


def test_support_as_a_share_is_that_of_all_clips_rounded_up(scanner):
    result = scanner.scan(Options(0.0251))
    assert result.min_support == 16
    assert ids(result) == ids(scanner.scan(Options(16))) != []
    assert scanner.scan(Options(np.int64(16))).min_support == 16
    assert scanner.scan(Options(16.0)).min_support == 16


@pytest.mark.parametrize(
    ("share", "n", "clips"), [(0.07, 100, 7), (0.14, 50, 7), (0.55, 100, 55), (0.071, 100, 8)]
)
def test_a_share_that_is_a_whole_number_of_clips_is_that_number(share, n, clips):
    assert Options(share).clips(n) == clips


@given(st.integers(1, 99), st.integers(1, 10_000))
def test_a_percentage_is_rounded_up_as_exact_numbers_are(percent, n):
    assert Options(percent / 100).clips(n) == -(-percent * n // 100)


def test_a_tiny_share_is_one_clip():
    assert Options(1e-9).clips(10) == 1


def test_a_relative_drop_is_a_share_of_the_overall_value(scanner):
    result = scanner.scan(Options(5, 1.5, relative=True))
    assert result.min_drop == pytest.approx(1.5 * result.overall)
    assert ids(result) == ids(scanner.scan(Options(5, result.min_drop))) != []
    assert result.options.relative
    assert result.options.min_drop == 1.5


def test_against_the_rest_the_drop_is_larger(scanner):
    whole, rest = scanner.scan(), scanner.scan(Options(against="rest"))
    drops = {slice_.id: slice_.drop for slice_ in whole.slices}
    shared = [slice_ for slice_ in rest.slices if slice_.id in drops]
    assert shared
    assert all(slice_.drop > drops[slice_.id] for slice_ in shared)
    assert rest.worst > whole.worst


@pytest.mark.parametrize("against", ["whole", "rest"])
def test_the_drop_of_the_clips_of_a_slice_is_its_drop(scanner, against):
    result = scanner.scan(Options(against=against))
    mask = np.isin(np.arange(len(result.costs)), result.slices[0].members)
    assert result.slices
    for slice_ in result.slices:
        assert result.drop(slice_.members) == pytest.approx(slice_.drop)
    assert result.drop(mask) == pytest.approx(result.slices[0].drop)


def test_all_clips_have_no_rest_to_be_worse_than(scanner):
    result = scanner.scan(Options(against="rest"))
    assert np.isnan(result.drop(np.arange(len(result.costs))))


def test_a_tier_and_a_number_of_slices_keep_the_first_ones(scanner):
    every = scanner.scan(Options(3, 0.0))
    assert {slice_.tier for slice_ in every.slices} == {"confirmed", "possible"}
    confirmed = scanner.scan(Options(3, 0.0, tier="confirmed"))
    assert ids(confirmed) == [slice_.id for slice_ in every.slices if slice_.tier == "confirmed"]
    assert confirmed.explained == pytest.approx(sum(slice_.share for slice_ in confirmed.slices))
    assert confirmed.explained < every.explained
    assert ids(scanner.scan(Options(3, 0.0, max_slices=1))) == ids(every)[:1]
    assert ids(scanner.scan(Options(3, 0.0, max_slices=99))) == ids(every)


def test_the_order_changes_ranks_alone(scanner):
    results = {order: scanner.scan(Options(3, 0.0, order=order)) for order in ("impact", "evidence", "drop")}
    assert len({tuple(sorted(ids(result))) for result in results.values()}) == 1
    assert ids(results["drop"]) != ids(results["impact"])


def test_without_shuffles_there_is_no_tier(scanner):
    result = scanner.scan(Options(shuffles=0))
    assert result.slices
    assert {slice_.tier for slice_ in result.slices} == {slice_.p_value for slice_ in result.slices} == {None}
    assert sorted(ids(result)) == sorted(ids(scanner.scan()))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"min_support": 0}, "support.* not 0"),
        ({"min_support": 2.5}, "support.* not 2.5"),
        ({"min_support": float("nan")}, "support"),
        ({"min_support": "many"}, "not many"),
        ({"min_drop": -0.1}, "drop.* not -0.1"),
        ({"min_drop": float("nan")}, "drop"),
        ({"rule": "other"}, "rule “other”.*best, plain"),
        ({"against": "others"}, "whole, rest"),
        ({"order": "size"}, "impact, evidence, drop"),
        ({"tier": "possible"}, "confirmed"),
        ({"shuffles": -1}, "shuffles"),
        ({"shuffles": 99.5}, "shuffles.* not 99.5"),
        ({"shuffles": "many"}, "shuffles.* not many"),
        ({"tier": "confirmed", "shuffles": 0}, "Without shuffles"),
        ({"max_slices": 0}, "at least 1"),
        ({"max_slices": 2.5}, "whole number.* not 2.5"),
    ],
)
def test_options_without_sense_are_explained(scanner, wrong, sentence):
    with pytest.raises(SlicecoreError, match=sentence):
        Options(**wrong)
    with pytest.raises(SlicecoreError, match=sentence):
        sc.scan(scanner.hierarchy, scanner.costs, **wrong)
