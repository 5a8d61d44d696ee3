"""Open tables: one state of each, read once, dropped with all that was computed for it when its file changes."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from slicecore.errors import TableError
from slicecore_app.server.jobs import Jobs
from slicecore_app.server.memo import Memo
from slicecore_app.server.metrics_offered import MetricChoice
from slicecore_app.server.open_table import most_scans
from slicecore_app.server.registry import Published, Registry
from slicecore_app.server.sources import Source

WAIT_S = 10
WER = MetricChoice("wer", "basic")


def write(path, count=2):
    lines = [f"{i}.wav,text {i},text {i}" for i in range(count)]
    path.write_text("\n".join(["audio,sentence,prediction", *lines]))
    return Source(str(path))


def test_a_table_is_read_once_until_its_file_changes(tmp_path):
    source, registry = write(tmp_path / "t.csv"), Registry()
    first = registry.open(source)
    assert registry.open(source) is first
    assert registry.by_token(first.token) is first
    write(tmp_path / "t.csv", 3)
    second = registry.open(source)
    assert second is not first
    assert len(second.data) == 3
    assert registry.by_token(second.token) is second
    (tmp_path / "t.csv").unlink()
    with pytest.raises(TableError):
        registry.open(source)


def test_what_was_computed_for_an_older_state_goes_with_it(tmp_path):
    source, registry, states = write(tmp_path / "t.csv"), Registry(), []
    for count in range(2, 6):
        write(tmp_path / "t.csv", count)
        table = registry.open(source)
        table.scoring.costs("prediction", WER)
        job = table.jobs.start("measure", lambda job: [0] * 1000, KeyError)
        assert job.ended.wait(WAIT_S)
        states.append(weakref.ref(table))
    del table, job
    gc.collect()
    assert [state() is None for state in states] == [True, True, True, False]


def test_work_for_an_older_state_stops_and_starts_again_only_when_files_are_checked_again(tmp_path):
    source, registry = write(tmp_path / "t.csv"), Registry()
    table = registry.open(source)
    job = table.jobs.start("measure", lambda job: job.cancel.wait(WAIT_S), KeyError)
    again = registry.reopen(table)
    assert again is not table
    assert registry.open(source) is again
    assert job.ended.wait(WAIT_S)
    assert job.cancel.is_set()


def test_a_file_that_changes_while_it_is_read_anew_is_read_once_more(tmp_path, monkeypatch):
    source, registry = write(tmp_path / "t.csv"), Registry()
    table, read = registry.open(source), Source.read

    def overtaken(self):
        data = read(self)
        write(tmp_path / "t.csv", 5)
        return data

    monkeypatch.setattr(Source, "read", overtaken)
    registry.reopen(table)
    monkeypatch.undo()
    assert len(registry.open(source).data) == 5


def test_tables_that_nobody_looked_at_for_long_go_first_but_none_that_works(tmp_path):
    registry = Registry(most=2)
    sources = [write(tmp_path / f"{i}.csv", i + 2) for i in range(4)]
    working = registry.open(sources[0])
    job = working.jobs.start("measure", lambda job: job.cancel.wait(WAIT_S), KeyError)
    tables = [registry.open(source) for source in sources[1:]]
    assert registry.by_token(working.token) is working
    assert registry.by_token(tables[0].token) is None
    assert registry.by_token(tables[-1].token) is tables[-1]
    job.cancel.set()
    assert job.ended.wait(WAIT_S)


def test_a_table_that_works_goes_when_its_last_job_ends_and_never_the_newest(tmp_path):
    registry = Registry(most=1)
    working = registry.open(write(tmp_path / "first.csv"))
    gates = [threading.Event() for _ in range(2)]
    jobs = [
        working.jobs.start(str(i), lambda _, gate=gate: gate.wait(WAIT_S), KeyError)
        for i, gate in enumerate(gates)
    ]
    newest = registry.open(write(tmp_path / "second.csv", 3))
    assert newest.jobs.start("of the newest", lambda job: 1, KeyError).ended.wait(WAIT_S)
    for gate, job in zip(gates, jobs, strict=True):
        assert [registry.by_token(table.token) for table in (working, newest)] == [working, newest]
        gate.set()
        assert job.ended.wait(WAIT_S)
    assert registry.by_token(working.token) is None and registry.by_token(newest.token) is newest
    token, state = working.token, weakref.ref(working)
    assert working.jobs.start("late", lambda job: 1, KeyError).ended.wait(
        WAIT_S
    )  # of a tab that still has it
    assert len(registry) == 1 and registry.by_token(token) is None
    del working, jobs, job
    for thread in threading.enumerate():
        if thread.name.startswith("job "):
            thread.join(WAIT_S)
    gc.collect()
    assert state() is None


def test_jobs_of_a_group_are_bounded_and_running_ones_stay():
    jobs, gate = Jobs({"explained": 2}), threading.Event()
    running = jobs.start("0", lambda job: gate.wait(WAIT_S), KeyError, group="explained")
    for key in "1234":
        assert jobs.start(key, lambda job: 1, KeyError, group="explained").ended.wait(WAIT_S)
    other = jobs.start("other", lambda job: 1, KeyError)
    assert jobs.get("0") is running
    assert [key for key in "1234" if jobs.get(key)] == ["4"]
    assert jobs.get("other") is other
    gate.set()
    assert running.ended.wait(WAIT_S)


def test_a_memo_computes_once_for_all_that_ask_at_the_same_time():
    memo, calls, together = Memo(2), [], threading.Barrier(4)

    def ask(_):
        together.wait(WAIT_S)
        return memo.get("key", lambda: calls.append(1) or len(calls))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {1}
    assert calls == [1]
    assert memo.known("key") == 1
    for key in "ab":
        memo.get(key, lambda: 0)
    assert memo.known("key") is None


def test_a_failed_computation_is_tried_again_unless_its_error_lasts():
    memo = Memo(2, lasting=(ValueError,))

    def failing(error):
        calls.append(error)
        raise error

    for error, count in ((OSError(), 2), (ValueError(), 1)):
        calls = []
        for _ in range(2):
            with pytest.raises(type(error)):
                memo.get(type(error), lambda error=error: failing(error))
        assert len(calls) == count


def test_published_bytes_are_bounded():
    published = Published(most=10)
    tokens = [published.put(bytes([i]) * 4) for i in range(3)]
    assert [published.get(token) is not None for token in tokens] == [False, True, True]
    assert published.put(bytes([2]) * 4) == tokens[2]


@pytest.mark.parametrize(("clips", "scans"), [(0, 128), (500, 128), (100_000, 83), (10**6, 8), (10**8, 4)])
def test_scans_of_large_tables_are_fewer(clips, scans):
    assert most_scans(clips) == scans
