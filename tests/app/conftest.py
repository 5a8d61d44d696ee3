"""Fixtures of the tests of pages without a browser."""

import pytest
import streamlit as st

from app.panels import judging


def verdict_as_buttons(verdicts, *, slice_id, said, on_event, **_):
    """The verdict as Streamlit's own buttons, which a test without a browser can press: `say real_issue`."""

    def say(verdict):
        event = {"kind": "verdict", "slice": slice_id, "verdict": verdict}
        st.session_state["judging"] = {
            "event": event | {"verdict": None if said.get(slice_id) == verdict else verdict}
        }
        on_event()

    for one in verdicts:
        st.button(one.label, key=f"say {one.name}", on_click=say, args=(one.name,), disabled=slice_id is None)


@pytest.fixture(autouse=True)
def verdict_without_a_browser(monkeypatch):
    monkeypatch.setattr(judging, "judging", verdict_as_buttons)
