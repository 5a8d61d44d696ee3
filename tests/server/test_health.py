"""Health, figures and places of the server, as whoever runs it asks for them."""

import math
import sys
import threading
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse

import slicecore
from slicecore import limits, tallies
from slicecore_app.server import figures, health, traffic, warm
from slicecore_app.server.jobs import Jobs
from slicecore_app.server.routes import middleware, routes

PAGE = "http://localhost:8501"
STREAM = "ws://localhost:8501/_stcore/stream"


async def _wait(websocket):
    await websocket.accept()
    await websocket.receive_text()
    await websocket.close()


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(health, "FRESH_S", 0)
    monkeypatch.setattr(health, "_findings", health._Findings())
    page = Route("/", lambda _: PlainTextResponse("page"))
    app = Starlette(
        routes=[*routes(), page, WebSocketRoute("/_stcore/stream", _wait)], middleware=middleware()
    )
    return TestClient(app, base_url=PAGE, client=("127.0.0.1", 50000))


def test_memory_is_unknown_where_the_system_tells_nothing(client, monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows

    monkeypatch.setattr(figures, "Path", lambda _: Path("no such file"))
    assert math.isnan(values(client)["slicecore_memory_bytes"])


def test_a_server_that_is_well_says_its_version_and_state(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "version": slicecore.__version__}
    assert answer.headers["cache-control"] == "no-store"


def test_it_answers_while_the_start_is_going_on(client, monkeypatch):
    monkeypatch.setattr(warm, "_imported", threading.Event())
    assert client.get("/healthz").json()["status"] == "starting"
    assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize("kind", ["a file", "a name that nothing can have", "nobody's"])
def test_a_home_that_takes_nothing_is_503_without_its_path(client, kind, tmp_path, monkeypatch):
    homes = {
        "a file": str(tmp_path / "zebra"),
        "a name that nothing can have": "/dev/null/zebra",
        "nobody's": "~zebra-quartz/home",
    }
    (tmp_path / "zebra").write_text("no folder")
    monkeypatch.setenv("SLICECORE_HOME", homes[kind])
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["reason"].startswith("The home folder can't be written to: ")
    assert "zebra" not in answer.text
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    assert client.get("/healthz").status_code == 200


def test_a_disk_that_does_not_answer_is_503_in_time_and_takes_one_thread(client, tmp_path, monkeypatch):
    free, asked = threading.Event(), []

    def slow():
        asked.append(1)
        free.wait(10)
        return tmp_path

    monkeypatch.setattr(health, "home", slow)
    monkeypatch.setattr(health, "ANSWER_S", 0.05)
    answers = [client.get("/healthz") for _ in range(3)]
    free.set()
    assert [answer.status_code for answer in answers] == [503] * 3
    assert "did not answer within" in answers[0].json()["reason"]
    assert asked == [1]


def test_a_database_that_does_not_answer_is_503_without_its_address(client, monkeypatch):
    monkeypatch.setenv("SLICECORE_DATABASE", "postgresql://anna:zebra@127.0.0.1:9/quartz")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "The database of reviews does not answer.")
    monkeypatch.delenv("SLICECORE_DATABASE")
    assert client.get("/healthz").status_code == 200


def test_the_database_of_the_home_is_asked_where_there_is_one(client, tmp_path, monkeypatch):
    from slicecore.storage.verdicts import place

    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    place.default_file().write_bytes(b"no database" * 1000)
    assert client.get("/healthz").json()["reason"] == "The database of reviews does not answer."
    place.default_file().unlink()
    assert client.get("/healthz").status_code == 200


def values(client):
    lines = client.get("/metrics").text.splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def test_figures_are_text_as_prometheus_reads_it(client):
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert answer.text.endswith("\n")
    kinds = dict(line.split()[2:] for line in lines if line.startswith("# TYPE"))
    assert set(kinds.values()) == {"counter", "gauge"}
    assert all(name.endswith("_total") == (kind == "counter") for name, kind in kinds.items())
    assert {name.split("{")[0] for name in values(client)} == set(kinds)
    assert values(client)["slicecore_memory_bytes"] > 1e7
    assert values(client)[f'slicecore_info{{version="{slicecore.__version__}"}}'] == 1


def test_figures_count_what_happens(client):
    before = values(client)
    client.get("/nowhere")
    jobs = Jobs()
    jobs.start("good", lambda job: 1, KeyError).ended.wait(10)
    jobs.start("bad", lambda job: 1 / 0, KeyError).ended.wait(10)
    tallies.add("verdicts_written", 2)
    free = threading.Event()
    running = jobs.start("long", lambda job: free.wait(10), KeyError)
    with client.websocket_connect(STREAM) as page:
        since = values(client)
        page.send_text("done")
    free.set()
    running.ended.wait(10)
    changed = {name.removeprefix("slicecore_") for name in since if since[name] != before[name]}
    assert {'requests_total{status="4xx"}', "jobs_done_total", "jobs_failed_total", "jobs_running"} <= changed
    assert since["slicecore_jobs_running"] == before["slicecore_jobs_running"] + 1
    assert since["slicecore_verdicts_written_total"] == before["slicecore_verdicts_written_total"] + 2
    assert since["slicecore_sessions"] == 1
    assert values(client)["slicecore_sessions"] == 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_figures_are_not_for_whom_a_proxy_speaks(client, header):
    assert client.get("/metrics", headers={header: "10.0.0.9"}).status_code == 403


def test_another_machine_needs_the_token(client, monkeypatch):
    other = TestClient(client.app, base_url=PAGE, client=("10.0.0.9", 50000))
    assert other.get("/metrics").status_code == 403
    assert other.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403
    monkeypatch.setenv(figures.TOKEN_VARIABLE, "a long token")
    for wrong in (b"Bearer another", "Bearer é".encode(), b"a long"):
        assert other.get("/metrics", headers={b"Authorization": wrong}).status_code == 403
    assert other.get("/metrics", headers={"Authorization": "Bearer a long token"}).status_code == 200


def test_pages_beyond_the_limit_are_refused_with_a_sentence(client, monkeypatch):
    monkeypatch.setenv(limits.SESSIONS.variable, "1")
    navigation = {"Sec-Fetch-Dest": "document"}
    assert client.get("/", headers=navigation).text == "page"
    with client.websocket_connect(STREAM) as page:
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(STREAM):
            pass
        assert refused.value.status_code == 503
        answer = client.get("/", headers=navigation)
        assert answer.status_code == 503
        assert answer.text.startswith("This server takes 1 page at a time, and that many are open. Close one")
        assert client.get("/", headers={"Sec-Fetch-Dest": "iframe"}).status_code == 200
        page.send_text("done")
    assert client.get("/", headers=navigation).text == "page"


def test_who_loads_a_page_anew_keeps_its_place_though_others_wait(client, monkeypatch):
    """The browser asks for the page while the old one is still connected."""
    monkeypatch.setenv(limits.SESSIONS.variable, "1")
    navigation, cookie = {"Sec-Fetch-Dest": "document"}, {"Cookie": "slicecore-8501=anna"}
    anew = {**navigation, "Cache-Control": "max-age=0"}
    with client.websocket_connect(STREAM, headers=cookie) as page:
        assert client.get("/", headers={**navigation, **cookie}).status_code == 503  # another tab
        for nobodys in ({}, {"Cookie": "slicecore-8501=bob"}):
            assert client.get("/", headers={**anew, **nobodys}).status_code == 503
        assert client.get("/", headers={**anew, **cookie}).text == "page"
        page.send_text("done")
    assert client.get("/", headers=navigation).status_code == 503
    with pytest.raises(WebSocketDenialResponse), client.websocket_connect(STREAM):
        pass
    with client.websocket_connect(STREAM, headers=cookie) as page:
        page.send_text("done")
    assert client.get("/", headers=navigation).text == "page"


def test_a_place_is_not_held_for_long(client, monkeypatch):
    monkeypatch.setenv(limits.SESSIONS.variable, "1")
    monkeypatch.setattr(traffic, "_HELD_S", 0)
    cookie = {"Cookie": "slicecore-8501=anna"}
    with client.websocket_connect(STREAM, headers=cookie) as page:
        anew = {"Sec-Fetch-Dest": "document", "Cache-Control": "max-age=0", **cookie}
        assert client.get("/", headers=anew).text == "page"
        page.send_text("done")
    assert client.get("/", headers={"Sec-Fetch-Dest": "document"}).text == "page"
