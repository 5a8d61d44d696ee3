"""Logins by OpenID Connect, at an issuer that runs on this machine, and identities that a proxy names."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from issuer import CLIENT, SECRET, running_issuer
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse

from slicecore_app.access.configuration import Access, Identity, Login, use
from slicecore_app.access.roles import Roles
from slicecore_app.access.visitor import HEADER, Role
from slicecore_app.server.routes import middleware

PAGE = "http://localhost:8501"
BROWSER = {"Accept": "text/html", "Sec-Fetch-Dest": "document"}
ROLES = Roles(
    {Role.LOOK: ("group:guests",), Role.REVIEW: ("group:speech",), Role.ADMINISTER: ("anna@example.org",)}
)
ANNA = {"email": "anna@example.org", "email_verified": True}
BOB = {"email": "bob@example.org", "email_verified": True, "groups": ["guests", "speech"]}


async def _who(request):
    return JSONResponse(request.headers.getlist(HEADER))


async def _stream(websocket):
    await websocket.accept()
    await websocket.send_text(websocket.headers[HEADER])
    await websocket.close()


def visitor(access, client=("127.0.0.1", 5000)):
    use(access)
    routes = [Route("/{path:path}", _who), WebSocketRoute("/_stcore/stream", _stream)]
    app = Starlette(routes=routes, middleware=middleware())
    return TestClient(app, base_url=PAGE, follow_redirects=False, client=client)


@pytest.fixture(scope="module")
def running():
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(running):
    """The issuer as it should be, with Anna before it."""
    running.person, running.claims, running.key, running.algorithm = ANNA, {}, running.own_key, "RS256"
    running.called, running.answers_badly, running.refuses_with = running.address, False, ""
    return running


@pytest.fixture
def access(issuer):
    return Access("login", address=PAGE, login=Login(issuer.address, CLIENT, SECRET), roles=ROLES, hours=8)


@pytest.fixture
def anna(access):
    return visitor(access)


def back_from_issuer(client, path="/data?a=1"):
    """The answer of the page to which the issuer leads back."""
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/access/login?to=")
    there = client.get(answer.headers["location"], headers=BROWSER)
    returned = httpx.get(there.headers["location"])
    cross_site = {**BROWSER, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    return client.get(returned.headers["location"], headers=cross_site)


def test_a_login_leads_to_what_was_asked_for_with_name_and_role(anna, issuer, access):
    answer = back_from_issuer(anna)
    assert answer.status_code == 200 and "url=/data?a=1" in answer.text
    assert anna.get("/data").json() == ['["anna@example.org", "ADMINISTER"]']
    with anna.websocket_connect("ws://localhost:8501/_stcore/stream") as stream:
        assert stream.receive_text() == '["anna@example.org", "ADMINISTER"]'
    issuer.person = BOB
    bob = visitor(access)
    back_from_issuer(bob)
    assert bob.get("/data").json() == ['["bob@example.org", "REVIEW"]']


def test_without_a_login_nothing_is_had(anna):
    for path in ("/", "/api/clip/x/0", "/static/js/index.js", "/access/other", "/access/logout"):
        assert anna.get(path).status_code in (401, 404, 405) and HEADER not in anna.get(path).text
    with pytest.raises(WebSocketDenialResponse), anna.websocket_connect("ws://localhost:8501/_stcore/stream"):
        pass


def test_logging_out_ends_the_login_also_for_who_has_copied_the_cookie(anna):
    back_from_issuer(anna)
    copied = dict(anna.cookies)
    answer = anna.post("/access/logout", headers=BROWSER)
    assert "You are logged out" in answer.text and "/end?client_id=slicecore" in answer.text
    assert "Max-Age=0" in answer.headers["set-cookie"]
    anna.cookies.clear()
    anna.cookies.update(copied)
    assert anna.get("/data").status_code == 401


def test_a_changed_role_asks_for_another_login(anna, access):
    back_from_issuer(anna)
    demoted = visitor(replace(access, roles=Roles({Role.LOOK: ("anna@example.org",)})))
    demoted.cookies.update(anna.cookies)
    assert demoted.get("/data").status_code == 401
    back_from_issuer(demoted)
    assert demoted.get("/data").json() == ['["anna@example.org", "LOOK"]']


MISBEHAVIOUR = {
    "another nonce": lambda issuer: issuer.claims.update(nonce="other"),
    "for another page": lambda issuer: issuer.claims.update(aud="other"),
    "too old": lambda issuer: issuer.claims.update(exp=1, iat=0),
    "another issuer's": lambda issuer: issuer.claims.update(iss="http://127.0.0.1:1"),
    "another key": lambda issuer: setattr(issuer, "key", RSAKey.generate_key(2048, {"kid": "1"})),
    "calls itself otherwise": lambda issuer: setattr(issuer, "called", "http://127.0.0.1:1"),
    "signed with the client's secret": lambda issuer: vars(issuer).update(
        key=OctKey.import_key(SECRET.encode().ljust(32)), algorithm="HS256"
    ),
    "answers badly": lambda issuer: setattr(issuer, "answers_badly", True),
}


@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_an_answer_that_is_not_the_issuers_lets_nobody_in(name, anna, issuer):
    if name == "calls itself otherwise":
        MISBEHAVIOUR[name](issuer)
        answer = anna.get("/access/login", headers=BROWSER)
    else:
        issuer.claims = {}
        MISBEHAVIOUR[name](issuer)
        answer = back_from_issuer(anna)
    assert answer.status_code == 403 and "did not work" in answer.text
    assert not [cookie for cookie in anna.cookies if cookie.startswith("slicecore-85")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"refuses_with": "invalid_client"}, "the issuer refuses client_id or its secret (invalid_client)"),
        ({"refuses_with": "invalid_scope"}, "the issuer says invalid_scope"),
        ({"refuses_with": "anna@example.org"}, "the issuer's answer is not accepted (OAuthError)"),
        ({"called": "http://127.0.0.1:1"}, "the issuer calls itself by another address"),
        ({"answers_badly": True}, "the issuer answers with status 500"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_the_log_says_why_a_login_failed_and_of_whom_nothing(anna, issuer, caplog, change, said):
    """The sentence is of the code alone: a log with lines for machines leaves out whatever is put into one."""
    calls_itself_otherwise = "called" in change
    vars(issuer).update(change)
    answer = anna.get("/access/login", headers=BROWSER) if calls_itself_otherwise else back_from_issuer(anna)
    assert answer.status_code == 403 and ": .<" not in answer.text
    (line,) = (each for each in caplog.records if each.name.endswith("by_login"))
    assert said in line.msg and not line.args and "anna" not in line.msg


def test_the_log_says_that_the_issuer_can_not_be_reached(access, caplog):
    nowhere = replace(access, login=replace(access.login, issuer="http://127.0.0.1:9"))
    assert visitor(nowhere).get("/access/login", headers=BROWSER).status_code == 403
    assert "the issuer can't be reached (ConnectError)" in caplog.text


def test_a_login_begun_elsewhere_is_not_ended_here(anna, access):
    """Else somebody could make a reviewer judge under another name."""
    other = visitor(access)
    there = other.get("/access/login", headers=BROWSER)
    returned = httpx.get(there.headers["location"])
    answer = anna.get(returned.headers["location"], headers=BROWSER)
    assert answer.status_code == 403 and "another browser" in answer.text
    forged = anna.get("/access/back?code=x&state=y", headers=BROWSER)
    assert forged.status_code == 403
    refused = anna.get("/access/back?error=access_denied&error_description=%3Cb%3E", headers=BROWSER)
    assert refused.status_code == 403 and "<b>" not in refused.text


@pytest.mark.parametrize(
    "person",
    [
        {"email": "eve@example.org", "email_verified": True},
        {"email": "anna@example.org", "email_verified": False},
        {"email": "anna@example.org"},
        {"email": ["anna@example.org"], "email_verified": True},
        {"email": "group:speech", "email_verified": True},
        {"email": "*", "email_verified": True, "groups": "none"},
        {"groups": ["speech"]},
    ],
)
def test_whoever_has_no_role_or_no_confirmed_name_stays_outside(person, anna, issuer):
    issuer.person = person
    answer = back_from_issuer(anna)
    assert answer.status_code == 403 and "no role" in answer.text
    assert anna.get("/data").status_code == 401


def test_many_logins_at_once_leave_room_for_the_newest(anna):
    for i in range(12):
        anna.get(f"/access/login?to=/{i}", headers=BROWSER)
    assert max(len(value) for value in anna.cookies.values()) < 3000
    assert "url=/data?a=1" in back_from_issuer(anna).text


def proxied(access=None, client=("10.1.2.3", 5000)):
    access = access or Access(
        "identity", proxies=("10.1.2.3",), identity=Identity("X-User", "X-Groups"), roles=ROLES
    )
    return visitor(access, client)


def test_a_proxy_names_the_visitor_and_the_groups():
    client = proxied()
    assert client.get("/", headers={"X-User": "anna@example.org"}).json() == [
        '["anna@example.org", "ADMINISTER"]'
    ]
    groups = {"X-User": "Zoë".encode(), "X-Groups": "guests, speech"}
    assert client.get("/", headers=groups).json() == ['["Zo\\u00eb", "REVIEW"]']
    with client.websocket_connect("ws://localhost:8501/_stcore/stream", headers=groups) as stream:
        assert stream.receive_text() == '["Zo\\u00eb", "REVIEW"]'


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("10.1.2.4", {"X-User": "anna@example.org"}, 401),
        ("127.0.0.1", {"X-User": "anna@example.org", "X-Forwarded-For": "10.1.2.3"}, 401),
        ("127.0.0.1", {"X-User": "anna@example.org", "Forwarded": "for=10.1.2.3"}, 401),
        ("testclient", {"X-User": "anna@example.org"}, 401),
        ("10.1.2.3", {}, 401),
        ("10.1.2.3", {"X-User": ""}, 401),
        ("10.1.2.3", [("X-User", "anna@example.org"), ("X-User", "eve@example.org")], 401),
        ("10.1.2.3", {"X-User": "eve@example.org"}, 403),
        ("10.1.2.3", {"X-User": "group:speech"}, 403),
        ("10.1.2.3", {"X-User": "eve@example.org", HEADER: '["anna@example.org", "ADMINISTER"]'}, 403),
    ],
)
def test_nobody_else_is_believed(address, headers, status):
    client = proxied(client=(address, 5000))
    assert client.get("/", headers=headers).status_code == status
    with (
        pytest.raises(WebSocketDenialResponse),
        client.websocket_connect("ws://localhost:8501/_stcore/stream", headers=httpx.Headers(headers)),
    ):
        pass


def test_headers_of_a_proxy_are_nothing_unless_they_are_configured():
    client = visitor(
        Access("token", "a-token-that-nobody-knows", True, proxies=("10.1.2.3",)), ("10.1.2.3", 5000)
    )
    assert (
        client.get("/", headers={"X-User": "anna@example.org", "X-Forwarded-User": "anna"}).status_code == 401
    )
