"""Names by which the page may be asked for: a page of another name, which leads to this server, gets nothing.

Without it, whoever owns a name could let it lead here and read the page as one of their own (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from slicecore_app.access.names import is_address

_REFUSAL = "This page does not go by that name. Whoever runs it can add the name: slicecore run --name NAME\n"


class Hosts:
    """Refuse requests for other names than those of the page.

    Parameters
    ----------
    app
        What is asked then.
    names
        Names of the page.
    any_address
        Take every address in numbers as well: no name leads to another server by it.
    """

    def __init__(self, app: ASGIApp, names: Collection[str], any_address: bool) -> None:
        self._app = app
        self._names = {name.lower() for name in names}
        self._any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] in ("http", "websocket") and not self._is_ours(Headers(scope=scope).get("host", "")):
            await PlainTextResponse(_REFUSAL, 400)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self._names or (self._any_address and is_address(name))
