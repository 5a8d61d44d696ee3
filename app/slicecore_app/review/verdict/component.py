"""What the reviewer says about the picked slice: verdict, tags and note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from slicecore_app.web.components import component


@dataclass(frozen=True)
class VerdictButton:
    """A verdict as the page offers it: its name in the CSV, the sign before its label, and what it means."""

    name: str
    sign: str
    label: str
    hint: str


def judging(
    verdicts: Sequence[VerdictButton],
    *,
    slice_id: str | None,
    said: Mapping[str, str],
    tags: Sequence[str],
    known_tags: Sequence[str],
    note: str,
    reviewer: str,
    saved: str,
    failed: str,
    news: tuple[str, Sequence[int]],
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Draw the verdict of the picked slice `slice_id`; None when no flagged slice is picked.

    Events: ``{kind: "verdict", slice, verdict}`` (None takes it back),
    ``{kind: "notes", slice, tags, note, reviewer}``, ``{kind: "undo"}`` and ``{kind: "again"}`` (save what could not
    be saved).

    Parameters
    ----------
    said : mapping
        Verdicts by slice id, of all slices that have one.
    tags, known_tags, note
        Of the picked slice; and every tag used so far.
    saved, failed : str
        "Saved 14:02", and why the last judgement is not saved ("" if it is).
    """
    data = {
        "verdicts": [asdict(one) for one in verdicts],
        "slice": slice_id,
        "said": dict(said),
        "tags": list(tags),
        "known_tags": list(known_tags),
        "note": note,
        "reviewer": reviewer,
        "saved": saved,
        "failed": failed,
        "news": {"at": f"said/{news[0]}", "newest": list(news[1])},
        "seq": seq,
    }
    component("review/verdict/judging")(key=key, data=data, on_event_change=on_event, height="stretch")
