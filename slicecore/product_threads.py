"""Matrix products on one thread, for code that makes many small ones, or makes them in several threads of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import PurePath
from typing import Any


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
