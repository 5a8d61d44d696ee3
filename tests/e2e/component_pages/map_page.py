"""Map and treemap side by side on invented data, as wide as on the review page at 1440 px."""

import json
import os

import numpy as np
import streamlit as st

from app import library, theme
from app.components.scatter import Outline, drop_steps, scatter
from app.components.treemap import Tiles, treemap

N = int(os.environ.get("CLIPS", "672"))
LABELS = ("Overdriven", "Sample rate", "Hum", "Quiet", "HF noise", "Voices", "Foreign")
OVERALL = 32.9
GAP = "\u202f"


@st.cache_resource
def invented():
    """Groups of clips: rows of every group, their positions and their values in percent."""
    rng = np.random.default_rng(3)
    sizes = np.array([*(35, 35, 35, 35, 35, 35, 8), 184, 79, 70, 48, 40, 33])
    group = np.repeat(np.arange(len(sizes)), np.maximum(2, sizes * N // sizes.sum()))[:N]
    group = np.concatenate([group, np.full(N - len(group), 7)])
    centre = np.array(
        [
            (5, -2),
            (-6, 1),
            (-4, -1),
            (7, 0),
            (8, 1.5),
            (3, -2),
            (0, 0.5),
            (0, 0),
            (-1, 1),
            (2, 2),
            (4, 1.5),
            (-3, 2),
            (1, -1),
        ]
    )
    spread = np.where(np.isin(group, [7, 8, 9])[:, None], [1.4, 0.8], [0.35, 0.25])
    positions = (centre[group] + rng.normal(0, 1, (N, 2)) * spread).astype(np.float32)
    mean = np.array([84.8, 86.5, 67.6, 63.3, 53.7, 51.9, 122.7, 17.8, 9.1, 23.6, 7.0, 23.9, 16.7])
    value = np.clip(mean[group] * rng.gamma(3, 1 / 3, N), 0, 160)
    if N > 20:
        positions[5], value[9] = np.nan, np.nan
    if os.environ.get("IDENTICAL"):
        positions[:] = 1
    return library.publish_points(positions), positions, group, value


def keep(event_key: str) -> None:
    """Remember an event and follow it."""
    event = st.session_state[event_key]["event"]
    st.session_state["event"] = event
    if event["kind"] == "slice":
        st.session_state.update(slice=event["slice"], cluster=None)
    elif event["kind"] == "cluster":
        st.session_state.update(slice=None, cluster=event["key"])
    elif event["kind"] == "clip":
        st.session_state["playing"] = event["row"]
    elif event["kind"] == "lasso":
        st.session_state["lasso"] = event["rows"]


def tiles(group: np.ndarray, value: np.ndarray, flagged: list[int]) -> Tiles:
    """Everything, the groups (half of them two levels deep), and parts of each group."""
    columns: dict[str, list] = {name: [] for name in Tiles.__dataclass_fields__}

    def add(key, parent, rows, number=0, label=""):
        mean = float(np.nanmean(value[rows])) if np.isfinite(value[rows]).any() else float("nan")
        entry = {
            "key": key,
            "parent": parent,
            "support": len(rows),
            "points": mean - OVERALL,
            "value": f"{mean:.1f}{GAP}%",
            "drop": f"{mean - OVERALL:+.1f}{GAP}pts".replace("-", "−"),
            "slice": f"slice{number}" if number else "",
            "number": number,
            "label": label,
        }
        for name, item in entry.items():
            columns[name].append(item)

    add("all", "", np.arange(N))
    pairs = {3: "pair", 5: "pair"}
    paired = np.flatnonzero(np.isin(group, list(pairs)))
    if len(paired):
        add("pair", "all", paired)
    for one in np.unique(group):
        rows = np.flatnonzero(group == one)
        number = flagged.index(one) + 1 if one in flagged else 0
        add(f"g{one}", pairs.get(one, "all"), rows, number, LABELS[one] if number else "")
        parts = max(1, min(int(os.environ.get("PARTS", "24")), len(rows) // 8))
        for i, part in enumerate(np.array_split(rows, parts)):
            if parts > 1:
                add(f"g{one}.{i}", f"g{one}", part)
    return Tiles(**columns)


def hull(positions: np.ndarray, rows: np.ndarray) -> list[list[float]]:
    """The members near the middle."""
    here = positions[rows][np.isfinite(positions[rows]).all(axis=1)]
    distance = np.linalg.norm(here - np.median(here, axis=0), axis=1)
    return here[distance <= np.quantile(distance, 0.92)].tolist()


st.set_page_config(layout="wide")
theme.apply()
st.html(
    """<style>
    .st-key-over { width: 1112px; height: 262px !important; flex: none !important; }
    .st-key-row { padding: 12px; }
    </style>"""
)
st.session_state.setdefault("slice", "slice3")
seq = st.session_state["seq"] = st.session_state.get("seq", 0) + 1
now = st.session_state
token, positions, group, value = invented()
below = st.container(key="row")
with below:
    min_drop = st.slider("Minimum drop", 0, 100, 10, key="min_drop")
    st.button("Again")
    event = {**now.get("event", {})}
    event["count"] = len(event.pop("rows", []))
    st.text(json.dumps(event))
flagged = [
    one for one in range(7) if (group == one).any() and np.nanmean(value[group == one]) - OVERALL >= min_drop
]
numbers = {one: i for i, one in enumerate(flagged, 1)}
lassoed = np.isin(np.arange(N), now["lasso"]) if now.get("lasso") else None
with st.container(key="over"):
    with st.container(key="tree"):
        treemap(
            tiles(group, value, flagged),
            picked_slice=now["slice"],
            picked_cluster=now.get("cluster"),
            caption="area: clips · colour: drop",
            legend=("−35", f"+90{GAP}pts"),
            seq=seq,
            key="treemap",
            on_event=lambda: keep("treemap"),
        )
    with st.container(key="map"):
        scatter(
            points=token,
            steps=drop_steps(value - OVERALL),
            flagged=np.isin(group, flagged),
            picked=np.isin(group, [one for one, i in numbers.items() if f"slice{i}" == now["slice"]]),
            lassoed=lassoed,
            outlines=[
                Outline(f"slice{i}", i, LABELS[one], hull(positions, np.flatnonzero(group == one)))
                for one, i in numbers.items()
            ],
            picked_slice=now["slice"],
            playing=now.get("playing"),
            caption="colour: clip WER · ring: flagged"
            if lassoed is None
            else f"{lassoed.sum()} clips · WER 24.2{GAP}%",
            seq=seq,
            key="scatter",
            on_event=lambda: keep("scatter"),
        )
