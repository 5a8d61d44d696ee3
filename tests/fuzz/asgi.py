"""Requests to an app as a server hands them on, byte by byte: no client makes them better on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

WITHIN_S = 20


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class Caller:
    """Somebody who sends requests to an app, in an event loop that lasts."""

    def __init__(self, app: Any, client: tuple[str, int] = ("127.0.0.1", 50000)) -> None:
        self._app, self._client = app, client
        self._loop = asyncio.new_event_loop()

    def ask(
        self,
        method: str,
        target: bytes,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: Iterable[bytes] = (b"",),
        kind: str = "http",
    ) -> Answer:
        """The answer to a request; raises what the app raises."""
        return self._loop.run_until_complete(
            asyncio.wait_for(self._answer(method, target, list(headers), list(body), kind), WITHIN_S)
        )

    async def _answer(
        self, method: str, target: bytes, headers: list[tuple[bytes, bytes]], body: list[bytes], kind: str
    ) -> Answer:
        raw, _, query = target.partition(b"?")
        named = {name.lower() for name, _ in headers}
        own = [(b"host", b"localhost:8501")] if b"host" not in named else []
        scope = {
            "type": kind,
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http" if kind == "http" else "ws",
            "path": unquote_to_bytes(raw).decode("utf-8", "replace"),  # as uvicorn does
            "raw_path": raw,
            "root_path": "",
            "query_string": query,
            "headers": [*own, *((name.lower(), value) for name, value in headers)],
            "client": self._client,
            "server": ("127.0.0.1", 8501),
            "extensions": {"websocket.http.response": {}},
            "state": {},
        }
        waiting = list(body)
        sent: list[dict[str, Any]] = []
        ended = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if kind == "websocket":
                return {"type": "websocket.connect"}
            if waiting:
                part = waiting.pop(0)
                return {"type": "http.request", "body": part, "more_body": bool(waiting)}
            await ended.wait()  # whoever goes before the answer is whole gets none
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                ended.set()
            if message["type"] == "websocket.accept":
                raise _AcceptedError

        try:
            await self._app(scope, receive, send)
        except _AcceptedError:
            return Answer(101, {}, b"")
        start = next((each for each in sent if each["type"].endswith("response.start")), None)
        if start is None:
            assert kind == "websocket", "no answer"
            return Answer(403, {}, b"")  # closed before it was accepted
        content = b"".join(each.get("body", b"") for each in sent if each["type"].endswith("response.body"))
        kept = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(start["status"], kept, content)


class _AcceptedError(Exception):
    """A websocket was accepted; nobody goes on with it."""
