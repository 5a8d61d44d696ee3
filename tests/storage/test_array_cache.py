"""Arrays come from the cache exactly where they were made of the same inputs by the same constants."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from slicecore.storage.array_cache import cached_arrays, load_arrays, store_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder


@dataclass(frozen=True)
class Settings:
    cap: float = 3.0
    sizes: tuple[int, ...] = (1, 2)


class Maker:
    """Makes an array, and counts how often."""

    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return {"numbers": np.arange(3.0), "names": np.array(["a", "b"])}


@pytest.fixture
def make():
    return Maker()


def ask(cache, make, name="numbers 1", texts=(["a", "b"],), arrays=()):
    return cached_arrays(cache, CacheFolder.COUNTS, name, make, texts=texts, arrays=arrays)


def test_the_second_time_they_come_from_disk(cache, make):
    first, second = ask(cache, make), ask(cache, make)
    assert make.calls == 1
    assert all(np.array_equal(first[name], second[name]) for name in ("numbers", "names"))


@pytest.mark.parametrize(
    "other",
    [
        {"name": "numbers 2"},
        {"texts": (["ab", ""],)},
        {"texts": (["a"], ["b"])},
        {"arrays": (np.zeros(2),)},
        {"arrays": (np.zeros(2, np.float32),)},
    ],
)
def test_other_inputs_are_made_anew(cache, make, other):
    ask(cache, make)
    ask(cache, make, **other)
    assert make.calls == 2


def test_other_constants_are_another_version():
    versions = {
        version_of(1),
        version_of(2),
        version_of(1, Settings()),
        version_of(1, replace(Settings(), cap=2.5)),
        version_of(1, Settings(), Settings()),
    }
    assert len(versions) == 5
    assert version_of(1, Settings()) == version_of(1, Settings())


def test_a_damaged_file_is_made_again(cache, make, caplog):
    ask(cache, make)
    (path,) = (cache / "counts").iterdir()
    whole = path.read_bytes()
    for damaged in (b"", b"text", whole[:60], whole[:-40]):
        path.write_bytes(damaged)
        assert np.array_equal(ask(cache, make)["numbers"], np.arange(3.0))
        assert "damaged" in caplog.text
        caplog.clear()
        ask(cache, make)
        assert not caplog.text


def test_every_changed_byte_is_noticed(cache, make):
    ask(cache, make)
    (path,) = (cache / "counts").iterdir()
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        assert load_arrays(path) is None
    path.write_bytes(whole)
    assert load_arrays(path) is not None


def test_arrays_of_others_are_not_taken(cache, make):
    """Those of another entry, and a readable file that this cache did not write."""
    ask(cache, make)
    (path,) = (cache / "counts").iterdir()
    store_arrays(path.with_name(f"other{path.suffix}"), {"numbers": np.zeros(3), "names": np.array(["c"])})
    path.with_name(f"other{path.suffix}").replace(path)
    assert np.array_equal(ask(cache, make)["numbers"], np.arange(3.0))
    with path.open("wb") as file:
        np.savez(file, numbers=np.zeros(3), names=np.array(["c"]))
    assert np.array_equal(ask(cache, make)["numbers"], np.arange(3.0))
    assert make.calls == 3


@given(
    arrays(
        st.sampled_from(["<f8", "<f2", "<i8", "?", "<U3"]),
        array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
        elements=None,
    )
)
def test_arrays_come_back_as_they_were(tmp_path_factory, array):
    path = tmp_path_factory.getbasetemp() / "any.arrays"
    assert store_arrays(path, {"ä": array, "columns first": np.array(array, order="F")})
    for read in load_arrays(path).values():
        assert read.dtype == array.dtype and read.shape == array.shape and read.flags.writeable
        assert read.tobytes() == array.tobytes()


def test_a_folder_that_can_not_be_written_is_a_warning(cache, make, caplog):
    cache.mkdir()
    (cache / "counts").write_text("a file where the folder should be")
    assert np.array_equal(ask(cache, make)["numbers"], np.arange(3.0))
    assert "Nothing can be stored" in caplog.text


def test_large_arrays_are_mapped_and_what_is_written_to_them_stays_in_memory(cache, make, monkeypatch):
    ask(cache, make)
    monkeypatch.setattr("slicecore.storage.checked_file.MAPPED_FROM", 1)
    mapped = ask(cache, make)["numbers"]
    mapped += 1
    assert ask(cache, make)["numbers"].tolist() == [0, 1, 2]
    assert mapped.tolist() == [1, 2, 3]
    assert make.calls == 1
