"""A connection on which no request comes is closed; those that are used go on."""

import contextlib
import socket
import threading

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from slicecore_app.server.half_requests import drop_half_requests

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def port(monkeypatch):
    monkeypatch.setattr(HttpToolsProtocol, "connection_made", HttpToolsProtocol.connection_made)
    drop_half_requests(0.3)
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("page"))])
    server = uvicorn.Server(uvicorn.Config(app, http="httptools", log_level="error", lifespan="off"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def test_half_a_request_is_dropped_and_a_connection_in_use_is_not(port):
    with contextlib.ExitStack() as opened:

        def connect(text):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            connection.sendall(text)
            return connection

        used, halves = connect(WHOLE), [connect(WHOLE[:-2]), connect(b"GET / HT"), connect(b"")]
        assert used.recv(4096).endswith(b"page")
        assert [half.recv(4096) for half in halves] == [b"", b"", b""]
        used.sendall(WHOLE)
        assert used.recv(4096).endswith(b"page")
