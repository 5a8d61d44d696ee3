"""Long computations in threads: parts of one, one beside another, and an end before their time."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from slicecore.errors import Cancelled

Made = TypeVar("Made")

SWITCH_INTERVAL_S = 0.0005
"""Seconds for which one thread may keep Python from the others, in programs of our own. Python's default, 5 ms, many
times over is a page that waits for a job, and a processor that rests beside texts that are measured one by one."""

_WORTH_A_THREAD = range(20_000, 2_000_001)


def worth_a_thread(clips: int) -> bool:
    """True if one step of an analysis of so many clips is better done beside another.

    Fewer take no time that counts, and for more it counts that two steps at once take the memory of both.
    """
    return clips in _WORTH_A_THREAD


_ends: ContextVar[tuple[threading.Event, ...]] = ContextVar("_ends", default=())
"""Events of which each ends the computations of this thread."""


def threads() -> int:
    """Number of threads that share a long computation: one for every processor that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on Windows and macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def ended_by(*events: threading.Event | None) -> Iterator[None]:
    """Let `in_threads` raise Cancelled before its next part once one of the events is set."""
    token = _ends.set((*_ends.get(), *(event for event in events if event is not None)))
    try:
        yield
    finally:
        _ends.reset(token)


def in_threads(work: Callable[[int], None], parts: Iterable[int], *, threaded: bool = True) -> None:
    """Do parts of a work whose results do not depend on one another; what one raises comes after those at work.

    Parameters
    ----------
    work
        Is given a part. It should let the interpreter go most of the time, as numpy and compiled kernels do.
    parts
        The parts.
    threaded
        False: all is done in the caller's thread. Small work is done sooner so.

    Raises
    ------
    Cancelled
        An event of `ended_by` was set.
    """
    todo, ends = list(parts), _ends.get()

    def do(part: int) -> None:
        if any(event.is_set() for event in ends):
            raise Cancelled
        work(part)

    if not threaded or len(todo) < 2 or threads() < 2:
        for part in todo:
            do(part)
        return
    with ThreadPoolExecutor(min(len(todo), threads()), thread_name_prefix="parts") as pool:
        try:
            for done in [pool.submit(do, part) for part in todo]:
                done.result()
        except BaseException:  # Ctrl-C as well: what has not begun is not to be waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def in_order(work: Callable[[int], Made], parts: Iterable[int]) -> Iterator[Made]:
    """Results of the parts of a work, in their order; a few are made ahead, on all processors.

    Parameters
    ----------
    work, parts
        As in `in_threads`, whose results are few at a time in memory.
    """
    todo, begun = list(parts), deque[Future[Made]]()
    if len(todo) < 2 or threads() < 2:
        yield from map(work, todo)
        return
    with ThreadPoolExecutor(threads(), thread_name_prefix="parts") as pool:
        try:
            for part in todo:
                begun.append(pool.submit(work, part))
                if len(begun) > threads():
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class Beside(Generic[Made]):
    """A computation in a thread beside the caller's, as a context: where the caller fails, it ends early, too.

    Parameters
    ----------
    compute
        Computes the result. It ends early where it uses `in_threads`.
    cancel
        Another event that ends it.
    threaded
        False: nothing is computed before the result is asked for, and that in the caller's thread. Small work is done
        sooner without a thread.
    """

    def __init__(
        self, compute: Callable[[], Made], cancel: threading.Event | None = None, *, threaded: bool = True
    ) -> None:
        self._compute, self._cancel, self._failed = compute, cancel, threading.Event()
        self._pool: ThreadPoolExecutor | None = None
        if threaded:
            import scipy  # noqa: F401  complete: two threads that import parts of it may each see it half made

            self._pool = ThreadPoolExecutor(1, thread_name_prefix="beside")
            self._made = self._pool.submit(self._run)

    def __enter__(self) -> Beside[Made]:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._failed.set()
        if self._pool is not None:
            self._pool.shutdown()

    def result(self) -> Made:
        """The result, when it is there; raises what the computation raised."""
        return self._run() if self._pool is None else self._made.result()

    def _run(self) -> Made:
        with ended_by(self._failed, self._cancel):
            return self._compute()
