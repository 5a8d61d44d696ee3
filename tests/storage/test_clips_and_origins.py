"""What is stored so that verdicts can be carried over: clips over time, origins, refusals, verdicts of other tables."""

import sqlite3
from contextlib import closing

import pytest

from slicecore.storage.verdicts import Change, Origin, Refusal, Verdicts
from slicecore.storage.verdicts.clip_log import ClipLog, LoggedClip
from slicecore.storage.verdicts.elsewhere import judged_elsewhere, other_workspaces

ORIGIN = Origin("v1-0a", "v1", "tiny", "old", 3, 0.94)
OLDEST = """
CREATE TABLE slices (slice_id TEXT PRIMARY KEY, clip_ids TEXT NOT NULL);
CREATE TABLE judgements (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, model TEXT NOT NULL,
    verdict TEXT, tags TEXT NOT NULL, note TEXT NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE own_slices (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, name TEXT NOT NULL, reason TEXT NOT NULL,
    removed INTEGER NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
INSERT INTO slices VALUES ('a', '["x", "y"]');
INSERT INTO judgements VALUES (1, 'a', 'tiny', 'unsure', '["hum"]', 'far', 'Anna', '2026-03-12T10:00:00+00:00');
"""


@pytest.fixture
def workspaces(tmp_path, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    return tmp_path / "workspaces"


def verdicts_in(workspaces, name):
    return Verdicts(workspaces / name / "verdicts.sqlite")


def write_oldest(folder):
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "verdicts.sqlite")) as connection:
        connection.executescript(OLDEST)
    return folder / "verdicts.sqlite"


def test_an_old_file_opens_with_all_it_has_and_takes_new_judgements(workspaces):
    verdicts = Verdicts(write_oldest(workspaces / "v1-0a"))
    (old,) = verdicts.workspace("tiny").every_model
    assert (old.verdict, old.tags, old.note, old.reviewer, old.origin) == (
        "unsure",
        ("hum",),
        "far",
        "Anna",
        None,
    )
    verdicts.amend("b", Change("real_issue"), model="tiny", clip_ids=["x"], origin=ORIGIN)
    assert verdicts.current("tiny")["b"].origin == ORIGIN
    assert verdicts.current("tiny")["a"] == old


def test_an_old_file_of_another_table_is_read_and_left_as_it_is(workspaces):
    file = write_oldest(workspaces / "v1-0a")
    before = file.read_bytes()
    (other,) = judged_elsewhere([workspaces / "v1-0a"])
    assert (other.workspace, other.table, other.log(None)) == ("v1-0a", "v1", [])
    assert [(each.slice_id, each.verdict, each.clip_ids) for each in other.judgements] == [
        ("a", "unsure", ("x", "y"))
    ]
    assert file.read_bytes() == before
    assert [path.name for path in (workspaces / "v1-0a").iterdir()] == ["verdicts.sqlite"]


def test_a_judgement_says_where_it_came_from_also_after_later_ones(workspaces):
    verdicts = verdicts_in(workspaces, "v2-0b")
    verdicts.amend("s", Change("real_issue"), model="base", clip_ids=["x"], origin=ORIGIN)
    verdicts.amend("s", Change(note="hum"), model="base", clip_ids=["x"])
    assert [each.origin for each in verdicts.history("s", "base")] == [ORIGIN, ORIGIN]


def test_judgements_of_every_model_come_without_those_taken_back(workspaces):
    verdicts = verdicts_in(workspaces, "v2-0b")
    for model, verdict in (("tiny", "unsure"), ("base", "real_issue"), ("tiny", None)):
        verdicts.judge("s", model=model, clip_ids=["x"], verdict=verdict)
    assert [(each.model, each.verdict) for each in verdicts.workspace("tiny").every_model] == [
        ("base", "real_issue")
    ]


def test_a_refusal_counts_until_it_is_taken_back_and_shows_as_news(workspaces):
    verdicts = verdicts_in(workspaces, "v2-0b")
    refusal = Refusal("s", ("x", "y"), "base", ORIGIN.key)
    seen = [verdicts.newest()]
    verdicts.refuse(refusal, "Anna")
    seen.append(verdicts.newest())
    assert verdicts.workspace("base").refusals == (refusal,)
    assert verdicts.workspace("tiny").refusals == ()
    verdicts.refuse(refusal, "Anna", takes_back=True)
    seen.append(verdicts.newest())
    assert verdicts.workspace("base").refusals == ()
    assert sorted(set(seen)) == seen


def test_the_log_has_a_clip_once_unless_its_sound_is_another(tmp_path):
    log = ClipLog(tmp_path)
    assert log.entries() == []
    log.note(["1", "2"], [b"", b"B"], 0, tmp_path / "v1.csv")
    log.note(["1", "2"], [b"A", b""], 4, tmp_path / "v1.csv")
    log.note(["2", "3"], [b"A", b"B"], 7, tmp_path / "v1.csv")
    assert log.entries() == [
        LoggedClip("1", b"", 0),
        LoggedClip("2", b"B", 0),
        LoggedClip("1", b"A", 4),
        LoggedClip("2", b"A", 7),
        LoggedClip("3", b"B", 7),
    ]
    assert log.table() == tmp_path / "v1.csv"


def test_clips_that_are_noted_first_count_as_there_from_the_beginning(tmp_path):
    (clip,) = ClipLog(tmp_path).note(["1"], [b""], 9, tmp_path / "v1.csv")
    assert clip.since == 0


def test_other_workspaces_change_with_what_is_judged_there(workspaces):
    own, other = verdicts_in(workspaces, "v2-0b"), verdicts_in(workspaces, "v1-0a")
    (workspaces / "empty-0c").mkdir()
    before = other_workspaces(own.path.parent)
    assert list(before) == [other.path.parent]
    assert list(judged_elsewhere(before)) == []
    other.judge("a", model="tiny", clip_ids=["x"] * 999, verdict="unsure")
    assert other_workspaces(own.path.parent) != before


def test_a_file_that_is_no_database_is_passed_over(workspaces):
    (workspaces / "v1-0a").mkdir(parents=True)
    (workspaces / "v1-0a" / "verdicts.sqlite").write_text("no database " * 99)
    verdicts_in(workspaces, "v0-0d").judge("a", model="tiny", clip_ids=["x"], verdict="unsure")
    assert [each.workspace for each in judged_elsewhere(other_workspaces(workspaces / "v2-0b"))] == ["v0-0d"]


def test_a_table_goes_by_the_name_that_the_page_has_for_it(workspaces, tmp_path):
    verdicts_in(workspaces, "table-0a").judge("a", model="tiny", clip_ids=["x"], verdict="unsure")
    ClipLog(workspaces / "table-0a").note(["x"], [b"X"], 0, tmp_path / "calls" / "table.csv")
    (other,) = judged_elsewhere([workspaces / "table-0a"])
    assert (other.table, other.log(None)) == ("calls", [LoggedClip("x", b"X", 0)])
    assert other.log(["y"]) == []
