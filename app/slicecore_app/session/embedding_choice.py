"""The embedding on the page, and those that are made for it meanwhile.

Choosing an embedding that is not there yet starts it in the background; the page stays with the one it has. When it is
ready the page says so, and the reader switches to it, with the pick, the filter and the clip in the player. A view
whose embedding is not there waits in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from slicecore.embedding import NONE, SUGGESTED, default_model, label
from slicecore.embedding.model_spec import parse_model
from slicecore.errors import ModelError
from slicecore.table.dataset import Dataset
from slicecore_app.server import registry
from slicecore_app.server.jobs import Job
from slicecore_app.server.open_table import OpenTable
from slicecore_app.session import selection, session
from slicecore_app.session.view_file import View
from slicecore_app.session.visitor import may_administer

CHOSEN_S = 1.5
"""Seconds that the page waits for an embedding that was chosen: one in the cache is shown at once."""


ANOTHER = "Another: type its name"
"""Entry of the menu that says that any model can be typed there."""
HOW_TO_TYPE = (
    "Type a model of the Hugging Face hub, such as openai/whisper-base, or the path of a folder with one, "
    "into the field under Embedding, and press Enter."
)


FOR_ADMINISTRATORS = "Which other models are loaded is for whoever administers this page to say."


@dataclass(frozen=True)
class WaitingView:
    """A view that opens when its embedding is made; `name` is "" for that of a link."""

    model: str
    view: View
    name: str


def name(model: str) -> str:
    """Name of an embedding for people; the typed text itself where it names none."""
    try:
        return label(model)
    except ModelError:
        return model


def fit(data: Dataset) -> None:
    """Leave out the embedding that another table had, where a table that comes up can't have it or needs none."""
    model, usual = st.session_state["model"], default_model(data)
    if model == NONE or (usual == NONE and needs_sound(model)):
        st.session_state["model"] = usual


def needs_sound(model: str) -> bool:
    """True if an embedding, or a part of it, is computed from sound; also of a text that names none."""
    try:
        return not all(part.is_given for part in parse_model(model).parts)
    except ModelError:
        return True


def sync_choice() -> None:
    """Set the choice in the head to the embedding on the page. To be called before it is drawn."""
    if st.session_state.get("embedding") != st.session_state["model"]:
        st.session_state["embedding"] = st.session_state["model"]


def choices(table: OpenTable) -> list[str]:
    """Models to offer: the suggested ones, that on the page, those chosen in this process, and the hint at others."""
    asked = (job.name for job in table.analysis_jobs() if job.state != "failed")
    return list(
        dict.fromkeys(
            [*(suggestion.model for suggestion in SUGGESTED), st.session_state["model"], *asked, ANOTHER]
        )
    )


def choose() -> None:
    """Take the choice in the head: show it if it is there, else start to make it."""
    wanted, source = (st.session_state["embedding"] or "").strip(), session.source()
    if not wanted or source is None or wanted == st.session_state["model"]:
        return
    if wanted == ANOTHER:
        st.toast(HOW_TO_TYPE)
        return
    table = registry.open_table(source)
    if not may_administer() and wanted not in choices(table):
        st.toast(FOR_ADMINISTRATORS)
        return
    make_and_show(table, wanted)


def make_and_show(table: OpenTable, model: str) -> None:
    """Make an embedding, or resume it, and show it if it is ready at once."""
    if start_or_resume(table, model):
        switch_to(table, model)


def start_or_resume(table: OpenTable, model: str) -> bool:
    """Make an embedding, or resume it. Returns whether to switch to it: it is ready, or there is no page yet."""
    before = table.analysis(model)
    if before is not None and before.state in ("failed", "cancelled"):
        table.forget_analysis(model)
    now = table.analysis(st.session_state["model"])
    has_page = now is not None and now.state == "done"
    if not has_page or table.analysis_job(model, CHOSEN_S).state == "done":
        return True
    _followed(table).add(model)
    return False


def set_waiting_view(table: OpenTable, view: WaitingView | None) -> None:
    """Let a view wait for its embedding, in place of any other that does; None: none waits any more."""
    st.session_state.setdefault("waiting_views", {})[table.source.token] = view


def waiting_view(table: OpenTable) -> WaitingView | None:
    """The view that waits for its embedding."""
    return st.session_state.get("waiting_views", {}).get(table.source.token)


def switch_to(table: OpenTable, model: str) -> None:
    """Switch to an embedding. The selection is kept: the same clips, found by this embedding or not."""
    pick = selection.picked()
    if pick is not None and pick.kind in ("slice", "cluster"):
        # Its slice or cluster belongs to the tree of the embedding before.
        selection.repick(replace(pick, kind="cluster", key="", slice=None))
    st.session_state["model"] = model
    dismiss(table, model)


def dismiss(table: OpenTable, model: str) -> None:
    """Say no more about an embedding, nor open a view with it; it stays among the choices if it is ready."""
    _followed(table).discard(model)
    waits = waiting_view(table)
    if waits and waits.model == model:
        set_waiting_view(table, None)


def jobs_to_report(table: OpenTable) -> list[Job]:
    """Jobs to report: embeddings that are being made, in whichever tab, and the followed ones that ended."""
    others = [job for job in table.analysis_jobs() if job.name != st.session_state["model"]]
    followed = _followed(table)
    followed |= {job.name for job in others if job.state == "running"}
    return [job for job in others if job.name in followed]


def _followed(table: OpenTable) -> set[str]:
    return st.session_state.setdefault("followed_models", {}).setdefault(table.source.token, set())
