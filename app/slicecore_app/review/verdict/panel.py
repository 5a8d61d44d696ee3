"""The verdict panel: which slice a verdict, tags or a note go to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from slicecore.errors import StorageError
from slicecore.storage.verdicts import VERDICTS, Change
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict import messages
from slicecore_app.review.verdict.component import VerdictButton, judging
from slicecore_app.review.verdict.messages import VERDICT_LABELS
from slicecore_app.server import registry
from slicecore_app.session import selection, session
from slicecore_app.session.reviews import ReviewSession, SliceChange, about, review_session
from slicecore_app.session.selection import Pick

_HINTS = {
    "real_issue": "The model does badly here for a reason worth fixing",
    "false_positive": "Nothing unites these clips, or nothing is wrong with them",
    "reference_error": "Wrong reference: the table does not say what is spoken",
    "unsure": "Somebody else should listen",
}
VERDICT_BUTTONS = tuple(
    VerdictButton(name, *VERDICT_LABELS[name].split(" ", 1), hint) for name, hint in _HINTS.items()
)
GONE = "The selection was cleared before it was saved. Select it again."


def reviews_of(shown: ReviewResult) -> ReviewSession:
    """The reviews of this session for the table and model on the page."""
    return review_session(shown.verdicts, shown.judged)


@st.fragment
def verdict(shown: ReviewResult) -> None:
    """Draw the verdict on the picked slice. A part of its own: a verdict changes no number, so nothing else runs."""
    reviews = reviews_of(shown)
    memory = reviews.memory
    if memory.page_is_old:
        memory.page_is_old = False
        st.rerun()
    subject = shown.subject
    workspace = reviews.read()
    judgement = workspace.judgements.get(subject.slice.id) if subject else None
    judging(
        VERDICT_BUTTONS,
        slice_id=subject.slice.id if subject else None,
        about=about(shown.verdicts, shown.judged),
        judged=reviews.verdicts(workspace),
        tags=judgement.tags if judgement else (),
        known_tags=workspace.tags,
        note=judgement.note if judgement else "",
        reviewer=memory.reviewer,
        saved=messages.saved(reviews.status),
        unsaved=messages.unsaved(reviews.status),
        news=(registry.open_verdicts(shown.verdicts), workspace.newest),
        key="judging",
        on_event=lambda: _on_event(shown),
        seq=session.seq(),
    )


def _on_event(shown: ReviewResult) -> None:
    event = st.session_state["judging"]["event"]
    reviews = reviews_of(shown)
    kind = event["kind"]
    if kind in ("verdict", "notes") and event["about"] != about(shown.verdicts, shown.judged):
        reviews.refuse("The table or the model was changed before this was saved. Judge it again there.")
    elif kind == "verdict" and event["verdict"] in (None, *VERDICTS):
        change = Change(verdict=event["verdict"], toggles=bool(event["toggles"]))
        _judge(shown, reviews, change, event)
    elif kind == "notes":
        reviews.memory.reviewer = event["reviewer"].strip()
        _judge(shown, reviews, Change(tags=tuple(event["tags"]), note=event["note"]), event)
    elif kind == "undo":
        reviews.undo(_unique(event))
    elif kind == "again":
        reviews.try_again()
    elif kind == "replace":
        reviews.replace_other()
    elif kind == "discard":
        reviews.discard()
    elif kind == "look":
        _look(shown)


def _look(shown: ReviewResult) -> None:
    """Take note of news. Verdicts show by drawing this part anew; the rest is for the whole page."""
    try:
        newest = shown.verdicts.newest()
    except StorageError:
        return  # drawing says so
    if newest[1:] != shown.newest[1:]:
        reviews_of(shown).memory.page_is_old = True


def _judge(shown: ReviewResult, reviews: ReviewSession, change: Change, event: dict[str, Any]) -> None:
    """Change the judgement of the slice that was framed. A selection becomes a slice of one's own by it."""
    problem = _framed(shown, event)
    if problem is None:
        reviews.refuse(GONE)
        return
    numbers = event.get("newest") or (0,)
    own = problem.own if problem.draft else None
    record = SliceChange(
        reviews.subject(problem.slice.id),
        slice_name(problem),
        clip_ids=clip_ids(shown, problem),
        change=change,
        seen=int(numbers[0]),
        own=(own.name, own.reason) if own else None,
        event=_unique(event),
    )
    if reviews.judge(record) and own:
        show_own(problem)
        reviews.memory.page_is_old = True


def _unique(event: dict[str, Any]) -> str:
    """Name of an event over all pages and servers."""
    return f"{event['tab']}:{event['n']}" if "tab" in event else ""


def clip_ids(shown: ReviewResult, problem: Problem) -> tuple[str, ...]:
    """Ids of the clips of a slice."""
    return tuple(str(shown.data.ids[row]) for row in problem.slice.members)


def show_own(problem: Problem) -> None:
    """Go on with the same clips as a slice of one's own; the one that plays goes on as well."""
    assert problem.own is not None
    st.session_state["picked"] = Pick(
        "own", problem.slice.id, problem.slice.members, reason=problem.own.reason
    )


def _framed(shown: ReviewResult, event: dict[str, Any]) -> Problem | None:
    """The slice that the browser framed when the event was made."""
    slice_id = event["slice"]
    if slice_id is None:
        return _live(shown) if event["pick"] == st.session_state.get("pick_number") else None
    problem = shown.judgeable(slice_id)
    if problem is None:
        live = _live(shown)
        problem = live if live and live.slice.id == slice_id else None
    return problem


def _live(shown: ReviewResult) -> Problem | None:
    """The slice that is picked by now, which this part may not have been drawn with yet."""
    pick = selection.picked()
    return replace(shown, pick=pick).subject if pick is not None else None
