"""Products on one thread: overlapping users, and what is left when all are gone.

The limit is that of the process, and a job that another test left behind may hold it: each test has its own process.
"""

import subprocess
import sys
import threading

import pytest

from slicecore import product_threads
from slicecore.errors import Cancelled
from slicecore.product_threads import Beside, ended_by, in_threads

PRELUDE = """
import numpy
from threadpoolctl import threadpool_info, threadpool_limits
from slicecore import product_threads
from slicecore.product_threads import one_thread, one_thread_from_now_on

def threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}

threadpool_limits(2, user_api="blas")
"""


def in_a_process_of_its_own(steps: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + steps], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_last_of_several_users_takes_the_limit_back():
    in_a_process_of_its_own("""
first, second = one_thread(), one_thread()
assert threads() == {2}
first.__enter__()
second.__enter__()
first.__exit__(None, None, None)
assert threads() == {1}
second.__exit__(None, None, None)
assert threads() == {2}
""")


def test_the_limit_ends_with_an_error():
    in_a_process_of_its_own("""
try:
    with one_thread():
        assert threads() == {1}
        raise RuntimeError
except RuntimeError:
    assert threads() == {2}
else:
    raise AssertionError
""")


def test_a_server_holds_the_limit_whoever_else_lets_go():
    in_a_process_of_its_own("""
one_thread_from_now_on()
with one_thread():
    pass
assert threads() == {1}
product_threads._limit.give_back()
assert threads() == {2}
""")


def test_parts_that_have_not_begun_are_left_out_after_an_error(monkeypatch):
    monkeypatch.setattr(product_threads, "threads", lambda: 2)
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
