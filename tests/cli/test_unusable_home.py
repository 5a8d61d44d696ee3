"""A home that can't be made ends every command with a sentence, before the long work."""

import errno
import os
import sqlite3
import sys

import pytest
from command import run

from slicecore.cli.commands import main


@pytest.mark.parametrize("command", ["scan", "embed", "run", "cache"])
def test_a_home_that_can_not_be_made_is_a_sentence(make_data, tmp_path, monkeypatch, capsys, command):
    table = make_data(3).path
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: pytest.fail("The server was started."))
    monkeypatch.setattr(sys, "argv", ["slicecore", command, *([] if command == "cache" else [str(table)])])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "Set SLICECORE_HOME to a folder you can write to." in capsys.readouterr().err


def no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    return tmp_path / "file"


def loop(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path / "loop"


@pytest.mark.parametrize(
    "named", [no_folder, loop, lambda _: "/proc/x", lambda _: "~nosuchuser/../../proc/x", lambda _: "a" * 300]
)
def test_a_home_that_nothing_can_be_is_a_sentence(tmp_path, monkeypatch, capsys, named):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLICECORE_HOME", str(named(tmp_path)))
    assert run(monkeypatch, "cache") == 2
    error = capsys.readouterr().err
    assert "Set SLICECORE_HOME to a folder you can write to." in error and error.count("\n") == 1


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_home_that_may_not_be_written_is_a_sentence(tmp_path, monkeypatch, capsys, number):
    def refused(path, *_):
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr("os.mkdir", refused)
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    assert run(monkeypatch, "cache") == 2
    assert "Set SLICECORE_HOME to a folder you can write to." in capsys.readouterr().err


def test_a_cache_that_may_not_be_written_is_a_sentence(tmp_path, monkeypatch, capsys):
    """The folder is there, but on a medium that is read-only now."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "cache").mkdir(parents=True)

    def refused(path, **_):
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr("sqlite3.connect", refused)
    assert run(monkeypatch, "cache") == 2
    assert "Set SLICECORE_HOME to a folder you can write to." in capsys.readouterr().err
