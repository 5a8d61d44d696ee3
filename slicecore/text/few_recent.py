"""Results of columns of texts that are asked for again soon, known by what the texts are, not by the texts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

Result = TypeVar("Result")


class FewRecent(Generic[Result]):
    """The last few results by their names.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._results: LRUCache[Hashable, Result] = LRUCache(most)
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], Result]) -> Result:
        """The result of a name, from `make` where it is not kept any more."""
        with self._lock:
            result = self._results.get(name)
        if result is None:
            result = make()
            with self._lock:
                self._results[name] = result
        return result

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._results.clear()
