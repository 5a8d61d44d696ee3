"""Proxies in front of the page: what they say of a request is believed where its connection comes from one of them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

THROUGH_PROXY = "slicecore.through_proxy"
"""Entry of a request's scope: True where its connection comes from a known proxy, whatever its headers say."""


class Proxies:
    """Note whether a request comes from a known proxy, and take scheme and address of the visitor from its headers.

    uvicorn itself must believe nobody (`slicecore run` tells it so): it would put another address in the place of that
    of the connection.

    Parameters
    ----------
    app
        What is asked then.
    addresses
        Addresses of the proxies, or of networks of them ("10.0.0.0/8").
    """

    def __init__(self, app: ASGIApp, addresses: Sequence[str]) -> None:
        self._app = app
        self._networks = [ipaddress.ip_network(address) for address in addresses]
        self._believing = ProxyHeadersMiddleware(app, list(addresses))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        address, port = _address(scope.get("client"))
        is_known = address is not None and any(address in network for network in self._networks)
        app = self._believing if is_known else self._app
        scope = {**scope, "client": (str(address), port) if address else None, THROUGH_PROXY: is_known}
        await app(scope, receive, send)  # type: ignore[arg-type]


def _address(
    client: tuple[str, int] | None,
) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address | None, int]:
    """Address and port of a connection; of one over IPv6 that comes from IPv4, the latter."""
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        return None, 0
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address, client[1] if client else 0
