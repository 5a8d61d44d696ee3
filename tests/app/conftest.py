"""Fixtures of the tests of pages without a browser."""

import shutil

import numpy as np
import pandas as pd
import pytest
import soundfile
import streamlit as st

from slicecore.embedding import SUGGESTED
from slicecore.measurements import measure
from slicecore.pipeline import analyse
from slicecore.table.dataset import read
from slicecore_app.launch import TABLES_VARIABLE
from slicecore_app.review.player import panel as player_panel
from slicecore_app.review.verdict import panel as verdict_panel
from slicecore_app.server import sources

RATE = 16_000


def verdict_as_buttons(
    verdicts, *, slice_id, about, judged, carried, opinions, assignees, saved, unsaved, news, on_event, **_
):
    """The verdict as Streamlit's own buttons, which a test without a browser can press: `say real_issue`.

    `drawn verdict` in the session is what it shows; `shown_until` are the newest numbers that the browser has seen, and
    `signature` is who judges in it. `say assign` assigns the slice to `wanted assignee`, `say
    assign several` all of `chosen slices`.
    """
    st.session_state["drawn verdict"] = {
        "judged": judged,
        "carried": carried,
        "opinions": opinions,
        "assignees": assignees,
        "saved": saved,
        "unsaved": unsaved,
        "newest": news[1],
    }

    def signature():
        return st.session_state.get("signature", {})

    def press(kind, **more):
        st.session_state["judging"] = {"event": {"kind": kind, "about": about, **signature(), **more}}
        on_event()

    def say(verdict):
        newest = st.session_state["shown_until"] if "shown_until" in st.session_state else news[1]
        name = signature().get("reviewer", st.session_state["reviews"].account).strip()
        mine = next((each.verdict for each in opinions.get(slice_id, ()) if each.reviewer == name), None)
        wanted = None if mine == verdict else verdict
        press("verdict", slice=slice_id, verdict=wanted, toggles=False, newest=newest)
        if "pick_number" in st.session_state:  # once more, before the browser knows which slice was picked
            number = st.session_state["pick_number"]
            press("verdict", slice=None, pick=number, verdict=verdict, toggles=True, newest=newest)

    for choice in verdicts:
        st.button(
            choice.label,
            key=f"say {choice.name}",
            on_click=say,
            args=(choice.name,),
            disabled=slice_id is None,
        )

    def assign():
        newest = st.session_state["shown_until"] if "shown_until" in st.session_state else news[1]
        press("assign", slice=slice_id, to=st.session_state.get("wanted assignee", ""), newest=newest)

    st.button("assign", key="say assign", on_click=assign)

    def assign_several():
        newest = st.session_state["shown_until"] if "shown_until" in st.session_state else news[1]
        slices, to = st.session_state.get("chosen slices", ()), st.session_state.get("wanted assignee", "")
        press("assign", slices=list(slices), to=to, newest=newest)

    st.button("assign several", key="say assign several", on_click=assign_several)
    for kind in ("confirm", "decline"):
        st.button(
            kind, key=f"say {kind}", on_click=lambda kind=kind: press(kind, slice=slice_id, newest=news[1])
        )
    for kind in ("undo", "again", "replace", "discard", "introduce"):
        st.button(kind, key=f"say {kind}", on_click=press, args=(kind,))


def player_as_buttons(clip, *, wrong_references, corrections, on_event, **_):
    """The mark of the clip in the player as a button, `mark`, whose label says what pressing it means.

    `correct` gives its reference the text that the session has as `wanted reference`, `shown_corrections` is the number
    of the newest correction that the browser has seen, and `drawn corrections` are what the player was given.
    """
    st.session_state["drawn corrections"] = corrections
    if clip is None:
        return

    def correct():
        text, newest = st.session_state.get("wanted reference"), corrections["newest"]
        seen = st.session_state.get("shown_corrections", newest)
        on_event({"kind": "correct", "clip": clip["id"], "text": text, "seen": seen})

    st.button("correct", key="correct", on_click=correct)
    wrong = clip["id"] not in wrong_references
    event = {"kind": "reference", "clip": clip["id"], "wrong": wrong}
    st.button("wrong" if wrong else "not wrong", key="mark", on_click=on_event, args=(event,))


@pytest.fixture(autouse=True)
def verdict_without_a_browser(monkeypatch):
    monkeypatch.setattr(verdict_panel.component, "verdict", verdict_as_buttons)


@pytest.fixture(autouse=True)
def player_without_a_browser(monkeypatch):
    monkeypatch.setattr(player_panel.component, "player", player_as_buttons)


def write_calls(folder):
    """Write thirty clips and their table into a new folder; returns the path of the table."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    time = np.arange(RATE) / RATE
    for i in range(30):
        noise = 0.03 * rng.normal(size=RATE)
        soundfile.write(
            folder / f"{i}.wav", noise if i < 22 else noise / 10 + 0.4 * np.sin(314.16 * time), RATE
        )
    (folder / "3.wav").write_text("<!doctype html>")
    pd.DataFrame(
        {
            "audio": [f"{i}.wav" for i in range(30)],
            "sentence": ["good morning to you"] * 30,
            "prediction": ["good morning to you"] * 22 + ["so long"] * 8,
            "prediction_large": ["good morning to you"] * 29 + ["so long"],
        }
    ).to_csv(folder / "calls.csv", index=False)
    return folder / "calls.csv"


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory):
    """A home folder in whose cache the clips of `calls` are embedded and measured. Tests copy it."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLICECORE_HOME", str(folder / "home"))
        data = read(write_calls(folder / "calls"))
        analyse(data, SUGGESTED[0].model)
        measure(data)
    return folder / "home"


@pytest.fixture
def calls(tmp_path, monkeypatch, prepared_home):
    """Thirty clips of noise, the last eight a loud hum that the model gets wrong; one file is not audio."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    shutil.copytree(prepared_home, tmp_path / "home")
    monkeypatch.setattr(sources, "SAMPLE", tmp_path / "none.csv")
    monkeypatch.delenv(TABLES_VARIABLE, raising=False)
    return write_calls(tmp_path / "calls")
