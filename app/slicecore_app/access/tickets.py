"""Tickets: signed cookies of visitors who have shown a token or logged in. Nothing but this server can make one."""

from __future__ import annotations

import secrets
import threading
import time

from itsdangerous import BadData, URLSafeTimedSerializer

from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import home
from slicecore_app.access.visitor import Visitor, visitor_of

_BYTES = 32
_MOST_ENDED = 10_000


class Tickets:
    """The tickets of a server.

    Parameters
    ----------
    key
        What they are signed with. Another one makes those of before worthless.
    seconds
        Time for which a ticket is good.
    """

    def __init__(self, key: str, seconds: float) -> None:
        self.seconds = seconds
        self._signer = URLSafeTimedSerializer(key, salt="slicecore ticket")
        self._ended: dict[str, float] = {}
        self._lock = threading.Lock()

    def new(self, visitor: Visitor) -> str:
        """A ticket for a visitor."""
        return str(self._signer.dumps([secrets.token_urlsafe(9), visitor.header()]))

    def visitor(self, ticket: str) -> Visitor | None:
        """The visitor who has a ticket; None for one that is not ours, too old, or of somebody who has logged out."""
        try:
            number, header = self._signer.loads(ticket, max_age=int(self.seconds))
        except BadData:
            return None
        return None if number in self._ended else visitor_of(header)

    def end(self, ticket: str) -> None:
        """Let a ticket be good for nothing any more."""
        try:
            number, _ = self._signer.loads(ticket, max_age=int(self.seconds))
        except BadData:
            return
        now = time.monotonic()
        with self._lock:
            self._ended = {each: at for each, at in self._ended.items() if now - at < self.seconds}
            while len(self._ended) >= _MOST_ENDED:
                self._ended.pop(next(iter(self._ended)))
            self._ended[number] = now


def home_key() -> str:
    """The key of this home, made when it is first asked for: tickets outlast a restart of the server.

    Raises
    ------
    StorageError
        It can't be read or written.
    """
    path = home() / "access.key"
    try:
        if not path.exists():
            write_whole(path, lambda part: _write_private(part, secrets.token_hex(_BYTES)))
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"The key {path} can't be read or written ({error}). Remove it.") from error
    if len(key) < _BYTES:
        raise StorageError(f"The key {path} is damaged. Remove it; everybody has to log in again then.")
    return key


def _write_private(path, text: str) -> None:  # type: ignore[no-untyped-def]
    path.touch(0o600)
    path.write_text(text, encoding="ascii")
