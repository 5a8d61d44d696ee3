"""Long loops over clips let others go first: at every so many clips they ask whoever runs them whether to wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TypeVar

_CLIPS = 1024
"""Some milliseconds of a loop over clips in Python."""

Item = TypeVar("Item")

waits_here: ContextVar[Callable[[], object] | None] = ContextVar("waits_here", default=None)
"""A function that returns when the work of this thread may go on; without one nothing waits."""


def giving_way(items: Iterable[Item]) -> Iterator[Item]:
    """The items as they are; before every so many of them the thread waits as `waits_here` says."""
    wait = waits_here.get()
    if wait is None:
        yield from items
        return
    for number, item in enumerate(items):
        if not number % _CLIPS:
            wait()
        yield item
