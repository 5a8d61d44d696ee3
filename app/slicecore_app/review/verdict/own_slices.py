"""Slices of one's own: clips that become one, and names of slices, flagged ones too, as words that are said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slicecore.storage.verdicts import FOUND_REASON, OwnSlice
from slicecore_app.review.problems.naming import given_name, slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.events import clip_ids, packed_clips
from slicecore_app.review.verdict.kept import MOST_FRAMED, take_kept
from slicecore_app.session.review_records import Naming
from slicecore_app.session.reviews import ReviewSession, about

MOST_CHARACTERS = 80
"""Of a name."""


def keep_slice(result: ReviewResult, reviews: ReviewSession, problem: Problem, own: OwnSlice) -> bool:
    """Make clips a slice of one's own, as `own` has it. Returns whether the page shows it as one by now."""
    clips, packed = clip_ids(result, problem), packed_clips(result, problem)
    return reviews.name(
        Naming.of(result.verdicts.name, problem.slice.id, own.name, clips, own.reason, packed)
    )


def naming_of(result: ReviewResult, problem: Problem) -> dict[str, Any]:
    """The parts of an event that names a slice, but for the name: of which table, and the word, as of `kept_words`."""
    word = {
        "of": "name",
        "slice": problem.slice.id,
        "title": slice_name(problem),
        "name": "",
        "reason": None if problem.own else f"{FOUND_REASON}{given_name(problem)}",
        "clips": packed_clips(result, problem) if problem.slice.support <= MOST_FRAMED else "",
    }
    return {"about": about(result.verdicts, result.judged), "word": word}


def rename(result: ReviewResult, reviews: ReviewSession, event: Mapping[str, Any]) -> None:
    """Name the slice of an event. Without a name a flagged slice has its own again, and one of the reader's stays."""
    word = event["word"]
    name = " ".join(str(word["name"]).split())[:MOST_CHARACTERS]
    name = name or str(word["reason"] or "").removeprefix(FOUND_REASON)
    if name:
        reviews.take_name(event)
        take_kept(result, reviews, {**event, "kind": "kept", "word": {**word, "name": name}})
