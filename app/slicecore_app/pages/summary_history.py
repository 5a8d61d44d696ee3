"""Defined slices over versions of the model: the runs that gates have saved in the folder `runs` beside the table."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore.gate.history import History, candidates, history_if_any
from slicecore.gate.past import RUNS
from slicecore_app.web import theme

_TITLE = "Over versions of the model"


def history_chart(table: Path) -> None:
    """Draw the slices over the saved runs, where there are any: which are open, mended or back."""
    folder = table.parent / RUNS
    try:
        known = _history(folder, tuple((str(path), path.stat().st_mtime_ns) for path in candidates(folder)))
    except SlicecoreError as error:
        st.subheader(_TITLE)
        st.text(str(error))
        return
    if known is None:
        return
    st.subheader(_TITLE)
    st.text(", ".join(f"{name}: {state}" for name, state in known.state.items()))
    colours = theme.tokens(theme.is_dark())
    figure = known.figure()
    figure.update_layout(
        height=380,
        margin={"l": 48, "r": 8, "t": 24, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": colours["ink2"], "family": '"Source Sans", sans-serif', "size": 12.5},
    )
    figure.update_yaxes(gridcolor=colours["line"])
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key="history")
    st.caption(
        "Values with 95 % intervals, dashed: the whole table; hollow: mended. The runs are in the folder “runs” beside "
        "the table."
    )


@lru_cache(maxsize=4)
def _history(folder: Path, stamps: tuple[tuple[str, int], ...]) -> History | None:
    """The history of a folder in a state that its stamps tell; None where its files are something else."""
    return history_if_any(folder)
