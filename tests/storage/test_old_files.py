"""Files of earlier versions: every row and view goes into the database, and the files stay as they are."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from slicecore.errors import StorageError
from slicecore.storage.home import WORKSPACES, home_folder
from slicecore.storage.verdicts import (
    LONGEST_NOTE,
    Change,
    Judgement,
    Origin,
    OwnSlice,
    is_judged,
    verdicts_of,
)
from slicecore.storage.verdicts.database import database
from slicecore.storage.verdicts.elsewhere import judged_elsewhere, other_workspaces
from slicecore.storage.verdicts.place import VARIABLE
from slicecore.storage.verdicts.views import LAST, views_of

OLDEST = """
CREATE TABLE slices (slice_id TEXT PRIMARY KEY, clip_ids TEXT NOT NULL);
CREATE TABLE judgements (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, model TEXT NOT NULL,
    verdict TEXT, tags TEXT NOT NULL, note TEXT NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE own_slices (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, name TEXT NOT NULL, reason TEXT NOT NULL,
    removed INTEGER NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
INSERT INTO slices VALUES ('a', '["x", "y"]');
INSERT INTO judgements VALUES (3, 'a', 'tiny', 'unsure', '["hum"]', 'far', 'Anna', '2026-03-12T10:00:00+00:00');
"""
LATEST = """
ALTER TABLE judgements ADD COLUMN event TEXT;
ALTER TABLE judgements ADD COLUMN origin TEXT;
ALTER TABLE judgements ADD COLUMN own INTEGER;
CREATE TABLE reference_marks (
    number INTEGER PRIMARY KEY, clip_id TEXT NOT NULL, wrong INTEGER NOT NULL, reviewer TEXT NOT NULL,
    time TEXT NOT NULL);
CREATE TABLE refusals (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, model TEXT NOT NULL,
    from_workspace TEXT NOT NULL, from_model TEXT NOT NULL, from_slice TEXT NOT NULL, refused INTEGER NOT NULL,
    reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE reviewers (
    name TEXT NOT NULL, browser TEXT NOT NULL, time TEXT NOT NULL, instead_of TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (name, browser));
CREATE TABLE same_reviewers (other TEXT PRIMARY KEY, name TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE corrections (
    number INTEGER PRIMARY KEY, clip_id TEXT NOT NULL, original TEXT NOT NULL, text TEXT, reviewer TEXT NOT NULL,
    time TEXT NOT NULL);
CREATE TABLE set_aside (number INTEGER PRIMARY KEY REFERENCES judgements);
INSERT INTO judgements VALUES (4, 'a', 'tiny', 'real_issue', '[]', '', 'Anna', 'T1', 'tab:1', NULL, 1);
INSERT INTO judgements VALUES (5, 'a', 'tiny', 'unsure', '[]', '', 'Bob', 'T2', NULL,
    '["w", "t", "m", "s", 7, 0.5]', 1);
INSERT INTO judgements VALUES (6, 'a', 'tiny', NULL, '[]', '', 'Bob 2', 'T3', NULL, NULL, 1);
INSERT INTO set_aside VALUES (6);
INSERT INTO own_slices VALUES (9, 'a', 'Mine', 'because', 0, 'Anna', 'T4');
INSERT INTO reference_marks VALUES (2, 'c1', 1, 'Anna', 'T5');
INSERT INTO refusals VALUES (8, 'a', 'tiny', 'w', 'm', 's', 1, 'Anna', 'T6');
INSERT INTO corrections VALUES (5, 'c1', 'so', 'so long', 'Bob', 'T7');
INSERT INTO reviewers VALUES ('Bob', 'b1', 'T8', ''), ('Anna', 'b2', 'T9', ''), ('Bob 2', 'b3', 'T', 'Bob');
INSERT INTO same_reviewers VALUES ('Bob 2', 'Bob', 'T10');
"""


@pytest.fixture
def old(tmp_path, address):
    """The folder of a table's workspace, and the table; `script` fills its file."""
    table = tmp_path / "calls.csv"
    table.write_text("a\n")

    def make(script, name=table):
        folder = home_folder(WORKSPACES) / re.sub(r".*/", "", str(workspace(name)))
        folder.mkdir()
        with closing(sqlite3.connect(folder / "verdicts.sqlite")) as connection:
            connection.executescript(script)
        return folder

    yield table, make
    database().close()


def workspace(table):
    from slicecore.storage.home import workspace_name

    return workspace_name(table)


def test_every_row_of_the_latest_files_is_there_under_its_number(old):
    table, make = old
    folder = make(OLDEST + LATEST)
    (folder / "views.json").write_text(
        json.dumps({"last": {"drop": "35"}, "named": {"Worst": {"support": "9"}}})
    )
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert is_judged(table)
    verdicts = verdicts_of(table)
    known = verdicts.workspace("tiny")
    assert known.newest == (6, 9, 2, 8, 5, 0)
    origin = Origin("w", "t", "m", "s", 7, 0.5)
    assert known.opinions["a"] == (
        Judgement("a", "tiny", "real_issue", (), "", "Anna", "T1", ("x", "y"), 4),
        Judgement("a", "tiny", "unsure", (), "", "Bob", "T2", ("x", "y"), 5, origin),
    )
    assert known.own_slices == {"a": OwnSlice("a", "Mine", "because", "Anna", "T4", ("x", "y"))}
    assert [mark.reviewer for mark in known.marked_references.values()] == ["Anna"]
    assert [refusal.origin for refusal in known.refusals] == [("w", "m", "s")]
    assert known.corrections["c1"].text == "so long"
    assert known.reviewers == {"Bob": ("b1",), "Anna": ("b2",), "Bob 2": ("b3",)}
    assert list(known.reviewers) == ["Bob", "Anna", "Bob 2"] and known.other_names == {"Bob 2": "Bob"}
    assert len(verdicts.history("a", "tiny")) == 4
    assert views_of(table) == {LAST: {"drop": "35"}, "Worst": {"support": "9"}}
    again = verdicts.amend("a", Change("unsure"), model="tiny", clip_ids=["x"], event="tab:1")
    assert again.since.number == 4  # which was written before
    assert verdicts.judge("a", model="tiny", clip_ids=["x"], verdict="unsure").number == 7
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_oldest_files_have_less_and_lose_nothing(old):
    table, make = old
    make(OLDEST)
    verdicts = verdicts_of(table)
    (judgement,) = verdicts.workspace("tiny").every_model
    assert (judgement.verdict, judgement.tags, judgement.note, judgement.number) == (
        "unsure",
        ("hum",),
        "far",
        3,
    )
    verdicts.amend("b", Change("real_issue"), model="tiny", clip_ids=["x"], reviewer="Bob")
    assert verdicts.current("tiny")["a"] == judgement
    assert len(verdicts_of(table).history("a", "tiny")) == 1  # taken in once


def test_a_note_that_is_longer_than_notes_may_be_by_now_is_taken_in_whole(old):
    table, make = old
    note = "n" * (LONGEST_NOTE + 500)
    make(OLDEST.replace("'far'", f"'{note}'"))
    assert verdicts_of(table).current("tiny")["a"].note == note


def test_files_of_other_tables_are_taken_in_when_their_judgements_are_looked_for(old, tmp_path):
    table, make = old
    (make(OLDEST, tmp_path / "empty.csv") / "verdicts.sqlite").write_text("no database " * 99)
    make(OLDEST, tmp_path / "other.csv")
    others = other_workspaces(verdicts_of(table).name)
    assert list(others) == [workspace(tmp_path / "other.csv")]
    (judged,) = judged_elsewhere(others)
    assert judged.table == "other" and len(judged.log(None)) == 0
    assert [each.verdict for each in judged.judgements] == ["unsure"]


def test_a_file_that_can_not_be_read_is_named_and_left_for_another_try(old):
    table, make = old
    file = make(OLDEST) / "verdicts.sqlite"
    whole = file.read_bytes()
    file.write_bytes(b"no database " * 99)
    for _ in range(2):
        with pytest.raises(StorageError, match=f"earlier version can't be read.*{file}. Move it away"):
            verdicts_of(table)
    file.write_bytes(whole)
    assert len(verdicts_of(table).history("a", "tiny")) == 1


def test_a_file_in_the_middle_of_a_write_that_was_killed_is_taken_in_as_it_was_before(old):
    table, make = old
    folder = make(OLDEST + "PRAGMA journal_mode=DELETE; CREATE TABLE filler (a);")
    copy = folder.parent / "copy"
    with closing(sqlite3.connect(folder / "verdicts.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size=1").fetchall()
        connection.execute("BEGIN")
        connection.execute("UPDATE judgements SET verdict = 'real_issue'")
        connection.executemany(
            "INSERT INTO filler VALUES (?)", [("x" * 900,)] * 400
        )  # so that pages reach the disk
        copy.mkdir()
        for path in folder.iterdir():
            (copy / path.name).write_bytes(path.read_bytes())
        connection.execute("ROLLBACK")
    assert len(list(copy.iterdir())) == 2
    for path in copy.iterdir():
        path.replace(folder / path.name)
    copy.rmdir()
    assert [each.verdict for each in verdicts_of(table).history("a", "tiny")] == ["unsure"]


def test_another_database_does_not_begin_with_what_is_old_by_then(tmp_path, monkeypatch):
    table = tmp_path / "calls.csv"
    folder = home_folder(WORKSPACES) / workspace(table)
    folder.mkdir()
    with closing(sqlite3.connect(folder / "verdicts.sqlite")) as connection:
        connection.executescript(OLDEST)
    assert verdicts_of(table).current("tiny")
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path}/team.sqlite")
    assert verdicts_of(table).current("tiny") == {}
