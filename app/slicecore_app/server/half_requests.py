"""Requests that are begun and never ended: their connections are closed after a time, which uvicorn does not do."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN_S = 20.0
"""Seconds that a connection has for the head of its first request."""


def drop_half_requests(seconds: float = HEAD_WITHIN_S) -> None:
    """Close connections on which no whole head of a request has come within some seconds.

    It reaches into uvicorn (tests/server/test_half_requests.py).
    """
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    except ImportError:  # without httptools uvicorn reads requests in another way
        return
    made = HttpToolsProtocol.connection_made

    @functools.wraps(made)
    def connection_made(self: HttpToolsProtocol, transport) -> None:  # type: ignore[no-untyped-def]
        made(self, transport)
        self.loop.call_later(seconds, _drop, self)

    HttpToolsProtocol.connection_made = connection_made  # type: ignore[method-assign]


def _drop(protocol: HttpToolsProtocol) -> None:
    # A connection that has become a websocket is no longer among them.
    if protocol.cycle is None and protocol in protocol.connections:
        protocol.transport.close()
