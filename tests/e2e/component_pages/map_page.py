"""Map and treemap side by side on invented data, as wide as on the review page at 1440 px.

`?clips=` says how many, `?parts=` into how many parts a group falls, `?identical=1` puts all of them on one spot,
`?counted=1` makes a map of more clips than are drawn of them.
"""

import json

import numpy as np
import streamlit as st

from slicecore.display.outline import hull
from slicecore_app.review.map.component import Outline, Parts, clip_map, drop_steps
from slicecore_app.review.treemap.component import Tiles, treemap
from slicecore_app.server import drawn_maps, registry
from slicecore_app.web import theme
from tests.e2e.component_pages.invented import BASIS, LABELS, OVERALL, PAIRED, Invented, invent

GAP = "\u202f"


@st.cache_resource
def prepared(n: int, identical: bool) -> tuple[str, Invented]:
    """The data, and the token of its positions."""
    data = invent(n)
    if identical:
        data.positions[:] = 1
    return registry.publish_points(data.positions), data


def keep(key: str) -> None:
    """Remember an event and follow it."""
    event = st.session_state[key]["event"]
    st.session_state["event"] = event
    if event["kind"] == "slice":
        st.session_state.update(slice=event["slice"], cluster=None)
    elif event["kind"] == "cluster":
        st.session_state.update(slice=None, cluster=event["key"])
    elif event["kind"] == "clip":
        st.session_state["playing"] = event["row"]
    elif event["kind"] == "lasso":
        st.session_state["lasso"] = _rows(event)


def _rows(event: dict) -> list[int]:
    if "rows" in event:
        return event["rows"]
    points, plane = drawn_maps.plane_of(data.positions)
    assert event["points"] == points
    return plane.inside(event["corners"]).tolist()


def counted(data: Invented, flagged: np.ndarray, marked: np.ndarray) -> tuple[str, Parts]:
    """The map of which the browser asks for parts, whose clips are points where there are at most 300."""
    drawn_maps.MOST_POINTS_OF_A_PART = 300
    points, plane = drawn_maps.plane_of(data.positions)
    rows = np.flatnonzero(marked)
    slices = np.where(flagged, 0, -1)
    steps, is_lasso = drop_steps(data.value - OVERALL), lassoed is not None
    drawn = drawn_maps.DrawnMap(plane, steps, False, slices, rows, is_lasso)
    box = (plane.box.left, plane.box.right, plane.box.bottom, plane.box.top)
    token = drawn_maps.publish_map(f"{points} {np.flatnonzero(flagged).tolist()}", drawn)
    return points, Parts(token, box, int(flagged.sum()))


def reset() -> None:
    """As on a fresh page."""
    for name in ("event", "slice", "cluster", "playing", "lasso", "min_drop"):
        st.session_state.pop(name, None)


def tiles(data: Invented, flagged: list[int], parts: int) -> Tiles:
    """Everything, the groups, two of them one level deeper, and equal parts of each group."""
    columns: dict[str, list] = {name: [] for name in Tiles.__dataclass_fields__}

    def add(key: str, parent: str, rows: np.ndarray, number: int = 0, label: str = "") -> None:
        known = data.value[rows][np.isfinite(data.value[rows])]
        mean = float(known.mean()) if len(known) else float("nan")
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
            "possible": False,
        }
        for name, item in entry.items():
            columns[name].append(item)

    if len(data.group) == 0:
        return Tiles(**columns)
    add("all", "", np.arange(len(data.group)))
    paired = np.flatnonzero(np.isin(data.group, PAIRED))
    if len(paired):
        add("pair", "all", paired)
    for group in np.unique(data.group):
        rows = np.flatnonzero(data.group == group)
        number = flagged.index(group) + 1 if group in flagged else 0
        add(f"g{group}", "pair" if group in PAIRED else "all", rows, number, LABELS[group] if number else "")
        count = max(1, min(parts, len(rows) // 8))
        for i, part in enumerate(np.array_split(rows, count) if count > 1 else []):
            add(f"g{group}.{i}", f"g{group}", part)
    return Tiles(**columns)


st.set_page_config(layout="wide")
theme.apply()
st.html(
    """<style>
    .st-key-over { width: min(1112px, 100vw); height: 262px !important; flex: none !important; }
    .st-key-row { padding: 12px; }
    </style>"""
)
now = st.session_state
now.setdefault("slice", "slice3")
now["seq"] = now.get("seq", 0) + 1
asked = st.query_params
token, data = prepared(int(asked.get("clips", 672)), "identical" in asked)
below = st.container(key="row")
with below:
    min_drop = st.slider("Minimum drop", 0, 100, 10, key="min_drop")
    st.button("Reset", on_click=reset)
    is_shown = st.checkbox("Shown", value=True)
    st.text(json.dumps(now.get("event", {})))
flagged = data.flagged(min_drop)
numbers = {group: i for i, group in enumerate(flagged, 1)}
lassoed = np.isin(np.arange(len(data.group)), now["lasso"]) if now.get("lasso") else None
if not is_shown:
    st.stop()
is_flagged = np.isin(data.group, flagged)
is_picked = np.isin(data.group, [group for group, i in numbers.items() if f"slice{i}" == now["slice"]])
places, in_parts = token, None
if "counted" in asked:
    places, in_parts = counted(data, is_flagged, is_picked if lassoed is None else lassoed)
with st.container(key="over"):
    with st.container(key="tree"):
        treemap(
            tiles(data, flagged, int(asked.get("parts", 24))),
            embedding="signal",
            picked_slice=now["slice"],
            picked_cluster=now.get("cluster"),
            caption="area: clips · colour: drop",
            legend=("−35", f"+90{GAP}pts"),
            basis=BASIS,
            seq=now["seq"],
            key="treemap",
            on_event=lambda: keep("treemap"),
        )
    with st.container(key="map"):
        clip_map(
            points=places,
            parts=in_parts,
            steps=registry.publish(drop_steps(data.value - OVERALL).tobytes()),
            flagged=is_flagged,
            picked=is_picked,
            lassoed=lassoed,
            outlines=[
                Outline(f"slice{i}", i, LABELS[group], hull(data.positions[data.group == group]).tolist())
                for group, i in numbers.items()
            ],
            picked_slice=now["slice"],
            playing=now.get("playing"),
            caption="colour: clip WER · ring: flagged"
            if lassoed is None
            else f"{lassoed.sum()} clips · WER 24.2{GAP}%",
            basis=BASIS,
            seq=now["seq"],
            key="scatter",
            on_event=lambda: keep("scatter"),
        )
