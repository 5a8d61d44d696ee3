"""The door that a token opens: in the address of the first visit, in a form, or in a header for programs."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from slicecore_app.access.answers import (
    add_cookie,
    address_here,
    cookie_name,
    onward,
    own_address,
    refusal,
    token_form,
)
from slicecore_app.access.configuration import TOKEN_VARIABLE, Access
from slicecore_app.access.tickets import Tickets
from slicecore_app.access.visitor import SOMEBODY, Visitor

PARAMETER = "token"
_MOST_BYTES = 4096
_BEARER = "bearer "


class ByToken:
    """Let in whoever has the token.

    Parameters
    ----------
    access
        The configuration.
    tickets
        Makes the cookies.
    base
        Path below which the page is, "" for none.
    """

    def __init__(self, access: Access, tickets: Tickets, base: str) -> None:
        self._token = access.token
        self._tickets = tickets
        self._path = f"{base}/"
        self._form = f"{base}/access/token"

    def visitor(self, connection: HTTPConnection) -> Visitor | None:
        """Who makes a request."""
        if _has_bearer(connection, self._token):
            return SOMEBODY
        return self._tickets.visitor(connection.cookies.get(cookie_name(connection), ""))

    async def answer(self, request: Request) -> Response | None:
        """Take a token, in the address or from the form, and give a ticket for it."""
        if request.method == "POST" and request.url.path == self._form:
            given = parse_qs((await _body(request)).decode("utf-8", "replace"))
            to = address_here(given.get("to", [self._path])[0])
            return self._welcome(request, given.get(PARAMETER, [""])[0].strip(), to)
        if request.method in ("GET", "HEAD") and PARAMETER in request.query_params:
            return self._welcome(request, request.query_params[PARAMETER], own_address(request, PARAMETER))
        return None

    def refuse(self, request: Request) -> Response:
        """The page that asks for the token."""
        return self._ask(request, "Open the link that slicecore has printed, or give its token here.")

    def _welcome(self, request: Request, token: str, to: str) -> Response:
        if not _is_same(token, self._token):
            return self._ask(
                request, f"This is not the token. It changes with every start unless {TOKEN_VARIABLE} is set."
            )
        response = onward(request, to)
        ticket, tickets = self._tickets.new(SOMEBODY), self._tickets
        add_cookie(response, request, cookie_name(request), ticket, self._path, tickets.seconds)
        return response

    def _ask(self, request: Request, text: str) -> Response:
        form = token_form(
            self._form, self._path if request.method == "POST" else own_address(request, PARAMETER)
        )
        return refusal(request, 401, "This page asks for a token", text, form)


def _has_bearer(connection: HTTPConnection, token: str) -> bool:
    """True for a request of a program that sends the token in a header."""
    given = connection.headers.get("authorization", "")
    return given.lower().startswith(_BEARER) and _is_same(given[len(_BEARER) :].strip(), token)


def _is_same(given: str, token: str) -> bool:
    """Compare in a time that says nothing about the token; nothing is the same as no token."""
    return bool(token) and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


async def _body(request: Request) -> bytes:
    """Body of a request, cut off."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            break
    return body[:_MOST_BYTES]
