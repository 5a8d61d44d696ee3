import numpy as np
import pytest

from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.display.treemap import cluster_tree
from slicecore.errors import SlicecoreError
from slicecore.metrics import Costs
from slicecore.slices.describer import Describer
from slicecore.slices.disjoint import disjoint_slices
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan


@pytest.fixture
def clips():
    """Groups that show in the first vectors, others in the second, a bad group in each; 50 clips lack the second."""
    rng = np.random.default_rng(0)
    n, groups = 600, 20
    by_speaker, by_room = rng.integers(0, groups, n), rng.integers(0, groups, n)
    bad_room = 3
    bad_speaker = 7
    by_room[(by_speaker == bad_speaker) & (by_room == bad_room)] = 0
    tables = []
    for group in (by_speaker, by_room):
        centres = rng.normal(scale=4, size=(groups, 6))
        tables.append(centres[group] + rng.normal(size=(n, 6)))
    tables[1][by_room == 11] = np.nan
    words = rng.integers(5, 20, n).astype(float)
    rate = np.where((by_speaker == bad_speaker) | (by_room == bad_room), 0.6, 0.1)
    costs = Costs(rng.poisson(words * rate).astype(float), words)
    return tables, costs, np.flatnonzero(by_speaker == bad_speaker), np.flatnonzero(by_room == bad_room)


def overlap(result, group):
    sets = [set(slice_.members.tolist()) for slice_ in result.slices]
    return max((len(members & set(group)) / len(members | set(group)) for members in sets), default=0)


def test_problems_that_show_in_one_embedding_only_are_found_in_one_scan(clips):
    tables, costs, speaker, room = clips
    both = scan(build_hierarchy(tables), costs, min_support=8)
    assert overlap(both, speaker) > 0.9 and overlap(both, room) > 0.9
    assert [slice_.tier for slice_ in both.slices[:2]] == ["confirmed", "confirmed"]
    for table, visible, hidden in ((tables[0], speaker, room), (tables[1], room, speaker)):
        alone = scan(build_hierarchy(table), costs, min_support=8)
        assert overlap(alone, visible) > 0.9 > overlap(alone, hidden)


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_speaker_and_a_bad_room_are_found_although_they_share_clips(seed):
    rng = np.random.default_rng(seed)
    speaker, room = rng.integers(0, 20, (2, 1200))
    tables = [
        rng.normal(scale=4, size=(20, 6))[group] + rng.normal(size=(1200, 6)) for group in (speaker, room)
    ]
    words = rng.integers(5, 20, 1200).astype(float)
    errors = rng.poisson(words * np.where((speaker == 3) | (room == 5), 0.5, 0.1)).astype(float)
    hierarchy, costs = build_hierarchy(tables), Costs(errors, words)
    scanner = Scanner(hierarchy, costs)
    result = scanner.scan(Options(min_support=15))
    bad_speaker, bad_room = np.flatnonzero(speaker == 3), np.flatnonzero(room == 5)
    assert np.isin(bad_speaker, bad_room).any()
    assert overlap(result, bad_speaker) > 0.75 and overlap(result, bad_room) > 0.75
    assert [slice_.tier for slice_ in result.slices] == ["confirmed"] * 2
    taken = np.concatenate([slice_.members for slice_ in result.slices])
    assert len(set(taken.tolist())) == len(taken)
    for slice_ in result.slices:
        assert slice_.value == pytest.approx(costs.value(slice_.members))
        assert slice_.drop == pytest.approx(slice_.value - result.overall)
        assert slice_.support == len(slice_.members) >= 15
        assert scanner.widen(scanner.narrow(slice_, result), result) == slice_
    tree = cluster_tree(hierarchy, result)
    assert sorted(tree.order.tolist()) == list(range(1200))


def test_embeddings_that_show_the_same_problem_give_it_once(clips):
    tables, costs, speaker, _ = clips
    noisy = tables[0] + np.random.default_rng(1).normal(scale=0.3, size=tables[0].shape)
    result = scan(build_hierarchy([tables[0], noisy]), costs, min_support=8)
    assert len(result.slices) == len(scan(build_hierarchy(tables[0]), costs, min_support=8).slices)
    assert overlap(result, speaker) > 0.9


def test_a_hierarchy_of_several_embeddings_comes_back_from_its_arrays(clips):
    tables, costs, *_ = clips
    hierarchy = build_hierarchy(tables)
    again = Hierarchy.from_arrays(hierarchy.to_arrays())
    assert again.embedding == hierarchy.embedding == (0,) * 5 + (1,) * 5
    assert scan(again, costs).slices == scan(hierarchy, costs).slices


def test_one_embedding_in_a_list_is_that_embedding(clips):
    tables, costs, *_ = clips
    alone, listed = (scan(build_hierarchy(vectors), costs) for vectors in (tables[0], [tables[0]]))
    assert [(slice_.id, slice_.p_value) for slice_ in alone.slices] == [
        (slice_.id, slice_.p_value) for slice_ in listed.slices
    ]


def test_the_order_of_the_rows_does_not_matter(clips):
    tables, costs, *_ = clips
    shuffle = np.random.default_rng(5).permutation(len(costs))
    names = np.array([f"c{row}" for row in range(len(costs))])
    result = scan(build_hierarchy(tables), costs, ids=names, shuffles=99)
    again = scan(
        build_hierarchy([table[shuffle] for table in tables]),
        Costs(costs.numerator[shuffle], costs.denominator[shuffle]),
        ids=names[shuffle],
        shuffles=99,
    )
    assert [(slice_.id, slice_.p_value) for slice_ in result.slices] == [
        (slice_.id, slice_.p_value) for slice_ in again.slices
    ]


def test_an_embedding_without_any_vector_changes_nothing(clips):
    tables, costs, *_ = clips
    missing = np.full((len(costs), 3), np.nan)
    result = scan(build_hierarchy([tables[0], missing]), costs)
    assert result.slices == scan(build_hierarchy(tables[0]), costs).slices
    assert scan(build_hierarchy([missing, missing]), costs).slices == ()


def test_embeddings_of_other_clips_are_refused(clips):
    tables, *_ = clips
    with pytest.raises(SlicecoreError, match="600 rows and another 599"):
        build_hierarchy([tables[0], tables[1][1:]])


def test_what_one_embedding_lumps_together_and_another_tells_apart_stays_apart():
    rng = np.random.default_rng(0)
    n, trouble = 600, rng.integers(0, 20, 600)
    bad = trouble < 3
    lumped = np.where(bad, 0, trouble)
    tables = [
        rng.normal(scale=4, size=(20, 6))[group] + rng.normal(size=(n, 6)) for group in (trouble, lumped)
    ]
    words = rng.integers(5, 20, n).astype(float)
    costs = Costs(rng.poisson(words * np.where(bad, 0.6, 0.1)).astype(float), words)
    lumping = scan(build_hierarchy(tables[1]), costs, min_support=8)
    assert overlap(lumping, np.flatnonzero(bad)) > 0.9
    for order in (tables, tables[::-1]):
        both = scan(build_hierarchy(order), costs, min_support=8)
        assert all(overlap(both, np.flatnonzero(trouble == problem)) > 0.8 for problem in range(3))
        assert len(both.slices) == 3


@pytest.mark.parametrize(("errors_of_shared", "is_kept"), [(8, False), (3, True)])
def test_what_is_left_of_a_slice_must_have_most_of_its_evidence(errors_of_shared, is_kept):
    errors = np.ones(400)
    errors[:40], errors[40:56] = 8, 3
    errors[36:40] = errors_of_shared
    describer = Describer(Costs(errors, np.full(400, 10.0)))
    first, second = describer.part(0, 0, np.arange(40)), describer.part(1, 0, np.arange(36, 56))
    found = disjoint_slices([[first], [second]], describer, 5, 0.05, "whole")
    assert [slice_.members.tolist() for slice_ in found] == [
        list(range(40)),
        *([list(range(40, 56))] if is_kept else []),
    ]
