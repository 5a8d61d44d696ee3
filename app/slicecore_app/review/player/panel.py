"""The player: the sound of one clip, its spectrogram, and its words aligned."""

from __future__ import annotations

from typing import Any

import numpy as np

from slicecore.report.glossary import explain
from slicecore_app import wording
from slicecore_app.review.clip_details import ClipDetails
from slicecore_app.review.player import component
from slicecore_app.review.player.component import Clip
from slicecore_app.review.player.corrections import correct_reference, corrections_of
from slicecore_app.review.player.faults import marks_of_clips
from slicecore_app.review.player.wrong_references import mark_reference
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.verdict.kept import keep_for_table
from slicecore_app.session import selection, session
from slicecore_app.session.reviews import review_session

PREFETCHED = (-1, 1, 2)
"""Steps to the neighbours in the table that the browser fetches ahead."""


def player(result: ReviewResult) -> None:
    """Draw the player with the clip that plays, ready to go to its neighbours."""
    row = result.playing
    details = ClipDetails.of(result)
    good, typical = _to_compare(result)
    component.player(
        _clip(row, result, details) if row is not None else None,
        following=_neighbours(row, result, details) if row is not None else [],
        beside=_clip(good, result, details) if good is not None and row is not None else None,
        typical=_clip(typical, result, details) if typical is not None and row is not None else None,
        marks=marks_of_clips(result) if row is not None else "",
        wrong_references=list(result.marked),
        wrong_hint=explain("wrong_reference", result.costs.model_costs),
        corrections=corrections_of(result),
        table=result.verdicts.name,
        nothing=wording.nothing_picked(bool(result.problems), "it"),
        key="player",
        on_event=lambda event: _on_event(event, result),
        seq=session.seq(),
    )


def _neighbours(row: int, result: ReviewResult, details: ClipDetails) -> list[Clip]:
    """Clips around one in the table, each with its step from it; none where it is not in the table."""
    place = _place(row, result)
    if place is None:
        return []
    steps = {step: place + step for step in PREFETCHED if 0 <= place + step < len(result.clips)}
    return [_clip(int(result.clips[at]), result, details) | {"step": step} for step, at in steps.items()]


def _to_compare(result: ReviewResult) -> tuple[int | None, int | None]:
    """A well recognised clip that is like the picked ones, and the most typical one of these."""
    slice_ = result.subject.slice if result.subject else None
    if slice_ is None:
        return None, None
    return result.table.clips_to_compare(
        slice_, result.choice, result.prediction, result.analysis.embeddings, result.costs
    )


def _clip(row: int, result: ReviewResult, details: ClipDetails) -> Clip:
    place = _place(row, result)
    return details.clip(row) if place is None else details.clip(row, wording.place(place, len(result.clips)))


def _place(row: int, result: ReviewResult) -> int | None:
    """Place of a clip in the table, None if it is not in it: picked on the map, or hidden by a filter."""
    places = np.flatnonzero(result.clips == row)
    return int(places[0]) if len(places) else None


def _on_event(event: dict[str, Any], result: ReviewResult) -> None:
    reviews = review_session(result.verdicts, result.judged)
    reviews.take_name(event)
    if event.get("table", result.verdicts.name) != result.verdicts.name:
        keep_for_table(reviews, event)
    elif event["kind"] == "clip" and 0 <= event["row"] < len(result.data):
        selection.play(event["row"])
    elif event["kind"] == "reference":
        mark_reference(result, str(event["clip"]), bool(event["wrong"]))
    elif event["kind"] == "correct":
        correct_reference(result, str(event["clip"]), event["text"], int(event["seen"]))
