"""Sentences about saving: what is saved, what is not and why, what undo took back."""

from __future__ import annotations

from datetime import datetime

from slicecore.carry_over.carrying import Carried, Judged
from slicecore.storage.verdicts import Judgement, ReferenceCorrection
from slicecore.wording import clips
from slicecore_app.review.verdict.component import CarriedVerdict, Opinion, UnsavedNote
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Decline,
    Mark,
    SliceChange,
    Status,
    Step,
    Unsaved,
)

VERDICT_LABELS = {
    "real_issue": "✓ Real issue",
    "false_positive": "✗ False alarm",
    "reference_error": "≠ Wrong ref.",
    "unsure": "? Unsure",
}


def saved(status: Status) -> str:
    """The line at the foot of the page while nothing waits."""
    if status.undo_is_empty:
        return "Nothing to take back"
    if status.saved_at is None:
        return ""
    text = f"Saved {status.saved_at:%H:%M}"
    if status.withdrawn:
        return f"{_withdrawn(status.withdrawn)} · {text}"
    return f"{_undone(status.undone)} · {text}" if status.undone else text


def unsaved(status: Status) -> UnsavedNote:
    """The note beside the verdicts, and the way out that it offers: another try, or replacing another's judgement."""
    failures = [waiting for waiting in status.unsaved if waiting.other is None]
    if failures:
        text = f"{failures[-1].error} It is kept here and saved as soon as that can be."
        return UnsavedNote(len(status.unsaved), text, "again", "Try again")
    if status.unsaved:
        return UnsavedNote(len(status.unsaved), _conflict(status.unsaved[-1]), "replace", "Replace")
    return UnsavedNote(0, status.notice)


def _conflict(waiting: Unsaved) -> str:
    record, other = waiting.record, waiting.other
    assert other is not None
    at = datetime.fromisoformat(other.time).astimezone()
    who = other.reviewer or "Somebody"
    if isinstance(other, ReferenceCorrection):
        text = "put the original back" if other.text is None else f"corrected it to “{other.text}”"
        return f"Reference of {other.clip_id}: {who} {text} at {at:%H:%M}. Yours is not saved."
    assert isinstance(record, SliceChange)
    title = record.title
    words = [VERDICT_LABELS[other.verdict]] if other.verdict else []
    words += [*other.tags, *([f"“{other.note}”"] if other.note else [])]
    if not words:
        return f"{who} took back the verdict on {title} at {at:%H:%M}. Yours is not saved."
    return f"{who} judged {title} at {at:%H:%M}: {', '.join(words)}. Yours is not saved."


def _withdrawn(step: Step) -> str:
    """The verdict that its own key took back: "Took back “✓ Real issue” on Mains hum"."""
    assert isinstance(step.record, SliceChange) and step.before is not None and step.before.verdict
    return f"Took back “{VERDICT_LABELS[step.before.verdict]}” on {step.record.title}"


def _undone(step: Step) -> str:
    """The change that undo took back: "Took back “✓ Real issue” on Mains hum"."""
    record = step.record
    if isinstance(record, Mark):
        clip = record.subject.id
        return f"Took back the mark of {clip}" if record.wrong else f"Marked {clip} as wrong again"
    if isinstance(record, Correction):
        text = "Took back the correction" if record.text is not None else "Corrected the reference again"
        return f"{text}: {record.clip}"
    if isinstance(record, Assignees):
        return f"Took back the assignment of {record.title}"
    if isinstance(record, Decline):
        verb = "Drops" if record.takes_back else "Offers"
        return f"{verb} the verdict on {record.title} again"
    return _undone_judgement(step, record.title)


def _undone_judgement(step: Step, title: str) -> str:
    assert step.before is not None and step.since is not None
    before, since = step.before, step.since
    if since.verdict and since.verdict != before.verdict:
        return f"Took back “{VERDICT_LABELS[since.verdict]}” on {title}"
    if before.verdict and since.verdict != before.verdict:
        return f"“{VERDICT_LABELS[before.verdict]}” again on {title}"
    return f"Took back tags and note on {title}"


def carried_verdict(carried: Carried, model: str) -> CarriedVerdict:
    """A judgement carried over to a slice of a model, in words."""
    judgement, judged = carried.judgement, carried.judged
    some = f"{carried.shared} of " if carried.shared < carried.support else ""
    about = f"of {some}these {clips(carried.support)}"
    if not carried.holds and len(judged.rows) > carried.shared:
        about = f"of {clips(len(judged.rows))}, {carried.shared} of these {carried.support}"
    label = f"{plain(judgement)}?"
    if carried.holds:
        label = VERDICT_LABELS[judgement.verdict] if judgement.verdict else plain(judgement)
    text = f"{label if not carried.holds else plain(judgement) + ':'} {about}, {given(judged, model)}"
    others = "; ".join(f"{plain(each.judgement)} {given(each, model)}" for each in carried.others)
    return CarriedVerdict(
        verdict=judgement.verdict or "",
        holds=carried.holds,
        text=text,
        hint=f"{text}. Also: {others}" if others else text,
        short=f"{label} · {f'{carried.shared} of {carried.support}' if some else _from(judged, model)}",
        reviewer=judgement.reviewer,
    )


def opinion(judgement: Judgement) -> Opinion:
    """A judgement of one of several reviewers, for the page."""
    when = datetime.fromisoformat(judgement.time).astimezone() if judgement.time else None
    return Opinion(
        reviewer=judgement.reviewer,
        verdict=judgement.verdict,
        tags=judgement.tags,
        note=judgement.note,
        when=f"{when.day} {when:%b %H:%M}" if when else "",
    )


def given(judged: Judged, model: str) -> str:
    """When, for which other model, in which other table and by whom: "on 12 March, for whisper-tiny, by Anna"."""
    judgement = judged.judgement
    when = datetime.fromisoformat(judgement.time).astimezone()
    year = "" if when.year == datetime.now().astimezone().year else f" {when.year}"
    parts = [f"on {when.day} {when:%B}{year}"]
    parts += [f"for {judgement.model}"] if judgement.model != model else []
    parts += [f"in {judged.table}"] if judged.table else []
    parts += [f"by {judgement.reviewer}"] if judgement.reviewer else []
    return ", ".join(parts)


def plain(judgement: Judgement) -> str:
    """A verdict without its sign: "Real issue"."""
    return VERDICT_LABELS[judgement.verdict].split(" ", 1)[1] if judgement.verdict else "Tags and note"


def _from(judged: Judged, model: str) -> str:
    """The shortest that says why it is none of this very slice: another table, another model, another day."""
    if judged.table or judged.judgement.model != model:
        return judged.table or judged.judgement.model
    return f"{datetime.fromisoformat(judged.judgement.time).astimezone():%-d %b}"
