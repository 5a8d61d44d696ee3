"""`slicecore doctor`: each check in the state that it finds."""

import importlib.metadata
import io
import json
import sys

import pytest
from command import run

from slicecore.doctor import examine


def checks(trial=False):
    return {check.subject: check for check in examine(trial)}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))


def test_an_installation_that_works_has_nothing_broken(monkeypatch, capsys):
    assert run(monkeypatch, "doctor", "--json") == 0
    found = {check["subject"]: check for check in json.loads(capsys.readouterr().out)}
    assert {check["state"] for check in found.values()} <= {"ok", "missing"}
    assert all(check["advice"] for check in found.values() if check["state"] == "missing")
    assert found["trial"]["finding"].startswith("slices in 24 clips, half of them noise: 1,")


def test_a_home_that_is_a_file_is_broken_and_the_other_checks_are_made(tmp_path, monkeypatch, capsys):
    (tmp_path / "home").write_text("")
    assert run(monkeypatch, "doctor", "--no-trial") == 1
    printed = capsys.readouterr().out
    assert "broken   home: " in printed and "sound files: libsndfile" in printed


def test_without_ffmpeg_it_says_what_cannot_be_decoded(monkeypatch):
    monkeypatch.setenv("PATH", "")
    check = checks()["ffmpeg"]
    assert check.state == "missing" and "M4A" in check.finding and "apt install" in check.advice


def test_a_package_outside_its_range_and_one_that_is_not_there_are_named(monkeypatch):
    version = importlib.metadata.version

    def changed(name):
        if name in ("ray", "s3fs"):
            raise importlib.metadata.PackageNotFoundError(name)
        return "0.9" if name == "scipy" else version(name)

    monkeypatch.setattr(importlib.metadata, "version", changed)
    found = checks()
    assert found["packages"].state == "broken"
    assert found["packages"].finding.startswith("scipy 0.9 (>=")
    assert (found["extra ray"].state, found["extra ray"].advice) == (
        "missing",
        "pip install 'slicecore[ray]'",
    )
    assert "s3fs" in found["extra remote"].finding  # what an extra of fsspec adds


def test_a_database_of_reviews_that_does_not_answer_is_broken(tmp_path, monkeypatch):
    assert checks()["reviews"].finding.startswith("of 0 tables in ")
    monkeypatch.setenv("SLICECORE_DATABASE", f"postgresql://anna:secret@/reviews?unix_sock={tmp_path}/none")
    check = checks()["reviews"]
    assert check.state == "broken" and check.advice and "secret" not in check.finding


def test_what_an_old_encoding_does_not_have_is_a_question_mark(monkeypatch):
    """As on Windows, where the output goes into a file or pipe."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp1252", write_through=True))
    monkeypatch.setenv("PATH", "")
    assert run(monkeypatch, "doctor", "--no-trial") == 0
    assert "? Debian: apt install ffmpeg" in written.getvalue().decode("cp1252")


def test_a_limit_that_is_none_is_broken(monkeypatch):
    assert checks()["limits"].state == "ok"
    monkeypatch.setenv("SLICECORE_TABLE_LIMIT", "many")
    assert checks()["limits"].state == "broken" and "“many” is no limit" in checks()["limits"].finding
    monkeypatch.setenv("SLICECORE_TABLE_LIMIT", "4")
    assert checks()["limits"].finding == "set: SLICECORE_TABLE_LIMIT"
