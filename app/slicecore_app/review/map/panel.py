"""The 2D map of all clips: colour is the clip's value, flagged slices are outlined and numbered."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import streamlit as st

from slicecore.display.outline import hull
from slicecore.embedding import details
from slicecore.slices.condition import Condition, Operator
from slicecore.slices.options import POSSIBLE
from slicecore_app import wording
from slicecore_app.review.clip_details import clips_token
from slicecore_app.review.clips.panel import columns_token
from slicecore_app.review.map.colouring import Colouring, by_column, by_drop, by_group
from slicecore_app.review.map.component import Outline, scatter
from slicecore_app.review.picking import pick_slice
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server import registry
from slicecore_app.session import layout, selection, session, settings
from slicecore_app.session.map_colour import CLUSTER, COLUMN, VALUE, choices
from slicecore_app.session.selection import Pick


def clip_map(shown: ReviewResult) -> None:
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
    colours = _colouring(shown)
    scatter(
        points=registry.publish_points(positions),
        steps=registry.publish(colours.steps.tobytes()),
        palette=colours.palette,
        legend=colours.legend,
        columns=columns_token(shown),
        colour=settings.value("colour"),
        clips=clips_token(shown),
        flagged=flagged,
        picked=picked if lassoed is None else np.zeros(count, bool),
        lassoed=lassoed,
        outlines=[
            Outline(
                one.slice.id,
                one.number,
                slice_name(one),
                hull(positions[one.slice.members]).round(4).tolist(),
                possible=one.slice.tier == POSSIBLE,
            )
            for one in shown.problems
        ],
        picked_slice=problem.slice.id if problem else None,
        playing=shown.playing,
        opened=layout.opened("map"),
        caption=_caption(shown),
        key="map",
        on_event=lambda: _on_event(shown),
        seq=session.seq(),
    )


def _colouring(shown: ReviewResult) -> Colouring:
    chosen = settings.value("colour")
    if chosen == CLUSTER:
        codes = shown.table.top_clusters(shown.model, shown.analysis)
        counts = np.bincount(codes[codes >= 0])
        return by_group(codes, [wording.clips(int(count)) for count in counts], "Cluster")
    name = chosen.removeprefix(COLUMN)
    if chosen != VALUE and name in shown.columns:
        return by_column(shown.columns[name])
    return by_drop(np.asarray(shown.points(shown.drop(shown.clip_values))))


def _caption(shown: ReviewResult) -> str:
    """What the marks mean, and which embedding; of a selection its numbers, where everybody looks after a lasso."""
    if shown.pick is None or shown.pick.kind not in ("selection", "own"):
        return f"ring: flagged · {_made_by(shown)}{_how(shown)}"
    value = shown.costs.value(shown.pick.rows)
    drop = wording.drop(float(shown.drop(value)), shown.costs)
    return f"{wording.clips(len(shown.pick.rows))} · {shown.costs.name} {wording.value(value, shown.costs)} · {drop}"


def _made_by(shown: ReviewResult) -> str:
    """The embedding by which clips lie near one another: its name, and the beginning of its revision."""
    embeddings = shown.analysis.embeddings
    revision = re.sub(r"([0-9a-f]{8})[0-9a-f]+", r"\1", embeddings.revision)
    return " ".join(filter(None, (embeddings.label, revision)))


def _how(shown: ReviewResult) -> str:
    """How the vectors were made, where there is something to say."""
    settings = shown.analysis.embeddings.settings
    return f" · {details(settings)}" if settings else ""


def _on_event(shown: ReviewResult) -> None:
    event = st.session_state["map"]["event"]
    if not event:
        return
    count = len(shown.data)
    if event["kind"] == "slice":
        pick_slice(shown, event["slice"])
    elif event["kind"] == "clip" and 0 <= event["row"] < count:
        _pick_clip(int(event["row"]), shown)
    elif event["kind"] == "colour" and event["by"] in choices(shown.columns):
        st.session_state["colour"] = event["by"]
    elif event["kind"] == "group":
        _select_group(int(event["index"]), shown)
    elif event["kind"] == "lasso":
        rows = np.unique([row for row in event["rows"] if 0 <= row < count]).astype(int)
        if len(rows):
            selection.select(rows, f"{wording.clips(len(rows))} in a lasso on the map")
        else:
            selection.pick(None)


def _select_group(index: int, shown: ReviewResult) -> None:
    """Look at the clips behind an entry of the legend."""
    colours = _colouring(shown)
    rows = np.flatnonzero(colours.steps == index)
    if not 0 <= index < len(colours.legend.entries) or not len(rows):
        return
    if colours.values:
        column = settings.value("colour").removeprefix(COLUMN)
        selection.select(rows, str(Condition(column, Operator.EQUAL, colours.values[index])))
    else:
        selection.select(rows, f"cluster of {wording.clips(len(rows))}")


def _pick_clip(row: int, shown: ReviewResult) -> None:
    """Play the clip; look at its slice, or at its cluster where it is in none."""
    if shown.pick is None or row not in shown.pick.rows:
        index = shown.found.slice_of_clip[row]
        if index >= 0:
            pick_slice(shown, shown.found.slices[index].id)
        else:
            node = shown.tree.smallest_with(row)
            selection.pick(Pick("cluster", shown.tree.key[node], np.sort(shown.tree.members(node))))
    else:
        selection.repick(replace(shown.pick))  # picked anew: a verdict by the number of this event goes to it
    selection.play(row)
