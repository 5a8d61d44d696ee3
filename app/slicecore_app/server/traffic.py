"""Requests and open pages of the server: counted for whoever watches it, pages no more than the environment allows."""

from __future__ import annotations

import functools
import threading
import time
from collections import Counter

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slicecore import limits
from slicecore.tallies import add
from slicecore.wording import counted
from slicecore_app.access.answers import cookie_name

_HELD_S = 20.0
"""Time in which a page that is loaded anew has to be back in its place."""


class _Pages:
    """Number of pages that are connected now, and the places of those that are loaded anew.

    A browser is known by its ticket; "" is one without.
    """

    def __init__(self) -> None:
        self.count = 0
        self._open: Counter[str] = Counter()
        self._held: dict[str, float] = {}
        self._lock = threading.Lock()

    def enter(self, browser: str) -> bool:
        """Take a place for a page; False where there is none."""
        with self._lock:
            is_free = not self.is_full(browser)
            if is_free:
                self.count += 1
                self._open[browser] += 1
                self._held.pop(browser, None)
            return is_free

    def leave(self, browser: str) -> None:
        """Give the place of a page back."""
        with self._lock:
            self.count -= 1
            self._open -= Counter((browser,))

    def hold(self, browser: str) -> bool:
        """Keep the place of a page that is loaded anew, which leaves before it comes back; False if there is none."""
        with self._lock:
            has_one = browser != "" and browser in self._open
            if has_one:
                now = time.monotonic()
                self._held = {other: end for other, end in self._held.items() if end > now}
                self._held[browser] = now + _HELD_S
            return has_one

    def is_full(self, browser: str) -> bool:
        """True if there is no place for another page of a browser."""
        most, now = limits.SESSIONS.value(), time.monotonic()
        held = sum(end > now for other, end in self._held.copy().items() if other != browser)
        return most is not None and self.count + held >= most


_pages = _Pages()
_STREAM = "/_stcore/stream"
"""End of the address at which a page of Streamlit talks to the server."""
_STARTS = ("http.response.start", "websocket.http.response.start")


def open_pages() -> int:
    """Number of pages that are connected now, in all browsers."""
    return _pages.count


class Traffic:
    """Count requests by the class of their answer, and refuse pages beyond the limit with a sentence."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        answer = functools.partial(_send, send)
        is_page = scope["type"] == "websocket" and scope["path"].endswith(_STREAM)
        browser = _browser(scope)
        if not is_page:
            full = (
                _is_navigation(scope)
                and _pages.is_full(browser)
                and not (_is_reload(scope) and _pages.hold(browser))
            )
            await (PlainTextResponse(_sentence(), 503) if full else self._app)(scope, receive, answer)
        elif not _pages.enter(browser):
            await PlainTextResponse(_sentence(), 503)(scope, receive, answer)
        else:
            try:
                await self._app(scope, receive, answer)
            finally:
                _pages.leave(browser)


def _is_navigation(scope: Scope) -> bool:
    """True if a browser asks for a page of its window, and not for a file or a frame of one."""
    return Headers(scope=scope).get("sec-fetch-dest") == "document"


def _is_reload(scope: Scope) -> bool:
    """True if a browser loads a page anew, and not in another tab."""
    return Headers(scope=scope).get("cache-control", "") in ("max-age=0", "no-cache")


def _browser(scope: Scope) -> str:
    connection = HTTPConnection(scope)
    return connection.cookies.get(cookie_name(connection), "")


def _sentence() -> str:
    most = int(limits.SESSIONS.value() or 0)
    return (
        f"This server takes {counted(most, 'page')} at a time, and that many are open. Close one, then load this page "
        f"again; whoever runs the server sets the limit with {limits.SESSIONS.variable}."
    )


async def _send(send: Send, message: Message) -> None:
    if message["type"] in _STARTS:
        add(f"requests_{message['status'] // 100}xx")
    await send(message)
