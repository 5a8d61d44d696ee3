"""The table of the picked clips, worst first."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import streamlit as st

from app import engine, library, state, theme, wording
from app.components.clips import clips as grid
from app.shown import Shown

MOST_ROWS = 2000
"""Of larger groups the worst clips are shown: nobody reads further, and aligning all words would take seconds."""


def clips(shown: Shown) -> None:
    """Draw the table with its header."""
    rows = shown.clips[:MOST_ROWS]
    with st.container(key="clips-head", horizontal=True, vertical_alignment="center", wrap=False):
        st.html('<div class="sc-panel-title">Clips</div>', width="content")
        st.html(f'<div class="sc-caption">{_caption(shown)}</div>')
        st.text_input(
            "Filter",
            key="filter",
            placeholder="Filter",
            label_visibility="collapsed",
            width=150,
            disabled=not len(rows),
        )
    with st.container(key="clips-table"):
        picked = grid(
            _table(shown, rows),
            media=f"/api/clips/{library.open_dataset(shown.data)}",
            metric=shown.costs.name,
            is_rate=shown.costs.is_rate,
            higher_is_better=shown.costs.higher_is_better,
            filter=st.session_state["filter"],
            dark=theme.is_dark(),
            key="clips",
        )
    if picked is not None:
        state.play(picked)
        st.rerun()


def _caption(shown: Shown) -> str:
    if shown.pick is None:
        return "Pick a problem to hear it: click a card, a tile or a numbered group in the map"
    count = len(shown.clips)
    return (
        f"{wording.clips(count)}, worst first"
        if count <= MOST_ROWS
        else f"worst {MOST_ROWS:,} of {wording.clips(count)}"
    )


def _table(shown: Shown, rows: np.ndarray) -> pd.DataFrame:
    data, reasons = shown.data, shown.analysis.embeddings.reasons
    values = shown.clip_values[rows]
    table = pd.DataFrame(
        {
            "row": rows,
            "id": data.ids[rows],
            "value": values,
            "points": np.asarray(shown.points(shown.drop(values))),
            "edits": [json.dumps(engine.edits(shown.source, data, shown.choice, int(row))) for row in rows],
            "words": shown.costs.denominator[rows],
            "duration": [engine.duration(shown.source, data, int(row)) for row in rows],
            "reason": [reasons.get(int(row), "") for row in rows],
        }
    )
    for name in data.metadata:
        # The table's own columns must not replace ours.
        table[name if name not in table else f"{name} (table)"] = data.table[name].to_numpy()[rows]
    return table
