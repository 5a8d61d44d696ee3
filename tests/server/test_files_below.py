"""Folders and tables below one folder of the machine."""

import pytest

from slicecore.errors import TableError
from slicecore_app.server.files_below import folder_below


@pytest.fixture
def top(tmp_path):
    (tmp_path / "top" / "calls" / "deep").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").write_text("a")
    for name in ("b.csv", "A.JSONL", ".hidden.csv", "sound.wav"):
        (tmp_path / "top" / "calls" / name).write_text("a")
    return tmp_path / "top"


def listed(top, wanted):
    folder = folder_below(top, wanted, ("csv", "jsonl"))
    return [path.name for path in (*folder.folders, *folder.files)]


def test_folders_and_tables_are_listed_by_name_without_what_is_hidden(top):
    assert listed(top, top) == ["calls"]
    assert listed(top, top / "calls") == ["deep", "A.JSONL", "b.csv"]
    folder = folder_below(top, top / "calls" / "deep", ())
    assert folder.parents == (top, top / "calls", top / "calls" / "deep")


@pytest.mark.parametrize("way", ["..", "calls/../..", "calls/../../outside", "../top/../outside"])
def test_no_way_leads_out_of_the_top_folder(top, way):
    with pytest.raises(TableError, match="not below"):
        folder_below(top, top / way, ("csv",))


def test_links_are_followed_only_to_what_is_inside(top):
    (top / "out").symlink_to(top.parent / "outside")
    (top / "secret.csv").symlink_to(top.parent / "outside" / "secret.csv")
    (top / "within").symlink_to(top / "calls")
    assert listed(top, top) == ["calls", "within"]
    with pytest.raises(TableError, match="not below"):
        folder_below(top, top / "out", ("csv",))
    assert folder_below(top, top / "within", ()).path == top / "calls"


def test_links_that_lead_to_each_other_are_left_out(top):
    (top / "a").symlink_to(top / "b")
    (top / "b").symlink_to(top / "a")
    assert listed(top, top) == ["calls"]
    with pytest.raises(TableError, match="can't be listed"):
        folder_below(top, top / "a", ())


def test_a_folder_that_is_gone_is_named(top):
    with pytest.raises(TableError, match="can't be listed"):
        folder_below(top, top / "gone", ())
