"""Requests and open pages of the server: counted for whoever watches it, pages no more than the environment allows."""

from __future__ import annotations

import functools
import threading

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slicecore import limits
from slicecore.tallies import add
from slicecore.wording import counted


class _Pages:
    """Number of pages that are connected now."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Take a place for a page; False where there is none."""
        with self._lock:
            is_free = not self.is_full()
            self.count += is_free
            return is_free

    def leave(self) -> None:
        """Give the place of a page back."""
        with self._lock:
            self.count -= 1

    def is_full(self) -> bool:
        """True if there is no place for another page."""
        most = limits.SESSIONS.value()
        return most is not None and self.count >= most


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
        if not is_page:
            full = _is_navigation(scope) and _pages.is_full()
            await (PlainTextResponse(_sentence(), 503) if full else self._app)(scope, receive, answer)
        elif not _pages.enter():
            await PlainTextResponse(_sentence(), 503)(scope, receive, answer)
        else:
            try:
                await self._app(scope, receive, answer)
            finally:
                _pages.leave()


def _is_navigation(scope: Scope) -> bool:
    """True if a browser asks for a page of its window, and not for a file or a frame of one."""
    return Headers(scope=scope).get("sec-fetch-dest") == "document"


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
