"""Long computations in threads: parts of one, one beside another, and an end before their time.

And matrix products on one thread, for code that makes many small ones, or makes them in several threads of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import PurePath
from typing import Any, Generic, TypeVar

from slicecore.errors import Cancelled

Made = TypeVar("Made")

_WORTH_A_THREAD = range(20_000, 2_000_001)


def worth_a_thread(clips: int) -> bool:
    """True if one step of an analysis of so many clips is better done beside another.

    Fewer take no time that counts, and for more it counts that two steps at once take the memory of both.
    """
    return clips in _WORTH_A_THREAD


_ends: ContextVar[tuple[threading.Event, ...]] = ContextVar("_ends", default=())
"""Events of which each ends the computations of this thread."""


class _Limit:
    """The limit of this process, and how many want it now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._limits = ExitStack()

    @contextmanager
    def held(self) -> Iterator[None]:
        self.take()
        try:
            yield
        finally:
            self.give_back()

    def take(self) -> None:
        with self._lock:
            # For each user: there may be libraries by now that were not there before.
            self._limits.enter_context(_of_numpy().limit(limits=1))
            self._users += 1

    def give_back(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                self._limits.close()


_limit = _Limit()


def one_thread() -> AbstractContextManager[None]:
    """Let every product of numpy and scipy run on the thread that asks for it.

    Threads of the BLAS that wait for small products, or for processors that others use, burn more time than they save.
    And on one thread each sum is taken in the same order everywhere. The limit holds for the process; of several users
    that overlap the last takes it back. PyTorch's own libraries are left as they are.
    """
    return _limit.held()


def one_thread_from_now_on() -> None:
    """Hold the limit until the process ends: for a server, which has threads enough with its sessions and jobs."""
    _limit.take()  # not as a context, which Python would end among the last things, when libraries are gone


def _of_numpy() -> Any:
    from threadpoolctl import ThreadpoolController

    controller = ThreadpoolController()
    libraries = [library for library in controller.info() if library["user_api"] == "blas"]
    paths = [library["filepath"] for library in libraries]
    return controller.select(filepath=[path for path in paths if "torch" not in PurePath(path).parts])


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


def in_threads(work: Callable[[int], None], parts: Iterable[int]) -> None:
    """Do parts of a work whose results do not depend on one another; what one raises comes after those at work.

    Parameters
    ----------
    work
        Is given a part. It should let the interpreter go most of the time, as numpy and compiled kernels do.
    parts
        The parts.

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

    if len(todo) < 2 or threads() < 2:
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
