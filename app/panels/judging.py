"""Judging a slice: saving what the reviewer says, and finding the next one without a verdict."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import streamlit as st

from app.shown import Problem, Shown
from slicecore.errors import StorageError
from slicecore.verdicts import Judgement

VERDICT_LABELS = {
    "real_issue": "✓ Real issue",
    "false_positive": "✗ False alarm",
    "reference_error": "≠ Wrong ref.",
    "unsure": "? Unsure",
}


def judge(shown: Shown, slice_id: str, verdict: str) -> None:
    """Give a slice a verdict; the same one again takes it back. A selection becomes a slice of one's own by it."""
    problem = shown.judgeable(slice_id)
    if problem:
        save(shown, problem, lambda before: {"verdict": None if before.verdict == verdict else verdict})


def save(shown: Shown, problem: Problem, change: Callable[[Judgement], dict[str, Any]]) -> None:
    """Write what `change` makes of the latest judgement on the slice; on failure say so and lose nothing else."""
    one, model = problem.slice, shown.prediction
    clip_ids = [str(shown.data.ids[row]) for row in one.members]
    nothing = Judgement(one.id, model, None, (), "", "", "", ())
    with saving():
        if problem.draft:
            shown.keep(problem, reviewer())
        before = shown.verdicts.current(model).get(one.id, nothing)
        said = {"verdict": before.verdict, "tags": before.tags, "note": before.note, **change(before)}
        shown.verdicts.judge(one.id, model=model, clip_ids=clip_ids, reviewer=reviewer(), **said)


@contextmanager
def saving() -> Iterator[None]:
    """Write to the workspace inside; the foot says whether that went well."""
    try:
        yield
    except StorageError as error:
        st.session_state["save_error"] = (
            f"Not saved. {error} Nothing else is lost; say it again when this is mended."
        )
    else:
        st.session_state["save_error"] = ""
        st.session_state["saved"] = f"Saved {datetime.now():%H:%M}"


def reviewer() -> str:
    """Who is reviewing: the name given on the page, else the one of the account."""
    if "reviewer" not in st.session_state:
        try:
            st.session_state["reviewer"] = getpass.getuser()
        except (KeyError, OSError):  # an account without a name, as in some containers
            st.session_state["reviewer"] = ""
    return st.session_state["reviewer"]


def next_unreviewed(shown: Shown, after: Problem | None) -> Problem | None:
    """The next problem without a verdict after one of the list, from the top again at the end."""
    at = after.number if after else 0  # after one's own, which come last, the first
    later_first = [*shown.problems[at:], *shown.problems[:at]]
    return next((one for one in later_first if not (one.judgement and one.judgement.verdict)), None)


def go_on(shown: Shown, slice_id: str | None) -> None:
    """Look at the next problem without a verdict after a slice."""
    following = next_unreviewed(shown, shown.problem(slice_id))
    if following:
        shown.pick_slice(following.slice.id)
