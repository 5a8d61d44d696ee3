"""Calling the reference of the clip in the player wrong, and taking that back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from slicecore_app.review.review_result import Shown
from slicecore_app.review.verdict.saving import is_saved, keep_unsaved, remember, reviewer, saving


def mark_reference(shown: Shown, clip: str, wrong: bool) -> None:
    """Write that the reference of a clip (by id) is wrong, or is not. What can't be saved is kept for another try."""
    if clip not in shown.data.row_of_id:
        st.session_state["save_error"] = f"{clip} is no longer in the table."
        return
    if _write(shown, clip, wrong):
        remember(partial(_take_back, clip=clip, wrong=wrong))


def _write(shown: Shown, clip: str, wrong: bool) -> bool:
    """Whether this said something new. What this page has said is noted: undo must not take back another's word."""
    changed = False
    with saving():
        changed = shown.verdicts.mark_reference(clip, wrong, reviewer())
        said = st.session_state.setdefault("said_of_references", {})
        said[clip] = shown.verdicts.marked_references().get(clip)
    keep_unsaved(f"reference {clip}", None if is_saved() else partial(_try_again, clip=clip, wrong=wrong))
    return changed


def _try_again(shown: Shown, *, clip: str, wrong: bool) -> None:
    mark_reference(shown, clip, wrong)
    st.session_state["list_changed"] = True


def _take_back(shown: Shown, *, clip: str, wrong: bool) -> None:
    """Undo a mark, or that it was taken off, unless somebody has said something else meanwhile."""
    st.session_state["list_changed"] = True
    now = None
    with saving():
        now = shown.verdicts.marked_references().get(clip)
    mine = st.session_state.get("said_of_references", {}).get(clip, now)
    if is_saved() and now != mine:
        st.session_state["save_error"] = (
            f"The reference of {clip} was judged elsewhere meanwhile; that is left as it is."
        )
        return
    _write(shown, clip, not wrong)
