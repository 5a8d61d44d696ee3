"""The 2D map of all clips: colour is the clip's value, flagged slices are outlined and numbered."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import library, state, wording
from app.components.scatter import Outline, drop_steps, scatter
from app.panels.problems import name
from app.shown import Shown
from app.state import Pick
from slicecore.options import POSSIBLE
from slicecore.projection import hull


def clip_map(shown: Shown) -> None:
    """Draw the map."""
    positions = shown.analysis.positions
    count = len(shown.data)
    flagged = shown.found.slice_of_clip >= 0
    picked = np.zeros(count, bool)
    lassoed = None
    if shown.pick is not None:
        picked[shown.pick.rows] = True
        if shown.pick.kind in ("selection", "own"):
            lassoed = picked
    problem = shown.picked_problem
    scatter(
        points=library.publish_points(positions),
        steps=drop_steps(np.asarray(shown.points(shown.drop(shown.clip_values)))),
        flagged=flagged,
        picked=picked if lassoed is None else np.zeros(count, bool),
        lassoed=lassoed,
        outlines=[
            Outline(
                one.slice.id,
                one.number,
                name(one),
                hull(positions[one.slice.members]).round(4).tolist(),
                possible=one.slice.tier == POSSIBLE,
            )
            for one in shown.problems
        ],
        picked_slice=problem.slice.id if problem else None,
        playing=shown.playing,
        caption=f"{_made_by(shown)} · colour: clip {shown.costs.name} · ring: flagged",
        key="map",
        on_event=lambda: _on_event(shown),
        seq=state.seq(),
    )


def _made_by(shown: Shown) -> str:
    """The embedding by which clips lie near one another: its name, and the beginning of its revision."""
    embeddings = shown.analysis.embeddings
    return " ".join(filter(None, (embeddings.label, embeddings.revision[:8])))


def _on_event(shown: Shown) -> None:
    event = st.session_state["map"]["event"]
    if not event:
        return
    count = len(shown.data)
    if event["kind"] == "slice":
        shown.pick_slice(event["slice"])
    elif event["kind"] == "clip" and 0 <= event["row"] < count:
        _pick_clip(int(event["row"]), shown)
    elif event["kind"] == "lasso":
        rows = np.unique([row for row in event["rows"] if 0 <= row < count]).astype(int)
        if len(rows):
            shown.select(rows, f"{wording.clips(len(rows))} in a lasso on the map")
        else:
            state.pick(None)


def _pick_clip(row: int, shown: Shown) -> None:
    """Play the clip; look at its slice, or at its cluster where it is in none."""
    if shown.pick is None or row not in shown.pick.rows:
        index = shown.found.slice_of_clip[row]
        if index >= 0:
            shown.pick_slice(shown.found.slices[index].id)
        else:
            node = shown.tree.smallest_with(row)
            state.pick(Pick("cluster", shown.tree.key[node], np.sort(shown.tree.members(node))))
    state.play(row)
