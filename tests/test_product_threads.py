"""Products on one thread: overlapping users, and what is left when all are gone.

The limit is that of the process, and a job that another test left behind may hold it: each test has its own process.
"""

import subprocess
import sys

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
