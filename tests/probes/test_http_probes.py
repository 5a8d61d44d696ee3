"""Odd requests to the whole server, byte by byte: none is an error of the server, none gives a file away.

Each line of a table is a probe; they are run in one process, most of them against the app itself.
"""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest
import streamlit as st
import uvicorn
from fuzz.asgi import Caller
from starlette.applications import Starlette
from streamlit.runtime import Runtime

from slicecore_app.access.configuration import Access, use
from slicecore_app.server.half_requests import drop_half_requests
from slicecore_app.server.routes import middleware, routes
from slicecore_app.start import NAVIGATION

SECRETS = (b"root:x:", b"def main", b"from __future__", b"[build-system]", b"SQLite format 3")
"""Beginnings and parts of files of the machine, of the code and of the home."""
UPS = (
    b"../../../../../../etc/passwd",
    b"..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    b"%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    b"%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
    b"..%252f..%252f..%252fetc/passwd",
    b"..\\..\\..\\etc\\passwd",
    b"..%5c..%5c..%5cetc%5cpasswd",
    b"....//....//....//etc/passwd",
    b"..;/..;/etc/passwd",
    b"%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    b"%uff0e%uff0e/etc/passwd",
    b"/etc/passwd",
    b"//etc/passwd",
    b"%2fetc%2fpasswd",
    b"file:///etc/passwd",
    b"x%00/etc/passwd",
    b"../main.py",
    b"../start.py",
    b"../../pyproject.toml",
    b"web%00.py",
)
BASES = (
    b"/",
    b"/static/",
    b"/static/js/",
    b"/component/",
    b"/component/streamlit_aggrid/",
    b"/media/",
    b"/app/static/",
    b"/api/components/",
    b"/api/components/x/",
    b"/api/published/",
    b"/api/clips/x/0/",
    b"/_stcore/",
)
PATHS = (
    b"/",
    b"/healthz",
    b"/metrics",
    b"/api/published/x",
    b"/api/newest/x",
    b"/api/clip/x/0",
    b"/api/clips/x/0/audio",
    b"/api/clips/x/0/picture.png",
    b"/api/clips/x/0/sound.json",
    b"/api/marks/x/0",
    b"/api/components/x/y",
    b"/_stcore/host-config",
)
METHODS = ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X")
ROWS = (b"-1", b"99999999999999999999", b"1.5", b"x", b"%00", b"0x1", b"1e3", b"%D9%A1", b"", b"0/..")
HEADERS = (
    {b"Range": b"bytes=0-"},
    {b"Range": b"bytes=-1"},
    {b"Range": b"bytes=9-1"},
    {b"Range": b"bytes=0-0,1-1," + b"2-2," * 2000},
    {b"Range": b"lines=1"},
    {b"Range": b"\xff"},
    {b"If-None-Match": b'"' + b"a" * 10_000},
    {b"If-Modified-Since": b"yesterday"},
    {b"If-Range": b"\x80"},
    {b"Accept": b"*/*;q=x" * 500},
    {b"Accept-Encoding": b"gzip;q=nan, br;q=1e999"},
    {b"Content-Length": b"-1"},
    {b"Content-Length": b"99999999999999999999"},
    {b"Content-Length": b"x"},
    {b"Transfer-Encoding": b"chunked, identity"},
    {b"Content-Type": b"multipart/form-data"},
    {b"Content-Type": b"application/json; charset=nosuch"},
    {b"Cookie": b"=;;=;\xff=\xfe;" * 300},
    {b"Cookie": b"_streamlit_xsrf=" + b"a" * 5000},
    {b"Authorization": b"Basic \xff"},
    {b"Authorization": b"Bearer"},
    {b"Host": b""},
    {b"Host": b"localhost:port"},
    {b"Host": b"[::1"},
    {b"Host": b"localhost:8501, evil.org"},
    {b"Host": b"evil.org"},
    {b"Origin": b"null"},
    {b"Origin": b"http://localhost:8501.evil.org"},
    {b"Origin": b"\xff"},
    {b"X-Forwarded-For": b"127.0.0.1, " * 1000},
    {b"X-Forwarded-Proto": b"javascript"},
    {b"X-Forwarded-Prefix": b"//evil.org"},
    {b"Forwarded": b"for=127.0.0.1;host=evil.org"},
    {b"X-HTTP-Method-Override": b"DELETE"},
    {b"X-Original-URL": b"/etc/passwd"},
    {b"Upgrade": b"h2c"},
    {b"Expect": b"100-continue"},
    {b"Sec-Fetch-Dest": b"document\x00"},
    {b"X-Long": b"a" * 100_000},
    {b"": b"no name"},
)
QUERIES = (
    b"?",
    b"?a=" + b"b" * 50_000,
    b"?" + b"a=b&" * 2000,
    b"?%00=%00",
    b"?a=%zz",
    b"?a=%ff%fe",
    b"?=&&==",
    b"?find=%F0%9F%98",
    b"?a[]=1&a[0][x]=2",
    b"?\xff",
    b"?next=//evil.org&token=x",
)


@pytest.fixture(scope="module")
def caller():
    use(Access("open"))
    before, Runtime._instance = Runtime._instance, None
    app = st.App(NAVIGATION, routes=routes(), middleware=middleware())
    yield Caller(app._build_starlette_app())
    Runtime._instance = before
    use(None)


def check(answer):
    assert answer.status < 500, answer.status
    assert not any(secret in answer.body for secret in SECRETS)
    assert answer.headers.get("x-content-type-options") == "nosniff" or answer.status == 403
    assert answer.headers.get("location", "/x")[:2] not in ("//", "/\\", "ht")


@pytest.mark.parametrize("base", BASES, ids=repr)
def test_a_path_leads_out_of_no_folder(caller, base):
    for up in UPS:
        check(caller.ask("GET", base + up))


@pytest.mark.parametrize("path", PATHS, ids=repr)
def test_other_methods_are_refused_or_harmless(caller, path):
    for method in METHODS:
        check(caller.ask(method, path, body=[b"x" * 10]))
    if path.startswith(b"/api") and b"/clip/" not in path:
        assert caller.ask("POST", path).status in (403, 404, 405)


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_rows_that_are_none_are_survived(caller, row):
    for kind in (b"audio", b"picture.png", b"sound.json"):
        check(caller.ask("GET", b"/api/clips/x/" + row + b"/" + kind))
    check(caller.ask("POST", b"/api/clip/x/" + row, body=[b"text"]))


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: repr(next(iter(headers.items())))[:50])
def test_headers_of_any_kind_are_survived(caller, headers):
    for path in (b"/", b"/healthz", b"/api/newest/x", b"/api/clips/x/0/audio", b"/static/js/none.js"):
        check(caller.ask("GET", path, headers.items()))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: repr(query)[:30])
def test_queries_of_any_kind_are_survived(caller, query):
    for path in (b"/", b"/data", b"/api/newest/x", b"/healthz"):
        check(caller.ask("GET", path + query))


@pytest.mark.parametrize(
    "origin", [b"null", b"http://evil.org", b"https://localhost:8501", b"http://localhost", b""]
)
def test_the_websocket_takes_no_other_origin(caller, origin):
    answer = caller.ask("GET", b"/_stcore/stream", [(b"Origin", origin)], kind="websocket")
    assert answer.status == 403


# ---------------------------------------------------------------------------------------------------------------
# What only a socket can send: two requests in one, lengths that lie, lines that never end
CRLF = b"\r\n"
HOST = b"Host: localhost" + CRLF
SECOND = b"GET /api/published/second HTTP/1.1" + CRLF + HOST + CRLF
POST = b"POST /api/newest/x HTTP/1.1" + CRLF + HOST
GET = b"GET / HTTP/1.1" + CRLF + HOST
END = CRLF * 2
RAW = (
    POST + b"Content-Length: 5" + CRLF + b"Transfer-Encoding: chunked" + END + b"0" + END + SECOND,
    POST + b"Content-Length: 5" + CRLF + b"Content-Length: 6" + END + b"abcdef",
    POST + b"Content-Length: +5" + END + b"abcde",
    POST + b"Content-Length: 0x5" + END + b"abcde",
    POST + b"Transfer-Encoding: xchunked" + END + b"0" + END,
    POST + b"Transfer-Encoding : chunked" + END + b"0" + END,
    POST + b"Transfer-Encoding: chunked" + END + b"f" * 18 + CRLF,
    POST + b"Transfer-Encoding: chunked" + END + b"5;a=\xff" + CRLF + b"abc",
    b"GET / HTTP/1.1" + END,
    GET + HOST + CRLF,
    b"GET / HTTP/1.1" + CRLF + b"Host: evil.org" + END,
    b"GET http://evil.org/ HTTP/1.1" + CRLF + HOST + CRLF,
    b"GET / HTTP/1.1\nHost: localhost\n\n",
    b"GET / HTTP/9.9" + CRLF + HOST + CRLF,
    b"GET / HTTP/0.9" + END,
    b"GET /\x00 HTTP/1.1" + CRLF + HOST + CRLF,
    b"GET /\xff\xfe HTTP/1.1" + CRLF + HOST + CRLF,
    b"GET /?\xff HTTP/1.1" + CRLF + HOST + CRLF,
    b"GET  /  HTTP/1.1" + CRLF + HOST + CRLF,
    GET + b" folded: x" + END,
    GET + b"a\x00b: x" + END,
    GET + b"X: a\rb" + END,
    GET + b"X: " + b"a" * 200_000 + END,
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1" + CRLF + HOST + CRLF,
    GET + b"".join(b"H%d: x\r\n" % number for number in range(5000)) + CRLF,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(60),
    b"PRI * HTTP/2.0" + END + b"SM" + END,
    b"SSH-2.0-x" + CRLF,
    b"*1\r\n$4\r\nPING\r\n",
    bytes(300),
    CRLF * 100,
)


@pytest.fixture(scope="module")
def port():
    use(Access("open"))
    drop_half_requests(5)
    config = uvicorn.Config(
        Starlette(routes=routes(), middleware=middleware()),
        port=0,
        log_level="critical",
        lifespan="off",
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    use(None)


def sent(port, content):
    """Everything that a connection answers to some bytes, until it is closed or nothing comes for a moment."""
    with socket.create_connection(("127.0.0.1", port), timeout=0.3) as connection:
        got = b""
        with contextlib.suppress(OSError):
            connection.sendall(content)
            while part := connection.recv(1 << 16):
                got += part
    return got


@pytest.mark.parametrize("content", RAW, ids=lambda content: repr(content)[:60])
def test_bytes_of_any_kind_are_no_error_of_the_server_and_no_second_request(port, content):
    got = sent(port, content)
    statuses = [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]
    assert all(status < 500 for status in statuses), statuses
    assert len(statuses) <= 1 or SECOND not in content
    assert b"ready" in sent(port, b"GET /healthz HTTP/1.1" + CRLF + HOST + b"Connection: close" + END)
