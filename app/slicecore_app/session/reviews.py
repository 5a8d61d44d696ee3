"""What people have said about a table: of slices, of slices of their own, of single references."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from slicecore.errors import StorageError
from slicecore.storage.verdicts import Judgement, OwnSlice, ReferenceMark, Verdicts


@dataclass(frozen=True)
class Said:
    """All of it as the page shows it; `newest` are the numbers of what was said last."""

    newest: tuple[int, int, int]
    judgements: dict[str, Judgement]
    own: dict[str, OwnSlice]
    marked: dict[str, ReferenceMark]


def said(verdicts: Verdicts, judged: str) -> Said:
    """What the file has of a model, or of two compared; where it can't be read now, what it had in this session before.

    The panel of the verdict says that it can't. Raises StorageError where there is no before.
    """
    key = (str(verdicts.path), judged)
    try:
        newest = verdicts.newest()  # first: what is written meanwhile is looked for again
        now = Said(newest, verdicts.current(judged), verdicts.own_slices(), verdicts.marked_references())
    except StorageError:
        before, known = st.session_state.get("said", (None, None))
        if before != key:
            raise
        return known
    st.session_state["said"] = (key, now)
    return now
