"""Claims where clips come in groups: one bad speaker is no reason; figures in benchmarks/explanation_claims.py."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_claims import GROUP, OTHERS, N, explain

from slicecore.explain.claim import APART, REASON, UNTOLD
from slicecore.explain.claim_difference import difference_at_equal_length
from slicecore.explain.claim_groups import difference_by_groups
from slicecore.explain.one_group import with_one_group
from slicecore.slices.clip_groups import ClipGroups

USUAL = np.array([f"s{i % 20}" for i in range(N)], object)
BAD = OTHERS[:20]


def voices(*, others, group=("a", "b", "c")):
    """Speakers of all clips: usual ones, those of the slice, and those of the others with the property."""
    labels = USUAL.copy()
    for rows, names in ((GROUP, group), (OTHERS, others)):
        labels[rows] = np.repeat(names, len(rows) // len(names))
    return ClipGroups.of(labels, "speaker")


def claim(**arguments):
    return explain(**arguments).causes[0].claim


def test_one_bad_speaker_among_the_others_is_no_reason():
    one_bad = voices(others=["bad"] * 4 + list("efgh"))
    by_clips, by_speakers = (claim(bad=(GROUP, BAD), groups=groups) for groups in (None, one_bad))
    assert by_clips.kind == REASON
    assert by_speakers.kind != REASON
    assert by_speakers.groups == 5


def test_what_makes_several_speakers_worse_is_the_reason():
    why = explain(bad=(GROUP, OTHERS), groups=voices(others=list("efghijkl")))
    assert why.causes[0].claim.kind == REASON
    assert "others with it as strongly, of 8 speakers, are worse too (5" in why.sentence
    assert claim(groups=voices(others=list("efghijkl"))).kind == APART


@pytest.mark.parametrize(
    ("others", "of"),
    [(["e"], "1 speaker only"), (["e", "f"], "2 speakers only"), (["a", "b"], "its own speakers only")],
)
def test_too_few_speakers_do_not_tell(others, of):
    why = explain(bad=(GROUP, OTHERS), groups=voices(others=others))
    assert why.causes[0].claim.kind == UNTOLD
    assert why.title == "Narrow band"
    assert "; too few speakers to tell whether it is the reason: the " in why.sentence
    assert f"others with it as strongly are of {of}" in why.sentence


def test_too_few_speakers_to_compare_with_do_not_tell_either():
    why = explain(bad=(GROUP, OTHERS), groups=ClipGroups.of(["x"] * 100 + list("abcdefgh") * 5 + ["x"] * 260))
    assert "the clips to compare with are of 1 group only" in why.sentence


def test_speakers_of_the_slice_are_compared_with_themselves():
    # All that the slice's speakers say is bad, by telephone or not: their other calls are no evidence.
    groups = ClipGroups.of([f"s{i % 5}" if i < 200 else f"t{i % 20}" for i in range(N)], "speaker")
    all_bad = np.arange(200)
    assert claim(bad=(all_bad,), groups=None).kind == REASON
    assert claim(bad=(all_bad,), groups=groups).kind != REASON
    assert claim(bad=(GROUP, OTHERS), groups=groups).kind == REASON


def test_a_speaker_is_told_by_clips():
    labels = np.full(N, "laptop", object)
    labels[np.r_[GROUP, OTHERS]] = "phone"
    groups = ClipGroups.of(labels, "speaker")
    assert groups.is_group("phone", labels == "phone")
    assert not groups.is_group("phone", labels == "laptop")
    values = [explain(bad=(GROUP, OTHERS), groups=known).metadata[0].claim for known in (None, groups)]
    assert values[0] == values[1]
    assert values[0].kind == REASON


def test_a_slice_of_one_speaker_is_called_so_where_nothing_else_is_its_reason():
    groups = voices(others=list("efghijkl"), group=["a"]).of_slice(GROUP, np.ones(N))
    one = SimpleNamespace(groups=groups, support=len(GROUP), drop=0.2)
    fine, bad = (with_one_group(explain(bad=rows), one) for rows in ((GROUP,), (GROUP, OTHERS)))
    assert fine.title == "One speaker"
    assert [cause.rank for cause in fine.causes] == [0, 1]
    assert fine.sentence.startswith("One speaker: all of the clips are of a. Also narrow band: ")
    assert bad.title == "Narrow band"
    assert len(bad.causes) == 1
    for nothing in (
        {"support": 1},
        {"drop": -0.1},
    ):  # a clip has one speaker, and what is not worse needs no reason
        given = explain(bad=(GROUP,))
        assert with_one_group(given, SimpleNamespace(**(vars(one) | nothing))) is given


sides = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(0, 2), st.integers(0, 5)),
    min_size=1,
    max_size=25,
)


def arrays(rows):
    errors, words, strata, group = (np.array(column) for column in zip(*rows, strict=True))
    return (errors.astype(float), words.astype(float), strata), group


@given(sides, sides, st.lists(st.integers(0, 9), min_size=6, max_size=6), st.permutations(range(6)))
def test_names_of_groups_count_for_nothing_and_errors_in_proportion(one, other, inside, names):
    (side, of_side), (rest, of_rest) = arrays(one), arrays(other)
    inside, names = np.array(inside), np.array(names)
    found = difference_by_groups(side, rest, (of_side, of_rest), inside)
    renamed = difference_by_groups(side, rest, (names[of_side], names[of_rest]), inside[np.argsort(names)])
    twice = difference_by_groups(
        (2 * side[0], *side[1:]), (2 * rest[0], *rest[1:]), (of_side, of_rest), inside
    )
    assert (found is None) == (difference_at_equal_length(side, rest) is None)
    if found is None or found.difference is None:
        return
    low, high = found.difference.interval
    assert low <= found.difference.value - found.difference.without <= high
    assert renamed.difference.interval == pytest.approx((low, high), abs=1e-9)
    assert twice.difference.interval == pytest.approx((2 * low, 2 * high), abs=1e-9)


@given(st.integers(4, 30), st.integers(1, 40), st.integers(0, 10_000))
def test_a_difference_that_one_group_makes_is_never_beyond_chance(groups, clips, seed):
    random = np.random.default_rng(seed)
    of_side = np.r_[np.arange(groups), np.zeros(clips, int)]
    errors = np.where(of_side == 0, 9.0, 2.0)
    words = np.full(len(errors), 10.0)
    of_rest = groups + np.arange(200) % 10
    usual = random.permutation(np.repeat([1.0, 3.0], 100))
    found = difference_by_groups(
        (errors, words, np.zeros(len(errors), int)),
        (usual, np.full(200, 10.0), np.zeros(200, int)),
        (of_side, of_rest),
        np.zeros(groups + 10, int),
    )
    assert found.difference.interval[0] <= 1e-9
