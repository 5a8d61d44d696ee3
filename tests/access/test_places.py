"""Places from which tables and recordings may come: nothing outside is read, by whatever way it is named."""

from __future__ import annotations

import json
import ntpath
import os
import shutil

import pytest

from slicecore.errors import SlicecoreError, TableError
from slicecore_app.access.configuration import Access, use
from slicecore_app.access.places import Places
from slicecore_app.launch import TABLES_VARIABLE
from slicecore_app.pages.table_choice import typed_path
from slicecore_app.server import uploads
from slicecore_app.server.sources import Source, is_allowed, known, recent, remember


@pytest.fixture
def folders(tmp_path):
    """A folder that may be read, and one beside it that may not, with links from each to the other."""
    inside, outside = tmp_path / "calls", tmp_path / "calls-private"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.wav").touch()
    (inside / "link.wav").symlink_to(outside / "a.wav")
    (inside / "linked").symlink_to(outside)
    (outside / "back").symlink_to(inside)
    return inside, outside


@pytest.fixture
def limited(folders, tmp_path, monkeypatch):
    """A page that may read one folder, and was started on a table in another."""
    started = tmp_path / "started"
    started.mkdir()
    shutil.copy(folders[0] / "a.wav", started)
    monkeypatch.setenv(TABLES_VARIABLE, json.dumps([str(table_in(started, "a.wav"))]))
    use(Access("open", folders=(str(folders[0]), "https://data.example.org/calls/")))
    return folders


def table_in(folder, *recordings, name="t.csv"):
    path = folder / name
    rows = (f"{recording},text {i},heard" for i, recording in enumerate(recordings))
    path.write_text("\n".join(["audio,text,pred", *rows]))
    return path


@pytest.mark.parametrize(
    ("path", "is_inside"),
    [
        ("calls", True),
        ("calls/a.wav", True),
        ("calls/not/there.wav", True),
        ("calls-private/back/a.wav", True),
        ("calls-private", False),
        ("calls-private/a.wav", False),
        ("calls/../calls-private/a.wav", False),
        ("calls/link.wav", False),
        ("calls/linked/a.wav", False),
        ("calls/linked/..", False),
        (".", False),
        ("", False),
    ],
)
def test_links_and_dots_lead_nowhere_else(path, is_inside, folders, tmp_path):
    places = Places([folders[0]])
    assert places.have(f"{tmp_path}/{path}") == is_inside
    assert places.have(f"tar://{tmp_path}/{path}?offset=0&size=9") == is_inside
    assert places.have(f"parquet://{tmp_path}/{path}?column=a&row=0") == is_inside
    assert (places.first_outside([folders[0] / "a.wav", None, f"{tmp_path}/{path}"]) is None) == is_inside


def test_on_windows_capitals_make_no_other_place(folders, monkeypatch):
    monkeypatch.setattr(os.path, "normcase", ntpath.normcase)
    places = Places([folders[0]])
    assert places.have(str(folders[0] / "A.WAV").replace("calls", "CALLS"))
    assert not places.have(str(folders[0]).replace("calls", "CALLS") + "-private/a.wav")


@pytest.mark.parametrize(
    ("url", "is_inside"),
    [
        ("https://data.example.org/calls/a.wav", True),
        ("https://data.example.org/calls-private/a.wav", False),
        ("https://data.example.org/calls/../private/a.wav", False),
        ("https://data.example.org/calls/%2e%2e/private/a.wav", False),
        ("https://data.example.org/calls/..\\private", False),
        ("https://data.example.org.evil.org/calls/a.wav", False),
        ("http://data.example.org/calls/a.wav", False),
        ("https://me@data.example.org/calls/a.wav", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("file:///etc/passwd", False),
        ("s3://calls/a.wav", False),
    ],
)
def test_urls_are_those_below_the_ones_that_are_named(url, is_inside):
    assert Places(["https://data.example.org/calls/"]).have(url) == is_inside


def test_tables_and_what_they_name_come_from_the_places_alone(limited):
    inside, outside = limited
    good = table_in(inside, "a.wav")
    assert len(Source(str(good)).read()) == 1
    for path in (table_in(outside, "a.wav"), inside / "linked" / "t.csv"):
        with pytest.raises(TableError, match="none of the places"):
            Source(str(path)).read()
    for recording in (outside / "a.wav", "../calls-private/a.wav", "link.wav", "https://elsewhere.org/a.wav"):
        with pytest.raises(TableError, match="Row 3 names the recording"):
            Source(str(table_in(inside, "a.wav", recording))).read()
    with pytest.raises(TableError, match="none of the places"):
        Source(str(good), folder=str(outside)).read()
    with pytest.raises(TableError, match="none of the places"):
        Source(str(good), prediction_files=(("other", str(outside / "t.csv")),)).read()
    with pytest.raises(TableError, match="none of the places"):
        typed_path(str(outside / "t.csv"))


def test_what_the_command_named_and_what_was_uploaded_may_be_read(limited, tmp_path):
    _, outside = limited
    (started,) = known().values()
    assert len(started.read()) == 1
    upload = uploads.looked_at("t.csv", b"text,pred\na,b\n")
    assert len(Source(str(upload)).read()) == 1
    with pytest.raises(TableError, match="names the recording"):
        Source(str(uploads.looked_at("u.csv", f"audio,text,pred\n{outside}/a.wav,a,b\n".encode()))).read()


def test_tables_of_before_that_are_outside_are_neither_listed_nor_in_an_address(limited):
    inside, outside = limited
    use(Access("open"))
    remember(Source(str(table_in(outside, "a.wav"))))
    remember(Source(str(table_in(inside, "a.wav"))))
    assert len(recent()) == 2 and len(known()) == 3
    use(Access("open", folders=(str(inside),)))
    assert [source.path for source in recent()] == [str(inside / "t.csv")]
    assert str(outside / "t.csv") not in {source.path for source in known().values()}


def test_a_recording_that_becomes_a_link_is_not_played(limited):
    inside, _ = limited
    path = inside / "a.wav"
    assert is_allowed(path)
    os.replace(inside / "link.wav", path)
    assert not is_allowed(path)


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    from slicecore_app.access.checks import checked_folder

    assert checked_folder("s3://calls") == "s3://calls/"
    with pytest.raises(SlicecoreError, match="There is no folder"):
        checked_folder(str(tmp_path / "nowhere"))
