from pathlib import Path

import pytest

from slicecore.errors import StorageError
from slicecore.storage.home import cache_folder, home, workspace_folder


def test_home_is_the_named_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "named"))
    assert home() == tmp_path / "named"
    assert cache_folder() == tmp_path / "named" / "cache"
    assert cache_folder().is_dir()


def test_without_a_name_it_lies_in_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("SLICECORE_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home().name == "slicecore"
    assert tmp_path in home().parents


def test_workspaces_are_told_apart_by_place(tmp_path, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    first, second = workspace_folder("/data/a/clips.csv"), workspace_folder("/data/b/clips.csv")
    assert first != second
    assert first.parent == second.parent == tmp_path / "workspaces"
    assert first.name.startswith("clips-")
    assert len(first.name) == len("clips-") + 10
    assert workspace_folder("x y.csv") == workspace_folder(Path.cwd() / "x y.csv")
    assert workspace_folder("x y.csv").is_dir()


def test_a_home_that_can_not_be_made_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "file" / "x"))
    for folder in (home, cache_folder, lambda: workspace_folder("clips.csv")):
        with pytest.raises(StorageError, match="can't be made: Not a directory"):
            folder()
