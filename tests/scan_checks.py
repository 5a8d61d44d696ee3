"""Checks that every scan has to pass, whatever was scanned."""

import numpy as np
import pytest

from slicecore.thresholds import reaches


def sets(result):
    return {frozenset(slice_.members.tolist()) for slice_ in result.slices}


def assert_sound(result, costs):
    taken = np.zeros(len(costs), dtype=bool)
    value = costs.numerator.sum() / costs.denominator.sum()
    assert result.overall == pytest.approx(value)
    for i, slice_ in enumerate(result.slices):
        assert not taken[slice_.members].any(), "slices are disjoint"
        taken[slice_.members] = True
        assert (
            slice_.support == len(slice_.members) >= max(result.min_support, result.options.clips(len(costs)))
        )
        least = result.options.min_drop * (value if result.options.relative else 1)
        assert reaches(slice_.drop, result.min_drop)
        assert result.min_drop == pytest.approx(least)
        assert (np.diff(slice_.members) > 0).all()
        numerator, denominator = (
            costs.numerator[slice_.members].sum(),
            costs.denominator[slice_.members].sum(),
        )
        assert slice_.value == pytest.approx(numerator / denominator)
        sign = -1 if costs.higher_is_better else 1
        compared = value
        if result.options.against == "rest":
            rest = costs.denominator.sum() - denominator
            compared = (costs.numerator.sum() - numerator) / rest
        least_compared = 0 if costs.compared else -np.inf
        assert slice_.drop == pytest.approx(sign * slice_.value - max(sign * compared, least_compared))
        against_whole = max(sign * value, least_compared)
        assert slice_.impact == pytest.approx(sign * numerator - against_whole * denominator)
        assert len(slice_.id) == 12
        int(slice_.id, 16)
        assert (result.slice_of_clip[slice_.members] == i).all()
    assert (result.slice_of_clip[~taken] == -1).all()
    assert result.explained == pytest.approx(sum(slice_.share for slice_ in result.slices))
    ranks = [
        (slice_.tier == "possible", -float(f"{getattr(slice_, result.options.order):.6g}"))
        for slice_ in result.slices
    ]
    assert ranks == sorted(ranks)
    for slice_ in result.slices:
        assert slice_.interval[0] <= slice_.interval[1]
        if not result.options.shuffles:
            assert slice_.p_value is slice_.tier is None
            continue
        assert 0 < slice_.p_value <= 1
        assert slice_.tier == ("confirmed" if slice_.p_value <= 0.05 else "possible")
    # Where a part of a joined slice has no words, the whole is worse than any cluster.
    clusters = [slice_.drop for slice_ in result.slices if not slice_.parts]
    assert not clusters or result.worst >= max(clusters)
