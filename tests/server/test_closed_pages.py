"""The session of a page that was closed goes when its time is over, without another page that closes."""

import time
import weakref
from contextlib import asynccontextmanager

import pytest
import streamlit as st
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime

from slicecore_app.server import closed_pages

PATIENCE_S = 30.0


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server that looks every moment for sessions whose time is over."""
    monkeypatch.setattr(Runtime, "_instance", None)
    monkeypatch.setattr(closed_pages, "EVERY_S", 0.01)

    @asynccontextmanager
    async def lifespan(app):
        async with closed_pages.let_go():
            yield

    page = tmp_path / "page.py"
    page.write_text("import streamlit as st\nst.session_state.held = {1}\nst.text('here')\n", "utf-8")
    with TestClient(st.App(page, lifespan=lifespan), base_url="http://localhost:8501") as client:
        yield client


def open_and_close(client):
    """A reference to what the session of a page has that was open."""
    with client.websocket_connect("ws://localhost:8501/_stcore/stream") as stream:
        stream.send_bytes(BackMsg(rerun_script=ClientState()).SerializeToString())
        while not ForwardMsg.FromString(stream.receive_bytes()).HasField("script_finished"):
            pass
        (info,) = Runtime.instance()._session_mgr.list_active_sessions()
        return weakref.ref(info.session.session_state["held"])


def test_the_session_of_a_closed_page_stays_for_its_time_and_goes_after_it(server):
    now = [0.0]
    kept = Runtime.instance()._session_mgr._session_storage._cache
    kept._timer = lambda: now[0]
    held = open_and_close(server)
    end = time.monotonic() + PATIENCE_S
    while Runtime.instance()._session_mgr.list_active_sessions():
        assert time.monotonic() < end
        time.sleep(0.01)
    now[0] = kept.ttl - 1
    time.sleep(0.1)  # ten looks
    assert held() is not None
    now[0] = kept.ttl + 1
    while held() is not None:
        assert time.monotonic() < end
        time.sleep(0.01)
