"""Tickets: signed cookies of visitors who have shown a token or logged in. Nothing but this server can make one."""

from __future__ import annotations

import secrets
import threading

from cachetools import TTLCache
from itsdangerous import BadData, URLSafeTimedSerializer

from slicecore_app.access.visitor import Visitor, visitor_of

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
        self._ended: TTLCache[str, bool] = TTLCache(_MOST_ENDED, seconds)
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
        with self._lock:
            return None if number in self._ended else visitor_of(header)

    def end(self, ticket: str) -> None:
        """Let a ticket be good for nothing any more."""
        try:
            number, _ = self._signer.loads(ticket, max_age=int(self.seconds))
        except BadData:
            return
        with self._lock:
            self._ended[number] = True
