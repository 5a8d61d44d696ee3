import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.display.treemap import cluster_tree
from slicecore.metrics import Costs, custom
from slicecore.slices.scanner import scan


def data(n, groups, seed, dimensions=6):
    rng = np.random.default_rng(seed)
    label = rng.integers(groups, size=n)
    vectors = rng.normal(scale=5, size=(groups, dimensions))[label] + rng.normal(size=(n, dimensions))
    words = rng.integers(1, 10, size=n).astype(float)
    errors = rng.binomial(words.astype(int), np.where(label < max(1, groups // 5), 0.7, 0.1)).astype(float)
    return vectors, Costs(errors, words)


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(0, 250),
    groups=st.integers(1, 30),
    min_support=st.integers(1, 20),
    max_nodes=st.sampled_from([40, 1000]),
    seed=st.integers(0, 2**32 - 1),
)
@example(n=165, groups=21, min_support=6, max_nodes=40, seed=5397)  # a slice of two parts
@example(n=13, groups=26, min_support=1, max_nodes=40, seed=16671)  # clips that are all alike
def test_every_cluster_is_partitioned_by_its_parts(n, groups, min_support, max_nodes, seed):
    vectors, costs = data(n, groups, seed)
    vectors[np.random.default_rng(seed).random(n) < 0.05] = np.nan
    hierarchy = build_hierarchy(vectors)
    result = scan(hierarchy, costs, min_support=min_support, min_drop=0.05)
    tree = cluster_tree(hierarchy, result, max_nodes)
    known = np.flatnonzero(np.isfinite(vectors).all(axis=1))
    nodes = len(tree.key)
    assert sorted(tree.order.tolist()) == known.tolist()
    assert len(set(tree.key)) == nodes
    tiles = {
        part.id: (i, part) for i, slice_ in enumerate(result.slices) for part in slice_.parts or (slice_,)
    }
    assert nodes <= max(max_nodes, 2 * len(tiles) + 1)
    if not len(known):
        assert nodes == 0
        return
    assert tree.parent[0] == -1
    assert (tree.parent[1:] < np.arange(1, nodes)).all(), "parents come first"
    assert (tree.support > 0).all()
    for v in range(nodes):
        parts = np.flatnonzero(tree.parent == v)
        assert len(parts) != 1
        if len(parts):
            together = np.concatenate([tree.members(part) for part in parts])
            assert sorted(together.tolist()) == sorted(tree.members(v).tolist())
        assert tree.value[v] == pytest.approx(costs.value(tree.members(v)))
        assert tree.drop[v] == pytest.approx(tree.value[v] - result.overall)
    flagged = np.flatnonzero(tree.slice >= 0)
    assert {tree.key[v] for v in flagged} == set(tiles)  # a tile for a slice, or for each part of it
    assert len(flagged) == len(tiles)
    for v in flagged:
        i, part = tiles[tree.key[v]]
        assert tree.slice[v] == i
        np.testing.assert_array_equal(np.sort(tree.members(v)), part.members)
    for row in known[:20]:
        v = tree.smallest_with(row)
        assert row in tree.members(v)
        assert v not in tree.parent


def test_the_node_of_some_clips_has_exactly_these():
    vectors, costs = data(300, 8, seed=2)
    hierarchy = build_hierarchy(vectors)
    tree = cluster_tree(hierarchy, scan(hierarchy, costs))
    for node in range(0, len(tree.key), 7):
        rows = np.sort(tree.members(node))
        same = tree.node_of(rows)
        np.testing.assert_array_equal(np.sort(tree.members(same)), rows)
    assert tree.node_of(np.sort(tree.order)[1:]) is None


def test_the_top_is_about_a_dozen_clusters():
    for groups in (3, 10, 60):
        vectors, costs = data(1500, groups, seed=0)
        hierarchy = build_hierarchy(vectors)
        result = scan(hierarchy, costs)
        tree = cluster_tree(hierarchy, result)
        assert 2 <= (tree.parent == 0).sum() <= 12 + len(result.slices)


def test_keys_of_clusters_stay_when_thresholds_change():
    vectors, costs = data(600, 12, seed=1)
    hierarchy = build_hierarchy(vectors)
    low, high = (cluster_tree(hierarchy, scan(hierarchy, costs, min_drop=drop)) for drop in (0.1, 3.0))
    assert (high.slice == -1).all()
    shared = set(low.key) & set(high.key)
    assert len(shared) > len(high.key) / 2


def test_a_clip_in_no_cluster_is_refused():
    vectors, costs = data(50, 3, seed=0)
    vectors[7] = np.nan
    hierarchy = build_hierarchy(vectors)
    with pytest.raises(KeyError):
        cluster_tree(hierarchy, scan(hierarchy, costs)).smallest_with(7)


def test_tiles_of_a_users_metric_have_its_values():
    vectors, costs = data(250, 8, seed=3)
    errors = costs.numerator.tolist()
    median = custom(lambda references, _: float(np.median(references)), errors, errors)
    hierarchy = build_hierarchy(vectors)
    result = scan(hierarchy, median, min_support=10, min_drop=0.5, shuffles=0)
    tree = cluster_tree(hierarchy, result)
    assert result.slices
    assert tree.value[0] == result.overall == np.median(errors)
    for node in np.flatnonzero(tree.slice >= 0):
        slice_ = result.slices[tree.slice[node]]
        assert (tree.value[node], tree.drop[node]) == (slice_.value, slice_.drop)
