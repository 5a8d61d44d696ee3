"""An issuer of OpenID Connect for tests, on a port of this machine; it can be told to misbehave."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT, SECRET = "slicecore", "a-secret-of-the-client"
PKCE = ("code_challenge", "code_challenge_method")


class Issuer:
    """Knows one person at a time, `person`, and lets everybody in as that one.

    `claims` are put over those of the ID token, `key` signs it, `called` is what the issuer calls itself.
    """

    def __init__(self) -> None:
        self.person: dict[str, object] = {}
        self.claims: dict[str, object] = {}
        self.own_key = self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.algorithm = "RS256"
        self.asked: dict[str, dict[str, str]] = {}
        self.address = self.called = ""
        self.answers_badly = False
        self.refuses_with = ""

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.configuration),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", lambda _: JSONResponse({"keys": [self.own_key.as_dict(private=False)]})),
            ]
        )

    async def configuration(self, _: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.called,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "end_session_endpoint": f"{self.address}/end",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
        )

    async def authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT and asked["nonce"]
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.asked[code] = asked
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        )

    async def token(self, request: Request) -> JSONResponse:
        if self.answers_badly:
            return JSONResponse({"error": "server_error"}, 500)
        if self.refuses_with:
            return JSONResponse({"error": self.refuses_with}, 400)
        form = await request.form()
        asked = self.asked.pop(str(form["code"]), None)
        given = base64.b64decode(request.headers["authorization"].split()[1]).decode()
        proof = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        if not asked or given != f"{CLIENT}:{SECRET}":
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert proof.decode().rstrip("=") == asked["code_challenge"]
        assert form["redirect_uri"] == asked["redirect_uri"]
        now = int(time.time())
        usual = {
            "iss": self.called,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
        }
        claims = {**usual, **self.person, **self.claims}
        token = jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, self.key, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token})


@contextlib.contextmanager
def running_issuer() -> Iterator[Issuer]:
    """An issuer that answers while the context is open."""
    issuer = Issuer()
    server = uvicorn.Server(uvicorn.Config(issuer.app, port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        if not thread.is_alive():
            raise RuntimeError("The issuer did not start.")
    port = server.servers[0].sockets[0].getsockname()[1]
    issuer.address = issuer.called = f"http://127.0.0.1:{port}"
    try:
        yield issuer
    finally:
        server.should_exit = True
        thread.join(10)
