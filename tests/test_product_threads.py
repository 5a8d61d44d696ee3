"""Products on one thread: overlapping users, and what is left when all are gone."""

import numpy as np  # noqa: F401 - its library is the one that is limited
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from slicecore import product_threads
from slicecore.product_threads import one_thread, one_thread_from_now_on


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads():
    with threadpool_limits(2, user_api="blas"):
        yield


def test_the_last_of_several_users_takes_the_limit_back():
    first, second = one_thread(), one_thread()
    assert threads() == {2}
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert threads() == {1}
    second.__exit__(None, None, None)
    assert threads() == {2}


def test_the_limit_ends_with_an_error():
    with pytest.raises(RuntimeError), one_thread():
        assert threads() == {1}
        raise RuntimeError
    assert threads() == {2}


def test_a_server_holds_the_limit_whoever_else_lets_go(monkeypatch):
    limit = product_threads._Limit()
    monkeypatch.setattr(product_threads, "_limit", limit)
    one_thread_from_now_on()
    with one_thread():
        pass
    assert threads() == {1}
    limit.give_back()
    assert threads() == {2}
