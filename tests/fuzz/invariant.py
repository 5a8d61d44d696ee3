"""What holds for every input: a result or a sentence for people, in bounded time and memory."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from slicecore.errors import SlicecoreError

SECONDS = 20
"""For one input. The largest are some kilobytes; what takes longer does not end in practice."""
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
    """Raise SlowError where the body takes longer; in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise SlowError(f"More than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


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
