"""Newest results of a computation by key: computed once, however many threads ask at the same time."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from slicecore_app.server.right_of_way import right_of_way

Value = TypeVar("Value")


_NONE = object()


class Same:
    """A part of a key: an object that is equal to itself alone, or None. The key does not keep it alive."""

    __slots__ = ("_id", "_of")

    def __init__(self, of: object) -> None:
        self._id = id(of)
        self._of: Callable[[], object] = (lambda: _NONE) if of is None else weakref.ref(of)

    def __eq__(self, other: object) -> bool:
        if self is other or not isinstance(other, Same):
            return self is other
        mine = self._of()
        return mine is not None and mine is other._of()  # what is gone is equal to nothing

    def __hash__(self) -> int:
        return self._id


class Memo(Generic[Value]):
    """A memory of results; those that nobody asked for longest go first.

    Parameters
    ----------
    most
        Number of results that are kept.
    drop
        Called with a result that goes.
    lasting
        Errors that are kept like results; after others the next call computes again.
    """

    def __init__(
        self,
        most: int,
        *,
        drop: Callable[[Value], object] | None = None,
        lasting: tuple[type[BaseException], ...] = (),
    ) -> None:
        self._most = most
        self._drop = drop
        self._lasting = lasting
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, Future[Value]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The result under a key; computed where there is none. Raises what the computation raises."""
        with self._lock:
            result = self._results.get(key)
            is_new = result is None
            if result is None:
                result = self._results[key] = Future()
            self._results.move_to_end(key)
            oldest = self._results.popitem(last=False)[1] if len(self._results) > self._most else None
        if oldest is not None and self._drop is not None:
            drop = self._drop
            oldest.add_done_callback(lambda done: done.exception() or drop(done.result()))
        if is_new:
            self._fill(key, result, compute)
        if result.done():
            return result.result()
        with right_of_way.waiting():  # for another thread, which may be background work
            return result.result()

    def known(self, key: Hashable) -> Value | None:
        """The result under a key; None where it is not there yet."""
        with self._lock:
            result = self._results.get(key)
        return result.result() if result is not None and result.done() and not result.exception() else None

    def _fill(self, key: Hashable, result: Future[Value], compute: Callable[[], Value]) -> None:
        try:
            result.set_result(compute())
        except self._lasting as error:
            result.set_exception(error)
        except BaseException as error:
            with self._lock:
                self._results.pop(key, None)
            result.set_exception(error)
            raise
