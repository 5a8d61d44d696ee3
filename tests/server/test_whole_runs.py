"""The last messages of a run come to the browser, whatever is asked for meanwhile."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from slicecore_app.server.whole_runs import keep_last_messages

PAGE = Path(__file__).with_name("whole_runs_page.py")
PART_IS_OVER = ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


@pytest.fixture
def stream(monkeypatch):
    """The stream of messages between a browser and a server on the page."""
    monkeypatch.setattr(Runtime, "_instance", None)
    with (
        TestClient(st.App(PAGE), base_url="http://localhost:8501") as client,
        client.websocket_connect("ws://localhost:8501/_stcore/stream") as stream,
    ):
        yield stream


def texts(stream):
    """The texts that are drawn until the run of a part is over."""
    stream.send_bytes(BackMsg(rerun_script=ClientState()).SerializeToString())
    drawn = []
    while True:
        message = ForwardMsg.FromString(stream.receive_bytes())
        if message.HasField("script_finished") and message.script_finished == PART_IS_OVER:
            return drawn
        if message.delta.new_element.HasField("text"):
            drawn.append(message.delta.new_element.text.body)


def test_a_part_that_is_asked_for_at_the_end_of_a_run_does_not_cost_what_the_run_has_drawn(
    stream, monkeypatch
):
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    keep_last_messages()
    assert "the last words of the run" in texts(stream)


def test_requests_behind_one_that_waits_keep_their_order(monkeypatch):
    runs = []
    monkeypatch.setattr(AppSession, "request_rerun", lambda _, state: runs.append(state))
    keep_last_messages()
    part, page, part_again = (
        ClientState(fragment_id="a"),
        ClientState(query_string="q"),
        ClientState(fragment_id="b"),
    )

    async def ask():
        ended = SimpleNamespace(_requests=SimpleNamespace(_state=ScriptRequestType.STOP))
        session = SimpleNamespace(_scriptrunner=ended, _event_loop=asyncio.get_running_loop())
        for state in (part, page, part_again):
            AppSession.request_rerun(session, state)
        await asyncio.sleep(0.05)
        assert runs == []
        session._scriptrunner = None  # its last event has come
        async with asyncio.timeout(10):
            while len(runs) < 3:
                await asyncio.sleep(0.01)

    asyncio.run(ask())
    assert runs == [part, page, part_again]
