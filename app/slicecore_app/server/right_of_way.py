"""Right of way of pages: background work stands aside at its next step while a page is made.

A reader waits for a page, nobody waits for background work. Beside work that keeps Python's interpreter busy a page of
a million clips takes several times as long.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

LONGEST_S = 1.0
"""Seconds that background work stands aside in a row: pages that never end, or wait for it, must not stop it."""


class RightOfWay:
    """Pages that are being made, and the work that waits for them."""

    def __init__(self) -> None:
        self._pages = 0
        self._since = 0.0
        self._changed = threading.Condition()
        self._mine = threading.local()

    @contextlib.contextmanager
    def page(self) -> Iterator[None]:
        """While a page is made, or a part of one that the browser asks for."""
        self._count(1)
        self._mine.pages = self._own() + 1
        try:
            yield
        finally:
            self._mine.pages -= 1
            self._count(-1)

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """While the page of this thread, if it makes any, waits for background work itself, which then goes on."""
        pages = self._own()
        self._count(-pages)
        try:
            yield
        finally:
            self._count(pages)

    def stand_aside(self) -> None:
        """Wait until no page is being made, or there has been one for `LONGEST_S`."""
        with self._changed:
            left = self._since + LONGEST_S - time.monotonic()
            if self._pages and left > 0:
                self._changed.wait_for(lambda: self._pages == 0, left)

    def _own(self) -> int:
        """Pages that this thread is making: one, or none."""
        return getattr(self._mine, "pages", 0)

    def _count(self, more: int) -> None:
        with self._changed:
            if self._pages == 0 < more:
                self._since = time.monotonic()
            self._pages += more
            if self._pages == 0:
                self._changed.notify_all()


right_of_way = RightOfWay()
"""That of this process."""
