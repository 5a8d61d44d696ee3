"""Computations in threads: what is left out once one failed, and what ends with the caller."""

import threading

import pytest

from slicecore import work_threads
from slicecore.errors import Cancelled
from slicecore.work_threads import Beside, ended_by, in_order, in_threads


def test_parts_that_have_not_begun_are_left_out_after_an_error(monkeypatch):
    monkeypatch.setattr(work_threads, "threads", lambda: 2)
    begun, never = [], threading.Event()

    def work(part):
        if part == 0:
            raise KeyboardInterrupt
        begun.append(part)
        never.wait(0.05)

    with pytest.raises(KeyboardInterrupt):
        in_threads(work, range(1000))
    assert len(begun) < 900


def test_parts_that_have_not_begun_are_left_out_once_the_work_is_ended():
    end, done = threading.Event(), []

    def work(part):
        done.append(part)
        if part == 3:
            end.set()

    with ended_by(None, end), pytest.raises(Cancelled):
        in_threads(work, range(1000))
    assert 4 <= len(done) < 900
    in_threads(done.append, [-1])  # outside it ends nothing
    assert done[-1] == -1


@pytest.mark.parametrize("threaded", [True, False])
def test_a_result_that_was_made_beside(threaded):
    here = threading.get_ident()
    with Beside(lambda: threading.get_ident() != here, threaded=threaded) as beside:
        assert beside.result() == threaded


@pytest.mark.parametrize("threaded", [True, False])
def test_an_error_beside_is_raised_where_the_result_is_asked_for(threaded):
    def fail():
        raise ValueError("no table")

    with pytest.raises(ValueError, match="no table"), Beside(fail, threaded=threaded) as beside:
        beside.result()


def test_what_is_beside_ends_with_the_caller_that_fails_or_is_stopped():
    begun, cancel = threading.Event(), threading.Event()

    def endless():
        begun.set()
        while True:
            in_threads(lambda part: None, range(2))

    with pytest.raises(KeyboardInterrupt), Beside(endless):
        begun.wait()
        raise KeyboardInterrupt
    begun.clear()
    with pytest.raises(Cancelled), Beside(endless, cancel) as beside:
        begun.wait()
        cancel.set()
        beside.result()


@pytest.mark.parametrize("processors", [1, 3])
def test_results_come_in_order_and_few_are_ahead(monkeypatch, processors):
    monkeypatch.setattr(work_threads, "threads", lambda: processors)
    begun, asked = [], []

    def work(part):
        begun.append(part)
        return part * 10

    for result in in_order(work, range(20)):
        assert len(begun) <= len(asked) + 1 + processors
        asked.append(result)
    assert asked == [part * 10 for part in range(20)]
    assert list(in_order(work, [])) == []


def test_an_error_in_a_part_comes_in_its_place_and_ends_the_rest(monkeypatch):
    monkeypatch.setattr(work_threads, "threads", lambda: 2)
    begun = []

    def work(part):
        begun.append(part)
        if part == 1:
            raise OSError("full")
        return part

    results = in_order(work, range(50))
    assert next(results) == 0
    with pytest.raises(OSError, match="full"):
        list(results)
    assert len(begun) < 10
