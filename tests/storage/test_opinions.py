"""Judgements of several reviewers on one slice: each has one, the newest counts, and old files read as before."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slicecore.storage.verdicts import Change, ConflictError, schema


def judge(verdicts, reviewer, verdict, slice_id="a1", **more):
    change = Change(verdict, **{name: more.pop(name) for name in ("tags", "note") if name in more})
    return verdicts.amend(
        slice_id, change, model="tiny", clip_ids=["x", "y"], reviewer=reviewer, **more
    ).since


def opinions(verdicts, slice_id="a1"):
    """Reviewers and verdicts on a slice, the newest last."""
    return [(each.reviewer, each.verdict) for each in verdicts.workspace("tiny").opinions.get(slice_id, ())]


def counting(verdicts):
    workspace = verdicts.workspace("tiny")
    assert workspace.judgements == verdicts.current("tiny")
    assert {each.slice_id: each for each in workspace.every_model} == workspace.judgements
    return {slice_id: judgement.verdict for slice_id, judgement in workspace.judgements.items()}


def test_every_reviewer_has_a_verdict_and_the_newest_counts(verdicts):
    judge(verdicts, "ann", "real_issue")
    judge(verdicts, "bob", "false_positive")
    assert opinions(verdicts) == [("ann", "real_issue"), ("bob", "false_positive")]
    assert counting(verdicts) == {"a1": "false_positive"}
    judge(verdicts, "ann", "unsure")
    assert opinions(verdicts) == [("bob", "false_positive"), ("ann", "unsure")]
    assert counting(verdicts) == {"a1": "unsure"}


def test_what_one_takes_back_leaves_what_the_others_said(verdicts):
    judge(verdicts, "ann", "real_issue")
    judge(verdicts, "bob", "false_positive")
    judge(verdicts, "bob", None)
    assert opinions(verdicts) == [("ann", "real_issue")]
    assert counting(verdicts) == {"a1": "real_issue"}


def test_tags_and_notes_are_those_of_their_reviewer(verdicts):
    judge(verdicts, "ann", "real_issue", tags=["hum"], note="50 Hz")
    judge(verdicts, "bob", "real_issue")
    ann, bob = verdicts.workspace("tiny").opinions["a1"]
    assert (ann.tags, ann.note, bob.verdict) == (
        ("hum",),
        "50 Hz",
        "real_issue",
    )  # which agrees, and takes nothing back
    assert (bob.tags, bob.note) == ((), "")


def test_a_verdict_that_a_reviewer_has_not_seen_is_told_whoever_gave_it(verdicts):
    seen = judge(verdicts, "ann", "real_issue").number
    judge(verdicts, "bob", "unsure")
    with pytest.raises(ConflictError):
        judge(verdicts, "ann", "false_positive", unless_newer_than=seen)


def test_a_slice_that_is_removed_is_judged_by_nobody(verdicts):
    verdicts.keep("a1", clip_ids=["x", "y"], name="mine")
    for reviewer in ("ann", "bob"):
        judge(verdicts, reviewer, "real_issue")
    verdicts.remove("a1", "ann")
    assert opinions(verdicts) == [] and counting(verdicts) == {}


def test_a_judgement_for_all_takes_the_place_of_everybodys(verdicts):
    for reviewer in ("ann", "bob"):
        judge(verdicts, reviewer, "real_issue")
    verdicts.judge("a1", model="tiny", clip_ids=["x", "y"], verdict=None)
    assert opinions(verdicts) == [] and counting(verdicts) == {}
    judge(verdicts, "bob", "unsure")
    assert opinions(verdicts) == [("bob", "unsure")]


def as_before(database):
    """Make of all judgements such as were written before reviewers had their own."""
    with database.writing_all() as connection:
        connection.execute(sa.update(schema.judgements).values(own=None))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])  # on each database
@given(
    said=st.lists(
        st.tuples(st.sampled_from(["ann", "bob", ""]), st.sampled_from(["real_issue", "unsure", None])),
        max_size=6,
    )
)
def test_old_judgements_count_as_they_did(new_verdicts, database, said):
    verdicts = new_verdicts()
    for reviewer, verdict in said:
        judge(verdicts, reviewer, verdict)
    as_before(database)
    last = said[-1] if said and said[-1][1] else None
    assert opinions(verdicts) == ([last] if last else [])
    assert counting(verdicts) == ({"a1": last[1]} if last else {})
    assert len(verdicts.history("a1", "tiny")) == len(said)  # and none is lost
    judge(verdicts, "cat", "false_positive")
    assert opinions(verdicts) == [*([last] if last else []), ("cat", "false_positive")]


def test_a_name_is_of_the_browser_that_used_it_first(verdicts):
    names = [
        verdicts.introduce(name, browser)
        for name, browser in (
            ("ann", "b1"),
            ("ann", "b2"),
            ("bob", "b3"),
            ("ann", "b1"),
            ("ann", "b4"),
            ("ann", ""),
        )
    ]
    assert names == ["ann", "ann 2", "bob", "ann", "ann 3", "ann"]
    assert verdicts.introduce("ann", "b2") == "ann 2"
    assert verdicts.introduce("ann 2", "b1") == "ann 2 2"
    known = verdicts.workspace("tiny").reviewers
    assert known == {"ann": ("b1",), "ann 2": ("b2",), "bob": ("b3",), "ann 3": ("b4",), "ann 2 2": ("b1",)}


def test_whoever_has_no_name_is_told_apart_as_well(verdicts):
    assert [verdicts.introduce("", browser) for browser in ("b1", "b2")] == ["", "reviewer 2"]


def test_judgements_of_one_person_in_two_browsers_are_joined_on_demand(verdicts):
    verdicts.introduce("ann", "b1")
    judge(verdicts, "ann", "real_issue")
    judge(verdicts, "ann", "unsure", "b2")
    other = verdicts.introduce("ann", "b2")
    judge(verdicts, other, "false_positive", note="50 Hz")
    judge(verdicts, "bob", "unsure")
    verdicts.mark_reference("x", True, other)
    assert opinions(verdicts) == [("ann", "real_issue"), ("ann 2", "false_positive"), ("bob", "unsure")]

    assert verdicts.introduce("ann", "b2", is_same=True) == "ann"
    assert opinions(verdicts) == [
        ("ann", "false_positive"),
        ("bob", "unsure"),
    ]  # and Bob's is the newest as before
    assert counting(verdicts) == {"a1": "unsure", "b2": "unsure"}
    assert verdicts.marked_references()["x"].reviewer == "ann"
    judge(verdicts, other, None)  # of a page that does not know yet
    assert opinions(verdicts) == [("bob", "unsure"), ("ann", None)]  # with the note of the one before
    assert verdicts.introduce("ann", "b2") == "ann"  # also where the browser has forgotten
    assert verdicts.introduce("ann", "b3") == "ann 3"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])  # on each database
@given(
    words=st.lists(
        st.tuples(st.sampled_from(["b1", "b2"]), st.sampled_from(["real_issue", "unsure"])), max_size=8
    )
)
def test_nothing_is_taken_back_by_joining_two_names(new_verdicts, words):
    verdicts = new_verdicts()
    names = {browser: verdicts.introduce("ann", browser) for browser in ("b1", "b2")}

    for browser, verdict in words:
        judge(verdicts, names[browser], verdict)
    before = opinions(verdicts)
    verdicts.introduce("ann", "b2", is_same=True)
    assert opinions(verdicts) == [("ann", verdict) for _, verdict in before[-1:]]
    if before:
        judge(verdicts, "ann", None)  # which takes it back for good
        assert opinions(verdicts) == []


def test_who_chooses_the_name_beside_one_that_was_taken_is_somebody_else(verdicts):
    verdicts.introduce("ann", "b1")
    assert verdicts.introduce("ann", "b2") == verdicts.introduce("ann 2", "b2") == "ann 2"
    judge(verdicts, "ann 2", "unsure")
    verdicts.introduce("ann", "b2", is_same=True)  # another person at that machine, who is Ann
    assert opinions(verdicts) == [("ann 2", "unsure")]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])  # on each database
@given(
    words=st.lists(
        st.tuples(
            st.sampled_from(["b1", "b2", "b3"]),
            st.sampled_from(["root", "root 2", "ann"]),
            st.sampled_from(["real_issue", "unsure"]),
            st.sampled_from(["a1", "c3"]),
        ),
        max_size=12,
    )
)
def test_no_browser_takes_back_what_was_judged_in_another(new_verdicts, words):
    verdicts = new_verdicts()
    wanted = {}  # of each browser and name alone, where the same verdict again takes it back
    for browser, name, verdict, slice_id in words:
        key = (slice_id, verdicts.introduce(name, browser), browser)
        wanted[key] = None if wanted.get(key) == verdict else verdict
        verdicts.amend(
            slice_id,
            Change(wanted[key]),
            model="tiny",
            clip_ids=["x"],
            reviewer=verdicts.introduce(name, browser),
        )
    given = {
        (slice_id, each.reviewer): each.verdict
        for slice_id, judgements in verdicts.workspace("tiny").opinions.items()
        for each in judgements
    }
    assert given == {(slice_id, name): verdict for (slice_id, name, _), verdict in wanted.items() if verdict}


def test_all_who_ask_share_a_workspace_until_something_is_written(verdicts):
    elsewhere = type(verdicts)(verdicts.name, verdicts.database)  # another process
    judge(verdicts, "ann", "real_issue")
    before = verdicts.workspace("tiny")
    assert verdicts.workspace("tiny") is before
    for write in (
        lambda: judge(elsewhere, "bob", "false_positive"),
        lambda: elsewhere.keep("a2", clip_ids=["x"], name="Hum"),
        lambda: elsewhere.mark_reference("x", True, "ann"),
        lambda: elsewhere.correct("x", "two", original="one", reviewer="ann"),
        lambda: elsewhere.introduce("ann", "a browser"),
        lambda: elsewhere.introduce("ann", "another", is_same=True),
    ):
        write()
        since = verdicts.workspace("tiny")
        assert since == elsewhere.workspace("tiny")
        assert since is not before
        before = since
