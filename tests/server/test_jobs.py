import threading

import pytest

from slicecore.errors import ModelError
from slicecore_app.server.jobs import Jobs

WAIT_S = 10


class Stopped(Exception):
    pass


def test_the_same_work_runs_once_and_its_result_stays():
    jobs, release, calls = Jobs(), threading.Event(), []

    def work(job):
        calls.append(1)
        release.wait(WAIT_S)
        return "result"

    first = jobs.start("key", work, Stopped)
    assert jobs.start("key", work, Stopped) is first
    release.set()
    assert first.ended.wait(WAIT_S)
    assert (first.state, first.result) == ("done", "result")
    assert jobs.start("key", work, Stopped) is first
    assert calls == [1]


def test_cancelled_work_stays_cancelled_until_it_is_forgotten():
    jobs = Jobs()

    def work(job):
        if job.cancel.wait(WAIT_S):
            raise Stopped

    job = jobs.start("key", work, Stopped)
    job.cancel.set()
    assert job.ended.wait(WAIT_S)
    assert job.state == "cancelled"
    assert jobs.start("key", lambda job: 1, Stopped) is job
    jobs.forget("key")
    again = jobs.start("key", lambda job: 1, Stopped)
    assert again.ended.wait(WAIT_S)
    assert again.state == "done"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ModelError("There is no model x."), "There is no model x."),
        (KeyError("inner"), "the terminal shows the details"),
    ],
)
def test_a_failure_is_a_sentence_without_internals(error, sentence):
    def work(job):
        raise error

    job = Jobs().start("key", work, Stopped)
    assert job.ended.wait(WAIT_S)
    assert job.state == "failed"
    assert sentence in job.error
    assert "inner" not in job.error


def test_progress_gives_rate_and_time_left(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("slicecore_app.server.jobs.time.monotonic", lambda: now[0])
    reported = {}

    def work(job):
        for done in range(0, 101, 10):
            job.report("Compute embeddings", done, 200)
            now[0] += 1
        reported["rate"], reported["left"] = job.rate, job.seconds_left
        job.report("Build the cluster tree", 0, 0)
        reported["next"] = job.rate

    job = Jobs().start("key", work, Stopped)
    assert job.ended.wait(WAIT_S)
    assert job.state == "done"
    assert reported["rate"] == pytest.approx(10)
    assert reported["left"] == pytest.approx(10)
    assert reported["next"] is None


def test_batches_further_apart_than_the_window_have_a_speed(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("slicecore_app.server.jobs.time.monotonic", lambda: now[0])
    rates = []

    def work(job):
        for done in range(0, 41, 4):
            job.report("Compute embeddings", done, 40)
            rates.append(job.rate)
            now[0] += 16

    assert Jobs().start("key", work, Stopped).ended.wait(WAIT_S)
    assert rates[0] is None
    assert rates[1:] == pytest.approx([0.25] * 10)


def test_jobs_of_a_group_come_in_the_order_of_their_start():
    jobs = Jobs()
    for group, name in (("a", "signal"), ("b", "signal"), ("a", "speaker")):
        jobs.start(f"{group} {name}", lambda job: 1, Stopped, group=group, name=name)
    assert [job.name for job in jobs.of("a")] == ["signal", "speaker"]
    jobs.forget("a signal")
    assert [job.name for job in jobs.of("a")] == ["speaker"]


def test_what_was_kept_from_an_earlier_run_is_known_of_each_step():
    begun = []

    def work(job):
        for step, done in (("Compute embeddings", 12), ("Compute embeddings", 16), ("Build", 0)):
            job.report(step, done, 40)
            begun.append(job.begun)

    assert Jobs().start("key", work, Stopped).ended.wait(WAIT_S)
    assert begun == [12, 12, 0]
