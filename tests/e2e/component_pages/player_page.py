"""Clips table and player over the data set that `SLICECORE_TEST_CLIPS` names, as the review page puts them together."""

import json
import os

import pandas as pd
import streamlit as st

from slicecore import metrics
from slicecore.table.dataset import Dataset
from slicecore_app.review.clips.component import clips
from slicecore_app.review.player.component import Clip, player
from slicecore_app.server import media, registry
from slicecore_app.server.sources import Source
from slicecore_app.web import theme

WIDTH = st.query_params.get("width", "470px")

st.set_page_config(layout="wide")
st.html(
    f"""<style>:root{{{theme.variables(theme.is_dark())}}}
    .stMainBlockContainer {{ padding: 8px 16px }}
    .st-key-work {{ display: grid !important; grid-template-columns: minmax(0, 1fr) {WIDTH}; gap: 12px;
        grid-template-rows: 100%; height: 400px !important; flex: none !important }}
    .st-key-work > * {{ height: 100%; min-width: 0; width: auto !important }}
    .st-key-table, .st-key-sound {{ height: 100%; border: 1px solid var(--sc-line); border-radius: 8px;
        overflow: hidden; background: var(--sc-panel) }}
    .st-key-sound *, .st-key-table * {{ height: 100% }}
    </style>"""
)


@st.cache_resource
def load() -> tuple[Dataset, str]:
    table = registry.open_table(Source(os.environ["SLICECORE_TEST_CLIPS"]))
    return table.data, table.token


@st.cache_data
def rows() -> pd.DataFrame:
    data, _ = load()
    costs = metrics.wer(data.reference, data.prediction, "none")
    edits = [
        [[e.kind, e.reference, e.prediction] for e in metrics.align(r, p, "none")]
        for r, p in zip(data.reference, data.prediction, strict=True)
    ]
    value = costs.per_clip()
    return pd.DataFrame(
        {
            "row": range(len(data)),
            "id": data.ids,
            "clipName": data.ids,
            "clipPath": [str(path) for path in data.audio_paths],
            "value": value,
            "points": 100 * (value - costs.value()),
            "edits": [json.dumps(each) for each in edits],
            "words": costs.denominator,
            "duration": data.table["duration"],
            "reason": data.table["reason"].fillna(""),
            "Noise.level": data.table["noise"],
            "<b>Speaker</b>": data.table["speaker"],
        }
    )


data, token = load()
table = rows()
state = st.session_state
state.setdefault("playing", None)
state.setdefault("events", [])

part = st.selectbox("Part", ["first half", "second half", "all", "nothing"])
half = len(table) // 2
listed = {"first half": table[:half], "second half": table[half:], "all": table, "nothing": table[:0]}[part]
listed = listed.sort_values("value", ascending=False, kind="stable")
words = st.text_input("Filter")
only = st.query_params.get("only", "")


def on_event(event: dict) -> None:
    state.events.append(event)
    state.playing = event["row"]


def describe(position: int) -> Clip:
    clip = listed.iloc[position]
    return Clip(
        row=int(clip["row"]),
        id=clip["id"],
        name=clip["clipName"],
        path=clip["clipPath"],
        metric="WER",
        value=f"{100 * clip['value']:.0f}\u202f%",
        words=int(clip["words"]),
        duration=float(clip["duration"]),
        edits=json.loads(clip["edits"]),
        compared=None,
        signs=[],
        position=f"{position + 1} of {len(listed)}",
        reason=clip["reason"],
        **media.clip_urls(token, int(clip["row"])),
    )


with st.container(key="work"):
    with st.container(key="table"):
        picked = None
        if only != "player":
            picked = clips(
                listed[listed["edits"].str.contains(words, regex=False)],
                media=f"/api/clips/{token}",
                metric="WER",
                dark=theme.is_dark(),
                key="clips",
            )
    if picked is not None:
        state.playing = picked
    order = listed["row"].tolist()
    if state.playing not in order:
        state.playing = order[0] if order else None
    at = order.index(state.playing) if order else 0
    with st.container(key="sound"):
        if only != "table":
            near = [i for i in (at - 1, at + 1, at + 2) if 0 <= i < len(order)]
            player(
                describe(at) if order else None,
                following=[{**describe(i), "step": i - at} for i in near],
                key="player",
                on_event=on_event,
                seq=state.get("runs", 0),
            )
state.runs = state.get("runs", 0) + 1
st.write(f"playing={state.playing} events={len(state.events)} picked={picked}")
st.audio(str(data.audio_paths[0]))
