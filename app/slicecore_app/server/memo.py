"""Newest results of a computation by key: computed once, however many threads ask at the same time."""

from __future__ import annotations

import math
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
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
    weigh
        Weight of a result.
    most_weight
        Weight that all results may have together; the newest is kept whatever it weighs. Without end by default.
    """

    def __init__(
        self,
        most: int,
        *,
        drop: Callable[[Value], object] | None = None,
        lasting: tuple[type[BaseException], ...] = (),
        weigh: Callable[[Value], int] = lambda _: 0,
        most_weight: float = math.inf,
    ) -> None:
        self._most = most
        self._drop = drop
        self._lasting = lasting
        self._weigh = weigh
        self._most_weight = most_weight
        self._weight = 0
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, Future[Value]] = OrderedDict()
        self._weights: dict[Hashable, int] = {}

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The result under a key; computed where there is none. Raises what the computation raises."""
        with self._lock:
            result = self._results.get(key)
            is_new = result is None
            if result is None:
                result = self._results[key] = Future()
            self._results.move_to_end(key)
            gone = [self._pop_oldest()] if len(self._results) > self._most else []
        self._let_go(gone)
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

    def _pop_oldest(self) -> Future[Value]:
        key, oldest = self._results.popitem(last=False)
        self._weight -= self._weights.pop(key, 0)
        return oldest

    def _let_go(self, gone: Sequence[Future[Value]]) -> None:
        if (drop := self._drop) is not None:
            for result in gone:
                result.add_done_callback(lambda done: done.exception() or drop(done.result()))

    def _put_on_scale(self, key: Hashable, result: Future[Value], weight: int) -> None:
        """Note the weight of a result that is still kept, and let the oldest go where all are too heavy."""
        with self._lock:
            if self._results.get(key) is not result:
                return
            self._weights[key] = weight
            self._weight += weight
            gone = []
            while self._weight > self._most_weight and len(self._results) > 1:
                gone.append(self._pop_oldest())
        self._let_go(gone)

    def _fill(self, key: Hashable, result: Future[Value], compute: Callable[[], Value]) -> None:
        try:
            value = compute()
            result.set_result(value)
        except self._lasting as error:
            result.set_exception(error)
        except BaseException as error:
            with self._lock:
                self._results.pop(key, None)
            result.set_exception(error)
            raise
        else:
            self._put_on_scale(key, result, self._weigh(value))
