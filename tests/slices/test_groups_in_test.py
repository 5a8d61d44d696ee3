"""Clips that come in groups, such as speakers: who is in a slice, and a test that deals with whole groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.errors import SlicecoreError
from slicecore.metrics import Costs
from slicecore.slices.clip_groups import ClipGroups, each_in_a_group
from slicecore.slices.describer import Describer
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan
from slicecore.slices.sums_by_group import sums_by_group

SPEAKERS, CLIPS = 30, 10


def voices(seed, spread=0.0, bad=0.0):
    """Vectors of six voices, costs and speakers; five speakers have a voice, and `spread` sets their rates apart.

    `bad` is added to the rate of the first voice.
    """
    rng = np.random.default_rng(seed)
    speaker = np.repeat(np.arange(SPEAKERS), CLIPS)
    voice = speaker % 6
    vectors = rng.normal(scale=4, size=(6, 8))[voice] + rng.normal(size=(len(speaker), 8))
    words = rng.integers(5, 15, size=len(speaker)).astype(float)
    rate = np.clip(0.2 + spread * rng.normal(size=SPEAKERS), 0.02, None)[speaker] + bad * (voice == 0)
    return vectors, Costs(rng.poisson(words * rate).astype(float), words), speaker


def ids_and_p(result):
    return [(slice_.id, slice_.p_value) for slice_ in result.slices]


@pytest.fixture(scope="module")
def hierarchies():
    """Those of `voices`, by seed: how far rates are apart is not in the vectors."""
    return [build_hierarchy(voices(seed)[0]) for seed in range(60)]


@pytest.mark.parametrize("spread", [0.0, 0.1])
def test_speakers_that_differ_make_no_bad_voice(spread, hierarchies):
    alarms, alarms_of_clips = 0, 0
    for seed, hierarchy in enumerate(hierarchies):
        _, costs, speaker = voices(seed, spread)
        for groups in (None, speaker) if spread else (speaker,):
            result = scan(hierarchy, costs, groups=groups, min_drop=0.05, shuffles=199)
            found = any(
                slice_.tier == "confirmed" and not (slice_.groups and slice_.groups.is_one)
                for slice_ in result.slices
            )
            if groups is None:
                alarms_of_clips += found
            else:
                alarms += found
    assert alarms <= 7  # 5 % would be 3; more than 7 has a chance of 1 %
    assert spread == 0 or alarms_of_clips > 10


def test_a_voice_all_of_whose_speakers_are_bad_is_confirmed():
    vectors, costs, speaker = voices(1, 0.05, bad=0.4)
    result = scan(build_hierarchy(vectors), costs, groups=speaker)
    worst = result.slices[0]
    assert (worst.tier, worst.support, worst.groups.count) == ("confirmed", 50, 5)
    assert not worst.groups.is_one
    assert worst.groups.share_of_clips == pytest.approx(0.2)


def test_a_bad_speaker_is_confirmed_as_one_speaker():
    rng = np.random.default_rng(0)
    speaker = np.repeat([f"s{i}" for i in range(20)], 15)
    vectors = rng.normal(scale=4, size=(20, 8)).repeat(15, axis=0) + rng.normal(size=(300, 8))
    costs = Costs(rng.poisson(np.where(speaker == "s7", 6, 1)).astype(float), np.full(300, 10.0))
    hierarchy = build_hierarchy(vectors)
    (slice_,) = scan(hierarchy, costs, groups=speaker, min_drop=0.3).slices
    (unknown,) = scan(hierarchy, costs, min_drop=0.3).slices
    assert slice_.groups.is_one
    assert (slice_.groups.largest, slice_.groups.worst, slice_.groups.count) == ("s7", "s7", 1)
    assert (slice_.tier, slice_.p_value) == ("confirmed", unknown.p_value)
    assert unknown.groups is None


def test_groups_of_one_clip_each_change_nothing():
    vectors, costs, _ = voices(2, 0.1, bad=0.2)
    hierarchy = build_hierarchy(vectors)
    without = ids_and_p(scan(hierarchy, costs, min_drop=0.02, shuffles=99))
    assert without
    for groups in (range(len(vectors)), [""] * len(vectors), [None] * len(vectors)):
        assert ids_and_p(scan(hierarchy, costs, groups=groups, min_drop=0.02, shuffles=99)) == without


def test_names_of_groups_and_order_of_rows_do_not_matter():
    vectors, costs, speaker = voices(3, 0.1, bad=0.3)
    shuffle = np.random.default_rng(0).permutation(len(vectors))
    answers = []
    for rows, names in (
        (np.arange(len(vectors)), [f"s{i}" for i in range(SPEAKERS)]),
        (shuffle, [f"x{(7 * i) % SPEAKERS}" for i in range(SPEAKERS)]),
    ):
        numbers = Costs(costs.numerator[rows], costs.denominator[rows])
        labels = [names[i] for i in speaker[rows]]
        hierarchy = build_hierarchy(vectors[rows])
        ids = [str(row) for row in rows]
        answers.append(
            ids_and_p(scan(hierarchy, numbers, ids=ids, groups=labels, min_drop=0.02, shuffles=99))
        )
    assert answers[0] == answers[1] != []


def test_groups_of_another_length_are_an_error():
    vectors, costs, speaker = voices(0)
    with pytest.raises(SlicecoreError, match="groups"):
        Scanner(build_hierarchy(vectors), costs, groups=speaker[1:])


def test_cached_shuffles_know_the_groups(tmp_path):
    vectors, costs, speaker = voices(4, 0.1, bad=0.3)
    hierarchy = build_hierarchy(vectors)

    def answers(groups, cache=None):
        return ids_and_p(Scanner(hierarchy, costs, cache=cache, groups=groups).scan(Options(5, 0.02)))

    expected = [answers(groups) for groups in (None, speaker, speaker // 2)]
    for _ in range(2):
        assert [answers(groups, tmp_path) for groups in (None, speaker, speaker // 2)] == expected


@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.integers(1, 30), st.sampled_from([0.1, 0.6, 1.0]))
def test_sums_by_group_are_those_of_every_node(seed, n, count, present):
    rng = np.random.default_rng(seed)
    tree = build_hierarchy(rng.normal(size=(n, 2)).round(1)).trees[0]
    is_present = rng.random(n) < present  # the clips that are left once others are confirmed
    before = np.concatenate([[0], np.cumsum(is_present)])
    start, end = before[tree.start], before[tree.end]
    group = rng.integers(count, size=before[-1])
    value = rng.normal(size=before[-1])
    squares, largest = sums_by_group(group, value, tree.parent, start, end)
    for node in range(len(tree.parent)):
        inside = slice(start[node], end[node])
        sums = np.bincount(group[inside], value[inside], minlength=count)
        assert squares[node] == pytest.approx((sums**2).sum(), abs=1e-9)
        assert largest[node] == np.bincount(group[inside]).max(initial=0)


@given(st.lists(st.integers(-1, 4), max_size=12))
def test_clips_in_no_group_are_a_group_of_their_own(labels):
    code = np.array(labels, dtype=np.int64)
    group = each_in_a_group(code)
    known = code >= 0
    assert np.array_equal(group[known], code[known])
    alone = group[~known]
    assert len(set(alone)) == len(alone) and not set(alone) & set(code[known])
    assert np.array_equal(code, labels)


def test_a_joined_slice_has_the_p_of_its_clusters_of_several_speakers():
    errors = np.zeros(40)
    errors[:20] = 1
    speakers = ["one"] * 10 + [f"s{i % 5}" for i in range(30)]
    describer = Describer(Costs(errors, np.full(40, 2.0)), groups=ClipGroups.of(speakers, "speaker"))
    of_one, of_several = describer.group(range(10)), describer.group(range(10, 20))
    assert of_one.groups.is_one and not of_several.groups.is_one
    nothing = np.zeros(0, np.int64)
    both = describer.union([of_one.with_p(0.001), of_several.with_p(0.4)], nothing)
    assert (both.p_value, both.tier) == (0.4, "possible")
    alone = describer.union([of_one.with_p(0.001)], np.arange(20, 22))
    assert (alone.p_value, alone.tier) == (0.001, "confirmed")


def test_who_is_in_a_slice_counts_clips_in_no_group_as_one_each():
    groups = ClipGroups.of(["a", "a", "b", "", None], "speaker")
    found = groups.of_slice(np.arange(5), np.array([1.0, 1.0, 4.0, 2.0, 0.0]))
    assert (found.count, found.largest, found.share_of_clips) == (4, "a", 0.4)
    assert (found.worst, found.share_of_errors) == ("b", 0.5)
    assert found.text == "4 speakers; one has 50 % of the errors"
    nobody = groups.of_slice(np.array([3, 4]), np.ones(5))
    assert (nobody.count, nobody.text, nobody.is_one) == (2, "2 speakers", False)
    assert groups.of_slice(np.arange(5), np.zeros(5)).share_of_errors == 0
