"""Views: the settings of the page as text and back, for its address and for the file in the workspace.

Nothing in an address or a file is trusted: what does not fit the table, or never was a choice, is left out.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import streamlit as st

from slicecore.embedding import NONE, SUGGESTED
from slicecore.errors import SlicecoreError, StorageError
from slicecore.filtering.columns import Column, measured_columns
from slicecore.metrics import Costs
from slicecore_app.server.open_table import OpenTable
from slicecore_app.session import embedding_choice, launch_options, layout, selection, session, settings
from slicecore_app.session.parsing import Table
from slicecore_app.session.settings import NO_TABLE, SETTINGS
from slicecore_app.session.view_file import View, ViewFile
from slicecore_app.session.visitor import may_review

_log = logging.getLogger(__name__)

PICK, EMBEDDING = "slice", "embedding"
NAMES = (*(setting.url for setting in SETTINGS), PICK)
"""Names that an address may have."""
_SLICE_ID = re.compile(r"[0-9a-f]{12}")


def current(pick: str | None = None) -> View:
    """The view of now: the main choices, whatever else is not as it would be anyway, and the id of a picked slice."""
    view = {}
    for setting in SETTINGS:
        if settings.has(setting.name):
            value = settings.value(setting.name)
            if setting.always or value != setting.default(NO_TABLE):
                view[setting.url] = setting.text(value)
    return view | ({PICK: pick} if pick else {})


def open_view(view: View, opened: OpenTable, name: str = "") -> list[str]:
    """Make a view that of now, or let it wait until its embedding is made. Returns the names that do not fit.

    `name` is what somebody called it, "" for the view of a link.
    """
    model = view.get(EMBEDDING, "")
    if model in _models(opened) and not embedding_choice.start_or_resume(opened, model):
        embedding_choice.set_waiting_view(opened, embedding_choice.WaitingView(model, view, name))
        return []
    embedding_choice.set_waiting_view(opened, None)
    return restore(view, opened)


def resume(opened: OpenTable, model: str) -> None:
    """Resume an embedding; if it is ready at once, `switch_to` it."""
    if embedding_choice.start_or_resume(opened, model):
        switch_to(opened, model)


def switch_to(opened: OpenTable, model: str) -> None:
    """Switch to an embedding that is ready: to the view that waited for it, if one did."""
    waiting = embedding_choice.waiting_view(opened)
    embedding_choice.switch_to(opened, model)
    if waiting and waiting.model == model:
        notify_ignored(restore(waiting.view, opened), waiting.name)


def _models(opened: OpenTable) -> frozenset[str]:
    """Embeddings that a view may name: no link starts a download of just anything."""
    file = ViewFile(opened.source.path)
    named = {view[EMBEDDING] for view in (file.last(), *file.named().values()) if EMBEDDING in view}
    suggested = {suggestion.model for suggestion in SUGGESTED}
    return frozenset(suggested | {NONE, settings.value("model")} | named)


def restore(view: View, opened: OpenTable, from_page: bool = False) -> list[str]:
    """Make a view that of now; what it does not say goes back to its default. Returns the names that do not fit.

    A view `from_page` was on the page of this tab before its server was replaced. It may name any embedding, as
    somebody who types it into the head may.
    """
    table = checked_table(opened)
    if from_page and EMBEDDING in view:
        table = replace(table, models=table.models | {view[EMBEDDING]})
    settings.leave_view()
    session.fit(opened.data)
    ignored = []
    for setting in SETTINGS:
        if setting.url not in view:
            continue
        try:
            st.session_state[setting.name] = setting.parse(view[setting.url], table)
        except (ValueError, KeyError, TypeError, SlicecoreError):
            ignored.append(setting.url)
    selection.forget()
    if PICK in view:
        if _SLICE_ID.fullmatch(view[PICK]):
            st.session_state["asked_slice"] = view[PICK]
        else:
            ignored.append(PICK)
    layout.open_again()
    st.session_state["just_opened"] = True
    return ignored


def checked_table(opened: OpenTable) -> Table:
    """The table against which the settings of a view are checked."""
    now = st.session_state

    def costs() -> Costs:
        return opened.scoring.costs(now["prediction"], settings.metric(), now["compared"])

    def columns() -> dict[str, Column]:
        known = opened.columns(now["prediction"], settings.metric(), None, now["compared"])
        measured = {
            name: Column(name, values, unit, "measured")
            for name, (values, unit) in measured_columns().items()
        }
        return measured | known

    return Table(opened.data, now, _models(opened), columns, costs)


def open_first(opened: OpenTable) -> None:
    """Open the view of the address, of the command line, or of the last time, when a table comes up in a session."""
    if st.session_state.get("viewed_table") == opened.source.token:
        return
    is_first = "viewed_table" not in st.session_state
    st.session_state["viewed_table"] = opened.source.token
    asked = {name: st.query_params[name] for name in NAMES if name in st.query_params} if is_first else {}
    if asked and st.session_state.get("asked_table", opened.source.token) != opened.source.token:
        session.notify("The address names a table that is not known here; its view is left out.")
        asked = {}
    started = launch_options.view(opened.data) if is_first else {}
    before = started or ViewFile(opened.source.path).last()
    if EMBEDDING not in asked | before:
        embedding_choice.fit(opened.data)
    if asked.get(EMBEDDING, before.get(EMBEDDING)) != before.get(EMBEDDING):
        restore(before, opened)  # what the page has while the embedding of the link is made
        job = opened.analysis(settings.value("model"))
        if job:
            job.wait(embedding_choice.CHOSEN_S)
    if asked:
        notify_ignored(open_view(asked, opened))
        return
    ignored = restore(before, opened)
    if started:
        notify_ignored(ignored, of="the command line")


def notify_ignored(names: list[str], view: str = "", of: str = "the address") -> None:
    """Say which parts of a view, or `of` what has no name, are left out, as long as the page is drawn anew."""
    if not names:
        return
    listed, is_one = ", ".join(names), len(names) == 1
    if view:
        what = "no longer fits this table and is" if is_one else "no longer fit this table and are"
        session.notify(f"{view}: {listed} {what} left out.")
    else:
        do = "it does" if is_one else "they do"
        session.notify(f"Left out of {of}, because {do} not fit this table: {listed}.")


def save_last(opened: OpenTable, view: View) -> None:
    """Save the view that a restart opens, if it is another one than before."""
    lasting = {name: value for name, value in view.items() if name != PICK}
    if st.session_state.get("last_view") == (opened.source.token, lasting):
        return
    st.session_state["last_view"] = (opened.source.token, lasting)
    if not may_review():
        return
    try:
        ViewFile(opened.source.path).leave(lasting)
    except StorageError as error:
        _log.warning("%s", error)
