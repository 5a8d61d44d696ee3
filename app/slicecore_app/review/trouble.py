"""Trouble: a sentence, never a traceback, and the way on."""

from __future__ import annotations

import time
from functools import partial

import pandas as pd
import streamlit as st

from slicecore.errors import StorageError
from slicecore.report.csv_files import to_csv
from slicecore_app import wording
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server import registry
from slicecore_app.session import session
from slicecore_app.session.visitor import may_administer

AGAIN_S = 5.0
"""Seconds from one look for what is stored to the next."""


def trouble(title: str, text: str, table: str = "") -> None:
    """Draw what is wrong in place of the page, with the way to the data page, which then asks about the table."""
    st.session_state["mapped_path"] = table
    with st.container(key="trouble", border=True):
        st.subheader(title)
        st.text(text)
        st.page_link("data.py", label="Choose or map a table", icon=":material/table:")


def storage_away(error: StorageError) -> None:
    """Say that what is stored can't be read, and run the page again every few seconds: a database comes back.

    Its address is for whoever can do something about it.
    """
    with st.container(key="trouble", border=True):
        st.subheader("What is stored can't be read")
        st.text(str(error) if may_administer() else "Whoever runs slicecore can see why.")
        st.text("The page tries again every few seconds.")
    st.fragment(_run_again, run_every=AGAIN_S)(time.monotonic())


def _run_again(since: float) -> None:
    if time.monotonic() - since >= AGAIN_S / 2:  # not in the run that has drawn it
        st.rerun()


def unreadable(result: ReviewResult) -> bool:
    """Say, once per table, which clips can't be decoded and what follows from that; True while it is said."""
    reasons = result.analysis.embeddings.reasons
    seen = st.session_state.setdefault("unreadable_seen", set())
    before = st.session_state.setdefault("rechecked", {}).pop(result.source.token, None)
    token = result.source.token
    # Drawn in every run until somebody closes it: a run that does not draw it takes it away.
    says = bool(reasons) and token not in seen
    if says:
        title = (
            "No clip can be decoded" if len(reasons) == len(result.data) else "Some clips can't be decoded"
        )
        st.dialog(title, width="large", on_dismiss=lambda: seen.add(token))(_dialog)(result)
    if before is not None:
        session.notify(_change(before, len(reasons)))
    return says


def _dialog(result: ReviewResult) -> None:
    # Callbacks note a press: one that the script has to reach is lost where another run begins.
    if any(result.source.token in st.session_state[noted] for noted in ("unreadable_seen", "rechecked")):
        st.rerun()
    reasons, count = result.analysis.embeddings.reasons, len(result.data)
    none_left = len(reasons) == count
    metric = wording.escaped(result.costs.name)
    if none_left:
        st.write(
            f"**None of the {wording.clips(count)} can be decoded**, so there are no clusters: only the overall "
            f"{metric} and slices over metadata are known. Most often the audio files are in another folder "
            "than the table."
        )
    else:
        st.write(
            f"**{len(reasons):,} of {wording.clips(count)} can't be decoded.** They stay in the table, marked with "
            f"the reason, and count in the overall {metric}. They belong to no cluster."
        )
    audio = result.data.roles.audio
    table = pd.DataFrame(
        {
            "Row": [result.data.numbers[row] for row in reasons],
            "File": [result.data.table[audio][row] if audio else "" for row in reasons],
            "Reason": list(reasons.values()),
        }
    )
    st.dataframe(table, hide_index=True, column_config={"Row": st.column_config.Column(width="small")})
    with st.container(horizontal=True):
        if none_left:
            st.page_link("data.py", label="Choose the folder or another table", icon=":material/table:")
        else:
            st.button(
                f"Go on with {wording.clips(count - len(reasons))}",
                type="primary",
                on_click=st.session_state["unreadable_seen"].add,
                args=(result.source.token,),
            )
        st.button(
            "Check the files again",
            help="After files were added or repaired",
            on_click=_check_again,
            args=(result, st.session_state["rechecked"]),
        )
        st.download_button(
            "Download list (CSV)", partial(to_csv, table), "unreadable.csv", "text/csv", on_click="ignore"
        )


def _check_again(result: ReviewResult, rechecked: dict[str, int]) -> None:
    registry.reopen(result.table)
    rechecked[result.source.token] = len(result.analysis.embeddings.reasons)


def _change(before: int, now: int) -> str:
    """The result of checking the files again, in numbers of clips that can't be decoded."""
    if not now:
        return "All clips can be decoded now."
    if now < before:
        return f"{before - now:,} of {wording.clips(before)} can be decoded now, {now:,} can't."
    return f"Still {wording.clips(now)} that can't be decoded."
