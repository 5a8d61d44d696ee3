"""The table of the picked clips, worst first, with its filter."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore.explain.effects import Effect
from slicecore.filtering.clip_filter import NUMBER_OPERATORS, TEXT_OPERATORS, ClipFilter
from slicecore.measurements import Measurement
from slicecore.slices.condition import Condition, Operator
from slicecore.slices.examples import similar_clips
from slicecore_app import wording
from slicecore_app.review.clip_details import why_silent
from slicecore_app.review.clips.component import Measured
from slicecore_app.review.clips.component import clips as grid
from slicecore_app.review.clips.filterbar import describe_columns, filterbar
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server import registry
from slicecore_app.session import selection, session
from slicecore_app.web import theme

SIMILAR_CLIPS = 50
MOST_EFFECTS = 3
"""Measurements with a column of their own, as many as have a plot."""


def clips(shown: ReviewResult) -> None:
    """Draw the table with its header."""
    rows = shown.clips[: selection.most_rows()]
    with st.container(key="clips-head"):
        filterbar(
            caption=_caption(shown),
            order=_order(shown),
            current=shown.clip_filter,
            everywhere=shown.everywhere,
            can_look_everywhere=shown.pick is not None,
            columns=columns_token(shown),
            matches=len(shown.clips),
            more=len(shown.clips) > len(rows),
            problem=shown.filter_problem,
            key="clip filter",
            on_event=lambda: _on_event(shown),
            seq=session.seq(),
        )
    with st.container(key="clips-table"):
        if not len(rows) and shown.clip_filter:
            _nothing_matches(shown)
        picked = grid(
            _table(shown, rows),
            media=f"api/clips/{shown.table.token}",
            metric=shown.costs.model_costs.name,
            is_rate=shown.costs.is_rate,
            higher_is_better=shown.costs.higher_is_better,
            models=(shown.prediction, shown.compared) if shown.compared else None,
            dark=theme.is_dark(),
            measured=[_measured(effect.measurement) for effect in _effects(shown)],
            nothing=wording.nothing_picked(bool(shown.problems), "its clips")
            if shown.pick is None
            else "No clips",
            key="clips",
        )
    if picked is not None:
        selection.play(picked)
        st.rerun()


def columns_token(shown: ReviewResult) -> str:
    """Where the browser finds which columns there are."""
    return registry.publish(json.dumps(describe_columns(shown.columns.values())).encode())


def _caption(shown: ReviewResult) -> str:
    if shown.pick is None and not shown.clip_filter:
        return "nothing picked"
    count = len(shown.clips)
    text = wording.clips(count)
    if shown.clip_filter:
        text = f"{count:,} of {wording.clips(len(shown.scope))}"
    if count > selection.most_rows():
        return f"worst {st.session_state['most_rows']:,} of {wording.clips(count)}"
    return text


def _order(shown: ReviewResult) -> str:
    """In which order the picked clips are; a filter leaves less room for saying it."""
    if shown.pick is None or shown.clip_filter or len(shown.clips) > selection.most_rows():
        return ""
    return "largest difference first" if shown.compared else "worst first"


def _nothing_matches(shown: ReviewResult) -> None:
    """Say in place of the table that no clip meets the filter, with ways out."""
    with st.container(key="clips-nothing"):
        if len(shown.scope) == len(shown.data):
            st.write(f"No clip meets the filter {shown.clip_filter}.")
        else:
            st.write(f"None of these {wording.clips(len(shown.scope))} meets the filter {shown.clip_filter}.")
        elsewhere = int(shown.filter_mask.sum())
        with st.container(horizontal=True):
            if elsewhere:
                st.button(
                    f"Look in all clips: {elsewhere:,} found",
                    key="look everywhere",
                    on_click=selection.set_filter,
                    args=(shown.clip_filter, True),
                )
            st.button(
                "Clear the filter",
                key="clear filter",
                on_click=selection.set_filter,
                args=(ClipFilter(), False),
            )


def _on_event(shown: ReviewResult) -> None:
    event = st.session_state["clip filter"]["event"]
    if not event:
        return
    if event["kind"] == "filter":
        conditions = (_condition(one, shown) for one in event["conditions"])
        wanted = ClipFilter(str(event["words"]), tuple(one for one in conditions if one))
        selection.set_filter(wanted, bool(event["everywhere"]) and bool(wanted))
    elif event["kind"] == "more":
        selection.show_more_rows()
    elif event["kind"] == "select" and len(shown.clips):
        selection.select(shown.clips, _reason(shown))
        selection.set_filter(ClipFilter())
    elif event["kind"] == "similar" and 0 <= event["row"] < len(shown.data):
        find_similar(shown, int(event["row"]))


def _condition(raw: dict[str, Any], shown: ReviewResult) -> Condition | None:
    """A condition that the browser sent, None if it does not fit the columns."""
    column = shown.columns.get(raw["column"])
    if column is None or raw["operator"] not in (NUMBER_OPERATORS if column.is_number else TEXT_OPERATORS):
        return None
    if not column.is_number:
        return Condition(column.name, Operator(raw["operator"]), str(raw["value"]))
    number = raw["value"]
    fits = isinstance(number, int | float) and math.isfinite(number)
    return Condition(column.name, Operator(raw["operator"]), float(number)) if fits else None


def _reason(shown: ReviewResult) -> str:
    """How a selection by the filter came about."""
    if shown.pick is None or shown.everywhere:
        return str(shown.clip_filter)
    before = shown.pick.reason.removeprefix("your selection: ") or wording.clips(len(shown.scope))
    return f"{shown.clip_filter}, among {before}"


def find_similar(shown: ReviewResult, row: int) -> None:
    """Select the clips that are most like one, or say why there are none."""
    try:
        rows = similar_clips(row, shown.analysis.embeddings.vectors, SIMILAR_CLIPS)
    except SlicecoreError as error:
        st.toast(str(error))
        return
    selection.set_filter(ClipFilter())
    selection.select(rows, f"{wording.clips(len(rows))} most like {shown.data.ids[row]}")
    selection.play(row)


def _effects(shown: ReviewResult) -> list[Effect]:
    """What sets the picked slice apart: a column each, by which the page sorts the clips."""
    found = shown.reasons.of(shown.subject.slice) if shown.subject else None
    return list(found.effects[:MOST_EFFECTS]) if found else []


def _measured(one: Measurement) -> Measured:
    unit = f", {one.unit}" if one.unit else ""
    return Measured(one.name, one.label, f"{one.label}{unit}: {one.description}", one.decimals)


def _durations(shown: ReviewResult, rows: np.ndarray) -> Sequence[float | None]:
    """Lengths in seconds: as measured, or from the heads of the files as long as that is not done."""
    if shown.reasons.measured is None:
        return shown.table.durations(rows)
    return shown.reasons.measured.measurements.table["duration"].to_numpy()[rows]


def _table(shown: ReviewResult, rows: np.ndarray) -> pd.DataFrame:
    data, reasons = shown.data, shown.analysis.embeddings.reasons
    values = shown.clip_values[rows]
    table = pd.DataFrame(
        {
            "row": rows,
            "id": data.ids[rows],
            "value": values,
            "points": np.asarray(shown.points(shown.drop(values))),
            "edits": [json.dumps(one) for one in shown.edits(rows)],
            "words": shown.costs.denominator[rows],
            "duration": _durations(shown, rows),
            "reason": [why_silent(data, reasons, int(row)) for row in rows],
        }
    )
    if shown.costs.compared:
        (_, model), (_, other) = shown.costs.compared
        table["modelValue"], table["otherValue"] = model.per_clip()[rows], other.per_clip()[rows]
        edits = shown.compared_edits(rows)
        table["otherEdits"] = [json.dumps(one) for one in edits]
    shown_already = set()
    for effect in _effects(shown):
        known = shown.reasons.measured.measurements.table
        if effect.name not in known:  # a number of the user's own table
            shown_already.add(effect.name)
            known = data.table
        measured = known[effect.name].to_numpy()[rows]
        table[effect.name] = 100 * measured if effect.measurement.unit == "%" else measured
    for name in data.metadata:
        if name in shown_already:
            continue
        # The table's own columns must not replace ours.
        table[name if name not in table else f"{name} (table)"] = data.table[name].to_numpy()[rows]
    return table
