"""Files of the first page, which come while Python is busy importing: Streamlit's own, and the page that names ours.

Streamlit hands each of its files to several threads in turn, and every hand-over waits for the interpreter: of sixty
files before a page can ask for anything, half a second. And the browser learns of the components when the
script runs, and of the parts of Streamlit that draw when it has run; named in the page, all are there by then.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from slicecore_app.web.components import parts_url

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
AN_HOUR = {"Cache-Control": "public, max-age=3600"}
_END_OF_HEAD = b"</head>"
_DRAWN_FIRST = ("Html", "BidiComponent", "Selectbox", "ComponentInstance")
"""Files of Streamlit that draw the elements of the first page. Where one has another name by now, it comes later."""
_IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_KINDS = {"js": "text/javascript", "css": "text/css", "woff2": "font/woff2"}
_STREAMLIT_FILE = re.compile(r"/static/(js|css|media)/(\w[\w.-]*\.(js|css|woff2))")
_COMPONENT_FILE = re.compile(r"/component/[^/]+/(?:.*\.(?P<hash>[0-9a-f]{8,})\.\w+|.+)")
_LEFT_TO_THE_BROWSER = "public"
"""Streamlit's caching of the files of components: without a time, a browser asks for them at every page."""


class StreamlitFiles:
    """Answer requests for the files of Streamlit's page at once: their names change with their content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._folder = Path(file_util.get_static_dir()) / "static"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        answer = self._answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        name = _STREAMLIT_FILE.fullmatch(scope["path"].removeprefix(base_path()))
        if name is None or "range" in Headers(scope=scope):
            return None
        try:
            content = (self._folder / name[1] / name[2]).read_bytes()
        except OSError:
            return None
        return Response(content, media_type=_KINDS[name[3]], headers=FOREVER)


class ComponentFiles:
    """Let browsers keep the files of AgGrid, 5 MB for every page otherwise, and keep what they compiled of them.

    A name with a hash changes with the content.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        name = (
            _COMPONENT_FILE.fullmatch(scope["path"].removeprefix(base_path()))
            if scope["type"] == "http"
            else None
        )
        if name:
            send = functools.partial(_send_to_keep, send, FOREVER if name["hash"] else AN_HOUR)
        await self._app(scope, receive, send)


async def _send_to_keep(send: Send, caching: dict[str, str], message: Message) -> None:
    if message["type"] == "http.response.start" and message["status"] == 200:
        headers = MutableHeaders(scope=message)
        if headers.get("cache-control") == _LEFT_TO_THE_BROWSER:
            headers.update(caching)
    await send(message)


class NamedFiles:
    """Name in the page what it needs soon, so that the browser loads it while the server is at work."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _may_be_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        # What a browser has of the page is no use where the components are others now.
        kept = [(name, value) for name, value in scope["headers"] if not name.startswith(b"if-")]
        await self._app({**scope, "headers": kept}, receive, _Page(send).send)


def _may_be_page(path: str) -> bool:
    first = path.removeprefix(base_path()).strip("/").partition("/")[0]
    return first not in ("static", "api", "component", "media", "_stcore")


class _Page:
    """An answer that is held back until it is complete, where it is the page."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        body = self._body.replace(_END_OF_HEAD, _links() + _END_OF_HEAD, 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        for name in ("etag", "last-modified"):
            del headers[name]
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


@functools.cache
def _links() -> bytes:
    paths = [parts_url(), *(f"static/js/{name}" for name in _later_files())]
    links = (f'<link rel="modulepreload" fetchpriority="low" href="./{path}">' for path in paths)
    return "".join(links).encode()


def _later_files() -> list[str]:
    """Files with what the page draws first, and all that these import, less those that the page names already.

    Streamlit asks for each when the script has sent an element of its kind.
    """
    folder = Path(file_util.get_static_dir())
    named = (folder / "index.html").read_text(encoding="utf-8")
    waiting = [path.name for kind in _DRAWN_FIRST for path in (folder / "static" / "js").glob(f"{kind}.*.js")]
    files: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in files and name not in named:
            files[name] = None
            waiting += _IMPORTED.findall((folder / "static" / "js" / name).read_text(encoding="utf-8"))
    return list(files)


def base_path() -> str:
    """Path below which the page is, "" for none."""
    below = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{below}" if below else ""
