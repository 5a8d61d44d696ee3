"""The menu of saved views, and the address of the page, which says what it shows."""

from __future__ import annotations

import streamlit as st

from slicecore.errors import StorageError
from slicecore_app.review.picking import pick_slice
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.saved_views.component import address, copy_link
from slicecore_app.server.open_table import OpenTable
from slicecore_app.session import embedding_choice, layout, session, settings, views
from slicecore_app.session.view_file import View, ViewFile
from slicecore_app.session.visitor import MAY_LOOK, may_review
from slicecore_app.wording import escaped


def saved_views(table: OpenTable, result: ReviewResult | None) -> None:
    """Draw the menu: give the view of now a name, open one, remove one."""
    with st.popover("Saved views", icon=":material/bookmark:", key="saved-views", disabled=result is None):
        if result is None:
            return
        file = ViewFile(table.source.path)
        st.caption(
            "A view saves settings, filter, colours, layout and columns. The page's URL holds it as well."
        )
        with st.form("save view", border=False, clear_on_submit=True, enter_to_submit=True):
            st.text_input("Name", key="view name", max_chars=60, placeholder="Noisy calls, 20 pts")
            st.form_submit_button(
                "Save this view",
                on_click=_save,
                args=(file, _picked_slice(result)),
                width="stretch",
            )
        for i, (name, view) in enumerate(file.named().items()):
            with st.container(horizontal=True, vertical_alignment="center", key=f"view-{i}", wrap=False):
                st.button(
                    escaped(name),
                    key=f"open view {name}",
                    type="tertiary",
                    help=escaped(_summary(view)),
                    on_click=_open,
                    args=(name, view, table),
                    width="stretch",
                )
                st.button(
                    "",
                    icon=":material/close:",
                    key=f"remove view {name}",
                    type="tertiary",
                    help=f"Remove {escaped(name)}",
                    on_click=_remove,
                    args=(file, name),
                )
        copy_link(key="copy link", seq=session.seq())


def address_of_page(result: ReviewResult) -> None:
    """Pick the slice that an opened view names, say what of it is left out, and keep address and file up to date."""
    if _pick_asked_slice(result):
        st.rerun()
    if notices := session.notices():
        st.toast(escaped(notices), duration="long")
    _address(result)
    if notices:
        session.forget_notices()


@st.fragment
def _address(result: ReviewResult) -> None:
    """A part of its own: the browser reports how the layout changed, and nothing else has to run for that."""
    if "just_opened" in st.session_state:  # the view of a page that another server had drawn
        st.rerun()
    view = views.current(_picked_slice(result))
    waiting = embedding_choice.waiting_view(result.table)
    address(
        waiting.view if waiting else view,
        waits=waiting is not None,
        names=views.NAMES,
        opened=layout.all_opened(),
        key="address",
        on_event=lambda: _on_event(result),
        seq=session.seq(),
    )
    views.save_last(result.table, view)


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["address"]["event"]
    if event["kind"] == "layout":
        layout.take(event, views.checked_table(result.table))
    elif event["kind"] == "view":
        if event["view"] != views.current(_picked_slice(result)):
            view = {str(name): str(value) for name, value in event["view"].items() if value}
            views.restore(view, result.table, from_page=True)
        st.session_state["just_opened"] = (
            True  # what waits in the browser is sent when the page was drawn after this
        )


def _pick_asked_slice(result: ReviewResult) -> bool:
    """Pick the slice that the view names, if one waits for it. Returns whether the page has to be drawn again."""
    asked = st.session_state.pop("asked_slice", None)
    if asked and result.problem(asked):
        pick_slice(result, asked)
        layout.open_again()  # a pick would move the treemap to its slice
        return True
    if asked:
        session.notify("The slice that the address names is not among those found with these thresholds.")
    if st.session_state.pop("just_opened", False):
        _close_missing_cluster(result)
    return False


def _close_missing_cluster(result: ReviewResult) -> None:
    cluster = st.session_state["open_cluster"]
    if cluster and cluster not in result.tree.key:
        st.session_state["open_cluster"] = ""
        session.notify("The cluster that was open is not among those of this view; all clips are shown.")


def _picked_slice(result: ReviewResult) -> str | None:
    return result.pick.key if result.pick and result.pick.kind in ("slice", "own") else None


def _summary(view: View) -> str:
    """A view in a line: "metric wer.basic · support 5 · drop 10"."""
    of_layout = {part.url for part in settings.LAYOUT}
    return " · ".join(f"{name} {value}" for name, value in view.items() if name not in of_layout)


def _save(file: ViewFile, pick: str | None) -> None:
    """Save the view as it is now: the layout may have changed since the menu was drawn."""
    name = st.session_state["view name"].strip()
    if name and _may_change():
        try:
            file.save(name, views.current(pick))
        except StorageError as error:
            st.toast(escaped(str(error)))


def _open(name: str, view: View, table: OpenTable) -> None:
    views.notify_ignored(views.open_view(view, table, name), name)


def _may_change() -> bool:
    if not may_review():
        st.toast(MAY_LOOK)
        return False
    return True


def _remove(file: ViewFile, name: str) -> None:
    if not _may_change():
        return
    try:
        file.remove(name)
    except StorageError as error:
        st.toast(escaped(str(error)))
