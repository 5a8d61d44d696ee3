"""The wire to a browser: a TCP proxy that counts bytes, compressed as they are, and that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit


class Wire:
    """A proxy before a server; `received` is how many bytes have come from there."""

    def __init__(self, url: str) -> None:
        self.received = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_whole = asyncio.Event()
        self._is_whole.set()
        self._refuses = False
        self._open: set[asyncio.StreamWriter] = set()
        self._server = urlsplit(url)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def serve(self) -> None:
        """Forward every connection until cancelled."""
        self._loop = asyncio.get_running_loop()
        await (await asyncio.start_server(self._connected, sock=self._socket)).serve_forever()

    def cut(self, *, silently: bool) -> None:
        """Let nothing through: silently, so that neither side hears of it, or by ending all connections."""
        self._call(self._cut_silently if silently else self._cut)

    def mend(self) -> None:
        """Let all through again, that of a silent cut first."""
        self._call(self._mend)

    def _call(self, function: Callable[[], None]) -> None:
        if self._loop is None:
            raise RuntimeError("The proxy does not serve yet.")
        self._loop.call_soon_threadsafe(function)

    def _cut_silently(self) -> None:
        self._is_whole.clear()

    def _cut(self) -> None:
        self._refuses = True
        for writer in list(self._open):
            writer.transport.abort()

    def _mend(self) -> None:
        self._refuses = False
        self._is_whole.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        up_reader, up_writer = await asyncio.open_connection(self._server.hostname, self._server.port)
        with contextlib.suppress(asyncio.CancelledError):  # at the end; asyncio would print it
            await asyncio.gather(self._pump(reader, up_writer), self._pump(up_reader, writer, counts=True))

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counts: bool = False
    ) -> None:
        self._open.add(writer)
        with contextlib.suppress(ConnectionError):
            while content := await reader.read(1 << 16):
                await self._is_whole.wait()
                self.received += len(content) if counts else 0
                writer.write(content)
                await writer.drain()
        self._open.discard(writer)
        writer.close()


@contextlib.contextmanager
def wire(url: str) -> Iterator[Wire]:
    """A proxy before the server at `url`, in a thread of its own."""
    proxy = Wire(url)
    loop = asyncio.new_event_loop()
    task = loop.create_task(proxy.serve())
    thread = threading.Thread(target=_run, args=(loop, task), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    left = asyncio.all_tasks(loop)
    for other in left:
        other.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    loop.close()
