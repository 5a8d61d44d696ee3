import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from slicecore.embedding import embed
from slicecore.embedding.signal import SignalEmbedder
from slicecore.errors import StorageError
from slicecore.per_clip.batches import IN_HAND
from slicecore.storage import clip_store
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Label, Outcome

KEY = '["{\\"family\\": \\"signal\\", \\"version\\": 1}", 2]'


def digest(number):
    return number.to_bytes(16, "big")


def filled(folder, count, key=KEY, dimensions=215):
    """A store with random vectors: what is in it by digest."""
    random = np.random.default_rng(0)
    made = {digest(n): Outcome(random.normal(size=dimensions).astype(np.float32)) for n in range(count)}
    with Store(folder) as store:
        store.keep(key, made)
    return made


def file_in(folder):
    (path,) = folder.glob("*.sqlite")
    return path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system has no fork")
def test_runs_killed_at_random_moments_end_with_the_vectors_of_an_undisturbed_run(
    make_data, cache, tmp_path, record_property
):
    data = make_data(240, seconds=0.1)
    undisturbed = embed(data, cache=tmp_path / "other").vectors
    log, result = tmp_path / "log", tmp_path / "result.npy"
    script = Path(__file__).with_name("killed_runs.py")
    subprocess.run(
        [sys.executable, script, data.path, cache, log, result, "7"],
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert np.array_equal(np.load(result), undisturbed)
    twice = log.stat().st_size - len(data)
    record_property("clips computed twice", twice)
    assert 0 <= twice <= 10 * IN_HAND * SignalEmbedder.batch
    with sqlite3.connect(file_in(cache)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_labels_reasons_and_vectors_come_back(tmp_path):
    made = {
        digest(1): Outcome(np.arange(3, dtype=np.float32), labels=(Label("hum", 0.75), Label("wind", 0.25))),
        digest(2): Outcome(None, "Breaks off"),
    }
    with Store(tmp_path) as store:
        store.keep(KEY, made)
    with Store(tmp_path) as store:
        stored = store.outcomes(KEY, [digest(1), digest(2), digest(3)])
        assert store.outcomes("another", [digest(1)]) == {}
    assert set(stored) == set(made)
    assert np.array_equal(stored[digest(1)].vector, [0, 1, 2])
    assert stored[digest(1)].labels == made[digest(1)].labels
    assert stored[digest(2)].vector is None
    assert stored[digest(2)].reason == "Breaks off"


@pytest.mark.parametrize(
    "column",
    [
        "vector = zeroblob(860)",
        "reason = 'no'",
        "reason = x''",
        "reason = NULL",
        "labels = '[]'",
        "labels = x''",
        "labels = ''",
        "digest = x'00'",
    ],
)
def test_a_damaged_result_is_computed_again(make_data, cache, described, column):
    data = make_data(3)
    first = embed(data, cache=cache)
    with sqlite3.connect(file_in(cache)) as connection:
        connection.execute(f"UPDATE results SET {column} WHERE rowid = 1")
    connection.close()
    assert np.array_equal(embed(data, cache=cache).vectors, first.vectors)
    assert described["clips"] == 4


@pytest.mark.parametrize("nothing", ["x''", "''"])
def test_a_reason_whose_missing_vector_became_an_empty_one_is_not_read(tmp_path, nothing):
    with Store(tmp_path) as store:
        store.keep(KEY, {digest(1): Outcome(None, "Breaks off")})
    with sqlite3.connect(file_in(tmp_path)) as connection:
        connection.execute(f"UPDATE results SET vector = {nothing}")
    connection.close()
    with Store(tmp_path) as store:
        assert store.outcomes(KEY, [digest(1)]) == {}


@pytest.mark.parametrize("others", [10, 1000])
def test_results_of_one_model_are_found_among_those_of_others(tmp_path, read_either_way, monkeypatch, others):
    monkeypatch.setattr(clip_store, "_ROWS_AT_ONCE", 7)
    filled(tmp_path, others, key="another", dimensions=3)
    made = filled(tmp_path, 40)
    wanted = set(list(made)[5:35])
    with Store(tmp_path) as store:
        store.keep(KEY, {digest(7): Outcome(None, "Breaks off")})
        with sqlite3.connect(file_in(tmp_path)) as connection:
            connection.execute(
                "UPDATE results SET vector = x'00' WHERE digest = ? AND length(vector) > 12", [digest(9)]
            )
        connection.close()
        found = store.outcomes(KEY, wanted | {digest(5000)})
        parts = [result.digest for part in store.results(KEY, wanted) for result in part]
    assert found.keys() == wanted - {digest(9)} and found[digest(7)].reason == "Breaks off"
    assert sorted(parts) == sorted(found)
    assert all(np.array_equal(found[key].vector, made[key].vector) for key in found.keys() - {digest(7)})


def test_a_file_that_is_no_database_is_replaced(make_data, cache, described):
    data = make_data(3)
    first = embed(data, cache=cache)
    file_in(cache).write_bytes(b"this is no database" * 100)
    assert np.array_equal(embed(data, cache=cache).vectors, first.vectors)
    assert described["clips"] == 6


@pytest.fixture(params=["by the index", "in their order"])
def read_either_way(request, monkeypatch):
    """Results are read by the index, or as they lie in the file."""
    if request.param == "in their order":
        monkeypatch.setattr(clip_store, "_IN_ORDER_FROM", 1)


@pytest.mark.parametrize("seed", range(12))
def test_a_file_with_damaged_pages_gives_what_can_still_be_read(tmp_path, seed, read_either_way):
    made = filled(tmp_path, 400)
    path = file_in(tmp_path)
    random = np.random.default_rng(seed)
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    for page in random.choice(np.arange(1, pages), 3, replace=False):
        content[page * 4096 : (page + 1) * 4096] = random.bytes(4096)
    path.write_bytes(content)
    with Store(tmp_path) as store:
        readable = store.outcomes(KEY, made)
        for key, outcome in readable.items():
            assert np.array_equal(outcome.vector, made[key].vector)
        assert len(readable) >= 370  # a page holds four results
        store.keep(KEY, made)  # what is missing is stored again
        assert len(store.outcomes(KEY, made)) == 400
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.parametrize("start", [0, 30, 100, 105, 2000])
def test_a_damaged_first_page_costs_no_more_than_the_cache(tmp_path, start):
    made = filled(tmp_path, 50)
    path = file_in(tmp_path)
    content = bytearray(path.read_bytes())
    content[start:4096] = np.random.default_rng(start).bytes(4096 - start)
    path.write_bytes(content)
    with Store(tmp_path) as store:
        for key, outcome in store.outcomes(KEY, made).items():
            assert np.array_equal(outcome.vector, made[key].vector)
        store.keep(KEY, made)
        assert len(store.outcomes(KEY, made)) == 50


def test_a_full_disk_is_an_error_that_names_it(tmp_path):
    filled(tmp_path, 5)
    with Store(tmp_path) as store:
        store._connection.execute("PRAGMA max_page_count = 20")
        with pytest.raises(StorageError, match="Is the disk full"):
            store.keep(KEY, {digest(n): Outcome(np.ones(2000, np.float32)) for n in range(50)})
        assert len(store.outcomes(KEY, [digest(n) for n in range(50)])) == 5


def test_results_that_were_stored_after_the_clock_went_back_outlive_those_before(tmp_path, monkeypatch):
    earlier, later = [digest(n) for n in range(40)], [digest(n) for n in range(40, 80)]
    vector = Outcome(np.ones(215, np.float32))
    with Store(tmp_path) as store:
        monkeypatch.setattr(clip_store.time, "time", lambda: 2e9)
        store.keep(KEY, dict.fromkeys(earlier, vector))
        for moment in (1e9, 1e9 + 1):
            monkeypatch.setattr(clip_store.time, "time", lambda moment=moment: moment)
            store.keep(KEY, dict.fromkeys(later, vector))
        store.prune(store.bytes() // 2)
        assert len(store.outcomes(KEY, later)) > len(store.outcomes(KEY, earlier)) + 20


def test_what_is_used_after_the_clock_went_back_outlives_what_is_not(tmp_path, monkeypatch):
    used, unused = [digest(n) for n in range(40)], [digest(n) for n in range(40, 80)]
    with Store(tmp_path) as store:
        monkeypatch.setattr(clip_store.time, "time", lambda: 2e9)
        store.keep(KEY, dict.fromkeys([*used, *unused], Outcome(np.ones(215, np.float32))))
        monkeypatch.setattr(clip_store.time, "time", lambda: 1e9)
        assert len(store.outcomes(KEY, used)) == 40
        store.prune(store.bytes() // 2)
        assert len(store.outcomes(KEY, used)) > len(store.outcomes(KEY, unused)) + 20


def test_processes_that_find_the_damage_together_end_with_one_good_file(tmp_path):
    made = filled(tmp_path, 300)
    path = file_in(tmp_path)
    stores = [Store(tmp_path) for _ in range(3)]
    for store in stores:
        assert len(store.outcomes(KEY, made)) == 300
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 40 * 4096] = bytes(20 * 4096)
    path.write_bytes(content)
    with ThreadPoolExecutor() as pool:
        fresh = [Store(tmp_path) for _ in range(3)]
        readable = list(pool.map(lambda store: store.outcomes(KEY, made), fresh))
        list(pool.map(lambda store: store.keep(KEY, made), fresh))
    assert all(len(outcomes) < 300 for outcomes in readable)
    for store in [*stores, *fresh]:
        store.__exit__(None, None, None)
    with Store(tmp_path) as store:
        assert len(store.outcomes(KEY, made)) == 300


def test_pruning_keeps_what_was_used_last(tmp_path):
    made = filled(tmp_path, 1000)
    path = file_in(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE results SET used = 1000 + rowid")
    connection.close()
    with Store(tmp_path) as store:
        store.outcomes(KEY, [digest(3)])  # the oldest but two is used again
        before = store.bytes()
        removed = store.prune(before // 2)
        assert store.bytes() <= before // 2
        left = store.outcomes(KEY, made)
    assert 400 <= removed <= 600
    assert len(left) == 1000 - removed
    assert set(left) == {digest(3)} | {digest(n) for n in range(removed + 1, 1000)}
    assert path.stat().st_size <= before * 0.6


def test_what_still_fails_after_a_repair_is_a_sentence(tmp_path, monkeypatch):
    """The repaired file can't be written either: the disk is full, say."""
    made = filled(tmp_path, 5)
    with Store(tmp_path) as store:
        store._connection.execute("DROP TABLE results")
        monkeypatch.setattr(clip_store, "_SCHEMA", "SELECT 1;")
        monkeypatch.setattr(clip_store, "repair", lambda *arguments: None)
        for _ in range(2):
            with pytest.raises(StorageError, match="can't be read or written"):
                store.outcomes(KEY, made)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE recordings; CREATE TABLE recordings (name TEXT)",
        "DROP TABLE results; CREATE TABLE results (model, digest)",
        "DROP TABLE results; CREATE VIEW results AS SELECT 1 AS model",
        "CREATE TRIGGER gone AFTER INSERT ON results BEGIN DELETE FROM results; END",
        "UPDATE recordings SET digest = zeroblob(16)",
        "UPDATE recordings SET path = path || 'x', version = CAST(x'ff' AS TEXT)",
        "UPDATE results SET used = 'then', reason = CAST(x'ff' AS TEXT)",
        "UPDATE models SET key = x'ff'",
    ],
)
def test_other_tables_and_other_content_are_made_anew(make_data, cache, change):
    data = make_data(3)
    first = embed(data, cache=cache)
    with sqlite3.connect(file_in(cache)) as connection:
        connection.executescript(change)
    connection.close()
    for _ in range(2):
        assert np.array_equal(embed(data, cache=cache).vectors, first.vectors)
    with Store(cache) as store:
        assert [size.entries for size in store.sizes()] == [3]


@pytest.mark.parametrize("at", [18, 19, 20, 28, 44, 47, 56, 96])
def test_a_damaged_header_is_no_failure(tmp_path, at):
    """Those that say read-only, another format and a size among them."""
    made = filled(tmp_path, 3)
    content = bytearray(file_in(tmp_path).read_bytes())
    for bit in (1, 4, 128):
        content[at] ^= bit
        file_in(tmp_path).write_bytes(content)
        with Store(tmp_path) as store:
            store.keep(KEY, made)
            assert all(
                np.array_equal(outcome.vector, made[key].vector)
                for key, outcome in store.outcomes(KEY, made).items()
            )
        content = bytearray(file_in(tmp_path).read_bytes())


def test_a_damaged_key_costs_two_computations_at_most(tmp_path):
    made = filled(tmp_path / "whole", 12, dimensions=8)
    with sqlite3.connect(file_in(tmp_path / "whole")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = file_in(tmp_path / "whole").read_bytes()
    keys = sorted(made)[1:]  # the first is all zeros, of which there are many
    places = [at for key in keys for at in range(len(content)) if content.startswith(key, at)]
    assert len(places) >= 2 * len(keys)  # in the rows, and in their index
    for number, place in enumerate(places):
        folder = tmp_path / str(number)
        folder.mkdir()
        damaged = bytearray(content)
        damaged[place] ^= 0x80
        (folder / file_in(tmp_path / "whole").name).write_bytes(damaged)
        for _ in range(2):
            with Store(folder) as store:
                store.keep(KEY, {key: made[key] for key in made.keys() - store.outcomes(KEY, made).keys()})
        with Store(folder) as store:
            assert store.outcomes(KEY, made).keys() == made.keys(), place


def test_a_damaged_lock_is_made_anew(tmp_path):
    made = filled(tmp_path, 3)
    (lock,) = tmp_path.glob("*.lock")
    lock.write_bytes(b"no lock" * 1000)
    with Store(tmp_path) as store:
        assert len(store.outcomes(KEY, made)) == 3
