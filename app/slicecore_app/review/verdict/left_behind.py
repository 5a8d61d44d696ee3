"""Verdicts on what the page has left: a selection, as of a lasso before a reload, or slices of another model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from slicecore.errors import StorageError
from slicecore_app.review.map.lasso import lassoed, rows_inside
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.events import press, seen
from slicecore_app.review.verdict.kept import framed, keep_word, model_of
from slicecore_app.session.kept_words import unplaced
from slicecore_app.session.packed_rows import packed
from slicecore_app.session.review_records import UnplacedWords, press_on
from slicecore_app.session.reviews import ReviewSession, about

_LISTED = "listed_before"
_MOST = 2
"""Models, the one on the page among them, whose lists a session knows."""


def note_listed(result: ReviewResult) -> None:
    """Remember the slices that the page lists, by the table and model that are judged."""
    here = about(result.verdicts, result.judged)
    lists = {name: listed for name, listed in st.session_state.get(_LISTED, {}).items() if name != here}
    lists[here] = (*result.problems, *result.own)
    st.session_state[_LISTED] = dict([*lists.items()][-_MOST:])


def known_of(result: ReviewResult, event: dict[str, Any]) -> dict[str, Any] | None:
    """An event with the slice that it is about, or with its lasso; None where nobody knows its clips any more."""
    return event if event.get("slice") else _of_pick(result, event) or (event if event.get("lasso") else None)


def _of_pick(result: ReviewResult, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """An event about a pick with the slice that it was, where the session still knows it; else None."""
    pick = st.session_state.get("recent_picks", {}).get(event.get("pick"))
    if pick is None or not str(event["about"]).startswith(f"{result.verdicts.name} "):
        return None
    clips = replace(
        result, pick=pick if pick.kind == "selection" else replace(pick, kind="selection", key="")
    )
    problem = clips.subject
    return {**event, "slice": problem.slice.id, "framed": framed(clips, problem)} if problem else None


def find_lassos(result: ReviewResult, reviews: ReviewSession) -> None:
    """Find the clips of lassos about which words wait, as soon as the map is there in which these were drawn."""
    for waiting in reviews.status.unsaved:
        words = waiting.record
        if not isinstance(words, UnplacedWords) or model_of(result, words.about) is None:
            continue
        if found := _with_clips(result, words.event):
            reviews.place_of(words, unplaced(found, words.why))


def _with_clips(result: ReviewResult, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Event of words about a lasso with its clips in its place; None where they are about none, or it is not found."""
    word = event["word"]
    part: Mapping[str, Any] = next(iter(word.get("parts", ())), {})
    if not part.get("lasso"):
        return None
    try:
        rows = rows_inside(part["lasso"], result)
    except (KeyError, TypeError, ValueError):  # a browser may have one of another version
        return None
    if rows is None or not len(rows):
        return None
    clips = replace(result, pick=lassoed(rows))
    problem = clips.subject
    if problem is None or part["slice"] not in ("", problem.slice.id):
        return None
    said = {name: value for name, value in part.items() if name != "lasso"}
    found = {**said, "slice": problem.slice.id, **framed(clips, problem), "clips": packed(rows)}
    return {**event, "word": {**word, "parts": [found]}}


def keep_several(result: ReviewResult, reviews: ReviewSession, event: Mapping[str, Any]) -> None:
    """Let a verdict on several slices wait whose model has left the page, or that it is taken back.

    Of slices that the session does not know the clips are found when their model is open again.
    """
    listed: tuple[Problem, ...] = st.session_state.get(_LISTED, {}).get(event["about"], ())
    there = {problem.slice.id: problem for problem in listed}
    wanted = list(dict.fromkeys(map(str, event["slices"])))
    judged = wanted if event["verdict"] else _judged_by_reader(result, reviews, event["about"], wanted)
    parts = [
        {
            "slice": slice_id,
            "title": slice_name(there[slice_id]) if slice_id in there else "another slice",
            "clips": packed(there[slice_id].slice.members) if slice_id in there else "",
            "seen": seen(dict(event)).judgement,
            "press": press_on(press(dict(event)), slice_id, len(wanted)),
            "verdict": event["verdict"],
        }
        for slice_id in judged
    ]
    if parts:
        keep_word(reviews, event, parts, "changed")


def _judged_by_reader(
    result: ReviewResult, reviews: ReviewSession, about: str, slices: Sequence[str]
) -> list[str]:
    """Those of some slices that have a verdict of the reader's to be taken back, as far as that is known."""
    model = model_of(result, about)
    if not model:
        return list(slices)
    there = ReviewSession(result.verdicts, model, reviews.memory)
    try:
        workspace = there.read()
    except StorageError:
        return list(slices)
    opinions, mine = there.opinions(workspace), there.mine(workspace)
    return [
        slice_id
        for slice_id in slices
        if any(each.reviewer == mine and each.verdict for each in opinions.get(slice_id, ()))
    ]
