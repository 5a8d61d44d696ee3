"""The player: the sound of one clip, its spectrogram, and its words aligned."""

from __future__ import annotations

from typing import Any

import numpy as np

from slicecore_app import wording
from slicecore_app.review.clip_details import compared, described, why_silent
from slicecore_app.review.glossary import explain
from slicecore_app.review.player import component
from slicecore_app.review.player.component import Clip
from slicecore_app.review.player.wrong_references import mark_reference
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.media import clip_urls
from slicecore_app.session import selection, session

PREFETCHED = (-1, 1, 2)
"""Which neighbours in the table the browser fetches ahead."""


def player(shown: ReviewResult) -> None:
    """Draw the player with the clip that plays, ready to go to its neighbours."""
    row = shown.playing
    token = shown.table.token
    clips = shown.clips
    following = []
    if row is not None:
        at = _place(row, shown)
        following = [
            _clip(int(clips[at + step]), shown, token) | {"step": step}
            for step in (PREFETCHED if at is not None else ())
            if 0 <= at + step < len(clips)
        ]
    good, typical = _to_compare(shown)
    component.player(
        _clip(row, shown, token) if row is not None else None,
        following=following,
        beside=_clip(good, shown, token) if good is not None and row is not None else None,
        typical=_clip(typical, shown, token) if typical is not None and row is not None else None,
        wrong_references=list(shown.marked),
        wrong_hint=explain("wrong_reference", shown.costs.model_costs),
        nothing=wording.nothing_picked(bool(shown.problems), "it"),
        key="player",
        on_event=lambda event: _on_event(event, shown),
        seq=session.seq(),
    )


def _to_compare(shown: ReviewResult) -> tuple[int | None, int | None]:
    """A well recognised clip that is like the picked ones, and the most typical one of these."""
    one = shown.subject.slice if shown.subject else None
    if one is None:
        return None, None
    return shown.table.clips_to_compare(
        one, shown.choice, shown.prediction, shown.analysis.embeddings, shown.costs
    )


def _clip(row: int, shown: ReviewResult, token: str) -> Clip:
    place = _place(row, shown)
    other = shown.compared_edits([row])[0] if shown.compared else []
    return Clip(
        **described(row, shown.costs, shown.counts_words),
        id=str(shown.data.ids[row]),
        duration=None,
        edits=shown.edits([row])[0],
        compared=compared(row, shown.costs, other),
        position="not in the table" if place is None else f"{place + 1} of {len(shown.clips)}",
        reason=why_silent(shown.data, shown.analysis.embeddings.reasons, row),
        **clip_urls(token, row),
    )


def _place(row: int, shown: ReviewResult) -> int | None:
    """Where a clip stands in the table, None if it is not in it: picked on the map, or hidden by a filter."""
    found = np.flatnonzero(shown.clips == row)
    return int(found[0]) if len(found) else None


def _on_event(event: dict[str, Any], shown: ReviewResult) -> None:
    if event["kind"] == "clip" and 0 <= event["row"] < len(shown.data):
        selection.play(event["row"])
    elif event["kind"] == "reference":
        mark_reference(shown, str(event["clip"]), bool(event["wrong"]))
