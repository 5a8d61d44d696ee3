"""Large arrays as files without a name, and their memory."""

import errno
import mmap
import os
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from slicecore.mapped_memory import is_mapped, let_go, taken
from slicecore.storage import disk_arrays
from slicecore.storage.array_cache import load_arrays, store_arrays
from slicecore.storage.disk_arrays import on_disk

LARGE = np.arange(5_000_000, dtype=np.float32).reshape(-1, 5)

linux = pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="needs Linux to look at the memory")


def bytes_in_memory(array: np.ndarray) -> int:
    """Bytes of the mapping of an array that this process holds."""
    address = array.ctypes.data
    for mapping in re.split(r"\n(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text()):
        first, last = (int(part, 16) for part in mapping.split()[0].split("-"))
        if first <= address < last:
            return 1024 * int(re.search(r"^Rss: +(\d+) kB", mapping, re.MULTILINE)[1])
    raise AssertionError("no mapping holds the array")


@pytest.mark.parametrize("array", [LARGE, LARGE.T, LARGE[::-1]], ids=["by rows", "by columns", "upside down"])
def test_an_array_is_the_same_on_disk(tmp_path, array):
    moved = on_disk(array, tmp_path / "new")
    assert is_mapped(moved) and not is_mapped(array)
    assert type(moved) is np.ndarray and moved.dtype == array.dtype
    assert np.array_equal(moved, array)
    with pytest.raises(ValueError, match="read-only"):
        moved[0, 0] = 1
    assert os.name == "nt" or not list((tmp_path / "new").iterdir())
    assert on_disk(moved, tmp_path) is moved


def test_small_arrays_stay(tmp_path):
    small = LARGE[:10].copy()
    assert on_disk(small, tmp_path) is small


def test_an_array_stays_in_memory_where_nothing_can_be_written(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").touch()
    assert on_disk(LARGE, tmp_path / "file" / "cache") is LARGE
    assert "stay in memory" in caplog.text
    caplog.clear()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fail(*_):
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(disk_arrays.os, "posix_fallocate", fail, raising=False)
        assert on_disk(LARGE, tmp_path) is LARGE
    assert "No space left" in caplog.text


def test_a_disk_that_is_nearly_full_is_left_to_the_words_of_reviewers(tmp_path, monkeypatch, caplog):
    free = SimpleNamespace(free=LARGE.nbytes + 100_000_000)
    monkeypatch.setattr(disk_arrays.shutil, "disk_usage", lambda _: free)
    assert on_disk(LARGE, tmp_path) is LARGE
    assert "No space left" in caplog.text
    free.free += 1_000_000_000
    assert is_mapped(on_disk(LARGE, tmp_path))


@linux
def test_what_was_looked_at_is_let_go_and_found_again(tmp_path):
    moved = on_disk(LARGE, tmp_path)
    assert moved.sum() == LARGE.sum()
    assert bytes_in_memory(moved) >= LARGE.nbytes
    let_go(moved)
    assert bytes_in_memory(moved) <= mmap.PAGESIZE  # the last one, which is not whole
    assert np.array_equal(moved, LARGE)


@linux
def test_rows_are_taken_without_the_file_in_memory(tmp_path):
    moved, rows = on_disk(LARGE, tmp_path), np.arange(7, len(LARGE), 50)
    assert np.array_equal(taken(moved, rows), LARGE[rows])
    assert bytes_in_memory(moved) < LARGE.nbytes / 4
    assert np.array_equal(taken(LARGE, rows), LARGE[rows])
    assert taken(moved, rows[:0]).shape == (0, 5)


@linux
def test_one_array_of_a_file_is_let_go_and_no_other(tmp_path):
    path = tmp_path / "two.arrays"
    store_arrays(path, {"first": LARGE, "second": LARGE + 1})
    read = load_arrays(path, writable=False)
    assert all(map(np.array_equal, read.values(), (LARGE, LARGE + 1)))
    let_go(read["first"])
    assert LARGE.nbytes <= bytes_in_memory(read["second"]) < 1.1 * LARGE.nbytes
    assert np.array_equal(read["first"], LARGE)


def test_numbers_that_may_be_written_to_are_never_let_go(tmp_path):
    path = tmp_path / "one.arrays"
    store_arrays(path, {"numbers": LARGE})
    written, own = load_arrays(path)["numbers"], LARGE.copy()
    for array in (written, own, own[::2], np.broadcast_to(own[0], (4, 5)), np.zeros((0, 3))):
        if array.flags.writeable and array.size:
            array[0] = -1
        before = array.copy()
        let_go(array)
        assert np.array_equal(array, before)
