"""The 2D map of all clips: colour is the clip's value, flagged slices are outlined and numbered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import streamlit as st

from slicecore.display.outline import hull
from slicecore.embedding import details
from slicecore.slices.options import POSSIBLE
from slicecore.slices.result import Slice
from slicecore_app import wording
from slicecore_app.review.basis import basis_of
from slicecore_app.review.clip_details import clips_token
from slicecore_app.review.map import component
from slicecore_app.review.map.colouring import Colouring
from slicecore_app.review.map.component import Outline, Parts
from slicecore_app.review.map.lasso import lassoed, rows_inside
from slicecore_app.review.map.legend import colouring, group
from slicecore_app.review.map.places import Places, places_of, wait_for_places
from slicecore_app.review.picking import around, pick_slice
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server import drawn_maps, registry
from slicecore_app.server.memo import Same
from slicecore_app.server.open_table import OUTLINES
from slicecore_app.session import layout, selection, session, settings
from slicecore_app.session.map_colour import choices
from slicecore_app.session.map_layout import HINTS, LAYOUTS

MOST_POINTS = 100_000
"""Clips of a table that are all drawn one by one."""


def clip_map(result: ReviewResult) -> None:
    """Draw the map."""
    places = places_of(result)
    positions = places.positions
    count = len(result.data)
    flagged = result.scan.slice_of_clip >= 0
    picked = np.zeros(count, bool)
    lassoed = None
    if result.pick is not None:
        picked[result.pick.rows] = True
        if result.pick.kind in ("selection", "own"):
            lassoed = picked
    picked_problem = result.picked_problem
    colours = colouring(result, settings.value("colour"))
    points, parts = "", None
    if count > MOST_POINTS:
        points, parts = _parts(result, places, colours)
    component.clip_map(
        points=points or registry.publish_points(positions),
        steps="" if parts else registry.publish(colours.steps.tobytes()),
        parts=parts,
        palette=colours.palette,
        legend=colours.legend,
        columns=result.columns_token,
        colour=settings.value("colour"),
        clips=clips_token(result),
        flagged=flagged,
        picked=picked if lassoed is None else np.zeros(count, bool),
        lassoed=lassoed,
        outlines=[
            Outline(
                problem.slice.id,
                problem.number,
                slice_name(problem),
                _corners(result, part, positions),
                possible=problem.slice.tier == POSSIBLE,
            )
            for problem in result.problems
            for part in problem.slice.clusters
            if places.shows_clusters
        ],
        layouts=[(layout, LAYOUTS[layout], HINTS[layout]) for layout in places.choices],
        layout=places.layout,
        picked_slice=picked_problem.slice.id if picked_problem else None,
        playing=result.playing,
        opened=layout.opened("map"),
        caption=_caption(result, places),
        is_coming=places.job is not None,
        basis=basis_of(result),
        key="map",
        on_event=lambda: _on_event(result),
        seq=session.seq(),
    )
    if places.job is not None:
        wait_for_places(places.job)


def _corners(result: ReviewResult, cluster: Slice, positions: np.ndarray) -> list[list[float]]:
    """Outline of a cluster."""
    return result.table.shared(
        OUTLINES,
        (cluster.id, Same(positions)),
        lambda: hull(positions[cluster.members]).round(4).tolist(),
    )


def _parts(result: ReviewResult, places: Places, colours: Colouring) -> tuple[str, Parts]:
    """Name of the places, and the map of which the browser asks for the part that is seen."""
    points, plane = drawn_maps.plane_of(places.positions)
    marked = np.zeros(0, int) if result.pick is None else result.pick.rows
    is_lasso = result.pick is not None and result.pick.kind in ("selection", "own")
    flagged = result.scan.slice_of_clip
    drawn = drawn_maps.DrawnMap(plane, colours.steps, colours.palette == "groups", flagged, marked, is_lasso)
    name = " ".join([points, *(slice_.id for slice_ in result.scan.slices)])
    row = result.playing
    at = places.positions[row].tolist() if row is not None else []
    return points, Parts(
        token=drawn_maps.publish_map(name, drawn),
        box=astuple(plane.box) if len(plane) else (),
        flagged=int(np.count_nonzero(flagged >= 0)),
        playing_at=at if at and np.isfinite(at).all() else None,
    )


def _caption(result: ReviewResult, places: Places) -> str:
    """Meaning of the marks, and the embedding; of a selection its numbers, where everybody looks after a lasso."""
    if result.pick is None or result.pick.kind not in ("selection", "own"):
        return f"ring: flagged · {places.meaning or _made_by(result) + _how(result)}"
    value = result.costs.value(result.pick.rows)
    drop = wording.drop(result.scan.drop(result.pick.rows), result.costs)
    return f"{wording.clips(len(result.pick.rows))} · {result.costs.name} {wording.value(value, result.costs)} · {drop}"


def _made_by(result: ReviewResult) -> str:
    """The embedding by which clips lie near one another: its name, and the beginning of its revision."""
    embeddings = result.analysis.embeddings
    revision = re.sub(r"([0-9a-f]{8})[0-9a-f]+", r"\1", embeddings.revision)
    return " ".join(filter(None, (embeddings.label, revision)))


def _how(result: ReviewResult) -> str:
    """Settings by which the vectors were made, where there is something to say."""
    settings = result.analysis.embeddings.settings
    return f" · {details(settings)}" if settings else ""


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["map"]["event"]
    if not event:
        return
    count = len(result.data)
    if event["kind"] == "slice":
        pick_slice(result, event["slice"])
    elif event["kind"] == "clip" and 0 <= event["row"] < count:
        _pick_clip(int(event["row"]), result)
    elif event["kind"] == "colour" and event["by"] in choices(result.columns):
        st.session_state["colour"] = event["by"]
    elif event["kind"] == "layout" and event["by"] in LAYOUTS:
        st.session_state["map_layout"] = event["by"]
    elif event["kind"] == "group":
        by = event.get("by", settings.value("colour"))
        if (pick := group(result, by, int(event["index"]))) is not None:
            selection.pick(pick)
    elif event["kind"] == "lasso":
        rows = _rows_of(event, result)
        if rows is None:
            return  # drawn on places that the page has left meanwhile
        if len(rows):
            selection.pick(lassoed(rows))
        else:
            selection.pick(None)


def _rows_of(event: Mapping[str, Any], result: ReviewResult) -> np.ndarray | None:
    """The clips of a lasso, of which the browser knows the rows, or corners among places; None for other places."""
    count = len(result.data)
    if "corners" not in event:
        return np.unique([row for row in event["rows"] if 0 <= row < count]).astype(int)
    return rows_inside(event, result)


def _pick_clip(row: int, result: ReviewResult) -> None:
    """Play the clip; look at its slice, or at its cluster where it is in none."""
    if result.pick is None or row not in result.pick.rows:
        selection.pick(around(result, row))
    else:
        selection.repick(
            replace(result.pick)
        )  # picked anew: a verdict by the number of this event goes to it
    selection.play(row)
