"""Every kind of thing in the cache is shown, counts for the limit, and can be removed."""

import os
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from slicecore import limits
from slicecore.embedding import embed
from slicecore.errors import SlicecoreError
from slicecore.measurements import measure
from slicecore.pipeline import analyse
from slicecore.storage import cache_admin
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Outcome

KEY = '["{\\"family\\": \\"signal\\", \\"version\\": 1}", 2]'


def filled(folder, count, key=KEY, dimensions=215):
    random = np.random.default_rng(0)
    vectors = random.normal(size=(count, dimensions)).astype(np.float32)
    with Store(folder) as store:
        store.keep(key, {n.to_bytes(16, "big"): Outcome(vector) for n, vector in enumerate(vectors)})


def with_model(cache, size=5000, used=1.0):
    """A converted model in the cache: a folder of files, last used some seconds after 1970."""
    model = cache / "models" / "some--model-abc"
    model.mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"x" * size)
    (model / "config.json").write_bytes(b"{}")
    os.utime(model, (used, used))
    return model


def test_results_of_models_whose_names_are_lost_can_be_removed(tmp_path):
    filled(tmp_path, 3)
    with closing(sqlite3.connect(tmp_path / "embeddings-3.sqlite")) as connection, connection:
        connection.execute("DELETE FROM models")
    filled(tmp_path, 2, KEY.replace("signal", "speaker"))
    assert [(each.name, each.entries) for each in cache_admin.contents(tmp_path)] == [
        ("unknown", 3),
        ("speaker", 2),
    ]
    (removed,) = cache_admin.clear(tmp_path, "unknown")
    assert removed.entries == 3
    assert [each.name for each in cache_admin.contents(tmp_path)] == ["speaker"]


def test_the_cache_is_shown_limited_and_cleared_by_model(tmp_path):
    filled(tmp_path, 100)
    filled(
        tmp_path,
        10,
        key='["{\\"family\\": \\"huggingface\\", \\"name\\": \\"a/b\\", \\"revision\\": \\"abc\\"}", 2]',
    )
    (tmp_path / "trees").mkdir()
    (tmp_path / "trees" / "t.npz").write_bytes(b"x" * 5000)
    held = {entry.name: (entry.entries, entry.bytes) for entry in cache_admin.contents(tmp_path)}
    assert held == {"signal": (100, 86000), "huggingface a/b abc": (10, 8600), "trees": (1, 5000)}
    with pytest.raises(SlicecoreError, match="“huggingface a/b abc”"):
        cache_admin.clear(tmp_path, "a/c")
    cache_admin.clear(tmp_path, "a/b")
    assert [entry.name for entry in cache_admin.contents(tmp_path)] == ["signal", "trees"]
    assert cache_admin.prune(tmp_path, 60_000)[0] == 1
    assert 0 < cache_admin.contents(tmp_path)[0].entries < 100
    cache_admin.clear(tmp_path)
    assert cache_admin.contents(tmp_path) == []


def test_the_limit_of_the_environment_holds_after_a_run(make_data, cache, monkeypatch):
    data = make_data(120, seconds=0.05)
    assert embed(data, cache=cache).valid.all()
    size = sum(entry.bytes for entry in cache_admin.contents(cache))
    monkeypatch.setenv(limits.CACHE.variable, f"{size // 2}")
    assert embed(data, cache=cache).valid.all()
    assert sum(entry.bytes for entry in cache_admin.contents(cache)) <= size // 2


def test_models_and_precisions_are_shown_and_cleared(cache):
    model = with_model(cache)
    (cache / "precision").mkdir()
    (cache / "precision" / "abc.json").write_text("{}")
    assert {(entry.name, entry.entries, entry.bytes) for entry in cache_admin.contents(cache)} == {
        ("models", 1, 5002),
        ("precision", 1, 2),
    }
    assert [entry.name for entry in cache_admin.clear(cache, "models")] == ["models"]
    assert not model.exists()
    cache_admin.clear(cache)
    assert cache_admin.contents(cache) == []


def test_models_count_for_the_limit_and_go_after_what_is_made_in_a_moment(cache):
    model = with_model(cache, size=500_000)
    (cache / "trees").mkdir()
    (cache / "trees" / "t.npz").write_bytes(b"x" * 300_000)
    assert cache_admin.prune(cache, 600_000) == (1, 0)
    assert model.exists() and not list((cache / "trees").iterdir())
    assert cache_admin.prune(cache, 100_000) == (1, 0)
    assert not model.exists()


@pytest.mark.parametrize("name", CacheFolder)
def test_every_folder_of_the_cache_is_known(cache, name):
    path = name.within(cache) / "file"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert [entry.name for entry in cache_admin.contents(cache)] == [name.value]
    cache_admin.clear(cache)
    assert not path.exists()


def test_nothing_else_lies_in_the_cache_after_a_run(make_data, cache):
    """A folder that `CacheFolder` doesn't have would never be shown, limited or cleared."""
    analyse(make_data(20, seconds=0.1), cache=cache)
    measure(make_data(20, seconds=0.1), cache=cache)
    folders = {path.name for path in cache.iterdir() if path.is_dir()}
    assert {"trees", "maps", "counts"} <= folders <= set(CacheFolder)


def test_a_limit_that_is_no_size_is_an_error_before_the_work(make_data, cache, monkeypatch):
    monkeypatch.setenv(limits.CACHE.variable, "lots")
    with pytest.raises(
        SlicecoreError, match=r"SLICECORE_CACHE_LIMIT=“lots” is no limit. Write it like 500MB"
    ):
        embed(make_data(2), cache=cache)
    assert not list(cache.glob("*.sqlite"))
