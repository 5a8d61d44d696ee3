import numpy as np
import pytest
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
        ({"tier": "confirmed", "shuffles": 0}, "Without shuffles"),
        ({"max_slices": 0}, "at least 1"),
    ],
)
def test_options_without_sense_are_explained(scanner, wrong, sentence):
    with pytest.raises(SlicecoreError, match=sentence):
        Options(**wrong)
    with pytest.raises(SlicecoreError, match=sentence):
        sc.scan(scanner.hierarchy, scanner.costs, **wrong)
