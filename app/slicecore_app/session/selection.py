"""The selection: what is picked, which clip plays, where the filter looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from slicecore.filtering.clip_filter import ClipFilter
from slicecore.slices.result import Slice

MOST_ROWS = 500
"""Clips in the table at first, the worst; so many more each time the reader asks: a pick has to be quick."""


@dataclass(frozen=True)
class Pick:
    """The picked clips: a flagged slice, another cluster of the tree, a slice of the reader's own, or a selection.

    `key` is the slice's id, the cluster's key, or "". `rows` are the clips, sorted. `slice` is the cluster with all
    its numbers where the engine described it: flagged, or wider or narrower than a flagged one. `reason` says how a
    selection came about: "lasso on the map", "accent = scottish".
    """

    kind: Literal["slice", "cluster", "own", "selection"]
    key: str
    rows: np.ndarray
    slice: Slice | None = None
    reason: str = ""


def start() -> None:
    """Begin with nothing picked, where the session is new."""
    if "picked" not in st.session_state:
        pick(None)


def pick(chosen: Pick | None) -> None:
    """Look at something else; its first clip becomes the one to play. A filter goes on among its clips."""
    st.session_state["picked"] = chosen
    st.session_state["playing"] = None
    st.session_state["everywhere"] = False
    st.session_state["most_rows"] = MOST_ROWS


def repick(same_clips: Pick) -> None:
    """Look at the same clips as something else: the clip that plays goes on."""
    st.session_state["picked"] = same_clips


def selected(rows: np.ndarray, reason: str) -> Pick:
    """The selection of clips that the reader chose; `reason` says how."""
    return Pick("selection", "", np.unique(rows).astype(int), reason=reason)


def all_clips(clips: int) -> Pick:
    """All clips of a table that has so many."""
    return Pick("cluster", "all", np.arange(clips), reason="all clips")


def forget() -> None:
    """Pick nothing, play nothing."""
    pick(None)


def picked() -> Pick | None:
    """The picked clips; None when nothing is picked."""
    return st.session_state["picked"]


def play(row: int) -> None:
    """Put a clip into the player."""
    st.session_state["playing"] = int(row)


def playing() -> int | None:
    """The clip in the player."""
    return st.session_state["playing"]


def everywhere() -> bool:
    """True if the filter looks at all clips rather than at the picked ones."""
    return st.session_state["everywhere"]


def set_filter(wanted: ClipFilter, everywhere: bool | None = None) -> None:
    """Filter the table of clips; `everywhere` None leaves where it looks as it is."""
    st.session_state["filter"] = wanted.words
    st.session_state["conditions"] = wanted.conditions
    if everywhere is not None:
        st.session_state["everywhere"] = everywhere


def most_rows() -> int:
    """Number of clips that the table shows at most."""
    return st.session_state["most_rows"]


def show_more_rows() -> None:
    """Let the table show more clips."""
    st.session_state["most_rows"] += MOST_ROWS
