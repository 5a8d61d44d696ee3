"""Verdicts, tags, notes and assignments of several slices that were chosen in the list: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slicecore.carry_over.carrying import Carried
from slicecore.storage.verdicts import UNCHANGED, Change, Judgement, with_line
from slicecore.wording import counted
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.events import assignee, clip_ids, seen, slice_change
from slicecore_app.session.reviews import ReviewSession

_DONE = {"verdict": "judged", "notes": "written", "assign": "assigned"}
_Known = tuple[Problem, Carried | None, Judgement | None]
"""A slice, what is carried over to it and holds, and the reviewer's own judgement."""


def change_several(result: ReviewResult, reviews: ReviewSession, event: dict[str, Any]) -> None:
    """Do what an event asks for of the slices that it names."""
    there = {problem.slice.id: problem for problem in (*result.problems, *result.own)}
    wanted = list(dict.fromkeys(map(str, event["slices"])))
    problems = [there[slice_id] for slice_id in wanted if slice_id in there]
    if gone := len(wanted) - len(problems):
        reviews.refuse(
            f"The list has changed meanwhile: {gone:,} of {counted(len(wanted), 'slice')} are not in it any more. "
            f"Nothing was {_DONE[event['kind']]}. Choose again."
        )
    elif event["kind"] == "assign":
        _assign(result, reviews, problems, event)
    else:
        _judge(result, reviews, problems, event)


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
    carried, name = result.carried_over(workspace), reviews.mine(workspace)
    opinions = reviews.opinions(workspace)
    known: list[_Known] = []
    for problem in problems:
        slice_id = problem.slice.id
        held = None if slice_id in workspace.judgements else carried.holding(slice_id)
        mine = next((each for each in opinions.get(slice_id, ()) if each.reviewer == name), None)
        known.append((problem, held, mine))
    changes = _verdicts(known, event) if event["kind"] == "verdict" else _notes(known, event)
    records = [
        slice_change(result, reviews, problem, change, event, carried=held, slices=len(problems))
        for problem, held, change in changes
    ]
    if records:
        reviews.judge(*records)


def _verdicts(known: Sequence[_Known], event: dict[str, Any]) -> list[tuple[Problem, Carried | None, Change]]:
    """The verdict for each slice. One that all have already is taken back where the event toggles."""
    verdict = event["verdict"]
    if event["toggles"] and all(mine and mine.verdict == verdict for *_, mine in known):
        verdict = None
    return [
        (problem, held, Change(verdict))
        for problem, held, mine in known
        if verdict or (mine and mine.verdict)
    ]


def _notes(known: Sequence[_Known], event: dict[str, Any]) -> list[tuple[Problem, Carried | None, Change]]:
    """Tags and note of each slice where they change: tags that the event adds and takes off, the line that it adds."""
    changes, line = [], str(event.get("line", ""))
    for problem, held, mine in known:
        before = mine or (held.judgement if held else None)
        tags_before, note = (before.tags, before.note) if before else ((), "")
        left = [tag for tag in tags_before if tag not in event["removed"]]
        tags = tuple(dict.fromkeys([*left, *event["added"]]))
        is_added = with_line(note, line) != note
        if tags != tags_before or is_added:
            change = Change(
                tags=tags if tags != tags_before else UNCHANGED, lines=(line,) if is_added else ()
            )
            changes.append((problem, held, change))
    return changes
