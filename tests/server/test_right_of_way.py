import threading

from slicecore.text.normalisation import normalise
from slicecore_app.server.jobs import Jobs
from slicecore_app.server.right_of_way import right_of_way

WAIT_S = 10


class Stopped(Exception):
    pass


def reporting(jobs):
    """A job that tells when it is about to report, and when it has."""
    before, after = threading.Event(), threading.Event()

    def work(job):
        before.set()
        job.report("step", 1, 2)
        after.set()

    job = jobs.start("key", work, Stopped)
    assert before.wait(WAIT_S)
    return job, after


def test_work_stands_aside_while_a_page_is_made():
    with right_of_way.page():
        job, after = reporting(Jobs())
        assert not after.wait(0.1)
    assert after.wait(WAIT_S)
    assert job.ended.wait(WAIT_S)


def test_work_goes_on_while_the_page_waits_for_it():
    with right_of_way.page():
        job, after = reporting(Jobs())
        job.wait(0.9)
        assert after.is_set()
        assert not reporting(Jobs())[1].wait(0.1)  # the page goes on, and goes first


def test_work_is_not_stopped_by_a_page_without_end(monkeypatch):
    monkeypatch.setattr("slicecore_app.server.right_of_way.LONGEST_S", 0.01)
    with right_of_way.page():
        _, after = reporting(Jobs())
        assert after.wait(WAIT_S)


def test_long_work_is_waited_for_once():
    jobs, release = Jobs(), threading.Event()
    job = jobs.start("key", lambda job: release.wait(WAIT_S), Stopped)
    job.wait_while_new(0.01)
    ended = threading.Event()
    threading.Thread(target=lambda: (job.wait_while_new(0.01), ended.set())).start()
    assert ended.wait(WAIT_S)
    assert job.state == "running"
    release.set()


def test_a_loop_over_clips_stands_aside_too_but_not_time_and_again(monkeypatch):
    monkeypatch.setattr("slicecore_app.server.right_of_way.LONGEST_S", 0.3)
    texts = ["Good morning!"] * 100_000
    jobs, begins = Jobs(), threading.Event()

    def work(job):
        assert begins.wait(WAIT_S)
        return normalise(texts)

    job = jobs.start("key", work, Stopped)
    with right_of_way.page():
        begins.set()
        assert not job.ended.wait(0.2)
        assert job.ended.wait(WAIT_S)
    assert job.result == ["good morning"] * len(texts)
