import numpy as np
import pytest
from finch import FINCH
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from slicecore.clustering import whitening
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.clustering.neighbours import EXACT_UP_TO
from slicecore.clustering.tree import Tree
from slicecore.clustering.whitening import SETTINGS, views
from slicecore.errors import SlicecoreError


def blobs(n=300, groups=6, dimensions=8, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=6, size=(groups, dimensions))
    return (centres[rng.integers(groups, size=n)] + rng.normal(size=(n, dimensions))).astype(np.float32)


def clusters(tree):
    return [frozenset(tree.members(v).tolist()) for v in range(len(tree.parent))]


def assert_sound(tree: Tree, rows):
    nodes = len(tree.parent)
    assert sorted(tree.order.tolist()) == sorted(rows)
    assert tree.parent[-1] == -1
    assert (tree.parent[:-1] > np.arange(nodes - 1)).all(), "children come before their parent"
    assert (tree.start[-1], tree.end[-1]) == (0, len(tree.order))
    assert (tree.size > 0).all()
    children = [np.flatnonzero(tree.parent == v) for v in range(nodes)]
    for v, below in enumerate(children):
        if len(below):
            assert tree.start[below[0]] == tree.start[v]
            assert (tree.end[below[:-1]] == tree.start[below[1:]]).all(), "children partition their parent"
            assert tree.end[below[-1]] == tree.end[v]
    leaves = [v for v in range(nodes) if not len(children[v])]
    assert tree.size[leaves].sum() == len(tree.order)
    assert (tree.level[leaves] == 0).all()
    for values in (tree.scatter, tree.split, tree.gap):
        assert (values >= 0).all()
        assert np.isfinite(values).all()
    assert ((tree.agreement >= 0) & (tree.agreement <= 1)).all()


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 60),
    dimensions=st.integers(1, 12),
    distinct=st.integers(1, 60),
    missing=st.integers(0, 5),
    exact_up_to=st.sampled_from([0, 20, EXACT_UP_TO]),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_tree_is_sound_and_independent_of_row_order(
    n, dimensions, distinct, missing, exact_up_to, seed
):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(distinct, dimensions))[rng.integers(distinct, size=n)]
    vectors[rng.integers(n, size=missing)] = np.nan
    hierarchy = build_hierarchy(vectors, exact_up_to=exact_up_to)
    rows = np.flatnonzero(~np.isnan(vectors).any(axis=1)).tolist()
    assert hierarchy.n == n
    if rows:
        for tree in hierarchy.trees:
            assert_sound(tree, rows)

    shuffle = rng.permutation(n)
    shuffled = build_hierarchy(vectors[shuffle], exact_up_to=exact_up_to)
    assert shuffled.recall == hierarchy.recall
    assert len(shuffled.trees) == len(hierarchy.trees)
    for tree, other in zip(hierarchy.trees, shuffled.trees, strict=True):
        assert [frozenset(shuffle[list(c)].tolist()) for c in clusters(other)] == clusters(tree)
        np.testing.assert_array_equal(tree.agreement, other.agreement)
        np.testing.assert_array_equal(tree.mix_support, other.mix_support)


def test_levels_are_those_of_the_finch_package():
    vectors = blobs(400)
    labels, counts, _ = FINCH(vectors, distance="euclidean", ensure_early_exit=False, verbose=False)
    tree = build_hierarchy(vectors).trees[0]
    assert tree.level.max() == len(counts) - 1
    for level, count in enumerate(counts):
        ours = {frozenset(tree.members(v).tolist()) for v in tree.partition(level)}
        theirs = {frozenset(np.flatnonzero(labels[:, level] == k).tolist()) for k in range(count)}
        assert ours == theirs


def test_trees_from_cells_do_not_depend_on_threads_and_row_order():
    vectors = blobs(2500, groups=25, dimensions=24)
    with threadpool_limits(2):
        hierarchy = build_hierarchy(vectors, exact_up_to=200)
    assert 0.99 <= hierarchy.recall <= 1
    assert build_hierarchy(vectors).recall == 1
    shuffle = np.random.default_rng(0).permutation(len(vectors))
    with threadpool_limits(1):
        other = build_hierarchy(vectors[shuffle], exact_up_to=200)
    assert other.recall == hierarchy.recall
    for tree, again in zip(hierarchy.trees, other.trees, strict=True):
        assert [frozenset(shuffle[list(c)].tolist()) for c in clusters(again)] == clusters(tree)


def test_measures_of_a_node_by_brute_force():
    vectors = blobs(120)
    scaled = np.ldexp(vectors, -int(np.frexp(np.abs(vectors).max())[1])).astype(np.float64)
    tree = build_hierarchy(vectors).trees[0]
    for v in range(len(tree.parent)):
        members = scaled[tree.members(v)]
        scatter = ((members - members.mean(axis=0)) ** 2).sum()
        assert tree.scatter[v] == pytest.approx(scatter, rel=1e-4, abs=1e-9)
        below = np.flatnonzero(tree.parent == v)
        if not len(below):
            assert tree.split[v] == tree.gap[v] == 0
            continue
        a, b = (scaled[tree.members(child)] for child in below)
        assert tree.split[v] == pytest.approx(scatter - sum(tree.scatter[below]), rel=1e-3, abs=1e-9)
        line = b.mean(axis=0) - a.mean(axis=0)
        distance = np.linalg.norm(line)
        along = [(part - part.mean(axis=0)) @ line / distance for part in (a, b)]
        deviation = np.sqrt(sum((x**2).sum() for x in along) / max(len(members) - 2, 1))
        if deviation > 1e-4 * distance:
            assert tree.gap[v] == pytest.approx(distance / deviation, rel=1e-2)


def test_agreement_is_the_mean_of_the_best_jaccards_with_two_other_trees():
    hierarchy = build_hierarchy(blobs(150, seed=3))
    sets = [clusters(tree) for tree in hierarchy.trees]
    counting = [[c for c in nodes if 3 <= len(c) < 150] for nodes in sets]
    for i, tree in enumerate(hierarchy.trees):
        others = [nodes for j, nodes in enumerate(counting) if j != i]
        for v, node in enumerate(sets[i]):
            best = sorted(max(len(node & c) / len(node | c) for c in nodes) for nodes in others)
            expected = np.mean(best[-2:]) if 3 <= len(node) < 150 else 0
            assert tree.agreement[v] == pytest.approx(expected)


@pytest.mark.parametrize("dimensions", [8, 400])
def test_views_do_not_depend_on_how_many_rows_are_computed_at_once(dimensions, monkeypatch):
    points, weights = blobs(dimensions=dimensions), np.arange(1.0, 301.0)
    at_once = views(points, weights)
    monkeypatch.setattr(whitening, "SCORES_AT_ONCE", 7)
    in_parts = views(points, weights)
    assert in_parts.components == pytest.approx(at_once.components, abs=1e-3)
    for one, other in zip(in_parts.tables, at_once.tables, strict=True):
        assert one == pytest.approx(other, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("n", "count"), [(SETTINGS.more_views_up_to, 5), (SETTINGS.more_views_up_to + 1, 3)])
def test_few_points_have_more_views(n, count):
    points = np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32)
    seen = list(views(points, np.ones(n)).tables)
    assert len(seen) == count
    assert all(len(view) == n and np.isfinite(view).all() for view in seen)


def test_well_separated_groups_make_their_parent_a_mix():
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0, 0, 0], [40, 0, 0, 0], [0, 40, 0, 0]])
    vectors = (centres[:, None] + rng.normal(size=(3, 40, 4))).reshape(-1, 4)
    tree = build_hierarchy(vectors).trees[0]
    nodes = clusters(tree)
    for group in range(3):
        node = nodes.index(frozenset(range(group * 40, group * 40 + 40)))
        assert tree.mix([node], 20) == 0
        assert tree.mix([tree.parent[node]], 20) > 0.8
    one_blob = build_hierarchy(rng.normal(size=(200, 4))).trees[0]
    assert (one_blob.mix(np.arange(len(one_blob.parent)), 20) == 0).all()


def test_how_far_a_node_is_a_mix_grows_with_the_gap_and_falls_with_the_support_asked_for():
    rng = np.random.default_rng(0)
    pair = rng.normal(size=(2, 60, 4))
    degrees = []
    for gap in (4, 5, 6, 7, 8, 10, 14, 20):
        pair[1, :, 0] += gap - pair[1, :, 0].mean()
        tree = build_hierarchy(pair.reshape(-1, 4)).trees[0]
        by_support = [float(tree.mix([len(tree.parent) - 1], support)[0]) for support in (1, 30, 60, 121)]
        assert by_support == sorted(by_support, reverse=True)
        assert by_support[-1] == 0
        degrees.append(by_support[1])
    assert degrees == sorted(degrees)
    assert (degrees[0], degrees[-1]) == (0, 1)
    assert any(0 < degree < 1 for degree in degrees), "by degrees, not at once"


@pytest.mark.parametrize(
    ("vectors", "rows"),
    [
        (np.zeros((0, 4)), 0),
        (np.zeros((1, 4)), 1),
        (np.eye(2), 2),
        (np.eye(3), 3),
        (np.arange(20.0)[:, None] ** 2, 20),
        (np.zeros((50, 4)), 50),
        (np.repeat(np.eye(4), 10, axis=0), 40),
        (np.full((3, 4), np.nan), 0),
        (np.array([[np.inf, 0], [1, 0], [2, 0]]), 2),
        (np.zeros((6, 0)), 6),
        (np.random.default_rng(0).normal(size=(40, 5)) * 1e30, 40),
        (np.random.default_rng(0).normal(size=(40, 5)) * 1e-30, 40),
        (np.random.default_rng(0).normal(size=(12, 300)), 12),
    ],
)
def test_degenerate_input_gives_a_tree(vectors, rows):
    hierarchy = build_hierarchy(vectors)
    assert hierarchy.n == len(vectors)
    for tree in hierarchy.trees:
        assert len(tree.order) == rows
        if rows:
            assert_sound(tree, tree.order.tolist())


def test_identical_clips_are_one_cluster_at_every_level():
    vectors = np.vstack([blobs(100), np.zeros((30, 8))])
    for tree in build_hierarchy(vectors).trees:
        for members in clusters(tree):
            inside = members & set(range(100, 130))
            assert len(inside) in (0, 30)


def test_bad_input_is_explained():
    with pytest.raises(SlicecoreError, match="shape"):
        build_hierarchy(np.zeros(5))
    with pytest.raises(SlicecoreError, match="5 rows and another 4"):
        build_hierarchy([np.zeros((5, 2)), np.zeros((4, 2))])


def test_a_hierarchy_comes_back_from_its_arrays(tmp_path):
    hierarchy = build_hierarchy(np.vstack([blobs(80), np.full((1, 8), np.nan)]))
    np.savez(tmp_path / "tree.npz", **hierarchy.to_arrays())
    with np.load(tmp_path / "tree.npz", allow_pickle=False) as arrays:
        again = Hierarchy.from_arrays(arrays)
    assert again.n == 81
    for tree, other in zip(hierarchy.trees, again.trees, strict=True):
        for name, values in vars(tree).items():
            np.testing.assert_array_equal(values, getattr(other, name))
