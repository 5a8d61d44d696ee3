"""The door of a proxy that has asked who comes: it says so in a header, which counts from its address alone."""

from __future__ import annotations

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from slicecore_app.access.answers import refusal
from slicecore_app.access.configuration import Access, Identity
from slicecore_app.access.proxies import THROUGH_PROXY
from slicecore_app.access.visitor import Visitor


class ByProxy:
    """Let in whom the proxy names, if they have a role.

    Parameters
    ----------
    access
        The configuration.
    identity
        The headers of the proxy.
    """

    def __init__(self, access: Access, identity: Identity) -> None:
        self._roles = access.roles
        self._identity = identity

    def visitor(self, connection: HTTPConnection) -> Visitor | None:
        """Who makes a request."""
        name, groups = self._named(connection)
        role = self._roles.role_of(name, groups) if name else None
        return Visitor(name, role) if role else None

    async def answer(self, request: Request) -> None:
        """Nothing is for the door: the proxy asks."""

    def refuse(self, request: Request) -> Response:
        """Say why."""
        name, _ = self._named(request)
        if name:
            text = f"“{name}” may not open this page. Ask whoever runs it."
            return refusal(request, 403, "You have no role here", text)
        text = "It is opened through the proxy in front of it, which asks who comes."
        return refusal(request, 401, "This page asks for a login", text)

    def _named(self, connection: HTTPConnection) -> tuple[str, list[str]]:
        """Name and groups of a visitor; "" where no proxy of ours names just one."""
        names = connection.headers.getlist(self._identity.user)
        if not connection.scope.get(THROUGH_PROXY) or len(names) != 1:
            return "", []
        listed = connection.headers.getlist(self._identity.groups) if self._identity.groups else []
        groups = (group.strip() for line in listed for group in _text(line).split(","))
        return _text(names[0]).strip(), [group for group in groups if group]


def _text(header: str) -> str:
    """A header as text: proxies write names in UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
