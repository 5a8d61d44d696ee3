"""Verdicts on what the page has left: a selection of which the browser knew a number only, slices of another model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.events import press, seen
from slicecore_app.review.verdict.kept import framed, keep_word
from slicecore_app.session.packed_rows import packed
from slicecore_app.session.review_records import press_on
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


def of_pick(result: ReviewResult, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """An event about a pick with the slice that it was, where the session still knows it; else None."""
    pick = st.session_state.get("recent_picks", {}).get(event.get("pick"))
    if pick is None or not str(event["about"]).startswith(f"{result.verdicts.name} "):
        return None
    clips = replace(
        result, pick=pick if pick.kind == "selection" else replace(pick, kind="selection", key="")
    )
    problem = clips.subject
    return {**event, "slice": problem.slice.id, "framed": framed(clips, problem)} if problem else None


def keep_several(reviews: ReviewSession, event: Mapping[str, Any]) -> bool:
    """Let a verdict on several slices wait whose model has left the page. Returns whether all of them are known."""
    listed: tuple[Problem, ...] = st.session_state.get(_LISTED, {}).get(event["about"], ())
    there = {problem.slice.id: problem for problem in listed}
    wanted = list(dict.fromkeys(map(str, event["slices"])))
    if not event["verdict"] or not wanted or not there.keys() >= set(wanted):
        return False
    parts = [
        {
            "slice": slice_id,
            "title": slice_name(there[slice_id]),
            "clips": packed(there[slice_id].slice.members),
            "seen": seen(dict(event)).judgement,
            "press": press_on(press(dict(event)), slice_id, len(wanted)),
            "verdict": event["verdict"],
        }
        for slice_id in wanted
    ]
    keep_word(reviews, event, parts, "changed")
    return True
