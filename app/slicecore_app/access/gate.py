"""The gate: every request and every websocket passes it or is refused, whatever answers behind it."""

from __future__ import annotations

from typing import Protocol

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slicecore_app.access.answers import is_followed_link, onward, own_address, refusal
from slicecore_app.access.by_proxy import ByProxy
from slicecore_app.access.by_token import ByToken
from slicecore_app.access.configuration import Access, Login
from slicecore_app.access.key import home_key
from slicecore_app.access.tickets import Tickets
from slicecore_app.access.visitor import HEADER, SOMEBODY, Role, Visitor

PUBLIC = ("/healthz", "/_stcore/health", "/metrics")
"""Paths that everybody may ask: whether the server lives, which says nothing else, and figures, which have a door of
their own (`server/figures.py`)."""
_LEAST = (("/_stcore/upload_file", Role.ADMINISTER),)
"""Beginnings of paths that not every visitor may use."""


class Door(Protocol):
    """One way of showing who one is."""

    def visitor(self, connection: HTTPConnection) -> Visitor | None:
        """Who makes a request; None for somebody unknown."""

    async def answer(self, request: Request) -> ASGIApp | None:
        """The answer to a request that is for the door itself, such as a login; None for all others."""

    def refuse(self, request: Request) -> Response:
        """The answer to somebody unknown."""


class Gate:
    """Let in whom the door knows, and tell what is behind it who that is.

    Parameters
    ----------
    app
        What is behind the gate.
    access
        The configuration.
    base
        Path below which the page is, "" for none.
    """

    def __init__(self, app: ASGIApp, access: Access, base: str = "") -> None:
        self._app = app
        self._base = base
        self._door = door(access, base)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        visitor = self._door.visitor(HTTPConnection(scope))
        answer = await self._answer(scope, receive, visitor)
        if answer is not None:
            await answer(scope, receive, send)
            return
        inside = _with_visitor(scope, visitor)
        if scope["type"] == "websocket":
            await self._app(inside, _while_known(self._door, HTTPConnection(scope), receive, send), send)
        else:
            await self._app(inside, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, visitor: Visitor | None) -> ASGIApp | None:
        """The answer of the gate itself; None for a request that may pass."""
        if scope["type"] == "websocket":
            return None if visitor else Response(status_code=401)
        request = Request(scope, receive)
        path = scope["path"].removeprefix(self._base)
        own = await self._door.answer(request)
        if own is not None:
            return own
        if visitor is not None:
            return None if visitor.role >= _least_role(path) else _not_yours(request)
        if path in PUBLIC and request.method in ("GET", "HEAD"):
            return None
        return (
            onward(request, own_address(request)) if is_followed_link(request) else self._door.refuse(request)
        )


class Open:
    """The door that stands open."""

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """Everybody is somebody."""
        return SOMEBODY

    async def answer(self, request: Request) -> None:
        """Nothing is for the door."""

    def refuse(self, request: Request) -> Response:
        """Refuse nobody."""
        return Response(status_code=403)


def door(access: Access, base: str) -> Door:
    """The door of a configuration. Raises StorageError where it needs a key that can't be kept."""
    if access.mode == "open":
        return Open()
    if access.identity:
        return ByProxy(access, access.identity)
    if access.login:
        return _by_login(access, access.login, base)
    # A token that was chosen is part of the key: another one, and the tickets of the old are worth nothing.
    key = f"{home_key()} {access.token if access.is_given else ''}"
    return ByToken(access, Tickets(key, access.hours * 3600), base)


def _by_login(access: Access, login: Login, base: str) -> Door:
    from slicecore_app.access.by_login import ByLogin  # its packages are those of an extra

    return ByLogin(access, login, home_key(), base)


def _with_visitor(scope: Scope, visitor: Visitor | None) -> Scope:
    name = HEADER.encode()
    headers = [(each, value) for each, value in scope["headers"] if each.lower() != name]
    if visitor is not None:
        headers.append((name, visitor.header().encode()))
    return {**scope, "headers": headers}


def _while_known(door: Door, connection: HTTPConnection, receive: Receive, send: Send) -> Receive:
    """Take messages of a websocket until its visitor is nobody any more: logged out, or with a ticket too old."""

    async def take() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive" or door.visitor(connection):
            return message
        await send({"type": "websocket.close", "code": 1008})
        return {"type": "websocket.disconnect", "code": 1008}

    return take


def _least_role(path: str) -> Role:
    return max((role for start, role in _LEAST if path.startswith(start)), default=Role.LOOK)


def _not_yours(request: Request) -> Response:
    return refusal(
        request, 403, "This is not yours to do", "Ask whoever runs slicecore for the role that it needs."
    )
