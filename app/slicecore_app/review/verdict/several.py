"""Verdicts, tags, notes and assignments of several slices that were chosen in the list: all of them or none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from slicecore.carry_over.carrying import Carried, CarriedOver
from slicecore.storage.verdicts import (
    UNCHANGED,
    Change,
    Judgement,
    Workspace,
    room_below,
    with_line,
)
from slicecore.wording import counted
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.component import RefusedText
from slicecore_app.review.verdict.events import assignee, clip_ids, seen, shared_notes, slice_change
from slicecore_app.session.review_records import SharedNotes
from slicecore_app.session.reviews import ReviewSession

_DONE = {"verdict": "judged", "assign": "assigned"}
_Known = tuple[Problem, Carried | None, Judgement | None]
"""A slice, what is carried over to it and holds, and the reviewer's own judgement."""


class _Judgements:
    """Judgements of slices, by slice id, as the page shows them."""

    def __init__(self, reviews: ReviewSession, workspace: Workspace, carried: CarriedOver) -> None:
        self._workspace, self._carried = workspace, carried
        self._opinions, self._name = reviews.opinions(workspace), reviews.mine(workspace)

    def held(self, slice_id: str) -> Carried | None:
        """Judgement that is carried over to a slice and holds."""
        return None if slice_id in self._workspace.judgements else self._carried.holding(slice_id)

    def mine(self, slice_id: str) -> Judgement | None:
        """The reviewer's own judgement."""
        opinions = self._opinions.get(slice_id, ())
        return next((each for each in opinions if each.reviewer == self._name), None)


def refused_texts(
    result: ReviewResult, reviews: ReviewSession, workspace: Workspace, carried: CarriedOver
) -> list[RefusedText]:
    """Texts for the notes of several that were refused, with the room that is there by now."""
    waiting = [each for each in reviews.status.unsaved if isinstance(each.record, SharedNotes)]
    if not waiting:
        return []
    judgements, listed = _Judgements(reviews, workspace, carried), _listed(result)
    return [
        _refused_text(each.record, each.error, reviews.subject("").about, judgements, listed)
        for each in waiting
        if isinstance(each.record, SharedNotes)
    ]


def _refused_text(
    text: SharedNotes, reason: str, here: str, judgements: _Judgements, listed: Collection[str]
) -> RefusedText:
    is_here = text.about == here
    left = [each for each in text.slices if each in listed] if is_here else []
    notes = [_tags_and_note(judgements.held(each), judgements.mine(each))[1] for each in left]
    return RefusedText(
        list(text.slices),
        list(text.added),
        list(text.removed),
        text.line,
        reason,
        room=min(map(room_below, notes), default=room_below("")),
        is_long=text.is_long,
        left=left,
        is_here=is_here,
    )


def change_several(result: ReviewResult, reviews: ReviewSession, event: dict[str, Any]) -> None:
    """Do what an event asks for of the slices that it names."""
    there = _listed(result)
    wanted = list(dict.fromkeys(map(str, event["slices"])))
    problems = [there[slice_id] for slice_id in wanted if slice_id in there]
    gone, is_text = len(wanted) - len(problems), event["kind"] == "notes"
    if is_text and gone:
        keep_text(reviews, event, _are_gone(gone, len(wanted)), there)
    elif gone:
        reviews.refuse(
            f"The list has changed meanwhile: {gone:,} of {counted(len(wanted), 'slice')} are not in it any more. "
            f"Nothing was {_DONE[event['kind']]}. Choose again."
        )
    elif event["kind"] == "assign":
        _assign(result, reviews, problems, event)
    else:
        if is_text:
            _take_up(reviews, event, there)
        _judge(result, reviews, problems, event)


def keep_text(
    reviews: ReviewSession, event: dict[str, Any], reason: str, listed: Collection[str] | None = None
) -> None:
    """Let the tags and the text of an event wait, which can't be written for a reason.

    `listed` are the slices that are there, None where that is not known.
    """
    _take_up(reviews, event, listed)
    text = shared_notes(event)
    if text.added or text.removed or text.line:
        reviews.refuse_text(text, reason)


def _take_up(reviews: ReviewSession, event: dict[str, Any], listed: Collection[str] | None) -> None:
    """Let an event take the place of what was refused before: for the slices that are there and not among its own."""
    if event.get("shortens"):
        before = shared_notes({**event, "slices": event["shortens"]})
        now = shared_notes(event).slices
        rest = [each for each in before.slices if each not in now and (listed is None or each in listed)]
        reviews.take_up_text(before, rest)


def _listed(result: ReviewResult) -> dict[str, Problem]:
    """Slices of the list, by id."""
    return {problem.slice.id: problem for problem in (*result.problems, *result.own)}


def _are_gone(gone: int, of: int) -> str:
    """Sentence that problems of those chosen are not in the list any more."""
    which = f"{gone:,} of the {of:,} problems {'is' if gone == 1 else 'are'} not"
    if gone == of:
        which = "The problem is not" if of == 1 else f"None of the {of:,} problems is"
    return f"{which} in the list any more: nothing was written."


def _assign(
    result: ReviewResult, reviews: ReviewSession, problems: Sequence[Problem], event: dict[str, Any]
) -> None:
    titles = {problem.slice.id: slice_name(problem) for problem in problems}
    clips = {problem.slice.id: clip_ids(result, problem) for problem in problems}
    if problems:
        reviews.assign(titles, dict.fromkeys(titles, assignee(event)), clips, seen(event).assignment)


def _judge(
    result: ReviewResult, reviews: ReviewSession, problems: Sequence[Problem], event: dict[str, Any]
) -> None:
    reviews.introduce()  # by which it is known which judgements are the reviewer's
    workspace = reviews.read()
    judgements = _Judgements(reviews, workspace, result.carried_over(workspace))
    known = [
        (problem, judgements.held(problem.slice.id), judgements.mine(problem.slice.id))
        for problem in problems
    ]
    changes = _verdicts(known, event) if event["kind"] == "verdict" else _notes(known, event)
    records = [
        slice_change(result, reviews, problem, change, event, carried=held, slices=len(problems))
        for problem, held, change in changes
    ]
    if event["kind"] == "notes":
        steps = (
            *((str(tag), True) for tag in event["added"]),
            *((str(tag), False) for tag in event["removed"]),
        )
        records = [replace(record, tag_steps=steps) for record in records]
    if records:
        reviews.judge(*records)


def _verdicts(known: Sequence[_Known], event: dict[str, Any]) -> list[tuple[Problem, Carried | None, Change]]:
    """The verdict for each slice; None takes back that of those that have one."""
    verdict = event["verdict"]
    return [
        (problem, held, Change(verdict))
        for problem, held, mine in known
        if verdict or (mine and mine.verdict)
    ]


def _tags_and_note(held: Carried | None, mine: Judgement | None) -> tuple[tuple[str, ...], str]:
    """Tags and note below which the reviewer's next ones go."""
    before = mine or (held.judgement if held else None)
    return (before.tags, before.note) if before else ((), "")


def _notes(known: Sequence[_Known], event: dict[str, Any]) -> list[tuple[Problem, Carried | None, Change]]:
    """Tags and note of each slice where they change: tags that the event adds and takes off, the line that it adds."""
    changes, line = [], str(event.get("line", ""))
    for problem, held, mine in known:
        tags_before, note = _tags_and_note(held, mine)
        left = [tag for tag in tags_before if tag not in event["removed"]]
        tags = tuple(dict.fromkeys([*left, *event["added"]]))
        is_added = with_line(note, line) != note
        if tags != tags_before or is_added:
            change = Change(
                tags=tags if tags != tags_before else UNCHANGED, lines=(line,) if is_added else ()
            )
            changes.append((problem, held, change))
    return changes
