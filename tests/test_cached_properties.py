"""Cached properties: computed once per object, and of two objects at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from slicecore.cached_properties import cached_property

PATIENCE_S = 20


class Met:
    """An object whose property is there once as many threads compute theirs as the barrier wants."""

    def __init__(self, barrier: threading.Barrier) -> None:
        self.barrier = barrier
        self.times = 0

    @cached_property
    def value(self) -> int:
        """Number that tells how often it was computed."""
        self.barrier.wait(PATIENCE_S)
        self.times += 1
        return self.times


def test_a_property_is_computed_once_and_again_after_it_was_deleted():
    met = Met(threading.Barrier(1))
    assert (met.value, met.value, met.times) == (1, 1, 1)
    del met.value
    assert met.value == 2
    assert Met.value.__doc__ == "Number that tells how often it was computed."


def test_two_objects_do_not_wait_for_each_other():
    barrier = threading.Barrier(2)
    objects = [Met(barrier), Met(barrier)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda each: each.value, objects)) == [1, 1]


def test_what_fails_is_tried_again():
    barrier = threading.Barrier(2)
    barrier.abort()
    met = Met(barrier)
    with pytest.raises(threading.BrokenBarrierError):
        _ = met.value
    met.barrier = threading.Barrier(1)
    assert met.value == 1
