"""The table of the picked clips, worst first, with its filter."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore.explain.effects import Effect
from slicecore.filtering.clip_filter import ClipFilter
from slicecore.measurements import CATALOGUE, Measurement
from slicecore_app import wording
from slicecore_app.review.basis import basis_of
from slicecore_app.review.clip_details import path_of, why_silent
from slicecore_app.review.clips.component import Measured
from slicecore_app.review.clips.component import clips as grid
from slicecore_app.review.clips.filterbar import filterbar
from slicecore_app.review.clips.selecting import filter_of, similar, these
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.seen_picks import where_it_was
from slicecore_app.session import selection, session, settings
from slicecore_app.session.parsing import Table
from slicecore_app.session.selection import all_clips
from slicecore_app.web import theme

SURETY = Measured(
    "surety", "Surety", "How sure it is that the reference is wrong, from 0 to 1; no probability", 2
)
"""Column of the list of probably wrong references."""
MOST_EFFECTS = 3
"""Measurements with a column of their own, as many as have a plot."""


def clips(result: ReviewResult) -> None:
    """Draw the table with its header."""
    rows = result.clips[: selection.most_rows()]
    with st.container(key="clips-head"):
        filterbar(
            caption=_caption(result),
            order=_order(result),
            current=result.clip_filter,
            everywhere=result.everywhere,
            can_look_everywhere=result.pick is not None,
            columns=result.columns_token,
            added=settings.value("added_columns"),
            units={name: column.unit for name, column in result.columns.items()},
            matches=len(result.clips),
            empty=result.pick is None and not result.clip_filter,
            more=len(result.clips) > len(rows),
            problem=result.filter_problem,
            basis=basis_of(result),
            key="clip filter",
            on_event=lambda: _on_event(result),
            seq=session.seq(),
        )
    with st.container(key="clips-table"):
        if not len(rows) and result.clip_filter:
            _nothing_matches(result)
        picked = grid(
            _table(result, rows),
            media=f"api/clips/{result.table.token}",
            metric=result.costs.model_costs.name,
            is_rate=result.costs.is_rate,
            higher_is_better=result.costs.higher_is_better,
            models=(result.prediction, result.compared) if result.compared else None,
            dark=theme.is_dark(),
            measured=[
                *([SURETY] if result.lists_wrong_references else []),
                *map(_measured, _added(result)),  # before the others: they are to be in view
                *(_measured(effect.measurement) for effect in _effects(result)),
            ],
            nothing=wording.nothing_picked(bool(result.problems), "its clips")
            if result.pick is None
            else "No clips",
            key="clips",
            first=(SURETY.name, "desc") if result.lists_wrong_references else None,
            joint="" if result.costs.model_costs.unit == "characters" else " ",
            texts=result.data.roles.reference is not None,
        )
    if picked is not None:
        selection.play(picked)
        st.rerun()


def _caption(result: ReviewResult) -> str:
    if result.pick is None and not result.clip_filter:
        return "nothing selected"
    count = len(result.clips)
    text = wording.clips(count)
    if result.clip_filter:
        text = f"{count:,} of {wording.clips(len(result.scope))}"
    if count > selection.most_rows():
        first = "surest" if result.lists_wrong_references else "worst"
        return f"{first} {selection.most_rows():,} of {wording.clips(count)}"
    return text


def _order(result: ReviewResult) -> str:
    """In which order the picked clips are; a filter leaves less room for saying it."""
    if result.pick is None or result.clip_filter or len(result.clips) > selection.most_rows():
        return ""
    if result.lists_wrong_references:
        return "surest first"
    return "largest difference first" if result.compared else "worst first"


def _nothing_matches(result: ReviewResult) -> None:
    """Say in place of the table that no clip meets the filter, with ways out."""
    asked = wording.escaped(str(result.clip_filter))
    with st.container(key="clips-nothing"):
        if len(result.scope) == len(result.data):
            st.write(f"No clip meets the filter {asked}.")
        else:
            st.write(f"None of these {wording.clips(len(result.scope))} meets the filter {asked}.")
        elsewhere = int(result.filter_mask.sum())
        with st.container(horizontal=True):
            if elsewhere:
                st.button(
                    f"Look in all clips: {elsewhere:,} found",
                    key="look everywhere",
                    on_click=selection.set_filter,
                    args=(result.clip_filter, True),
                )
            st.button(
                "Clear the filter",
                key="clear filter",
                on_click=selection.set_filter,
                args=(ClipFilter(), False),
            )


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["clip filter"]["event"]
    if not event:
        return
    if event["kind"] == "filter":
        wanted = filter_of(event, result)
        selection.set_filter(wanted, bool(event["everywhere"]) and bool(wanted))
    elif event["kind"] == "columns":
        settings.choose("added_columns", list(map(str, event["added"])), Table(result.data, st.session_state))
    elif event["kind"] == "all":
        selection.pick(all_clips(len(result.data)))
    elif event["kind"] == "more":
        selection.show_more_rows()
    elif event["kind"] == "select" and (pick := these(where_it_was(event, result))) is not None:
        selection.pick(pick)
        selection.set_filter(ClipFilter())
    elif event["kind"] == "similar" and 0 <= event["row"] < len(result.data):
        find_similar(result, int(event["row"]))


def find_similar(result: ReviewResult, row: int) -> None:
    """Select the clips that are most like one, or say why there are none."""
    try:
        pick = similar(result, row)
    except SlicecoreError as error:
        st.toast(wording.escaped(str(error)))
        return
    selection.set_filter(ClipFilter())
    selection.pick(pick)
    selection.play(row)


def _effects(result: ReviewResult) -> list[Effect]:
    """Effects that set the picked slice apart: a column each, by which the page sorts the clips."""
    explanation = result.reasons.of(result.subject.slice) if result.subject else None
    return list(explanation.plotted[:MOST_EFFECTS]) if explanation else []


def _added(result: ReviewResult) -> list[Measurement]:
    """Measurements that the reader has added, as far as they have no column already and the clips are measured."""
    measured, effects = result.reasons.measured, {effect.name for effect in _effects(result)}
    if measured is None:
        return []
    wanted = [name for name in settings.value("added_columns") if name not in effects]
    return [CATALOGUE[name] for name in wanted if name in measured.measurements.table]


def _measured(measurement: Measurement) -> Measured:
    name, label, unit = measurement.name, measurement.label, measurement.unit
    hint = f"{label}, {unit}" if unit else label
    return Measured(name, label, f"{hint}: {measurement.description}", measurement.decimals)


def _table(result: ReviewResult, rows: np.ndarray) -> pd.DataFrame:
    data, reasons = result.data, result.analysis.embeddings.reasons
    values = result.clip_values[rows]
    table = pd.DataFrame(
        {
            "row": rows,
            "id": data.ids[rows],
            "clipName": [data.clip_name(int(row)) for row in rows],
            "clipPath": [path_of(data, int(row)) for row in rows],
            "value": values,
            "points": np.asarray(result.points(result.drop(values))),
            "edits": result.edits(rows),
            "duration": result.durations(rows),
            "reason": [why_silent(data, reasons, int(row)) for row in rows],
            "signs": [json.dumps(signs) if (signs := result.signs.get(row)) else "" for row in rows.tolist()],
        }
    )
    if result.counts_words:
        table["words"] = result.costs.denominator[rows]
    if result.costs.compared:
        (_, model), (_, other) = result.costs.compared
        table["modelValue"], table["otherValue"] = model.per_clip()[rows], other.per_clip()[rows]
        table["otherEdits"] = result.compared_edits(rows)
    if result.lists_wrong_references:
        table[SURETY.name] = [result.wrong_references[row].score for row in rows.tolist()]
    in_effects = set()
    measured = result.reasons.measured
    for effect in _effects(result):
        if measured and effect.name in measured.measurements.table:
            column = measured.measurements.table[effect.name]
        else:
            column = data.table[effect.name]
            in_effects.add(effect.name)
        table[effect.name] = _in_its_unit(effect.measurement, _of(column, rows))
    for measurement in _added(result):
        assert measured is not None
        values = _of(measured.measurements.table[measurement.name], rows)
        table[measurement.name] = _in_its_unit(measurement, values)
    for name in data.metadata:
        if name in in_effects:
            continue
        # The table's own columns must not replace ours.
        table[name if name not in table else f"{name} (table)"] = _of(data.table[name], rows)
    return table


def _of(column: pd.Series, rows: np.ndarray) -> np.ndarray:
    """Values of some clips; of no others are they made Python's."""
    return column.iloc[rows].to_numpy()


def _in_its_unit(measurement: Measurement, values: np.ndarray) -> np.ndarray:
    """Values as people read them: shares in percent."""
    return 100 * values if measurement.unit == "%" else values
