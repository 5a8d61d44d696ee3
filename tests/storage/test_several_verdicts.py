"""Judgements of several slices at once: all of them or none, and the same as one after another, in both databases."""

import subprocess
import sys
import textwrap
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slicecore.errors import VerdictError
from slicecore.storage.verdicts import VERDICTS, Change, ConflictError, Origin, WantedChange
from slicecore.storage.verdicts.store import Verdicts

SLICES = "abc"


def wanted(slice_id, change, **more):
    return WantedChange(change, ["x", slice_id], **more)


def judge(verdicts, reviewer, said, seen=None, **more):
    """Give slices a change each, by slice id; what was seen is one number, or one by slice id."""
    numbers = seen if isinstance(seen, dict) else dict.fromkeys(said, seen)
    changes = {
        slice_id: wanted(slice_id, change, unless_newer_than=numbers[slice_id], **more)
        for slice_id, change in said.items()
    }
    return verdicts.amend_several(changes, model="tiny", reviewer=reviewer)


def one_by_one(verdicts, reviewer, said, seen=None):
    return {
        slice_id: judge(verdicts, reviewer, {slice_id: change}, seen)[slice_id]
        for slice_id, change in said.items()
    }


def opinions(verdicts):
    """Reviewers and verdicts by slice id, the newest last."""
    given = verdicts.workspace("tiny").opinions
    return {slice_id: [(each.reviewer, each.verdict) for each in said] for slice_id, said in given.items()}


def test_each_slice_has_its_judgement_and_its_place_in_the_history(verdicts, reopened):
    judge(verdicts, "bob", {"a": Change("unsure", note="fan")})
    done = judge(verdicts, "ann", dict.fromkeys("abc", Change("real_issue", tags=("hum",))))
    judge(verdicts, "bob", {"a": Change(tags=("far",)), "b": Change("unsure")})
    again = reopened(verdicts)
    assert opinions(again) == {
        "a": [("ann", "real_issue"), ("bob", "unsure")],
        "b": [("ann", "real_issue"), ("bob", "unsure")],
        "c": [("ann", "real_issue")],
    }
    assert [done[slice_id].since.number for slice_id in "abc"] == [2, 3, 4]
    assert {done[slice_id].since.time for slice_id in "abc"} == {done["a"].since.time}
    history = [(each.reviewer, each.verdict, each.tags, each.note) for each in again.history("a", "tiny")]
    assert history == [
        ("bob", "unsure", (), "fan"),
        ("ann", "real_issue", ("hum",), ""),
        ("bob", "unsure", ("far",), "fan"),  # which leaves the rest of his own
    ]
    assert verdicts.amend_several({}, model="tiny") == {}


def test_where_one_was_judged_meanwhile_none_is_and_all_such_are_named(verdicts):
    seen = judge(verdicts, "ann", {"a": Change("unsure")})["a"].since.number
    bobs = judge(verdicts, "bob", {"b": Change("real_issue"), "c": Change("unsure", tags=("far",))})
    before = verdicts.workspace("tiny")
    with pytest.raises(ConflictError, match=r"Slice b was judged by bob .*; slice c was") as conflict:
        judge(
            verdicts,
            "ann",
            dict.fromkeys("abc", Change("false_positive")),
            seen,
            own=("Hum", "by hand"),
        )
    assert conflict.value.others == (bobs["b"].since, bobs["c"].since)
    assert verdicts.workspace("tiny") == before
    # What was seen may be said for each slice.
    numbers = {"a": seen, "b": bobs["b"].since.number, "c": seen}
    with pytest.raises(ConflictError) as conflict:
        judge(verdicts, "ann", dict.fromkeys("abc", Change("false_positive")), numbers)
    assert conflict.value.others == (bobs["c"].since,)
    judge(
        verdicts,
        "ann",
        dict.fromkeys("abc", Change("false_positive")),
        {**numbers, "c": bobs["c"].since.number},
    )
    assert {each.verdict for each in verdicts.current("tiny").values()} == {"false_positive"}
    assert opinions(verdicts)["c"] == [("bob", "unsure"), ("ann", "false_positive")]  # nobody's word is lost


def test_one_that_cannot_be_given_leaves_the_others_as_they_are(verdicts):
    with pytest.raises(VerdictError, match="maybe"):
        judge(verdicts, "ann", {"a": Change("unsure"), "b": Change("maybe")})
    assert verdicts.newest().judgement == 0


def test_a_press_that_comes_again_is_written_once_for_each_slice(verdicts, reopened):
    def press(verdicts, slices="abc", seen=None, source="tab"):
        changes = {
            slice_id: wanted(
                slice_id,
                Change("unsure"),
                event=f"{source}:7 {slice_id}",
                unless_newer_than=seen,
            )
            for slice_id in slices
        }
        return verdicts.amend_several(changes, model="tiny", reviewer="ann")

    first = press(verdicts)
    assert press(reopened(verdicts)) == first
    assert press(verdicts, "b") == {"b": first["b"]}  # also where it waits without the others
    assert [len(verdicts.history(slice_id, "tiny")) for slice_id in "abc"] == [1, 1, 1]
    done = judge(verdicts, "ann", {"a": Change("real_issue")}, 0, event="tab:8")
    assert done["a"].since.verdict == "real_issue"  # what the same source said was seen
    with pytest.raises(ConflictError):
        press(verdicts, "abc", 0, "another")


def test_what_comes_again_is_written_unless_its_source_has_judged_the_slice_since(verdicts):
    def again(slice_id, event, verdict="real_issue", **more):
        change = {slice_id: wanted(slice_id, Change(verdict), event=event, is_again=True, **more)}
        return verdicts.amend_several(change, model="tiny", reviewer="ann")[slice_id]

    first = again("a", "tab:2")
    assert (first.before.verdict, first.since.verdict) == (None, "real_issue")
    assert again("a", "tab:2") == first
    later = judge(verdicts, "ann", {"a": Change("unsure")}, event="tab:10")["a"]
    assert again("a", "tab:9 a") == later and again("a", "tab:2") == first
    judge(verdicts, "ann", {"a": Change("false_positive")}, event="other:1")
    with pytest.raises(ConflictError):
        again("a", "tab:9", unless_newer_than=0)
    assert again("b", "tab:3").since.verdict == "real_issue"
    judge(verdicts, "bob", {"c": Change("unsure")}, event="tab:7")
    assert again("c", "tab:5").since.reviewer == "ann"
    assert opinions(verdicts) == {
        "a": [("ann", "false_positive")],
        "b": [("ann", "real_issue")],
        "c": [("bob", "unsure"), ("ann", "real_issue")],
    }


def test_what_is_carried_over_and_what_becomes_ones_own_is_said_of_each(verdicts):
    origin = Origin("other", "other.csv", "base", "z", 3, 0.9)
    verdicts.amend_several(
        {
            "a": wanted("a", Change("unsure"), origin=origin),
            "b": wanted("b", Change("unsure"), own=("Hum", "by hand")),
        },
        model="tiny",
        reviewer="ann",
    )
    assert [verdicts.current("tiny")[slice_id].origin for slice_id in "ab"] == [origin, None]
    (own,) = verdicts.own_slices().values()
    assert (own.slice_id, own.name, own.reviewer, own.clip_ids) == ("b", "Hum", "ann", ("x", "b"))


CHANGES = st.builds(
    Change,
    verdict=st.sampled_from([None, *VERDICTS]),
    tags=st.sampled_from([(), ("hum",), ("hum", "far")]),
    note=st.sampled_from(["", "fan"]),
) | st.builds(Change, verdict=st.sampled_from([None, *VERDICTS]))
SAID = st.tuples(
    st.sampled_from(["ann", "bob", "ann 2"]),
    st.dictionaries(st.sampled_from(SLICES), CHANGES, max_size=3),
    st.none() | st.integers(0, 8),
)


def words(verdicts):
    """All that was ever said, by slice id, but the seconds in which it was."""
    said = {slice_id: verdicts.history(slice_id, "tiny") for slice_id in SLICES}
    return {slice_id: [replace(each, time="") for each in history] for slice_id, history in said.items()}


def outcome(write, verdicts, reviewer, said, seen):
    try:
        done = write(verdicts, reviewer, said, seen)
    except ConflictError:
        return None
    return {
        slice_id: (replace(each.before, time=""), replace(each.since, time=""))
        for slice_id, each in done.items()
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(SAID, max_size=4), batch=SAID, is_joined=st.booleans())
def test_a_batch_is_what_its_changes_are_one_after_another_or_nothing(new_verdicts, before, batch, is_joined):
    together, apart = new_verdicts(), new_verdicts()
    for verdicts in (together, apart):
        for browser in ("b1", "b2"):
            verdicts.introduce("ann", browser)
        for reviewer, said, _ in before:
            one_by_one(verdicts, reviewer, said)
        if is_joined:
            verdicts.introduce("ann", "b2", is_same=True)
    unchanged = words(together)
    assert unchanged == words(apart)
    done = outcome(judge, together, *batch)
    assert done == outcome(one_by_one, apart, *batch)
    if done is None:
        assert words(together) == unchanged  # while those before the refused one are written apart
    else:
        assert words(together) == words(apart)
        assert opinions(together) == opinions(apart)
        assert together.tags() == apart.tags()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.dictionaries(st.sampled_from(SLICES), CHANGES, min_size=1), max_size=5))
def test_batches_taken_back_in_turn_leave_all_as_it_was(new_verdicts, batches):
    verdicts = new_verdicts()
    judge(verdicts, "bob", {"b": Change("unsure", tags=("far",))})

    def state():
        given = verdicts.workspace("tiny").opinions
        return {
            (slice_id, each.reviewer): (each.verdict, each.tags, each.note)
            for slice_id, said in given.items()
            for each in said
        }

    states, done = [state()], []
    for batch in batches:
        done.append(judge(verdicts, "ann", batch))
        states.append(state())
    for amendments in reversed(done):
        assert state() == states.pop()
        back = {
            slice_id: Change(each.before.verdict, each.before.tags, each.before.note)
            for slice_id, each in amendments.items()
        }
        judge(verdicts, "ann", back)
    assert state() == states.pop()


def test_two_who_judge_several_slices_at_once_mix_no_batches_and_replace_nothing_unseen(verdicts, database):
    """In opposite orders: neither waits for the other for ever, and each batch is whole."""
    judge(verdicts, "bob", dict.fromkeys("abc", Change("unsure")))
    written, refused, start = [], [], threading.Barrier(2, timeout=60)

    def write(reviewer, order):
        mine = Verdicts(verdicts.name, database)
        for number in range(15):
            seen = {slice_id: mine.current("tiny")[slice_id].number for slice_id in order}
            start.wait()
            said = {slice_id: Change("unsure", note=f"{reviewer} {number}") for slice_id in order}
            try:
                done = judge(mine, reviewer, said, seen)
            except ConflictError as error:
                refused.append(error)
            else:
                written.append({each.since.number for each in done.values()})

    threads = [threading.Thread(target=write, args=each) for each in (("ann", "abc"), ("cat", "cba"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) + len(refused) == 30 and len(written) >= 15
    assert all(len(numbers) == 3 and max(numbers) - min(numbers) == 2 for numbers in written)
    histories = [[each.note for each in verdicts.history(slice_id, "tiny")] for slice_id in "abc"]
    assert histories[0] == histories[1] == histories[2] and len(histories[0]) == 1 + len(written)


BATCHES = textwrap.dedent("""
    import sys
    from slicecore.storage.verdicts import Change, ConflictError, WantedChange
    from slicecore.storage.verdicts.database import Database
    from slicecore.storage.verdicts.store import Verdicts

    address, name, order = sys.argv[1:]
    verdicts = Verdicts("calls-0", Database(address))
    print("ready", flush=True)
    sys.stdin.readline()
    for press in range(15):
        while True:
            seen = verdicts.newest().judgement
            said = Change("unsure", note=f"{name}:{press}")
            changes = {each: WantedChange(said, ["1"], seen, event=f"{name}:{press} {each}") for each in order}
            try:
                verdicts.amend_several(changes, model="m", reviewer=name)
                break
            except ConflictError:
                pass
""")


def test_processes_that_judge_several_slices_at_once_lose_and_double_no_word(database, address):
    reviewers = [
        subprocess.Popen(
            [sys.executable, "-c", BATCHES, address, name, order],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, order in (("ann", "abc"), ("bob", "cb"))
    ]
    for process in reviewers:
        assert process.stdout.readline() == "ready\n"
    for process in reviewers:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in reviewers:
        process.communicate()
        assert process.returncode == 0
    verdicts = Verdicts("calls-0", database)
    notes = {slice_id: [each.note for each in verdicts.history(slice_id, "m")] for slice_id in "abc"}
    of_ann, of_bob = ([f"{name}:{press}" for press in range(15)] for name in ("ann", "bob"))
    assert notes["a"] == of_ann and notes["b"] == notes["c"]
    assert sorted(notes["b"]) == sorted([*of_ann, *of_bob])
    assert verdicts.newest().judgement == 75
