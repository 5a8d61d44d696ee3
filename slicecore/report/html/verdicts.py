"""Verdicts of reviewers in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from slicecore.report.html.content import Verdict
from slicecore.wording import percent

if TYPE_CHECKING:
    from slicecore.carry_over.carrying import Carried
    from slicecore.report.html.findings import Reviews
    from slicecore.slices.result import Slice
    from slicecore.storage.verdicts import Judgement

LABELS = {
    "real_issue": "Real issue",
    "false_positive": "False alarm",
    "reference_error": "Wrong reference",
    "unsure": "Unsure",
}


def verdict_on(slice_: Slice, reviews: Reviews) -> Verdict | None:
    """The judgement of a slice: its own, else one that was carried over and holds; None without any."""
    own = reviews.judgements.get(slice_.id)
    if own is not None and not own.is_empty:
        return _verdict(own, "")
    carried = reviews.carried.holding(slice_.id)
    return _verdict(carried.judgement, _origin(carried)) if carried else None


def given(by: str, time: str) -> str:
    """Who said something and when: "by Anna on 3 January 2026"."""
    parts = [f"by {by}"] if by else []
    if time:
        when = datetime.fromisoformat(time)
        parts.append(f"on {when.day} {when:%B %Y}")
    return " ".join(parts)


def _verdict(judgement: Judgement, carried: str) -> Verdict:
    return Verdict(
        name=judgement.verdict or "",
        label=LABELS[judgement.verdict] if judgement.verdict else "",
        tags=judgement.tags,
        note=judgement.note,
        by=given(judgement.reviewer, judgement.time),
        carried=carried,
    )


def _origin(carried: Carried) -> str:
    table = carried.judged.table
    of = [f"for {carried.judgement.model}", *([f"in {table}"] if table else [])]
    return f"carried over from nearly the same clips ({percent(carried.overlap)} in common), judged {' '.join(of)}"
