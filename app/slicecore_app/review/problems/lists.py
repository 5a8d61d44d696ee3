"""Clips of the lists beside the problems, by the name of the list."""

from __future__ import annotations

import hashlib

import numpy as np

from slicecore.wording import lower
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.verdict.messages import given
from slicecore_app.server.memo import Same
from slicecore_app.server.open_table import COPIED, DIGESTS
from slicecore_app.session.selection import Pick, selected

COPIES = "copies"


def copied(result: ReviewResult) -> np.ndarray:
    """Rows of the clips that are in the table several times, all of them."""
    copies = result.scanner.copies
    if copies is None:
        return np.array([], dtype=int)
    return result.table.shared(COPIED, Same(copies), lambda: np.flatnonzero(np.bincount(copies)[copies] > 1))


def digest_of(result: ReviewResult, rows: np.ndarray) -> str:
    """A short name that no other rows have: many rows, which a run of the page asks for again."""
    return result.table.shared(
        DIGESTS, Same(rows), lambda: hashlib.sha256(rows.astype(np.int64).tobytes()).hexdigest()[:16]
    )


def listed(result: ReviewResult, name: str) -> Pick | None:
    """The selection of the clips of a list; None where there is no such list, or nothing in it."""
    found = _rows_and_reason(result, name)
    return selected(*found) if found is not None and len(found[0]) else None


def _rows_and_reason(result: ReviewResult, name: str) -> tuple[np.ndarray, str] | None:
    kind, _, slice_id = name.partition(" ")
    if kind == "judged":
        for judged in result.carried.unmatched:
            if name == f"judged {judged.judgement.number} {judged.workspace}":
                return judged.rows, f"judged {given(judged, result.judged)}"
    elif kind == "described":
        for described in result.reasons.metadata or ():
            if described.slice.id == slice_id:
                return described.slice.members, described.label
    elif name == COPIES:
        return copied(result), "in the table several times"
    else:
        for clips in result.clip_lists:
            if clips.name == name:
                return clips.rows, lower(clips.label)
    return None
