"""The promise for every input: a result or a sentence for people, in bounded time and memory."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from slicecore.errors import SlicecoreError

SECONDS = 20
"""Of processor time, for one input. The largest are some kilobytes; what takes longer does not end in practice."""
PATIENCE = 6
"""Times as many seconds of the clock: what waits for something uses no processor, and others may use this one."""
MEMORY_BYTES = 6 << 30
"""Address space of the process, libraries included."""

Result = TypeVar("Result")


class SlowError(Exception):
    """An input took too long."""


def bound_memory() -> None:
    """Let this process have no more memory: what asks for more is a MemoryError."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


@contextlib.contextmanager
def in_time(seconds: int = SECONDS) -> Iterator[None]:
    """Raise SlowError where the body takes longer than so many seconds of this process; in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise SlowError(f"More than {seconds} s of processor time, or {PATIENCE * seconds} s by the clock")

    clocks = {
        signal.ITIMER_PROF: (signal.SIGPROF, seconds),
        signal.ITIMER_REAL: (signal.SIGALRM, PATIENCE * seconds),
    }
    before = {number: signal.signal(number, stop) for number, _ in clocks.values()}
    try:
        for clock, (_, limit) in clocks.items():
            signal.setitimer(clock, limit)
        yield
    finally:
        for clock in clocks:
            signal.setitimer(clock, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def result_or_sentence(call: Callable[[], Result]) -> Result | None:
    """Result of a call, None where it raises an error for people, whose text is one."""
    try:
        return call()
    except SlicecoreError as error:
        check_sentence(str(error))
        return None


def check_sentence(text: str) -> None:
    """Assert that a text is for people: there, not endless, and not how Python writes things."""
    assert text.strip(), "an error without a text"
    assert len(text) < 4000, f"an error of {len(text)} characters"
    for written in (
        "Traceback",
        "object at 0x",
        "errno",
        "NoneType",
        "unexpected keyword",
        "positional argument",
    ):
        assert written not in text, text
