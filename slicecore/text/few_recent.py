"""Results of columns of texts that are asked for again soon, known by what the texts are, not by the texts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class FewRecent(Generic[Result]):
    """The last few results by their names.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: dict[Hashable, Result] = {}

    def get(self, name: Hashable, make: Callable[[], Result]) -> Result:
        """The result of a name, from `make` where it is not kept any more."""
        result = self._results.pop(name, None)
        if result is None:
            result = make()
        self._results[name] = result
        for oldest in list(self._results)[: -self._most]:
            self._results.pop(oldest, None)  # another thread may have
        return result

    def clear(self) -> None:
        """Forget all."""
        self._results.clear()
