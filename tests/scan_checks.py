"""Checks that every scan has to pass, whatever was scanned."""

import numpy as np
import pytest


def sets(found):
    return {frozenset(one.members.tolist()) for one in found.slices}


def assert_sound(found, costs):
    taken = np.zeros(len(costs), dtype=bool)
    value = costs.numerator.sum() / costs.denominator.sum()
    assert found.overall == pytest.approx(value)
    for i, one in enumerate(found.slices):
        assert not taken[one.members].any(), "slices are disjoint"
        taken[one.members] = True
        assert one.support == len(one.members) >= max(found.min_support, found.options.clips(len(costs)))
        least = found.options.min_drop * (value if found.options.relative else 1)
        assert one.drop >= found.min_drop == pytest.approx(least)
        assert (np.diff(one.members) > 0).all()
        numerator, denominator = costs.numerator[one.members].sum(), costs.denominator[one.members].sum()
        assert one.value == pytest.approx(numerator / denominator)
        sign = -1 if costs.higher_is_better else 1
        compared = value
        if found.options.against == "rest":
            rest = costs.denominator.sum() - denominator
            compared = (costs.numerator.sum() - numerator) / rest
        least_compared = 0 if costs.compared else -np.inf
        assert one.drop == pytest.approx(sign * one.value - max(sign * compared, least_compared))
        against_whole = max(sign * value, least_compared)
        assert one.impact == pytest.approx(sign * numerator - against_whole * denominator)
        assert len(one.id) == 12
        int(one.id, 16)
        assert (found.slice_of_clip[one.members] == i).all()
    assert (found.slice_of_clip[~taken] == -1).all()
    assert found.explained == pytest.approx(sum(one.share for one in found.slices))
    ranks = [
        (one.tier == "possible", -float(f"{getattr(one, found.options.order):.6g}")) for one in found.slices
    ]
    assert ranks == sorted(ranks)
    for one in found.slices:
        assert one.interval[0] <= one.interval[1]
        if not found.options.shuffles:
            assert one.p_value is one.tier is None
            continue
        assert 0 < one.p_value <= 1
        assert one.tier == ("confirmed" if one.p_value <= 0.05 else "possible")
    if found.slices:
        assert found.worst >= max(one.drop for one in found.slices)
