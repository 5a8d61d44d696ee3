"""Options without sense, a full disk and Ctrl-C end with a sentence, or quietly; never with a traceback."""

import errno
import os

import pytest
from command import run

from slicecore.cli import program
from slicecore.storage.atomic import write_together


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--min-support", "inf"], "from 1 on or a share between 0 and 1, not inf"),
        (["--min-support", "1e400"], "from 1 on or a share between 0 and 1, not inf"),
        (["--min-support", "nan"], "not nan"),
        (["--min-drop", "inf"], "from 0 on, not inf"),
        (["--shuffles", "99999999999999"], "from 0 to 1,000,000"),
        (["--embedding", "a" * 300], "can't be the name of a model"),
        (["--embedding", "~nosuchuser/model"], "nosuchuser"),
        (["--embedding", "a" * 300 + ".npy"], "There is no file"),
        (["--engine", "spark"], "There is no engine “spark”. Use one of: local, ray."),
        (
            ["--ray-address", "auto"],
            "A cluster is described, but the clips are worked through on this machine.",
        ),
    ],
)
def test_options_of_a_scan(table, monkeypatch, capsys, options, words):
    assert run(monkeypatch, "scan", table, "--no-explain", "--out", table.parent / "out", *options) == 2
    assert words in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["report", "TABLE", "--out", "x" * 3000], "can't be written (File name too long)"),
        (["apply", "slices.yaml", "TABLE", "--out", "x" * 3000], "can't be written (File name too long)"),
        (["apply", "a\0b", "TABLE"], "No file can have the name"),
    ],
)
def test_names_of_files_that_no_file_system_takes(table, monkeypatch, capsys, command, words):
    monkeypatch.setattr("slicecore.pipeline.find_slices", lambda *_, **__: pytest.fail("It began."))
    assert run(monkeypatch, *(table if each == "TABLE" else each for each in command)) == 2
    assert words in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("port", [-1, 0, 99999])
def test_ports_that_there_are_not(monkeypatch, capsys, port):
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: pytest.fail("The server was started."))
    assert run(monkeypatch, "run", "--port", port) == 2
    error = capsys.readouterr().err
    assert "--port" in error and "than or equal to" in error


def test_a_folder_in_the_place_of_a_result_is_noticed_before_the_work(table, monkeypatch, capsys):
    (table.parent / "out" / "slices.csv").mkdir(parents=True)
    monkeypatch.setattr("slicecore.pipeline.find_slices", lambda *_, **__: pytest.fail("It began."))
    assert run(monkeypatch, "scan", table, "--out", table.parent / "out") == 2
    assert "“slices.csv” in it is a folder" in capsys.readouterr().err


def test_a_full_disk_leaves_the_results_of_before(table, monkeypatch, capsys):
    out = table.parent / "out"
    assert run(monkeypatch, "scan", table, "--no-explain", "--min-support", 3, "--out", out) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    capsys.readouterr()
    monkeypatch.setattr("os.fsync", full)
    assert run(monkeypatch, "scan", table, "--no-explain", "--min-support", 5, "--out", out) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_files_are_written_together_or_not_at_all(tmp_path):
    (tmp_path / "a").write_text("before")
    (tmp_path / "folder").mkdir()

    def fail(part):
        part.write_text("half")
        raise OSError(errno.ENOSPC, "full")

    for last in ({tmp_path / "b": fail}, {tmp_path / "folder": lambda part: part.write_text("x")}):
        with pytest.raises(OSError):
            write_together({tmp_path / "a": lambda part: part.write_text("after"), **last})
        assert (tmp_path / "a").read_text() == "before"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder"]
    write_together({tmp_path / name: lambda part: part.write_text("after") for name in "ab"})
    assert [(tmp_path / name).read_text() for name in "ab"] == ["after", "after"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="This system has no full device")
def test_output_that_can_not_be_written_is_a_sentence(monkeypatch, capsys):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert run(monkeypatch, "cache") == 2
    assert "The output can't be written (No space left on device)" in capsys.readouterr().err


def test_an_interrupt_ends_quietly_from_the_first_import_on(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("slicecore.cli.commands.main", interrupted)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == ""
