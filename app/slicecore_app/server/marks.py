"""Marks of faults in a clip, as the browser draws them over its picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypedDict

from slicecore.audio import spectrogram
from slicecore.audio.clip import Clip
from slicecore.errors import AudioError
from slicecore.per_clip.identity import stamp_of
from slicecore_app.server.memo import Memo

MOST_DRAWN = 60
"""Marks on one picture; of more as many are drawn, and the others counted."""
MOST_CLIPS = 400


class DrawnMark(TypedDict):
    """A mark: `label` is that of its cause, times are in seconds, places a share of the spectrogram from its top."""

    label: str
    text: str
    start: float | None
    end: float | None
    top: float | None
    bottom: float | None


def marks_json(clip: Clip, causes: Sequence[str]) -> bytes:
    """The marks of a clip as JSON: `marks`, and how many `more` there are.

    Raises
    ------
    AudioError
        If the clip can't be decoded.
    """
    key = (clip, stamp_of(clip.path), tuple(causes))
    return _marks.get(key, lambda: _found(clip, causes))


def _found(clip: Clip, causes: Sequence[str]) -> bytes:
    from slicecore.explain.causes.rules import CAUSES
    from slicecore.explain.marks import Mark, marks_of_clip, thinned

    def drawn(mark: Mark) -> DrawnMark:
        return DrawnMark(
            label=CAUSES[mark.cause].label,
            text=mark.text,
            start=mark.start,
            end=mark.end,
            top=_place(mark.high),
            bottom=_place(mark.low),
        )

    found = marks_of_clip(clip, causes)
    shown = thinned(found, MOST_DRAWN)
    answer = {"marks": [drawn(mark) for mark in shown], "more": len(found) - len(shown)}
    return json.dumps(answer, allow_nan=False).encode()


def _place(frequency: float | None) -> float | None:
    return None if frequency is None else min(1.0, max(0.0, spectrogram.mel_place(frequency)))


_marks: Memo[bytes] = Memo(MOST_CLIPS, lasting=(AudioError,))
