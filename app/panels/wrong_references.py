"""Calling the reference of the clip in the player wrong, and taking that back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.panels.saving import is_saved, keep_unsaved, remember, reviewer, saving
from app.shown import Shown
from slicecore.verdicts import ReferenceMark


def mark_reference(shown: Shown, clip: str, wrong: bool) -> None:
    """Write that the reference of a clip (by id) is wrong, or is not. What can't be saved is kept for another try."""
    if clip not in shown.data.row_of_id:
        st.session_state["save_error"] = f"{clip} is no longer in the table."
        return
    changed, mine = False, None
    with saving():
        changed = shown.verdicts.mark_reference(clip, wrong, reviewer())
        mine = shown.verdicts.marked_references().get(clip)
    keep_unsaved(f"reference {clip}", None if is_saved() else partial(_try_again, clip=clip, wrong=wrong))
    if changed:
        remember(partial(_take_back, clip=clip, wrong=wrong, mine=mine))


def _try_again(shown: Shown, *, clip: str, wrong: bool) -> None:
    mark_reference(shown, clip, wrong)
    st.session_state["list_changed"] = True


def _take_back(shown: Shown, *, clip: str, wrong: bool, mine: ReferenceMark | None) -> None:
    """Undo a mark, or that it was taken off, unless somebody has said something else meanwhile."""
    st.session_state["list_changed"] = True
    others = False
    with saving():
        others = shown.verdicts.marked_references().get(clip) != mine
        if not others:
            shown.verdicts.mark_reference(clip, not wrong, reviewer())
    if not is_saved():
        keep_unsaved(f"reference {clip}", partial(_try_again, clip=clip, wrong=not wrong))
    elif others:
        st.session_state["save_error"] = (
            f"The reference of {clip} was judged elsewhere meanwhile; that is left as it is."
        )
