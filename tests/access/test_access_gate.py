"""The gate: nothing that the server answers is had without the token, and the token is nowhere but where it must be."""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from pathlib import Path
from queue import SimpleQueue

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from streamlit.runtime import Runtime

from slicecore.cli.commands import main
from slicecore.errors import SlicecoreError, StorageError
from slicecore_app.access import link
from slicecore_app.access.answers import address_here
from slicecore_app.access.configuration import (
    TOKEN_VARIABLE,
    Access,
    Identity,
    Login,
    access_by_token,
    use,
    usual_access,
)
from slicecore_app.access.gate import PUBLIC, Gate
from slicecore_app.access.key import home_key
from slicecore_app.access.proxies import Proxies
from slicecore_app.access.roles import Roles
from slicecore_app.access.tickets import Tickets
from slicecore_app.access.visitor import HEADER, SOMEBODY, Role
from slicecore_app.launch import VIEW_VARIABLE
from slicecore_app.server.routes import middleware, routes
from slicecore_app.start import NAVIGATION

PAGE = "http://localhost:8501"
STREAM = "ws://localhost:8501/_stcore/stream"
TOKEN = "a-token-that-nobody-knows"
BROWSER = {"Accept": "text/html,*/*"}
LINK = {
    **BROWSER,
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
VALUES = {"path": "web/parts.js", "filename": "index.html", "file_id": "a", "session_id": "b", "row": "0"}


@pytest.fixture(scope="module")
def app():
    """The app as the launcher makes it, whole, with every route of Streamlit."""
    use(Access("token", TOKEN, True))
    before, Runtime._instance = Runtime._instance, None
    app = st.App(NAVIGATION, routes=routes(), middleware=middleware())
    yield app._build_starlette_app()
    Runtime._instance = before


@pytest.fixture
def client(app):
    return TestClient(app, base_url=PAGE, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def inside(client):
    """Somebody who has come in by the link."""
    client.get("/", params={"token": TOKEN})
    return client


def requests_of(app):
    """A request for every route and method of the app, mounts and their files included."""
    for route in app.routes:
        path = re.sub(r"{(\w+)(:\w+)?}", lambda name: VALUES.get(name[1], "x"), route.path)
        for method in sorted(getattr(route, "methods", None) or {"GET"}):
            yield method, path or "/"
    for path in (
        "/",
        "/index.html",
        "/favicon.png",
        "/static/js/index.js",
        "/data",
        "/no/such",
        "/access/other",
    ):
        yield "GET", path


def test_no_route_answers_without_the_token(app, client):
    asked = [each for each in requests_of(app) if each[1] not in PUBLIC and "stream" not in each[1]]
    assert len(asked) > 30
    assert {"/api/newest/x", "/_stcore/upload_file/b/a"} <= {path for _, path in asked}
    for method, path in asked:
        for headers in ({}, BROWSER, {"Authorization": "Bearer wrong"}, {"Cookie": "slicecore-8501=x.y.z"}):
            answer = client.request(method, path, headers=headers)
            assert answer.status_code == 401, (method, path, headers)
            assert "Streamlit" not in answer.text and "set-cookie" not in answer.headers
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("role", Role)
def test_uploads_are_for_administrators_and_all_else_is_for_everybody_with_a_role(app, role):
    roles = Roles({role: ("anna",)})
    access = Access("identity", proxies=("10.1.2.3",), identity=Identity("X-User"), roles=roles)
    gate = Proxies(Gate(app.router, access), access.proxies)
    client = TestClient(gate, base_url=PAGE, raise_server_exceptions=False, client=("10.1.2.3", 5000))
    for method, path in requests_of(app):
        status = client.request(method, path, headers={"X-User": "anna"}, follow_redirects=False).status_code
        if "upload_file" in path and role < Role.ADMINISTER:
            assert status == 403, (method, path)
        else:
            has_own_door = any(part in path for part in ("upload_file", "/metrics", "/agent/"))
            assert status != 401 and (status != 403 or has_own_door), (method, path)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {HEADER: '["", "ADMINISTER"]'}])
def test_no_websocket_is_accepted_without_the_token(client, headers):
    for address in (STREAM, f"{STREAM}?token={TOKEN}"):  # uvicorn would log the address
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            client.websocket_connect(address, headers=headers),
        ):
            pass
        assert refused.value.status_code == 401


def test_the_link_lets_in_and_the_token_leaves_the_address(client):
    answer = client.get("/data", params={"token": TOKEN, "data": "a&b"})
    assert answer.status_code == 303 and answer.headers["location"] == "/data?data=a%26b"
    (cookie,) = answer.headers.get_list("set-cookie")
    name, *attributes = cookie.split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(attributes) and "Secure" not in attributes
    assert TOKEN not in cookie and name.startswith("slicecore-8501=")
    assert client.get("/api/newest/x").status_code == 404


def test_the_form_and_the_header_of_programs_let_in_as_well(client):
    form = client.get("/data?a=1", headers=BROWSER)
    assert form.status_code == 401 and 'value="/data?a=1"' in form.text
    answer = client.post("/access/token", data={"token": TOKEN, "to": "/data?a=1"})
    assert answer.status_code == 303 and answer.headers["location"] == "/data?a=1"
    client.cookies.clear()
    assert client.get("/api/newest/x", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 404
    assert client.post("/access/token", data={"token": "wrong"}, headers=BROWSER).status_code == 401


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "ä", "\udcff"])
def test_other_tokens_do_not(client, token):
    answer = client.get("/", params={"token": token.encode("utf-8", "surrogateescape")}, headers=BROWSER)
    assert answer.status_code == 401 and "set-cookie" not in answer.headers
    assert token == "" or token not in answer.text


def test_a_link_on_another_site_leads_in_though_the_browser_sends_no_cookie_with_it(inside):
    """To a redirection that another site began, no such cookie goes: the page has to ask for itself."""
    answer = inside.get("/", params={"token": TOKEN, "drop": "5"}, headers=LINK)
    assert answer.status_code == 200 and "url=/?drop=5" in answer.text and TOKEN not in answer.text
    inside.cookies.clear()
    answer = inside.get("/?drop=5&data=%22%3E", headers=LINK)
    assert answer.status_code == 200 and "url=/?drop=5&amp;data=%22%3E" in answer.text
    assert inside.get("/?drop=5", headers=BROWSER | {"Sec-Fetch-Site": "same-origin"}).status_code == 401


def test_a_page_in_a_frame_of_another_site_has_a_cookie_of_its_own(client):
    framed = {**LINK, "Sec-Fetch-Dest": "iframe"}
    answer = client.get("/", params={"token": TOKEN}, headers=framed)
    assert {"SameSite=None", "Secure", "Partitioned"} <= set(answer.headers["set-cookie"].split("; "))


def test_nobody_outside_says_who_they_are():
    seen = []

    async def newest(scope, receive, send):
        seen.append([value for name, value in scope["headers"] if name == HEADER.encode()])

    gate = TestClient(Gate(newest, Access("open")), raise_server_exceptions=False)
    gate.get("/", headers={HEADER: '["Anna", "LOOK"]'})
    assert seen == [[b'["", "ADMINISTER"]']]


def test_health_is_public_and_says_nothing_and_figures_have_a_door_of_their_own(app):
    client = TestClient(app, base_url=PAGE, raise_server_exceptions=False, client=("10.0.0.9", 5000))
    assert client.get("/healthz").json().keys() <= {"status", "version", "reason"}
    assert (
        client.get("/_stcore/health").status_code in (200, 503) and client.post("/healthz").status_code == 401
    )
    assert client.get("/metrics").status_code == 403
    near = TestClient(app, base_url=PAGE, raise_server_exceptions=False, client=("127.0.0.1", 5000))
    assert near.get("/metrics").status_code == 200
    assert near.get("/metrics", headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 403
    assert near.get("/api/newest/x").status_code == 401


def test_a_proxy_says_that_the_page_is_behind_https_and_nobody_else_does():
    use(Access("token", TOKEN, True, names=("slices.example.org",), proxies=("10.1.0.0/16",)))
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("page"))], middleware=middleware())
    headers = {"X-Forwarded-Proto": "https", "Origin": "https://slices.example.org"}
    for address, known in (("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("10.2.2.3", False)):
        client = TestClient(
            app, base_url="http://slices.example.org", client=(address, 5000), follow_redirects=False
        )
        answer = client.get("/", params={"token": TOKEN}, headers=headers)
        assert answer.status_code == (303 if known else 403)
        assert ("Secure" in answer.headers.get("set-cookie", "").split("; ")) == known
    other = TestClient(app, base_url="http://elsewhere.org").get("/", params={"token": TOKEN})
    assert other.status_code == 400 and "--name" in other.text


def test_a_ticket_is_good_for_its_time_its_home_and_its_token(tmp_path, monkeypatch):
    tickets = Tickets("a key", 60)
    ticket = tickets.new(SOMEBODY)
    assert Tickets("a key", 60).visitor(ticket) == SOMEBODY  # a server that was started again
    assert Tickets("another key", 60).visitor(ticket) is None
    assert tickets.visitor(ticket[:-1]) is None and tickets.visitor("") is None
    issued = time.time()
    monkeypatch.setattr("time.time", lambda: issued + 62)
    assert tickets.visitor(ticket) is None
    monkeypatch.setattr("time.time", lambda: issued)
    tickets.end(ticket)
    assert tickets.visitor(ticket) is None
    key = home_key()
    assert home_key() == key and (tmp_path / "home" / "access.key").stat().st_mode & 0o077 == 0


def belong_to_another(monkeypatch, *names):
    """Let files of these names be another account's."""
    real = Path.stat

    def stat(path, **options):
        found = real(path, **options)
        uid = found.st_uid + (path.name in names)
        return os.stat_result([*found[:4], uid, *found[5:]])

    monkeypatch.setattr(Path, "stat", stat)


@pytest.mark.skipif(os.name == "nt", reason="accounts of POSIX")
def test_accounts_that_share_a_home_have_a_key_each(tmp_path, monkeypatch):
    """It can't be read by the others, who could be anybody with it."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    first, own = home_key(), tmp_path / f"access-{os.getuid()}.key"
    with monkeypatch.context() as patch:
        belong_to_another(patch, "access.key")
        second = home_key()
        assert second != first and home_key() == second
        assert own.stat().st_mode & 0o077 == 0
    belong_to_another(monkeypatch, "access.key", own.name)
    with pytest.raises(StorageError, match="another account's"):  # put there by one who knows it
        home_key()


def test_a_home_of_another_account_is_said_to_be_that(monkeypatch):
    def refused(path, write):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("slicecore_app.access.key.write_whole", refused)  # root may write everywhere
    with pytest.raises(StorageError, match=r"This account may not write .*access\.key\. Give it the folder"):
        home_key()


def test_a_websocket_ends_with_the_ticket_of_its_visitor():
    async def echo(websocket):
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text)

    use(Access("token", TOKEN, True, hours=1))
    client = TestClient(
        Starlette(routes=[WebSocketRoute("/s", echo)], middleware=middleware()), base_url=PAGE
    )
    client.get("/", params={"token": TOKEN}, follow_redirects=False)
    with client.websocket_connect("ws://localhost:8501/s") as stream, pytest.MonkeyPatch.context() as patch:
        stream.send_text("hello")
        assert stream.receive_text() == "hello"
        now = time.time()
        patch.setattr("time.time", lambda: now + 3700)
        stream.send_text("hello")
        with pytest.raises(WebSocketDisconnect) as ended:
            stream.receive_text()
        assert ended.value.code == 1008


def test_a_token_that_can_be_tried_out_is_refused(monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "123456789012345")
    with pytest.raises(SlicecoreError, match="16 characters"):
        access_by_token()
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    assert access_by_token() == Access("token", TOKEN, True) and TOKEN not in repr(access_by_token())
    monkeypatch.delenv(TOKEN_VARIABLE)
    assert access_by_token().token != access_by_token().token


@pytest.mark.parametrize(
    ("host", "mode"),
    [
        ("127.0.0.1", "open"),
        ("::1", "open"),
        ("localhost", "open"),
        ("", "token"),
        ("0.0.0.0", "token"),
        ("192.168.1.5", "token"),
    ],
)
def test_a_server_that_others_can_reach_is_never_open_by_itself(host, mode):
    """`streamlit run app/main.py`, whatever address is given to it."""
    assert usual_access(host).mode == mode


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--access", "open", "--host", "0.0.0.0"], "for this machine alone"),
        (["--host", "no.such.name.invalid"], "no address of this machine"),
        (["--host", "203.0.113.7"], "no address of this machine"),
        (["--base-path", "a/../b"], "no path of a page"),
        (["--base-path", "a b"], "no path of a page"),
        (["--name", "http://slices.example.org"], "no name of a machine"),
        (["--proxy", "localhost"], "no address of a proxy"),
        (["--proxy", "10.0.0.1/8"], "no address of a proxy"),
    ],
)
def test_options_without_sense_are_sentences(options, problem, monkeypatch, capsys):
    monkeypatch.setattr("slicecore_app.launch._start_streamlit", lambda server: pytest.fail("started"))
    monkeypatch.setattr(sys, "argv", ["slicecore", "run", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code
    assert problem in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_is_a_sentence_with_another_one(host, monkeypatch, capsys, tmp_path):
    """Two people of one machine both start a page."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    monkeypatch.setenv(VIEW_VARIABLE, "{}")
    monkeypatch.setattr("slicecore_app.launch.use", lambda allowed: None)
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: pytest.fail("started"))
    with socket.create_server((host, 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(sys, "argv", ["slicecore", "run", "--host", host, "--port", str(port)])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert f"port {port} already" in said and "--port" in said and said.count("\n") == 1


def test_the_link_is_printed_unless_somebody_chose_the_token(capsys, monkeypatch):
    opened = SimpleQueue()  # in a thread of its own
    monkeypatch.setattr("webbrowser.open", opened.put)
    link.tell(Access("token", "made now", False), "127.0.0.1", 8501, "/calls", opens=False)
    assert "http://localhost:8501/calls/?token=made%20now\n" in capsys.readouterr().out
    names = ("localhost", "slices.example.org", "slices.example.org")  # the machine's own name was given
    link.tell(Access("token", TOKEN, True, names=names), "0.0.0.0", 8501, "", opens=False)
    out = capsys.readouterr().out
    assert out.count("http://slices.example.org:8501/\n") == out.count("http://localhost:8501/\n") == 1
    assert TOKEN not in out
    link.tell(
        Access("login", address="https://slices.example.org/calls"), "127.0.0.1", 8501, "/calls", opens=False
    )
    out = capsys.readouterr().out
    assert "    https://slices.example.org/calls/\n" in out and "Visitors log in" in out
    for secret in ("", "given"):  # one that was forgotten would show at the first login alone
        login = Login("https://login.example.org", "slicecore", secret)
        link.tell(Access("login", address="https://a", login=login), "127.0.0.1", 8501, "", opens=False)
        assert ("SLICECORE_CLIENT_SECRET has none" in capsys.readouterr().out) == (not secret)
    link.tell(Access("open"), "127.0.0.1", 8501, "", opens=False)
    assert "Every account" in capsys.readouterr().out and opened.empty()
    link.tell(Access("token", "made now", False), "127.0.0.1", 8501, "", opens=True)
    address = opened.get(timeout=60)
    assert address.startswith("file:") and "made" not in address


@given(some.text(max_size=12) | some.from_regex(r"\A(https?:)?[/\\\t]{0,4}[a-z.]{0,5}[/\\]?.{0,5}\Z"))
def test_the_way_on_never_leads_to_another_server(address):
    here = address_here(address)
    assert here.startswith("/") and not here.startswith(("//", "/\\")) and here.isascii()
    assert not re.search(r"[\s\\]", here.partition("?")[0])
