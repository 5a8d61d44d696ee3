"""Matching of judgements to slices: symmetric, one to one, nothing invented, whatever the order of rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.carry_over.matching import JudgedClips, MatchLimits, match, overlap

N = 24
groups = st.sets(st.integers(0, N - 1), min_size=1)


@st.composite
def cases(draw):
    """Judgements of two sources, slices that share no clip, and one of a person's own that may."""
    label = draw(st.lists(st.integers(-1, 3), min_size=N, max_size=N))
    slices = [{row for row in range(N) if label[row] == name} for name in range(4)]
    slices = [rows for rows in [*slices, draw(groups)] if rows]
    judged = []
    for i, rows in enumerate(draw(st.lists(groups, max_size=6))):
        known = draw(st.none() | groups)
        judged.append((f"j{i}", draw(st.sampled_from("ab")), rows, None if known is None else known | rows))
    return judged, slices


def rows(group):
    return np.array(sorted(group), dtype=np.int64)


def run(judged, slices, order=None):
    """Matches by names: of the judgement and the slice, whose rows `order` moves to other places."""
    order = np.arange(N) if order is None else order
    given_judged = [
        JudgedClips(
            name,
            source,
            rows(order[list(group)]),
            None if known is None else np.isin(np.arange(N), order[list(known)]),
        )
        for name, source, group, known in judged
    ]
    given_slices = [(f"s{sorted(group)}", rows(order[list(group)])) for group in slices]
    found = match(given_judged, given_slices, N)
    return {given_judged[m.judged].key: (given_slices[m.slice][0], m) for m in found.matches}, found


@given(groups, groups, st.none() | groups)
def test_the_overlap_is_symmetric_and_one_only_for_the_same_known_clips(a, b, known):
    value = overlap(a, b, known)
    assert value == overlap(b, a, known)
    assert 0 <= value <= 1
    inside = set(range(N)) if known is None else known
    assert (value == 1) == (a & inside == b & inside != set())


@given(cases())
def test_a_judgement_has_one_slice_and_a_slice_one_judgement_of_a_source(case):
    judged, slices = case
    _, found = run(judged, slices)
    assert len({m.judged for m in found.matches}) == len(found.matches)
    places = [(judged[m.judged][1], m.slice) for m in found.matches]
    assert len(set(places)) == len(places)


@given(cases())
def test_nothing_is_invented(case):
    judged, slices = case
    _, found = run(judged, slices)
    for m in found.matches:
        _, _, group, known = judged[m.judged]
        assert m.overlap == pytest.approx(overlap(group, slices[m.slice], known))
        assert m.shared == len(group & slices[m.slice])
        assert m.overlap >= 0.5
        assert m.holds == (m.overlap >= 0.9 and m.shared >= 0.5 * len(slices[m.slice]))


@given(cases())
def test_what_is_left_without_a_slice_has_none_or_a_better_one_of_its_source_took_it(case):
    judged, slices = case
    _, found = run(judged, slices)
    matched = {m.judged: m for m in found.matches}
    for i, (_, source, group, known) in enumerate(judged):
        possible = [s for s in slices if overlap(group, s, known) >= 0.5 and len(group & s) >= 0.1 * len(s)]
        if i in matched:
            assert i not in found.replaced
        else:
            assert bool(possible) == (i in found.replaced)
        if i in found.replaced:
            better = matched[found.replaced[i]]
            assert judged[better.judged][1] == source
            assert better.overlap >= overlap(group, slices[better.slice], known)


@given(cases(), st.permutations(range(N)), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_that_of_slices_and_judgements_matters(case, order, random):
    judged, slices = case
    slices = [set(group) for group in dict.fromkeys(frozenset(group) for group in slices)]
    before, _ = run(judged, slices)
    random.shuffle(judged)
    random.shuffle(slices)
    after, _ = run(judged, slices, np.array(order))
    assert {key: (name, m.overlap, m.holds) for key, (name, m) in before.items()} == {
        key: (name, m.overlap, m.holds) for key, (name, m) in after.items()
    }


@given(cases(), st.data())
def test_the_slice_that_was_judged_itself_overlaps_by_one_and_goes_first(case, data):
    judged, slices = case
    exact = data.draw(st.integers(0, len(slices) - 1))
    named = [(str(i), rows(group)) for i, group in enumerate(slices)]
    others = [JudgedClips(name, "a", rows(group), newness=("z", 9)) for name, _, group, _ in judged]
    # Even where its ids name other rows by now.
    own = JudgedClips("own", "a", rows({0}), exact=str(exact))
    found = match([*others, own], named, N)
    mine = next(m for m in found.matches if m.judged == len(others))
    assert (mine.slice, mine.overlap, mine.holds, mine.shared) == (exact, 1.0, True, len(slices[exact]))


def test_of_two_slices_that_overlap_as_much_one_is_taken_and_the_other_named():
    judged = [JudgedClips("j", "a", rows(range(10)))]
    found = match(judged, [("b", rows(range(5, 10))), ("a", rows(range(5)))], N)
    assert [(m.slice, m.overlap, m.ties) for m in found.matches] == [(1, 0.5, (0,))]


def test_of_two_judgements_that_overlap_as_much_the_newest_has_the_slice():
    old = JudgedClips("old", "a", rows(range(10)), newness=("2026-03-12", 1))
    new = JudgedClips("new", "a", rows(range(10)), newness=("2026-03-13", 2))
    found = match([old, new], [("s", rows(range(10)))], N)
    assert [m.judged for m in found.matches] == [1]
    assert found.replaced == {0: 1}


def test_clips_that_the_judged_table_did_not_have_do_not_count_but_too_many_of_them_leave_a_hint():
    known = np.arange(N) < 10
    for size, holds in ((10, True), (20, True), (21, False)):
        (found,) = match(
            [JudgedClips("j", "a", rows(range(10)), known)], [("s", rows(range(size)))], N
        ).matches
        assert (found.overlap, found.shared, found.holds) == (1.0, 10, holds)


def test_a_single_clip_that_both_tables_have_says_nothing_about_a_large_slice():
    known = np.arange(N) < 1
    assert not match([JudgedClips("j", "a", rows([0]), known)], [("s", rows(range(11)))], N).matches


def test_a_refused_judgement_does_not_come_back_to_that_slice():
    judged = [JudgedClips("j", "a", rows(range(10)), refused=("s",))]
    assert not match(judged, [("s", rows(range(10)))], N).matches


def test_limits_can_be_others():
    judged = [JudgedClips("j", "a", rows(range(8)))]
    (found,) = match(judged, [("s", rows(range(10)))], N, MatchLimits(holds=0.8)).matches
    assert found.holds
