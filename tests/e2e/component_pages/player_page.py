"""Clips table and player over the data set that `SLICECORE_TEST_CLIPS` names, as the review page puts them together."""

import os
from pathlib import Path

import pandas as pd
import streamlit as st

from app import library, media, theme
from app.components.clips import clips
from app.components.player import Clip, player
from slicecore import dataset, metrics

WIDTH = "470px" if "narrow" not in st.query_params else "444px"

st.set_page_config(layout="wide")
variables = "".join(f"--sc-{name}:{colour};" for name, colour in theme.tokens(theme.is_dark()).items())
st.html(
    f"""<style>:root{{{variables}}}
    .stMainBlockContainer {{ padding: 8px 16px }}
    .st-key-work {{ display: grid; grid-template-columns: minmax(0, 1fr) {WIDTH}; gap: 12px; height: 400px }}
    .st-key-work > *, .st-key-table, .st-key-table > *, .st-key-sound, .st-key-sound > * {{ height: 100%; min-width: 0; width: 100% }}
    .st-key-table, .st-key-sound {{ border: 1px solid var(--sc-line); border-radius: 8px; overflow: hidden; background: var(--sc-panel) }}
    </style>"""
)


@st.cache_resource
def load() -> tuple[dataset.Dataset, str]:
    data = dataset.read(Path(os.environ["SLICECORE_TEST_CLIPS"]))
    return data, library.open_dataset(data)


@st.cache_data
def rows() -> pd.DataFrame:
    data, _ = load()
    costs = metrics.wer(data.reference, data.prediction)
    edits = [
        [[e.kind, e.reference, e.prediction] for e in metrics.align(r, p)]
        for r, p in zip(data.reference, data.prediction, strict=True)
    ]
    value = costs.per_clip()
    return pd.DataFrame(
        {
            "row": range(len(data)),
            "id": data.ids,
            "value": value,
            "points": 100 * (value - costs.value()),
            "edits": edits,
            "words": costs.denominator,
            "duration": data.table["duration"],
            "reason": data.table["reason"].fillna(""),
            "Noise": data.table["noise"],
            "Speaker": data.table["speaker"],
        }
    )


data, token = load()
table = rows()
state = st.session_state
state.setdefault("playing", None)
state.setdefault("events", [])

part = st.selectbox("Part", ["first half", "second half", "all", "nothing"])
half = len(table) // 2
shown = {"first half": table[:half], "second half": table[half:], "all": table, "nothing": table[:0]}[part]
shown = shown.sort_values("value", ascending=False, kind="stable")
note = st.text_input("Note")


def on_event(event: dict) -> None:
    state.events.append(event)
    state.playing = event["row"]


def describe(position: int) -> Clip:
    clip = shown.iloc[position]
    return Clip(
        row=int(clip["row"]),
        id=clip["id"],
        metric="WER",
        value=f"{100 * clip['value']:.0f}\u202f%",
        words=int(clip["words"]),
        duration=float(clip["duration"]),
        edits=clip["edits"],
        position=f"{position + 1} of {len(shown)}",
        reason=clip["reason"],
        **media.clip_urls(token, int(clip["row"])),
    )


with st.container(key="work"):
    with st.container(key="table"):
        picked = None
        if "alone" not in st.query_params:
            picked = clips(
                shown,
                media=f"/api/clips/{token}",
                metric="WER",
                title="Clips",
                caption="worst first",
                filter=note,
                dark=theme.is_dark(),
                key="clips",
            )
    if picked is not None:
        state.playing = picked
    order = shown["row"].tolist()
    if state.playing not in order:
        state.playing = order[0] if order else None
    with st.container(key="sound"):
        at = order.index(state.playing) if order else 0
        player(
            describe(at) if order else None,
            following=[
                {**describe(i), "step": i - at} for i in (at - 1, at + 1, at + 2) if 0 <= i < len(order)
            ],
            key="player",
            on_event=on_event,
            seq=state.get("runs", 0),
        )
state.runs = state.get("runs", 0) + 1
st.write(f"playing={state.playing} events={len(state.events)} picked={picked}")
st.audio(str(data.audio_paths[0]))
