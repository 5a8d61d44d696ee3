"""Words on what the page has left: a selection, as of a lasso before a reload, or slices of another model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from slicecore.errors import StorageError
from slicecore_app.review.basis import Basis, basis_of
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.seen_picks import found, moved, picked_in
from slicecore_app.review.verdict.events import press, said_of
from slicecore_app.review.verdict.kept import framed, keep_word, latest, model_of, records_to_place
from slicecore_app.review.verdict.late_words import Way
from slicecore_app.session.kept_words import unplaced
from slicecore_app.session.packed_rows import packed
from slicecore_app.session.review_records import UnplacedWords, press_on
from slicecore_app.session.reviews import ReviewSession, about
from slicecore_app.session.saving import Status
from slicecore_app.session.selection import Pick
from slicecore_app.web.components import MOST_PICKS

_LISTED, _BASES = "listed_before", "bases_of_picks"
_MOST = 2
"""Models, the one on the page among them, whose lists a session knows."""


def note_listed(result: ReviewResult) -> None:
    """Remember the slices that the page lists, by the table and model that are judged, and what a pick went by."""
    here = about(result.verdicts, result.judged)
    lists = {name: listed for name, listed in st.session_state.get(_LISTED, {}).items() if name != here}
    lists[here] = (*result.problems, *result.own)
    st.session_state[_LISTED] = dict([*lists.items()][-_MOST:])
    number, bases = st.session_state.get("pick_number"), st.session_state.get(_BASES, {})
    if number not in bases:
        st.session_state[_BASES] = dict([*bases.items(), (number, basis_of(result))][-MOST_PICKS:])


def known_of(result: ReviewResult, event: dict[str, Any]) -> dict[str, Any] | None:
    """An event with the slice that it is about, or with its pick; None where nobody knows its clips any more."""
    return event if event.get("slice") else _of_pick(result, event) or (event if picked_in(event) else None)


def _of_pick(result: ReviewResult, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """An event about a pick with the slice that it is: as the reader saw it, or as the session still knows it."""
    if not str(event["about"]).startswith(f"{result.verdicts.name} "):
        return None
    seen = picked_in(event)
    pick = found(seen, result) if seen else None
    if pick is None:
        pick = _recent(int(event.get("pick") or 0), seen)
    return None if pick is None else _with_slice(result, event, pick)


def _recent(number: int, seen: Mapping[str, Any] | None) -> Pick | None:
    """The pick of an event of this session, where it went by what the reader saw; None where it is not known."""
    basis: Basis | None = st.session_state.get(_BASES, {}).get(number)
    if seen is not None and (basis is None or moved(seen, basis)):
        return None  # as where the browser told a pick once more, after a restart of the server
    pick: Pick | None = st.session_state.get("recent_picks", {}).get(number)
    return pick


def _with_slice(result: ReviewResult, event: Mapping[str, Any], pick: Pick) -> dict[str, Any] | None:
    clips, problem = _as_selection(result, pick)
    return {**event, "slice": problem.slice.id, "framed": framed(clips, problem)} if problem else None


def _as_selection(result: ReviewResult, pick: Pick) -> tuple[ReviewResult, Problem | None]:
    """The page with clips as a selection, and the slice that this is."""
    clips = replace(result, pick=replace(pick, kind="selection", key=""))
    return clips, clips.subject


def find_picks(result: ReviewResult, reviews: ReviewSession) -> None:
    """Find the clips of picks about which words wait, as soon as the page is there on which these were made."""
    for waiting in reviews.status.unsaved:
        words = waiting.record
        if not isinstance(words, UnplacedWords) or model_of(result, words.about) is None:
            continue
        if found_words := _with_clips(result, words.event):
            reviews.place_of(words, unplaced(found_words, words.why))


def _with_clips(result: ReviewResult, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Event of words about a pick with its clips in its place; None where they are about none, or it is not found."""
    part = _picked_part(event)
    pick = found(part["picked"], result) if part is not None else None
    return None if part is None or pick is None else _on(result, event, part, pick)


def _picked_part(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Part of words on a pick whose clips nobody has found yet; None where they are about something else."""
    part: Mapping[str, Any] = next(iter(event["word"].get("parts", ())), {})
    return part if picked_in(part) else None


def _on(
    result: ReviewResult, event: Mapping[str, Any], part: Mapping[str, Any], pick: Pick
) -> dict[str, Any] | None:
    """Event of words with clips in the place of the pick that they were about; None where that had others."""
    clips, problem = _as_selection(result, pick)
    if problem is None or part["slice"] not in ("", problem.slice.id):
        return None
    said = {name: value for name, value in part.items() if name != "picked"}
    now = {**said, "slice": problem.slice.id, **framed(clips, problem), "clips": packed(pick.rows)}
    return {**event, "word": {**event["word"], "parts": [now]}}


def way_of(result: ReviewResult, status: Status) -> Way | None:
    """The way in which the latest words that wait for the reader's consent can be written; None without such words."""
    words = latest(status)
    if words is None:
        return None
    part = _picked_part(words.event)
    if part is None or part["slice"] or model_of(result, words.about) is None:
        return Way(words.event if records_to_place(result, words.event) else None)
    event = _on(result, words.event, part, result.pick) if result.pick is not None else None
    seen = part["picked"]
    return Way(
        event, is_lost=True, moved=("map",) if seen.get("kind") == "lasso" else moved(seen, basis_of(result))
    )


def keep_several(result: ReviewResult, reviews: ReviewSession, event: Mapping[str, Any]) -> None:
    """Let a verdict on several slices wait whose model has left the page, or that it is taken back; so an assignment.

    Of slices that the session does not know the clips are found when their model is open again.
    """
    listed: tuple[Problem, ...] = st.session_state.get(_LISTED, {}).get(event["about"], ())
    there = {problem.slice.id: problem for problem in listed}
    wanted, said = list(dict.fromkeys(map(str, event["slices"]))), said_of(event)
    count = len(wanted)
    if event["kind"] == "verdict" and not event["verdict"]:
        wanted = _judged_by_reader(result, reviews, event["about"], wanted)
    parts = [
        {
            "slice": slice_id,
            "title": slice_name(there[slice_id]) if slice_id in there else "another slice",
            "clips": packed(there[slice_id].slice.members) if slice_id in there else "",
            "press": press_on(press(dict(event)), slice_id, count),
            **said,
        }
        for slice_id in wanted
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
