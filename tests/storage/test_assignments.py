"""Assignments: who is to judge which slice, in both databases, and databases from before there were any."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slicecore.errors import VerdictError
from slicecore.storage.verdicts import AssignmentConflictError, schema
from slicecore.storage.verdicts.database import Database
from slicecore.storage.verdicts.store import Verdicts

CLIPS = {slice_id: ["x", slice_id] for slice_id in "abc"}


def assign(verdicts, assignees, reviewer="Anna", model="tiny", **more):
    return verdicts.assign(assignees, model=model, clips=CLIPS, reviewer=reviewer, **more)


def assignees(verdicts, model="tiny"):
    return verdicts.workspace(model).assignees


def test_the_latest_counts_for_its_model_alone_and_is_there_for_another_process(verdicts, reopened):
    assert assign(verdicts, {"a": "Bob", "b": " Cleo "}).before == {"a": "", "b": ""}
    assert assign(verdicts, {"a": "Cleo"}).before == {"a": "Bob"}
    assert assignees(reopened(verdicts)) == {"a": "Cleo", "b": "Cleo"}
    assert assignees(verdicts, "base") == {}
    latest = verdicts.workspace("tiny").assignments["a"]
    assert (latest.assignee, latest.reviewer, latest.number) == ("Cleo", "Anna", 3)
    assert verdicts.workspace("tiny").people == ("Cleo",)


def test_what_is_given_back_is_nobodys_and_what_is_so_already_is_not_written(verdicts):
    assign(verdicts, {"a": "Bob"})
    before = verdicts.newest()
    assert assign(verdicts, {"a": "Bob", "b": ""}) is None and verdicts.newest() == before
    assign(verdicts, {"a": ""})
    assert assignees(verdicts) == {} and verdicts.newest().assignment == before.assignment + 1


def test_what_somebody_else_assigned_meanwhile_is_not_replaced_unseen(verdicts):
    seen = assign(verdicts, {"a": "Bob"}).number
    assign(verdicts, {"b": "Cleo"}, "Dora")
    with pytest.raises(VerdictError, match="assigned to Cleo by Dora meanwhile"):
        assign(verdicts, {"a": "Anna", "b": "Anna"}, unless_newer_than=seen)
    assert assignees(verdicts) == {"a": "Bob", "b": "Cleo"}  # none of them
    assign(verdicts, {"a": "Anna", "b": "Cleo"}, unless_newer_than=seen)  # nothing changes for b
    assert assignees(verdicts)["a"] == "Anna"


def test_what_was_seen_may_be_said_for_each_slice(verdicts):
    first = assign(verdicts, {"a": "Bob"}).number
    newer = assign(verdicts, {"b": "Cleo"}, "Dora").number
    with pytest.raises(AssignmentConflictError) as conflict:
        assign(verdicts, {"a": "Anna", "b": "Anna"}, unless_newer_than={"a": newer, "b": first})
    assert [each.slice_id for each in conflict.value.others] == ["b"] and conflict.value.about(
        "Hum"
    ).startswith("Hum was assigned to Cleo")
    assert assignees(verdicts) == {"a": "Bob", "b": "Cleo"}
    assert assign(verdicts, {"a": "Anna", "b": "Anna"}, unless_newer_than={"a": first, "b": newer})


def test_names_that_are_one_persons_are_one_assignee(verdicts):
    verdicts.introduce("Anna", "b1")
    second = verdicts.introduce("Anna", "b2")
    assign(verdicts, {"a": second})
    verdicts.introduce("Anna", "b2", is_same=True)
    assert second == "Anna 2" and assignees(verdicts) == {"a": "Anna"}
    assert assign(verdicts, {"a": second}) is None
    assert verdicts.workspace("tiny").people == ("Anna",)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "Anna", "Bob"])), max_size=6)
)
def test_taken_back_in_turn_all_is_as_it_was(new_verdicts, steps):
    verdicts = new_verdicts()
    states, done = [{}], []
    for step in steps:
        if assigned := assign(verdicts, step):
            done.append(assigned)
            states.append(assignees(verdicts))
    for assigned in reversed(done):
        assert assignees(verdicts) == states.pop()
        assign(verdicts, assigned.before)
    assert assignees(verdicts) == {}


def test_a_database_from_before_there_were_any_gets_their_table(address):
    database = Database(address)
    verdicts = Verdicts("old", database)
    verdicts.judge("a", model="tiny", clip_ids=["x"], verdict="unsure", reviewer="Bob")
    with database.writing_all() as connection:
        schema.assignments.drop(connection)
        version = sa.table("alembic_version", sa.column("version_num"))
        connection.execute(sa.update(version).values(version_num="0001"))
    database.close()
    newer = Database(address)
    verdicts = Verdicts("old", newer)
    assert verdicts.current("tiny")["a"].verdict == "unsure" and assignees(verdicts) == {}
    assign(verdicts, {"a": "Bob"})
    assert assignees(verdicts) == {"a": "Bob"}
    newer.close()
