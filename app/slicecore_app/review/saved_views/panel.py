"""The menu of saved views: give the view of now a name, open one, remove one."""

from __future__ import annotations

import streamlit as st

from slicecore.errors import StorageError
from slicecore.table.dataset import Dataset
from slicecore_app.review.review_result import Shown
from slicecore_app.server.sources import Source
from slicecore_app.session import layout, views
from slicecore_app.session.view_file import View, ViewFile


def saved_views(source: Source, data: Dataset, shown: Shown | None) -> None:
    """Draw the menu."""
    with st.popover("Views", icon=":material/bookmark:", key="saved-views", disabled=shown is None):
        if shown is None:
            return
        kept = ViewFile(source.path)
        named = kept.named()
        st.caption(
            "A view is what you see: thresholds, options, filter, colours, order and layout. "
            "Its link is the page's address."
        )
        with st.form("save view", border=False, clear_on_submit=True, enter_to_submit=True):
            st.text_input("Name", key="view name", max_chars=60, placeholder="Noisy calls, 20 pts")
            st.form_submit_button(
                "Save this view",
                on_click=_save,
                args=(kept, _picked(shown)),
                width="stretch",
            )
        for i, (name, view) in enumerate(named.items()):
            with st.container(horizontal=True, vertical_alignment="center", key=f"view-{i}", wrap=False):
                st.button(
                    name,
                    key=f"open view {name}",
                    type="tertiary",
                    help=_told(view),
                    on_click=_open,
                    args=(name, view, source, data),
                    width="stretch",
                )
                st.button(
                    "",
                    icon=":material/close:",
                    key=f"remove view {name}",
                    type="tertiary",
                    help=f"Remove {name}",
                    on_click=_remove,
                    args=(kept, name),
                )


def _picked(shown: Shown) -> str | None:
    return shown.pick.key if shown.pick and shown.pick.kind in ("slice", "own") else None


def _told(view: View) -> str:
    """A view in a line: "metric wer.basic · support 5 · drop 10"."""
    return " · ".join(f"{name} {value}" for name, value in view.items() if name not in layout.PARTS)


def _save(kept: ViewFile, pick: str | None) -> None:
    """Keep the view as it is now: the layout may have changed since the menu was drawn."""
    name = st.session_state["view name"].strip()
    if name:
        try:
            kept.save(name, views.current(pick))
        except StorageError as error:
            st.toast(str(error))


def _open(name: str, view: View, source: Source, data: Dataset) -> None:
    ignored = views.open_view(view, source, data, name)
    if ignored:
        st.toast(f"{name}: {', '.join(ignored)} no longer fits this table and is left out.")


def _remove(kept: ViewFile, name: str) -> None:
    try:
        kept.remove(name)
    except StorageError as error:
        st.toast(str(error))
