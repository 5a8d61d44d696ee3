import pytest
from invented import speech

import slicecore as sc
from slicecore.explain.cause_costs import NO_CAUSE, SEVERAL_CAUSES, cost_by_cause
from slicecore.explain.causes import Cause
from slicecore.explain.explainer import Explanation
from slicecore.slices.impact import waterfall


@pytest.fixture(scope="module")
def result():
    vectors, costs, _ = speech(bad=((40, 0.8), (30, 0.6)))
    return sc.scan(sc.build_hierarchy(vectors), costs, min_support=20, min_drop=0.1, shuffles=0)


def why(*names):
    causes = tuple(Cause(name, name.title(), "", 1, 0, rank) for rank, name in enumerate(names))
    return Explanation(causes, (), (), None, "", "rest", 0)


def test_a_cause_that_the_rest_has_as_well_costs_nothing_of_its_own(result):
    everywhere = Cause("quiet", "Very quiet", "", 1, 1, 0, everywhere=True)
    explained = Explanation((everywhere,), (), (), None, "", "rest", 0)
    (row,) = cost_by_cause(result, {slice_.id: explained for slice_ in result.slices})
    assert row.cause == NO_CAUSE


def test_a_slice_of_several_problems_counts_for_none_of_them(result):
    parts = tuple(
        Cause(name, name.title(), "", 0.3, 0, rank) for rank, name in enumerate(("hum", "quiet", "clipped"))
    )
    mixed = Explanation(parts, (), (), None, "", "rest", 0)
    (row,) = cost_by_cause(result, {slice_.id: mixed for slice_ in result.slices})
    assert (row.cause, row.label) == (SEVERAL_CAUSES, mixed.title)


def test_causes_cost_what_their_slices_cost(result):
    first, second, *others = result.slices
    costs = cost_by_cause(result, {first.id: why("quiet", "hum"), second.id: why("quiet")})
    assert costs[0].cause == "quiet"
    assert costs[0].slices == 2
    assert costs[0].clips == first.support + second.support
    assert costs[0].share == pytest.approx(first.share + second.share)
    assert sum(cost.points for cost in costs) == pytest.approx(waterfall(result).rest - result.overall)
    if others:
        assert costs[-1].cause == ""


def test_the_cause_that_costs_most_comes_first(result):
    first, second, *_ = sorted(result.slices, key=lambda slice_: slice_.impact)
    costs = cost_by_cause(result, {first.id: why("hum"), second.id: why("quiet")})
    named = [cost for cost in costs if cost.cause]
    assert named[0].errors >= named[1].errors
