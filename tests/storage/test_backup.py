"""Backups: what was said is in another database as it was, and nothing is replaced by what is not whole."""

import json
import os
import stat
import zipfile

import pytest
from typer.testing import CliRunner

from slicecore.cli.commands import cli
from slicecore.errors import StorageError
from slicecore.report.csv_text import original
from slicecore.storage.verdicts import Change
from slicecore.storage.verdicts.backup import back_up, restore
from slicecore.storage.verdicts.database import Database
from slicecore.storage.verdicts.place import VARIABLE
from slicecore.storage.verdicts.store import Verdicts
from slicecore.storage.verdicts.views import save_view, views_of


@pytest.fixture
def reviewed(database):
    """A database with words of every kind, of two tables."""
    for name in ("calls-1", "tapes-2"):
        verdicts = Verdicts(name, database)
        verdicts.introduce("Anna", "b1")
        verdicts.amend(
            "a1",
            Change("real_issue", ("hum",), "=50 Hz\n2"),
            model="m",
            clip_ids=["1", "2"],
            reviewer="Anna",
            own=("Mine", "why"),
            event="tab:1",
        )
        verdicts.mark_reference("1", True, "Anna")
        verdicts.assign({"a1": "Bob"}, model="m", clips={"a1": ["1", "2"]}, reviewer="Anna")
        verdicts.correct("1", name, original="so", reviewer="Anna")
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/other.sqlite")
    else:
        server = request.getfixturevalue("server")
        database = Database(server("other"))
        server.empty("other")
    yield database
    database.close()


def words(database):
    return {name: Verdicts(name, database).workspace("m") for name in database.names()}


def test_a_backup_of_either_database_goes_into_either(reviewed, other, tmp_path):
    done = back_up(reviewed, tmp_path / "reviews.backup")
    assert restore(tmp_path / "reviews.backup", other) == done
    assert words(other) == words(reviewed) and len(words(other)) == 2
    verdicts = Verdicts("calls-1", other)  # and goes on there
    repeated = verdicts.amend("a1", Change("unsure"), model="m", clip_ids=["1"], event="tab:1")
    assert repeated.since.verdict == "real_issue"
    assert verdicts.judge("a1", model="m", clip_ids=["1"], verdict="unsure").number == 2
    Verdicts("third-3", other).mark_reference("1", True)
    assert len(words(other)) == 3


def test_what_is_there_is_replaced_only_on_demand(reviewed, other, tmp_path):
    back_up(reviewed, tmp_path / "reviews.backup")
    Verdicts("calls-1", other).judge("a1", model="m", clip_ids=["9"], verdict="unsure")
    before = words(other)
    with pytest.raises(StorageError, match="would be lost"):
        restore(tmp_path / "reviews.backup", other)
    assert words(other) == before
    restore(tmp_path / "reviews.backup", other, replaces=True)
    assert words(other) == words(reviewed)


def damaged(path, change):
    """Write a backup again with a changed entry."""
    with zipfile.ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in entries.items():
            file.writestr(name, content)


def claim(entries, **values):
    entries["contents.json"] = json.dumps({**json.loads(entries["contents.json"]), **values}).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries.update(
            {"judgements.jsonl": entries["judgements.jsonl"].replace(b"real", b"fake")}
        ),
        lambda entries: entries.update({"judgements.jsonl": b""}),
        lambda entries: entries.pop("views.jsonl", None) or entries.pop("slices.jsonl"),
        lambda entries: entries.pop("contents.json"),
        lambda entries: claim(entries, kind="something else"),
        lambda entries: claim(entries, version="9999"),
        lambda entries: claim(entries, tables=3),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(reviewed, tmp_path, change):
    path = tmp_path / "reviews.backup"
    back_up(reviewed, path)
    damaged(path, change)
    before = words(reviewed)
    with pytest.raises(StorageError):
        restore(path, reviewed, replaces=True)
    assert words(reviewed) == before


def test_a_backup_that_was_cut_off_anywhere_changes_nothing(reviewed, tmp_path):
    path = tmp_path / "reviews.backup"
    back_up(reviewed, path)
    whole, before = path.read_bytes(), words(reviewed)
    for size in range(0, len(whole), max(1, len(whole) // 25)):
        path.write_bytes(whole[:size])
        with pytest.raises(StorageError):
            restore(path, reviewed, replaces=True)
    assert words(reviewed) == before


def test_the_commands_say_what_they_did_and_overwrite_nothing(reviewed, address, tmp_path):
    save_view("calls.csv", "Worst", {"drop": "35"})
    run, backup = CliRunner().invoke, str(tmp_path / "reviews.backup")
    done = run(cli, ["backup", backup])
    assert done.exit_code == 0 and "of 3 tables" in done.output
    assert isinstance(run(cli, ["backup", backup]).exception, StorageError)
    assert isinstance(run(cli, ["restore", backup]).exception, StorageError)
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.sqlite"
    assert "of 3 tables" in run(cli, ["restore", backup, "--database", elsewhere]).output
    assert words(Database(elsewhere)) == words(reviewed)
    assert views_of("calls.csv") == {"Worst": {"drop": "35"}}
    folder = tmp_path / "words"
    assert run(cli, ["export-all", str(folder)]).exit_code == 0
    table = (folder / "calls-1" / "judgements.csv").read_text("utf-8-sig")
    assert "Anna" in table and ",=50" not in table
    import csv

    (row,) = csv.DictReader(table.splitlines(keepends=True))
    assert original(row["note"]) == "=50 Hz\n2"
    assert isinstance(run(cli, ["export-all", str(folder)]).exception, StorageError)
    assert isinstance(run(cli, ["export-all", backup]).exception, StorageError)


@pytest.mark.parametrize("command", ["backup", "export-all"])
def test_reviews_that_there_are_not_are_said_to_be_missing(command, monkeypatch, tmp_path):
    """Of another account, say: a backup with nothing in it would be believed to be one."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    for options in ([], ["--database", f"sqlite:///{tmp_path}/none.sqlite"]):
        done = CliRunner().invoke(cli, [command, str(tmp_path / "made"), *options])
        assert isinstance(done.exception, StorageError) and "no reviews" in str(done.exception)
    assert not (tmp_path / "made").exists() and not (tmp_path / "none.sqlite").exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_backup_is_its_users_alone(reviewed, tmp_path):
    tmp_path.chmod(0o755)
    back_up(reviewed, tmp_path / "reviews.backup")
    assert stat.S_IMODE((tmp_path / "reviews.backup").stat().st_mode) == 0o600


def test_a_backup_that_is_missing_is_named(reviewed, tmp_path):
    with pytest.raises(StorageError, match=r"There is no file .*gone"):
        restore(tmp_path / "gone.backup", reviewed)
