"""The verdict panel: the slice to which a verdict, tags or a note go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from slicecore.carry_over.carrying import Carried
from slicecore.errors import StorageError
from slicecore.slices.result import Slice
from slicecore.storage.verdicts import VERDICTS, Change, Newest, Refusal, Workspace
from slicecore_app.access.visitor import Role
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.seen_picks import is_as_seen, picked_in
from slicecore_app.review.verdict import component, messages
from slicecore_app.review.verdict.component import VerdictButton
from slicecore_app.review.verdict.events import (
    assignee,
    clip_ids,
    press,
    seen,
    slice_change,
)
from slicecore_app.review.verdict.kept import framed, keep_for_later, latest, place, take_kept, take_up
from slicecore_app.review.verdict.labels import VERDICT_LABELS
from slicecore_app.review.verdict.late_words import MOVED
from slicecore_app.review.verdict.left_behind import find_picks, keep_several, known_of, note_listed, way_of
from slicecore_app.review.verdict.own_slices import keep_slice
from slicecore_app.review.verdict.several import change_several, keep_text, refused_texts
from slicecore_app.server import registry
from slicecore_app.session import selection, session
from slicecore_app.session.kept_words import kept_words
from slicecore_app.session.reviews import ReviewSession, about, review_session
from slicecore_app.session.selection import Pick

_HINTS = {
    "real_issue": "The model does badly here for a reason worth fixing",
    "false_positive": "Nothing unites these clips, or nothing is wrong with them",
    "reference_error": "Wrong reference: the table does not say what is spoken",
    "unsure": "Somebody else should listen",
}


def _button(name: str, hint: str) -> VerdictButton:
    sign, label = VERDICT_LABELS[name].split(" ", 1)
    return VerdictButton(name, sign, label, hint)


VERDICT_BUTTONS = tuple(_button(name, hint) for name, hint in _HINTS.items())
REFRESH_S = 0.5
GONE = "The selection was cleared before it was saved. Select it again."

_WAIT = ("verdict", "notes", "assign")
"""Kinds of words on a slice that can be said of clips that are gone from the page."""
_SETTLING = {
    "again": ReviewSession.try_again,
    "replace": ReviewSession.replace_other,
    "discard": ReviewSession.discard,
    "introduce": ReviewSession.introduce,
}
"""Action of an event that says nothing new, by its kind."""


def reviews_of(result: ReviewResult) -> ReviewSession:
    """The reviews of this session for the table and model on the page."""
    return review_session(result.verdicts, result.judged)


def verdict(result: ReviewResult) -> None:
    """Draw the verdict on the picked slice. A part of its own: a verdict changes no number, so nothing else runs.

    It looks again by itself while other tables are being read.
    """
    job = result.carrying.job
    every = REFRESH_S if job is not None and job.state == "running" else None
    st.fragment(_verdict, run_every=every)(result)


def _verdict(result: ReviewResult) -> None:
    reviews = reviews_of(result)
    memory, job = reviews.memory, result.carrying.job
    take_up(result, reviews)
    find_picks(result, reviews)
    note_listed(result)
    if memory.page_is_old or (job is not None and job.state == "done"):
        memory.page_is_old = False
        st.rerun()
    subject = result.subject
    workspace = reviews.read()
    carried = result.carried_over(workspace)
    holding = carried.holding(subject.slice.id) if subject else None
    inherited = (
        holding.judgement if subject and holding and subject.slice.id not in workspace.judgements else None
    )
    here, refused = about(result.verdicts, result.judged), refused_texts(result, reviews, workspace, carried)
    component.verdict(
        VERDICT_BUTTONS,
        slice_id=subject.slice.id if subject else None,
        about=here,
        judged=reviews.verdicts(workspace),
        carried={
            slice_id: messages.carried_verdict(each, result.judged)
            for slice_id, each in carried.by_slice.items()
        },
        opinions={
            slice_id: [messages.opinion(each) for each in given]
            for slice_id, given in reviews.opinions(workspace).items()
        },
        tags=inherited.tags if inherited else (),
        known_tags=workspace.tags,
        note=inherited.note if inherited else "",
        account=memory.account,
        is_login=bool(memory.visitor.name),
        reviewers=workspace.reviewers,
        other_names=workspace.other_names,
        assignees=reviews.assignees(workspace),
        people=reviews.people(workspace),
        saved=messages.saved(reviews.status),
        undoes=messages.undoes(reviews.status),
        unsaved=messages.unsaved(
            reviews.status, reviews.mine(workspace), refused, way_of(result, reviews.status)
        ),
        refused=refused,
        kept=kept_words(reviews.status, here, workspace.newest.judgement),
        framed=framed(result, subject) if subject else None,
        may_judge=memory.visitor.role >= Role.REVIEW,
        news=(registry.open_verdicts(result.verdicts), _newest_shown(result, workspace)),
        key="judging",
        on_event=lambda: _on_event(result),
        seq=session.seq(),
    )


def _newest_shown(result: ReviewResult, workspace: Workspace) -> Newest:
    """Numbers of the newest records that the page shows: slices, marks, corrections are those of its last drawing."""
    now = workspace.newest
    return result.newest._replace(judgement=now.judgement, refusal=now.refusal, assignment=now.assignment)


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["judging"]["event"]
    reviews = reviews_of(result)
    kind = event["kind"]
    if kind == "kept":  # under the name that it had
        take_kept(result, reviews, event)
        return
    reviews.take_name(event)
    if kind in ("verdict", "notes", "confirm", "decline", "assign") and event["about"] != about(
        result.verdicts, result.judged
    ):
        _refuse_elsewhere(result, reviews, event)
    elif kind == "verdict" and event["verdict"] not in (None, *VERDICTS):
        return
    elif kind in ("verdict", "notes", "assign") and "slices" in event:
        change_several(result, reviews, event)
    elif kind == "verdict":
        change = Change(verdict=event["verdict"])
        _judge(result, reviews, change, event)
    elif kind == "notes":
        _judge(result, reviews, Change(tags=tuple(event["tags"]), note=event["note"]), event)
    elif kind in ("confirm", "decline"):
        _settle(result, reviews, event)
    elif kind == "assign":
        _assign(result, reviews, event)
    elif kind == "undo":
        reviews.undo(press(event), about=str(event.get("about", "")), is_late=bool(event.get("late")))
    elif kind in _ON_PAGE:
        _ON_PAGE[kind](result, reviews)
    elif kind == "rest":
        reviews.judge_rest(list(map(str, event["left_out"])))
    elif kind in _SETTLING:
        _SETTLING[kind](reviews)


def _refuse_elsewhere(result: ReviewResult, reviews: ReviewSession, event: dict[str, Any]) -> None:
    """Let what an event says of another table or model wait; say so of what can't be said later."""
    if event["kind"] == "notes" and "slices" in event:
        keep_text(reviews, event, MOVED)
    elif event["kind"] in ("verdict", "assign") and "slices" in event:
        keep_several(result, reviews, event)
    elif event["kind"] in _WAIT and (known := known_of(result, event)):
        keep_for_later(reviews, known, "changed")
    else:
        reviews.refuse(f"{MOVED} Judge it again there.")


def _look(result: ReviewResult, reviews: ReviewSession) -> None:
    """Take note of news. Verdicts and assignments show by drawing this part anew; the rest is for the whole page."""
    try:
        newest = result.verdicts.newest()
    except StorageError:
        return  # drawing says so
    here = result.newest._replace(judgement=newest.judgement, assignment=newest.assignment)
    if newest != here:
        reviews.memory.page_is_old = True


def _place(result: ReviewResult, reviews: ReviewSession) -> None:
    """Write the latest words that wait for the reader's consent, as the page offers it."""
    words, way = latest(reviews.status), way_of(result, reviews.status)
    if words is not None and way is not None and way.event is not None:
        place(result, reviews, words, way.event)


_ON_PAGE = {"look": _look, "place": _place}
"""Action of an event that says nothing new, and depends on what the page shows, by its kind."""


def _settle(result: ReviewResult, reviews: ReviewSession, event: dict[str, Any]) -> None:
    """Confirm or decline what is carried over to the slice that was framed."""
    problem = _framed(result, event)
    known = reviews.read()
    carried = result.carried_over(known).by_slice.get(problem.slice.id) if problem else None
    if problem is None or carried is None or problem.slice.id in known.judgements:
        reviews.refuse("Nothing is carried over to this slice any more.")
    elif event["kind"] == "confirm":
        _judge(result, reviews, Change(), event, confirmed=carried)
    else:
        clips, origin = clip_ids(result, problem), carried.judged.key
        reviews.decline(slice_name(problem), Refusal(problem.slice.id, clips, result.judged, origin))


def _judge(
    result: ReviewResult,
    reviews: ReviewSession,
    change: Change,
    event: dict[str, Any],
    confirmed: Carried | None = None,
) -> None:
    """Change the judgement of the slice that was framed, or what is carried over to it and holds or is `confirmed`."""
    problem = _framed(result, event)
    if problem is None:
        _keep_or_refuse(result, reviews, event)
        return
    carried = confirmed or _holding(result, reviews, problem)
    record = slice_change(result, reviews, problem, change, event, carried=carried)
    if reviews.judge(record) and record.own and problem.draft:
        show_own(problem.slice, record.own[1])
        reviews.memory.page_is_old = True


def _keep_or_refuse(result: ReviewResult, reviews: ReviewSession, event: dict[str, Any]) -> None:
    """Let a word wait whose selection was cleared before it came, where anybody knows what that was."""
    known = known_of(result, event) if event["kind"] in _WAIT else None
    if known is None:
        reviews.refuse(GONE)
    else:
        keep_for_later(reviews, known, "cleared")


def _assign(result: ReviewResult, reviews: ReviewSession, event: dict[str, Any]) -> None:
    """Let somebody judge the slice that was framed. A selection becomes a slice of one's own by it."""
    problem = _framed(result, event)
    if problem is None:
        _keep_or_refuse(result, reviews, event)
        return
    slice_id, clips = problem.slice.id, clip_ids(result, problem)
    if problem.draft and problem.own:
        if not keep_slice(result, reviews, problem, problem.own):
            return
        show_own(problem.slice, problem.own.reason)
    assignees = {slice_id: assignee(event)}
    reviews.assign({slice_id: slice_name(problem)}, assignees, {slice_id: clips}, seen(event).assignment)


def _holding(result: ReviewResult, reviews: ReviewSession, problem: Problem) -> Carried | None:
    """The judgement carried over that holds for a slice without one of its own."""
    known = reviews.read()
    return (
        None if problem.slice.id in known.judgements else result.carried_over(known).holding(problem.slice.id)
    )


def show_own(slice_: Slice, reason: str) -> None:
    """Go on with the same clips as a slice of one's own; the clip that plays goes on as well."""
    selection.repick(Pick("own", slice_.id, slice_.members, reason=reason))


def _framed(result: ReviewResult, event: dict[str, Any]) -> Problem | None:
    """The slice that the browser framed when the event was made."""
    slice_id = event["slice"]
    if slice_id is None:
        live = _live(result) if event["pick"] == st.session_state.get("pick_number") else None
        is_it = live is not None and is_as_seen(picked_in(event), live.slice.members, result)
        return live if is_it else None
    problem = result.judgeable(slice_id)
    if problem is None:
        live = _live(result)
        problem = live if live and live.slice.id == slice_id else None
    return problem


def _live(result: ReviewResult) -> Problem | None:
    """The slice that is picked by now, which this part may not have been drawn with yet."""
    pick = selection.picked()
    if pick is None:
        return None
    subject = replace(result, pick=pick).subject
    if subject is None:  # made or flagged since: to this result it is nothing but clips
        clips = replace(result, pick=replace(pick, kind="selection", key="")).subject
        subject = replace(clips, draft=False) if clips else None
    return subject
