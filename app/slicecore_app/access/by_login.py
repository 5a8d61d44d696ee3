"""The door of a login by OpenID Connect: the issuer says who somebody is, the configuration what they may do."""

from __future__ import annotations

import hashlib
import logging
from html import escape
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from slicecore.errors import SlicecoreError
from slicecore_app.access.answers import (
    add_cookie,
    address_here,
    cookie_name,
    is_page_asked_for,
    onward,
    own_address,
    refusal,
)
from slicecore_app.access.configuration import Access, Login
from slicecore_app.access.tickets import Tickets
from slicecore_app.access.visitor import Visitor

_PATIENCE_S = 10.0
_LOGIN_S = 600
"""Time for a login, from the page to the issuer and back."""
_MOST_LOGINS = 3
"""Logins of a browser at once: what is noted of them is in a cookie, which has little room."""
_SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CODES = (
    *("access_denied", "invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "server_error"),
    *("temporarily_unavailable", "unauthorized_client", "unsupported_response_type"),
)
"""Errors of OAuth that an issuer may name; any other word comes from whoever made up an address."""
_OF_THE_CLIENT = ("invalid_client", "unauthorized_client")
_TROUBLE = (AuthlibBaseError, JoseError, httpx2.HTTPError, SlicecoreError, ValueError, KeyError, RuntimeError)
_log = logging.getLogger(__name__)


class ByLogin:
    """Let in whoever logs in at the issuer and has a role.

    Parameters
    ----------
    access
        The configuration.
    login
        The issuer.
    key
        Secret of this server.
    base
        Path below which the page is, "" for none.
    """

    def __init__(self, access: Access, login: Login, key: str, base: str) -> None:
        # Roles are part of the key: who has lost one has to log in again.
        digest = hashlib.sha256(repr((login.issuer, login.client_id, access.roles)).encode()).hexdigest()
        self._tickets = Tickets(f"{key} {digest}", access.hours * 3600)
        self._access, self._login = access, login
        self._base, self._path, self._own = base, f"{base}/", f"{base}/access"
        self._issuer = OAuth().register(
            "issuer",
            client_id=login.client_id,
            client_secret=login.client_secret or None,
            server_metadata_url=f"{login.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": login.scope,
                "code_challenge_method": "S256",
                "timeout": _PATIENCE_S,
                "token_endpoint_auth_method": "client_secret_basic" if login.client_secret else "none",
            },
        )
        self._pages = self._app(key)

    def visitor(self, connection: HTTPConnection) -> Visitor | None:
        """Who makes a request."""
        return self._tickets.visitor(connection.cookies.get(cookie_name(connection), ""))

    async def answer(self, request: Request) -> ASGIApp | None:
        """The pages of the login."""
        return self._pages if request.url.path.startswith(f"{self._own}/") else None

    def refuse(self, request: Request) -> Response:
        """The way to the login for a page; for anything else a refusal."""
        if not is_page_asked_for(request):
            return refusal(request, 401, "This page asks for a login", "Load it anew.")
        return RedirectResponse(f"{self._own}/login?{urlencode({'to': own_address(request)})}", 303)

    def _app(self, key: str) -> ASGIApp:
        routes = [
            Route(f"{self._own}/login", self._go),
            Route(f"{self._own}/back", self._come_back),
            Route(f"{self._own}/logout", self._log_out, methods=["POST"]),
        ]
        session = Middleware(
            SessionMiddleware,
            secret_key=f"{key} login",
            session_cookie="slicecore-login",
            max_age=_LOGIN_S,
            path=self._path,
            same_site="lax",  # it has to come along when the issuer leads back
            https_only=self._access.address.startswith("https://"),
        )
        return Starlette(routes=routes, middleware=[session])

    async def _metadata(self) -> dict[str, Any]:
        """The issuer's description of itself. Raises one of `_TROUBLE`."""
        metadata = await self._issuer.load_server_metadata()
        if metadata.get("issuer") != self._login.issuer:
            raise SlicecoreError(f"the issuer calls itself {metadata.get('issuer')}")
        # It may list "none", or signatures that whoever knows the client's secret can make.
        named = metadata.get("id_token_signing_alg_values_supported") or _SIGNED_BY[:1]
        metadata["id_token_signing_alg_values_supported"] = [name for name in named if name in _SIGNED_BY]
        return metadata

    async def _go(self, request: Request) -> Response:
        while len(request.session) >= _MOST_LOGINS:
            request.session.pop(next(iter(request.session)))
        try:
            await self._metadata()
            request.session["to"] = address_here(request.query_params.get("to", self._path))
            answer = await self._issuer.authorize_redirect(request, f"{self._access.address}/access/back")
        except _TROUBLE as error:
            return self._failed(request, error)
        return answer

    async def _come_back(self, request: Request) -> Response:
        to = request.session.pop("to", self._path)
        try:
            await self._metadata()
            token = await self._issuer.authorize_access_token(request)
            claims = token["userinfo"]
        except _TROUBLE as error:
            return self._failed(request, error)
        name, groups = self._named(claims)
        role = self._access.roles.role_of(name, groups) if name else None
        if role is None:
            who = f"“{name}”" if name else f"A login without a confirmed “{self._login.name_claim}”"
            return refusal(
                request, 403, "You have no role here", f"{who} may not open this page. Ask whoever runs it."
            )
        response = onward(request, to)
        ticket = self._tickets.new(Visitor(name, role))
        add_cookie(response, request, cookie_name(request), ticket, self._path, self._tickets.seconds)
        return response

    def _named(self, claims: dict[str, Any]) -> tuple[str, list[str]]:
        """Name and groups of somebody; "" where the name is an e-mail address that the issuer has not confirmed."""
        claim = self._login.name_claim
        name, groups = claims.get(claim), claims.get(self._login.groups_claim)
        if not isinstance(name, str) or (claim == "email" and claims.get("email_verified") is not True):
            name = ""
        listed = groups if isinstance(groups, list) else [groups]
        return name.strip(), [group for group in listed if isinstance(group, str)]

    async def _log_out(self, request: Request) -> Response:
        self._tickets.end(request.cookies.get(cookie_name(request), ""))
        try:
            end = (await self._metadata()).get("end_session_endpoint")
        except _TROUBLE:
            end = None
        links = [f'<a href="{escape(self._path)}">Log in again</a>']
        if end:
            query = urlencode({"client_id": self._login.client_id})
            links.append(
                f'<a href="{escape(end)}?{escape(query)}">Log out at {escape(self._login.issuer)}, too</a>'
            )
        response = refusal(request, 200, "You are logged out", "Here, that is.", f"<p>{', '.join(links)}</p>")
        add_cookie(response, request, cookie_name(request), "", self._path, 0)
        return response

    def _failed(self, request: Request, error: Exception) -> Response:
        _log.warning(_cause(error))
        again = f'<p><a href="{escape(self._path)}">Try again</a></p>'
        return refusal(request, 403, "The login did not work", _reason(error), again)


def _cause(error: Exception) -> str:
    """Sentence for the log, in words of the code alone: what a visitor or an issuer sends may be about people."""
    if isinstance(error, httpx2.HTTPStatusError):
        why = f"the issuer answers with status {error.response.status_code}"
    elif isinstance(error, httpx2.HTTPError):
        why = f"the issuer can't be reached ({type(error).__name__})"
    elif isinstance(error, SlicecoreError):
        why = "the issuer calls itself by another address than the access file"
    elif isinstance(error, AuthlibBaseError) and error.error in _OF_THE_CLIENT:
        why = f"the issuer refuses client_id or its secret ({error.error})"
    elif isinstance(error, AuthlibBaseError) and error.error in _CODES:
        why = f"the issuer says {error.error}"
    elif _is_of_another_login(error):
        why = "it took too long, or was begun in another browser"
    else:
        why = f"the issuer's answer is not accepted ({type(error).__name__})"
    return f"A login failed: {why}."


def _reason(error: Exception) -> str:
    if isinstance(error, httpx2.HTTPError):
        return "The issuer does not answer as it should. Try again in a moment."
    if _is_of_another_login(error):
        return "It took too long, or was begun in another browser."
    said = str(error).strip(" .:")  # Authlib puts a colon behind an error that nothing is said about
    return f"The issuer's answer is not accepted: {said}."


def _is_of_another_login(error: Exception) -> bool:
    return isinstance(error, AuthlibBaseError) and error.error == "mismatching_state"
