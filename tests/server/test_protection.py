"""Headers that keep other pages out, and requests of other pages, which are refused."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse

from slicecore.errors import SlicecoreError
from slicecore_app.launch import FRAMED_BY_VARIABLE, VIEW_VARIABLE, run
from slicecore_app.server.protection import headers
from slicecore_app.server.routes import MOST_BYTES, middleware, routes
from slicecore_app.web.components import assets, assets_version

PAGE = "http://localhost:8501"
STREAM = "ws://localhost:8501/_stcore/stream"
FOREIGN = [
    "http://localhost:9999",
    "https://localhost:8501",
    "http://127.0.0.1:8501",
    "http://localhost:8501.evil.org",
    "http://evil.org",
    "null",
    "",
]


async def _hello(websocket):
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


@pytest.fixture
def client():
    others = [
        Route("/", lambda _: PlainTextResponse("page")),
        Route("/component/grid/index.html", lambda _: PlainTextResponse("frame")),
        Route("/broken", lambda _: 1 / 0),
        WebSocketRoute("/_stcore/stream", _hello),
    ]
    app = Starlette(routes=[*routes(), *others], middleware=middleware())
    return TestClient(app, base_url=PAGE, raise_server_exceptions=False)


def policy(answer):
    rules = (rule.split() for rule in answer.headers["content-security-policy"].split(";"))
    return {name: sources for name, *sources in rules}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/api/components/{assets_version()}/{next(iter(assets()))}",
        "/api/clips/nobody/0/audio",
        "/api/clips/nobody/0/picture.png",
        "/api/clips/nobody/0/sound.json",
        "/api/marks/nobody/0",
        "/nowhere",
    ],
)
def test_every_answer_has_the_headers_that_keep_other_pages_out(client, path):
    answer = client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert policy(answer)["frame-ancestors"] == ["'self'"]


def test_the_policy_lets_nothing_in_from_elsewhere(client):
    rules = policy(client.get("/"))
    assert rules["default-src"] == ["'self'"]
    assert rules["object-src"] == ["'none'"]
    sources = {source for allowed in rules.values() for source in allowed}
    assert {source for source in sources if not source.startswith("'")} == {"blob:", "data:"}
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & set(rules["script-src"])


def test_only_the_frame_of_the_table_may_make_functions_of_text(client):
    assert "'unsafe-eval'" in policy(client.get("/component/grid/index.html"))["script-src"]


def test_a_page_is_framed_by_those_that_are_named_only(client, monkeypatch):
    monkeypatch.setenv(FRAMED_BY_VARIABLE, "http://localhost:8888")
    answer = client.get("/")
    assert policy(answer)["frame-ancestors"] == ["'self'", "http://localhost:8888"]
    assert "x-frame-options" not in answer.headers


def test_the_command_takes_origins_and_nothing_else_into_the_policy(tmp_path, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    monkeypatch.setenv(VIEW_VARIABLE, "{}")
    monkeypatch.delenv(FRAMED_BY_VARIABLE, raising=False)
    monkeypatch.setattr("slicecore_app.launch._start_streamlit", lambda server: None)
    with pytest.raises(SlicecoreError, match="no origin"):
        run(framed_by="http://a; script-src *")
    run(framed_by="https://notebooks.example:8000 vscode-webview:")
    assert headers("/")["Content-Security-Policy"].endswith(
        "frame-ancestors 'self' https://notebooks.example:8000 vscode-webview:"
    )


@pytest.mark.parametrize("origin", FOREIGN)
def test_what_another_page_asks_for_is_refused(client, origin):
    assert client.get("/", headers={"Origin": origin}).status_code == 403
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect(STREAM, headers={"Origin": origin}),
    ):
        pass
    assert refused.value.status_code == 403


@pytest.mark.parametrize("origin", [{}, {"Origin": PAGE}])
def test_the_page_itself_is_answered(client, origin):
    assert client.get("/", headers=origin).text == "page"
    with client.websocket_connect(STREAM, headers=origin) as stream:
        assert stream.receive_text() == "hello"


def test_a_host_of_another_name_is_refused_with_the_headers_as_well(client):
    answer = client.get("/", headers={"Host": "evil.org"})
    assert answer.status_code == 400
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_reference_that_does_not_say_how_long_it_is_is_not_read_to_its_end(client):
    assert client.post("/api/clip/nobody/0", content=iter([b"a" * MOST_BYTES] * 2)).status_code == 413


def test_a_query_that_no_browser_sends_is_refused_before_anything_reads_it(client):
    answers = []

    async def send(message):
        answers.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/newest/x",
        "raw_path": b"/api/newest/x",
        "query_string": b"a=\xfa",
        "scheme": "http",
        "server": ("localhost", 8501),
        "client": ("127.0.0.1", 50000),
        "headers": [(b"host", b"localhost:8501")],
    }
    asyncio.run(client.app(scope, None, send))
    assert answers[0]["status"] == 400
    assert (b"x-content-type-options", b"nosniff") in answers[0]["headers"]
