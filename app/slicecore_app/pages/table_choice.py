"""The part of the data page that chooses a table: opened before, typed, found by browsing, or uploaded."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from slicecore.errors import TableError
from slicecore_app.server import uploads
from slicecore_app.server.files_below import MOST_ENTRIES, folder_below
from slicecore_app.server.sources import Source, places, recent, remember, require_allowed
from slicecore_app.session import session
from slicecore_app.session.visitor import may_administer
from slicecore_app.wording import escaped

UPLOADED = ("csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet", "gz", "trn", "stm", "ctm")
"""Endings of the files that can be uploaded. Their content decides on the format."""
BROWSED = (*UPLOADED, "tar")
"""Endings of the files that are listed where one browses."""
_PATH = "table path"
_FOLDER = "browsed folder"
_TURN = "browsed times"
_HEIGHT = 300  # px
_MOST_NAMED = 60  # characters of a path that is no path


def recent_tables() -> None:
    """Draw the tables that were opened on this machine before, the newest first; a press opens one as it was mapped."""
    tables = recent()
    if not tables:
        return
    st.caption("Opened before")
    with st.container(key="recent-tables", gap=None, height=_HEIGHT if len(tables) > 6 else "content"):
        for source in tables:
            path = Path(source.path)
            name, folder = escaped(source.name), escaped(str(path.parent))
            if st.button(
                f"{name} :gray[{folder}]" if source.is_there else f"{name} {folder} (no longer there)",
                key=f"recent {source.token}",
                type="tertiary",
                disabled=not source.is_there,
                icon=":material/table:",
            ):
                open_source(source)


def open_source(source: Source) -> None:
    """Open a table on the review page, for somebody who may."""
    if not may_administer():
        return
    session.open_table(remember(source).token)
    st.query_params["data"] = source.token
    st.switch_page("review.py")


def choose_table() -> Path | None:
    """Draw the ways to name a table and return the one that was named, None for none yet."""
    if mapped := st.session_state.pop("mapped_path", None):  # of a table that could not be shown
        st.session_state[_PATH] = mapped
    left, right = st.columns(2)
    typed = left.text_input("Table on this machine", placeholder="/data/calls/test.csv", key=_PATH)
    # Another key is another menu, which is closed: a table was taken.
    turn = st.session_state.setdefault(_TURN, 0)
    top = escaped(_top().name or str(_top()))
    with left.popover(f"Browse {top}", icon=":material/folder_open:", key=f"browse {turn}"):
        _browse()
    upload = right.file_uploader("Or upload one", type=list(UPLOADED), key="table upload")
    if upload is not None:
        return uploads.looked_at(upload.name, upload.getvalue())
    if not typed.strip():
        return None
    try:
        path = typed_path(typed)
    except TableError as error:
        st.error(escaped(str(error)))
        return None
    if not path.exists():
        st.error(f"There is no file {escaped(str(path))} on the machine that runs slicecore.")
        return None
    return path


def typed_path(text: str) -> Path:
    """The path that a reader typed. Raises TableError where nothing can have it."""
    try:
        path = Path(text.strip().strip("\"'")).expanduser()
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, RuntimeError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        named = text if len(text) <= _MOST_NAMED else f"{text[:_MOST_NAMED]}…"
        raise TableError(f"“{named}” can't be the path of a file: {reason}.") from error
    require_allowed(path)
    return path


def _browse() -> None:
    """Folders and tables below the folder in which the server was started."""
    try:
        folder = folder_below(_top(), Path(st.session_state.get(_FOLDER, _top())), BROWSED)
    except TableError as error:
        st.error(escaped(str(error)))
        st.session_state.pop(_FOLDER, None)
        return
    with st.container(horizontal=True, gap="small"):
        for parent in folder.parents:
            st.button(
                f"{escaped(parent.name or str(parent))} /",
                key=f"folder up {parent}",
                type="tertiary",
                on_click=_go_to,
                args=(parent,),
            )
    with st.container(height=_HEIGHT, gap=None, key="browsed-files"):
        for kind, paths, on_click in (("folder", folder.folders, _go_to), ("table", folder.files, _take)):
            for path in paths:
                st.button(
                    escaped(path.name),
                    key=f"browse {kind} {path}",
                    type="tertiary",
                    icon=f":material/{kind}:",
                    on_click=on_click,
                    args=(path,),
                )
        if not folder.folders and not folder.files:
            st.caption("No table here.")
        if folder.has_more:
            st.caption(f"Only the first {MOST_ENTRIES} are listed. Type the path of another one.")
    st.button("Take this folder as the table", key="take folder", on_click=_take, args=(folder.path,))


def _go_to(folder: Path) -> None:
    st.session_state[_FOLDER] = str(folder)


def _take(path: Path) -> None:
    st.session_state[_PATH] = str(path)
    st.session_state[_TURN] += 1


def _top() -> Path:
    """The folder that browsing stays in: the one in which the server was started, or the first that it may read."""
    allowed = places()
    return Path.cwd() if allowed is None else Path(allowed.folders[0])
