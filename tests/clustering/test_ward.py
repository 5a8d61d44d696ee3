"""Ward linkage inside groups, against scipy's of every group alone."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage

from slicecore.clustering.ward import ward_merges


def costs(points, weights, merges):
    """Cost of every merge."""
    points, weights = points.copy(), weights.copy()
    found = []
    for a, b in merges.tolist():
        total = weights[a] + weights[b]
        found.append(weights[a] * weights[b] / total * ((points[a] - points[b]) ** 2).sum())
        points[a] = (weights[a] * points[a] + weights[b] * points[b]) / total
        weights[a] = total
    return found


def test_every_group_is_merged_as_if_it_were_alone():
    rng = np.random.default_rng(0)
    sizes = [1, 2, 30, 200, 3]
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    points = rng.normal(size=(bounds[-1], 6)) + 100
    merges = ward_merges(points.copy(), np.ones(len(points)), bounds)
    group = np.repeat(np.arange(len(sizes)), sizes)
    assert (np.diff(group[merges[:, 0]]) >= 0).all()
    for number, (begin, end) in enumerate(pairwise(bounds)):
        of_group = merges[group[merges[:, 0]] == number]
        assert ((begin <= of_group) & (of_group < end)).all() and len(of_group) == end - begin - 1
        if end - begin > 1:
            heights = linkage(points[begin:end], "ward")[:, 2] ** 2 / 2
            assert sorted(costs(points, np.ones(len(points)), of_group)) == pytest.approx(heights)


def test_a_weight_is_as_many_points_in_one_place():
    rng = np.random.default_rng(1)
    points, weights = rng.normal(size=(20, 3)), rng.integers(1, 4, 20)
    merges = ward_merges(points.copy(), weights.astype(float), np.array([0, 20]))
    heights = linkage(np.repeat(points, weights, axis=0), "ward")[:, 2] ** 2 / 2
    found = sorted(costs(points, weights.astype(float), merges))
    assert found == pytest.approx(heights[heights > 1e-12])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=40))
def test_equal_distances_make_no_circle(places):
    points = np.array(places) / 7
    merges = ward_merges(points.copy(), np.ones(len(points)), np.array([0, len(points)]))
    assert sorted(merges[:, 1].tolist()) == list(range(1, len(points)))
