"""Tables that come back from the cache are those that were read."""

import dataclasses
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import TableWarning
from slicecore.table import cached_table
from slicecore.table.cached_table import read_cached

ROWS = 300


@pytest.fixture(autouse=True)
def every_size(monkeypatch):
    monkeypatch.setattr(cached_table, "LEAST_BYTES", 1)


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "id": [f"clip-{row}" if row else "ünïcode" for row in range(ROWS)],
            "audio": [f"a b/{row}.wav" if row % 7 else "" for row in range(ROWS)],
            "start": [row / 4 for row in range(ROWS)],
            "end": [row / 4 + 1 if row % 5 else None for row in range(ROWS)],
            "sentence": ["so“ it\nis" if row % 3 else "" for row in range(ROWS)],
            "prediction": ["007" if row % 2 else "so it was" for row in range(ROWS)],
            "noise": [row * 0.5 if row % 4 else None for row in range(ROWS)],
            "count": range(ROWS),
            "room": ["hall", None, "attic"] * (ROWS // 3),
        }
    )


def write(table, path):
    {".csv": table.to_csv, ".parquet": table.to_parquet}[path.suffix](path, index=False)
    return path


def assert_same(data, other):
    pd.testing.assert_frame_equal(data.table, other.table)
    assert data.ids.tolist() == other.ids.tolist()
    assert data.ids.dtype == other.ids.dtype
    assert list(data.clips) == list(other.clips)
    assert list(data.numbers) == list(other.numbers)
    for field in ("name", "path", "roles", "metadata", "notes", "reading"):
        assert getattr(data, field) == getattr(other, field), field


def only_entry(cache):
    (entry,) = (cache / "tables").iterdir()
    return entry


@pytest.fixture
def reads(monkeypatch):
    """Paths that were read anew."""
    made = []

    def counted(path, **arguments):
        made.append(path)
        return sc.read(path, **arguments)

    monkeypatch.setattr(cached_table, "read", counted)
    return made


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("without", [[], ["id"], ["start", "end"]])
def test_the_second_time_it_is_the_same(table, tmp_path, reads, ending, without):
    path = write(table.drop(columns=without), tmp_path / f"calls.{ending}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)
        first, second = (read_cached(path, tmp_path / "cache", folder=None) for _ in range(2))
        assert len(reads) == 1
        assert_same(second, first)
        assert_same(second, sc.read(path))


def test_another_content_or_another_way_of_reading_is_another_table(table, tmp_path, reads):
    path, cache = write(table, tmp_path / "calls.csv"), tmp_path / "cache"
    read_cached(path, cache)
    table.loc[3, "prediction"] = "009"
    write(table, path)
    assert read_cached(path, cache).prediction[3] == "009"
    assert read_cached(path, cache, reference="prediction", prediction="sentence").reference[3] == "009"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert (
        read_cached(write(table, elsewhere / "calls.csv"), cache).clips[1].path == elsewhere / "a b" / "1.wav"
    )
    assert len(reads) == 4


def test_a_folder_that_is_named_starts_where_it_is_named(table, tmp_path, reads, monkeypatch):
    path, found = write(table, tmp_path / "calls.csv"), []
    for name in ("here", "there", "here"):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / name)
        found.append(Path(read_cached(path, tmp_path / "cache", folder="sound").clips[1].path).absolute())
    assert found == [tmp_path / name / "sound" / "a b" / "1.wav" for name in ("here", "there", "here")]
    assert len(reads) == 2


def test_a_damaged_entry_is_made_again(table, tmp_path, reads):
    path, cache = write(table, tmp_path / "calls.csv"), tmp_path / "cache"
    first = read_cached(path, cache)
    entry = only_entry(cache)
    content = bytearray(entry.read_bytes())
    content[len(content) // 2] ^= 1
    for damaged in (content, b""):
        entry.unlink()  # the table in hand is mapped from what is there
        entry.write_bytes(damaged)
        assert_same(read_cached(path, cache), first)
    assert_same(read_cached(path, cache), first)
    assert len(reads) == 3


def test_notes_are_said_again(table, tmp_path, reads):
    path = write(
        table.assign(vector=[[1.0, 2.0]] * ROWS, words=[[{"a": 1}]] * ROWS), tmp_path / "calls.parquet"
    )
    for _ in range(2):
        with pytest.warns(TableWarning, match="not read: words"):
            read_cached(path, tmp_path / "cache")


def test_small_files_and_folders_are_read_anew(table, tmp_path, reads, monkeypatch):
    monkeypatch.setattr(cached_table, "LEAST_BYTES", 1 << 20)
    path = write(table, tmp_path / "calls.csv")
    read_cached(path, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_texts_are_not_copied(table, tmp_path):
    path, cache = write(table, tmp_path / "calls.csv"), tmp_path / "cache"
    read_cached(path, cache)
    data = read_cached(path, cache)
    assert not data.ids.flags.owndata
    assert not data.ids.flags.writeable
    assert not data.table["count"].to_numpy().flags.owndata


def test_what_was_read_stays_when_the_entry_goes(table, tmp_path):
    path, cache = write(table, tmp_path / "calls.csv"), tmp_path / "cache"
    first = read_cached(path, cache)
    second = read_cached(path, cache)
    only_entry(cache).unlink()
    assert_same(second, dataclasses.replace(first))
    assert np.array_equal(second.ids, first.ids)
