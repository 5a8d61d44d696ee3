"""Which embedding the page shows, and those that are made for it meanwhile.

Choosing an embedding that is not there yet starts it in the background; the page stays with the one it has. When it is
ready the reader is told and goes over to it, with the pick, the filter and the clip in the player. A view whose
embedding is not there waits in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from slicecore.embedding import SUGGESTED, label
from slicecore.errors import ModelError
from slicecore_app.server import registry
from slicecore_app.server.jobs import Job
from slicecore_app.server.open_table import OpenTable
from slicecore_app.session import selection, session
from slicecore_app.session.view_file import View

CHOSEN_S = 1.5
"""So long the page waits for an embedding that was chosen: what is in the cache is shown at once."""


@dataclass(frozen=True)
class Awaited:
    """A view that opens when its embedding is made; `name` is "" for that of a link."""

    model: str
    view: View
    name: str


def name(model: str) -> str:
    """What people call an embedding; what they typed where it makes no sense."""
    try:
        return label(model)
    except ModelError:
        return model


def follow() -> None:
    """Let the choice in the head say what the page shows. To be called before it is drawn."""
    if st.session_state.get("embedding") != st.session_state["model"]:
        st.session_state["embedding"] = st.session_state["model"]


def choices(table: OpenTable) -> list[str]:
    """The models to offer: the suggested ones, what the page shows, and what was asked for in this process."""
    asked = (job.name for job in table.analysis_jobs() if job.state != "failed")
    return list(dict.fromkeys([*(one.model for one in SUGGESTED), st.session_state["model"], *asked]))


def choose() -> None:
    """Take note of the choice in the head: show it if it is there, else begin with it."""
    wanted, source = (st.session_state["embedding"] or "").strip(), session.source()
    if not wanted or source is None or wanted == st.session_state["model"]:
        return
    begin(registry.open_table(source), wanted)


def begin(table: OpenTable, model: str) -> None:
    """Make an embedding, or go on with it where it stopped, and show it if it is ready at once."""
    if start(table, model):
        show(table, model)


def start(table: OpenTable, model: str) -> bool:
    """Make an embedding, or go on with it. Whether to go over to it: it is ready at once, or there is no page yet."""
    before = table.analysis(model)
    if before is not None and before.state in ("failed", "cancelled"):
        table.forget_analysis(model)
    now = table.analysis(st.session_state["model"])
    has_page = now is not None and now.state == "done"
    if not has_page or table.analysis_job(model, CHOSEN_S).state == "done":
        return True
    _watched(table).add(model)
    return False


def await_view(table: OpenTable, one: Awaited | None) -> None:
    """Let a view wait for its embedding, in place of any other that does; None: none waits any more."""
    st.session_state.setdefault("awaited", {})[table.source.token] = one


def awaited(table: OpenTable) -> Awaited | None:
    """The view that waits for its embedding."""
    return st.session_state.get("awaited", {}).get(table.source.token)


def show(table: OpenTable, model: str) -> None:
    """Go over to an embedding. What is picked stays picked: the same clips, found by this embedding or not."""
    pick = selection.picked()
    if pick is not None and pick.kind in ("slice", "cluster"):
        # What the other embedding's tree says of them does not hold in this one.
        selection.repick(replace(pick, kind="cluster", key="", found=None))
    st.session_state["model"] = model
    dismiss(table, model)


def dismiss(table: OpenTable, model: str) -> None:
    """Tell no more about an embedding, nor open a view with it; it stays among the choices if it is ready."""
    _watched(table).discard(model)
    waits = awaited(table)
    if waits and waits.model == model:
        await_view(table, None)


def told(table: OpenTable) -> list[Job]:
    """What there is to tell: embeddings that are being made, in whichever tab, and how those ended that were seen."""
    every = [job for job in table.analysis_jobs() if job.name != st.session_state["model"]]
    watched = _watched(table)
    watched |= {job.name for job in every if job.state == "running"}
    return [job for job in every if job.name in watched]


def _watched(table: OpenTable) -> set[str]:
    return st.session_state.setdefault("watched", {}).setdefault(table.source.token, set())
