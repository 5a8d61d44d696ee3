"""Judging a slice: the verdict beside it, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from slicecore.errors import StorageError
from slicecore.storage.verdicts import VERDICTS, Judgement
from slicecore_app.review.review_result import Problem, Shown
from slicecore_app.review.verdict.component import VerdictButton, judging
from slicecore_app.review.verdict.saving import (
    is_saved,
    keep_unsaved,
    remember,
    reviewer,
    saving,
    try_again,
    undo,
)
from slicecore_app.server import registry
from slicecore_app.session import state

VERDICT_BUTTONS = (
    VerdictButton("real_issue", "✓", "Real issue", "The model does badly here for a reason worth fixing"),
    VerdictButton(
        "false_positive", "✗", "False alarm", "Nothing unites these clips, or nothing is wrong with them"
    ),
    VerdictButton(
        "reference_error", "≠", "Wrong ref.", "Wrong reference: what was said is not what the table says"
    ),
    VerdictButton("unsure", "?", "Unsure", "Somebody else should listen"),
)
NOTHING_SAID = (0, 0, 0)
MOST_SEEN = 8
"""States of the verdicts that a browser may still show when it answers."""
VERDICT_LABELS = {one.name: f"{one.sign} {one.label}" for one in VERDICT_BUTTONS}


@st.fragment
def verdict(shown: Shown) -> None:
    """Draw the verdict of the picked slice. A part of its own: a verdict changes no number, so nothing else runs."""
    if st.session_state.pop("list_changed", False):
        st.rerun()  # by a slice of one's own, or by what somebody else said
    subject = shown.subject
    newest = NOTHING_SAID
    try:
        newest = shown.verdicts.newest()  # first: what is written meanwhile is looked for again
        known = shown.verdicts.current(shown.judged)
        tags = shown.verdicts.tags()
    except StorageError as error:
        known, tags = shown.judgements, []
        st.session_state["save_error"] = str(error)
    _note_what_is_seen(newest, known)
    judgement = known.get(subject.slice.id) if subject else None
    judging(
        VERDICT_BUTTONS,
        slice_id=subject.slice.id if subject else None,
        said={slice_id: each.verdict for slice_id, each in known.items() if each.verdict},
        tags=judgement.tags if judgement else (),
        known_tags=tags,
        note=judgement.note if judgement else "",
        reviewer=reviewer(),
        saved=st.session_state["saved"],
        failed=st.session_state.get("save_error", ""),
        news=(registry.open_verdicts(shown.verdicts), newest),
        key="judging",
        on_event=lambda: _on_event(shown),
        seq=state.seq(),
    )


def _on_event(shown: Shown) -> None:
    event = st.session_state["judging"]["event"]
    if event["kind"] == "verdict" and event["verdict"] in (None, *VERDICTS):
        save(shown, event["slice"], tuple(event.get("newest", ())), verdict=event["verdict"])
    elif event["kind"] == "notes":
        st.session_state["reviewer"] = event["reviewer"].strip()
        said = {"tags": tuple(event["tags"]), "note": event["note"]}
        save(shown, event["slice"], tuple(event.get("newest", ())), **said)
    elif event["kind"] == "undo":
        undo(shown)
    elif event["kind"] == "again":
        try_again(shown)
    elif event["kind"] == "look":
        _look(shown)


def _look(shown: Shown) -> None:
    """Something was said elsewhere. Verdicts show by drawing this part anew; the rest is for the whole page."""
    try:
        newest = shown.verdicts.newest()
    except StorageError:
        return  # drawing says so
    if newest[1:] != shown.newest[1:]:
        st.session_state["list_changed"] = True


def _note_what_is_seen(newest: tuple[int, ...], known: dict[str, Judgement]) -> None:
    """Note what the browser gets to show. What it answers may still be about the state before."""
    before = [one for one in st.session_state.get("seen", {}).items() if one[0] != newest]
    st.session_state["seen"] = dict([*before, (newest, known)][-MOST_SEEN:])


def save(shown: Shown, slice_id: str, newest: tuple[int, ...] = (), **said: Any) -> None:
    """Change what was said about a slice (`verdict`, `tags`, `note`). A selection becomes a slice of one's own by it.

    What can't be saved is said on the page and kept for another try. So is what would overwrite a judgement, from
    another tab or of another person, that this page had not shown yet: `newest` is the latest that it had.
    """
    problem = shown.judgeable(slice_id)
    if problem is None:
        st.session_state["save_error"] = (
            "This slice is no longer there. Pick it again and repeat the verdict."
        )
        return
    before = _said_before(shown, problem)
    if problem.draft:
        with saving():
            shown.keep(problem, reviewer())
            st.session_state["list_changed"] = True
    if _is_news(before, newest):
        _tell_of(before, replace(before, **said))
    elif _write(shown, replace(before, **said)):
        remember(partial(_write, one=before))


def _said_before(shown: Shown, problem: Problem) -> Judgement:
    """The latest judgement on a slice, or one that says nothing."""
    one, model = problem.slice, shown.judged
    clip_ids = tuple(str(shown.data.ids[row]) for row in one.members)
    nothing = Judgement(one.id, model, None, (), "", "", "", clip_ids)
    try:
        return shown.verdicts.current(model).get(one.id, nothing)
    except StorageError:
        return problem.judgement or nothing


def _write(shown: Shown, one: Judgement) -> bool:
    said = {"verdict": one.verdict, "tags": one.tags, "note": one.note}
    with saving():
        written = shown.verdicts.judge(
            one.slice_id, model=one.model, clip_ids=one.clip_ids, reviewer=reviewer(), **said
        )
        st.session_state["written"] = {**st.session_state.get("written", {}), one.slice_id: written}
    keep_unsaved(one.slice_id, None if is_saved() else partial(_write, one=one))
    return is_saved()


def _is_news(one: Judgement, newest: tuple[int, ...]) -> bool:
    """Whether this page neither showed a judgement nor wrote it."""
    states = st.session_state.get("seen", {NOTHING_SAID: {}})
    seen = states.get(newest, next(reversed(states.values())))
    known = (each.get(one.slice_id) for each in (seen, st.session_state.get("written", {})))
    return bool(one.time) and all(each is None or _when_and_who(each) != _when_and_who(one) for each in known)


def _when_and_who(one: Judgement) -> tuple[Any, ...]:
    return one.time, one.reviewer, one.verdict, one.tags, one.note


def _tell_of(other: Judgement, mine: Judgement) -> None:
    """Show what was said elsewhere, and keep what was said here, which can be saved over it."""
    at = datetime.fromisoformat(other.time).astimezone()
    by = f" by {other.reviewer}" if other.reviewer else ""
    said = [VERDICT_LABELS[other.verdict]] if other.verdict else []
    said += [*other.tags, *([f"“{other.note}”"] if other.note else [])]
    st.session_state["save_error"] = (
        f"Judged elsewhere at {at:%H:%M}{by}: {', '.join(said)}. Try now to replace it."
    )
    st.session_state["list_changed"] = True
    keep_unsaved(mine.slice_id, partial(_write, one=mine))
