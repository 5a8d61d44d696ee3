"""Permissions of what is stored: the home is its user's alone, and what is in a folder is no more open than it."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from slicecore.storage.array_cache import store_arrays
from slicecore.storage.atomic import write_whole, write_whole_folder
from slicecore.storage.clip_store import Store
from slicecore.storage.home import cache_folder, home, home_folder, workspace_folder
from slicecore.storage.outcome import Outcome
from slicecore.storage.permissions import make_file, make_private_folder
from slicecore.storage.verdicts import Change, verdicts_of
from slicecore.storage.verdicts.clip_log import ClipLog

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions.")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The folder that the home will be in, under the umask that most systems have."""
    before = os.umask(0o022)
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    yield tmp_path
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def fill():
    """Write something of each kind into the home; gives the modes of folders and of files, while all are there."""
    with Store(cache_folder()) as store:
        store.keep("model", {b"1" * 32: Outcome(np.ones(3, np.float32))})
        verdicts_of("/data/calls.csv").amend("abc", Change("unsure"), model="m", clip_ids=["1"])
        store_arrays(cache_folder() / "trees" / "tree.npz", {"a": np.ones(3)})
        ClipLog(workspace_folder("/data/calls.csv")).note(["1"], [b""], 1, Path("/data/calls.csv"))
        write_whole(home_folder("uploads") / "12" / "calls.csv", lambda part: part.write_text("a"))
        write_whole_folder(cache_folder() / "models" / "one", lambda part: (part / "a").write_text("a"))
        made = [home(), *(path for path in home().rglob("*") if path.parent.name != "one")]
        assert {"reviews.sqlite", "reviews.sqlite-wal"} < {path.name for path in made}
        return [mode(path) for path in made if path.is_dir()], [mode(path) for path in made if path.is_file()]


def test_files_of_the_home_are_its_users_alone(place):
    folders, files = fill()
    assert set(folders) == {0o700} and set(files) == {0o600}


def test_a_home_from_before_is_closed_but_for_the_folder_that_was_named(place):
    (place / "home" / "workspaces").mkdir(parents=True)
    (place / "home" / "workspaces" / "old.txt").write_text("")
    fill()
    assert mode(place / "home") == 0o755
    assert {mode(path) for path in (place / "home").iterdir()} == {0o700}


def test_a_home_that_a_team_shares_stays_as_the_team_has_set_it_up(place):
    os.umask(0o002)
    (place / "home").mkdir()
    (place / "home").chmod(0o770)
    folders, files = fill()
    assert set(folders) == {0o770} and set(files) == {0o660}


def test_a_file_elsewhere_has_the_permissions_that_files_have_there(place):
    (place / "out").mkdir()
    write_whole(place / "out" / "new" / "slices.csv", lambda part: part.write_text("a"))
    assert mode(place / "out" / "new" / "slices.csv") == 0o644
    assert mode(place / "out" / "new") == 0o755


def test_on_windows_permissions_are_left_as_they_are(place, monkeypatch):
    folder = place / "home" / "cache"
    with monkeypatch.context() as windows:
        windows.setattr(os, "name", "nt")
        windows.delattr(os, "getuid")
        make_private_folder(folder)
        make_file(folder / "a")
        write_whole(folder / "b", lambda part: part.write_text("b"))
    assert (folder / "a").read_text() == "" and (folder / "b").read_text() == "b"
