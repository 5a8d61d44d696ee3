"""How far reviewers are with their slices, and open slices dealt out."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from slicecore.report.assignments import Workload, dealt, workloads
from slicecore.storage.verdicts import Judgement


def opinions(**given):
    """Judgements as "slice: who gave which verdict"; without one only a note."""
    return {
        slice_id: tuple(
            Judgement(slice_id, "m", verdict, (), "a note", name, "", ()) for name, verdict in each
        )
        for slice_id, each in given.items()
    }


def test_only_the_verdict_of_whoever_a_slice_is_assigned_to_is_work_done():
    given = opinions(
        a=[("Bob", "unsure"), ("Anna", "real_issue")], b=[("Anna", None)], c=[("Dora", "unsure")]
    )
    work = workloads({"a": "Anna", "b": "Anna", "d": "Bob", "gone": "Bob"}, given, "abcd")
    assert work == (Workload("Anna", 2, 1, 0), Workload("Bob", 1, 0, 1), Workload("Dora", 0, 0, 1))
    assert [each.left for each in work] == [1, 1, 0]


def test_where_nothing_is_assigned_there_is_no_work():
    assert workloads({"a": ""}, opinions(a=[("Bob", "unsure")]), "ab") == ()


def test_slices_go_in_turn_to_whoever_has_fewest_left():
    assert dealt("abcde", ["Anna", "Bob"], {"Anna": 2}) == {
        "a": "Bob",
        "b": "Bob",
        "c": "Anna",
        "d": "Bob",
        "e": "Anna",
    }
    assert dealt("ab", [], {}) == {}


@given(
    st.integers(0, 40),
    st.lists(st.sampled_from("ABCDE"), min_size=1, unique=True),
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 9)),
)
def test_all_are_dealt_and_nobody_gets_one_while_another_has_fewer(count, names, left):
    slices = list(map(str, range(count)))
    shares = dealt(slices, names, left)
    assert list(shares) == slices and set(shares.values()) <= set(names)
    got = Counter(shares.values())
    loads = {name: left.get(name, 0) + got[name] for name in names}
    assert all(loads[name] <= min(loads.values()) + 1 for name in names if got[name])
