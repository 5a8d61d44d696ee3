"""Protection of the page in the browser: headers of every answer, and no requests that another page makes."""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slicecore_app.launch import FRAMED_BY_VARIABLE

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FRAMES = "/component/"
"""Part of the addresses of pages that Streamlit shows in a frame: AgGrid's."""
_HTTP = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


class Protection:
    """Send headers that keep other pages out, and refuse what a page of another origin asks for.

    An origin is scheme, host and port: another port of this machine is another page. A request without an origin comes
    from no page, or is one that shows nothing to the page that made it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not _is_own(Headers(scope=scope), scope["scheme"]):
            await Response(status_code=403)(scope, receive, send)
        elif not scope[
            "query_string"
        ].isascii():  # no browser sends one, and much that is behind can't read it
            await Response(status_code=400)(
                scope, receive, functools.partial(_send, send, headers(scope["path"]))
            )
        else:
            await self._app(scope, receive, functools.partial(_send, send, headers(scope["path"])))


async def _send(send: Send, added: dict[str, str], message: Message) -> None:
    if message["type"] in ("http.response.start", "websocket.http.response.start"):
        MutableHeaders(scope=message).update(added)
    await send(message)


def _is_own(headers: Headers, scheme: str) -> bool:
    origin = headers.get("origin")
    own = f"{_HTTP[scheme]}://{headers.get('host', '')}"
    return origin is None or origin.lower() == own.lower()


def headers(path: str) -> dict[str, str]:
    """Headers of the answer at an address."""
    framed_by = os.environ.get(FRAMED_BY_VARIABLE, "")
    return {
        "Content-Security-Policy": _policy(framed_by, in_frame=_FRAMES in path),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        **({} if framed_by else {"X-Frame-Options": "SAMEORIGIN"}),
    }


@functools.cache
def _policy(framed_by: str, *, in_frame: bool) -> str:
    """Policy of a page: everything from this server, nothing from elsewhere.

    Scripts are files of this server, the inline scripts that are known by their hash, and `blob:`, as which Streamlit
    loads the two lines of a component. AgGrid makes functions of text, in its frame only. Styles are inline everywhere.
    """
    scripts = "'unsafe-inline' 'unsafe-eval'" if in_frame else " ".join(("blob:", *_hashes()))
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {scripts}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": f"'self' {framed_by}".strip(),
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _hashes() -> list[str]:
    """Hashes of the inline scripts of Streamlit's page."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = _INLINE_SCRIPT.findall(page)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return [f"'sha256-{digest}'" for digest in digests]
