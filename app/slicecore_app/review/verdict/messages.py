"""Sentences about saving: what is saved, what is not and why, what undo took back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from slicecore.carry_over.carrying import Carried, Judged
from slicecore.storage.verdicts import (
    UNCHANGED,
    Assignment,
    Judgement,
    ReferenceCorrection,
    Unchanged,
    Word,
    verb_of,
)
from slicecore.wording import clips, counted
from slicecore_app.review.verdict.component import CarriedVerdict, Opinion, RefusedText, Rest, UnsavedNote
from slicecore_app.review.verdict.labels import VERDICT_LABELS
from slicecore_app.review.verdict.late_words import Way, unplaced_note
from slicecore_app.session.conflicts import by, clock, left_out_of, others_of, rest_of
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Decline,
    Mark,
    Record,
    Removal,
    SliceChanges,
    UnplacedWords,
    title_of,
)
from slicecore_app.session.saving import Status, Step, Unsaved, is_of_several

Value = TypeVar("Value")
_MARKED = {
    "real_issue": ("a real issue", "real issues"),
    "false_positive": ("a false alarm", "false alarms"),
    "reference_error": ("a wrong reference", "wrong references"),
    "unsure": ("unsure", "unsure"),
}
_MOST_NAMES = 2
"""Slices that a line names; of more it has the number."""


def saved(status: Status) -> str:
    """The line at the foot of the page while nothing waits."""
    if status.undo_is_empty:
        return "Nothing to take back"
    if status.given_up:
        return f"{_given_up(status.given_up)}, which was not saved"
    if status.saved_at is None:
        return ""
    text = f"Saved {status.saved_at:%H:%M}"
    if status.told:
        return f"{_told(status.told)}{_left_out(status.told)} · {text}"
    return f"{_undone(status.undone)}{_left_out(status.undone)} · {text}" if status.undone else text


def undoes(status: Status) -> str:
    """Table and model of which the line says what was done to several slices, "" for none.

    Beside it stands the way back, whatever model is on the page by now.
    """
    told = status.told
    is_offered = told is not None and is_of_several(told) and not status.undo_is_empty
    return told.record.subject.about if told is not None and is_offered else ""


def unsaved(status: Status, mine: str, texts: Sequence[RefusedText], way: Way | None = None) -> UnsavedNote:
    """The note beside the verdicts, for one who goes by the name `mine`, and the way out that it offers.

    That is another try, replacing somebody else's judgement, doing the rest of what was asked for, opening the latest
    of the refused `texts`, saving what came too late in the `way` that there is, or none of it.
    """
    failures = [waiting for waiting in status.unsaved if not waiting.others and not waiting.is_refused]
    count = sum(waiting.count for waiting in status.unsaved)
    if failures:
        text = f"{failures[-1].error} It is kept here and saved as soon as that can be."
        return UnsavedNote(count, text, "again", "Try again")
    if not status.unsaved:
        return UnsavedNote(0, status.notice)
    held_up = status.unsaved[-1]
    if isinstance(held_up.record, UnplacedWords):
        return unplaced_note(count, held_up.record, way or Way(None))
    return _refused(count, texts[-1]) if held_up.is_refused_text else _held_up(count, held_up, mine)


def _held_up(count: int, held_up: Unsaved, mine: str) -> UnsavedNote:
    if held_up.is_refused:
        text = f"{held_up.error} Shorten it (T), or discard it."
        return UnsavedNote(count, text, "discard", "Discard")
    if held_up.is_undo_held_up:
        return UnsavedNote(count, _not_undone(held_up, mine), "discard", "Discard", _rest(held_up))
    return UnsavedNote(count, _conflict(held_up, mine), "replace", "Replace", _rest(held_up))


def _refused(count: int, text: RefusedText) -> UnsavedNote:
    if not text.is_here:
        where = "The text waits in its field, at the table and model for which it was written."
        return UnsavedNote(count, f"{text.reason} {where}", "discard", "Discard")
    if not text.left:
        where = "Choose the problems that the text is for: it is in their field (T)."
        return UnsavedNote(count, f"{text.reason} {where}", "open text")
    if text.is_long:
        return UnsavedNote(count, text.reason, "open text", "Shorten")
    return UnsavedNote(count, f"{text.reason} The text waits in its field.", "open text", "Open it")


def _rest(waiting: Unsaved) -> Rest | None:
    rest = rest_of(waiting)
    if rest is None:
        return None
    left_out = left_out_of(rest)
    return Rest(
        label="Undo the others" if waiting.undoes else _rest_label(rest),
        hint=f"All but {' and '.join(left_out.values())}" if left_out else "",
        left_out=list(left_out),
    )


def _rest_label(rest: SliceChanges | Assignees) -> str:
    parts = rest.parts if isinstance(rest, SliceChanges) else ()
    if any(not isinstance(part.change.verdict, Unchanged) for part in parts):
        return "Judge the others"
    return "Add to the others" if any(part.change.lines for part in parts) else "Tag the others"


def _not_undone(waiting: Unsaved, mine: str) -> str:
    """Sentence about newer words of which an undo would take the place: "Judged since: Mains hum by Bob (…)"."""
    verb = verb_of(waiting.others[0]).capitalize()
    said = "; ".join(_brief(*each, mine) for each in others_of(waiting.record, waiting.others))
    return f"{verb} since: {said}."


def _conflict(waiting: Unsaved, mine: str) -> str:
    record = waiting.record
    if isinstance(record, SliceChanges):
        judged = others_of(record, waiting.others)
        if len(judged) > 1:
            return f"Judged meanwhile: {'; '.join(_brief(*each, mine) for each in judged)}."
        yours = "Yours is" if len(record.parts) == 1 else f"Yours on {record.title} are"
        ((title, word),) = judged
        assert isinstance(word, Judgement)
        return f"{_judged_meanwhile(title, word, mine)}. {yours} not saved."
    (other,) = waiting.others
    assert isinstance(other, ReferenceCorrection)
    text = "put the original back" if other.text is None else f"corrected it to “{other.text}”"
    who = other.reviewer or "Somebody"
    return f"Reference of {other.clip_id}: {who} {text} at {clock(other)}. Yours is not saved."


def _judged_meanwhile(title: str, other: Judgement, mine: str) -> str:
    """Sentence about somebody else's judgement: "Bob judged Mains hum at 14:02: ✓ Real issue"."""
    who, words, when = other.reviewer or "Somebody", _words(other), f"at {clock(other)}"
    if mine and who == mine:
        who, when = "You", f"elsewhere {when}"
    if not words:
        return f"{who} took back the verdict on {title} {when}"
    return f"{who} judged {title} {when}: {', '.join(words)}"


def _brief(title: str, other: Word, mine: str) -> str:
    """The same of one of several: "Mains hum by Bob (✓ Real issue)"; of an assignment "Mains hum to Cleo by Bob"."""
    if isinstance(other, Assignment):
        return f"{title} to {other.assignee or 'nobody'} by {by(other, mine)}"
    words = _words(other) if isinstance(other, Judgement) else []
    return f"{title} by {by(other, mine)} ({', '.join(words) or 'took it back'})"


def _words(judgement: Judgement) -> list[str]:
    words = [VERDICT_LABELS[judgement.verdict]] if judgement.verdict else []
    return [*words, *judgement.tags, *([f"“{judgement.note}”"] if judgement.note else [])]


def _told(step: Step) -> str:
    """The verdicts that were given together, or taken back: "3 problems marked as real issues"."""
    title, verdict = title_of(step.record), _given(step)
    if verdict:
        return f"{title} marked as {_MARKED[verdict][len(step.amendments) > 1]}"
    if any(each.before.verdict and not each.since.verdict for each in step.amendments):
        before = _same(each.before.verdict for each in step.amendments)
        return (
            f"Took back “{VERDICT_LABELS[before]}” on {title}"
            if before
            else f"Took back the verdicts on {title}"
        )
    what = _noted(step)
    if what == "note":
        return (
            f"Added to the note on {title}" if len(step.amendments) == 1 else f"Added to the notes on {title}"
        )
    added = _same(_new_tags(each.before, each.since) for each in step.amendments)
    gone = _same(_new_tags(each.since, each.before) for each in step.amendments)
    if what == "tags" and added and gone == ():
        return f"{title} tagged {', '.join(added)}"
    if what == "tags" and gone and added == ():
        return f"Took {', '.join(gone)} off {title}"
    return f"Changed the {what} of {title}"


def _noted(step: Step) -> str:
    """Parts beside the verdicts that a step has changed: "tags", "note" or "tags and note"."""
    has_tags = any(each.before.tags != each.since.tags for each in step.amendments)
    has_note = any(each.before.note != each.since.note for each in step.amendments)
    return "tags and note" if has_tags == has_note else "tags" if has_tags else "note"


def _left_out(step: Step) -> str:
    """The slices that stay as somebody else has judged them: ", Mains hum left out"."""
    left_out = left_out_of(step.record)
    if not left_out:
        return ""
    names = " and ".join(left_out.values())
    return f", {names if len(left_out) <= _MOST_NAMES else counted(len(left_out), 'other')} left out"


def _given(step: Step) -> str | None:
    """The verdict that all slices of a step have since, where it is another than before on one of them."""
    verdict = _same(each.since.verdict for each in step.amendments)
    return verdict if any(each.before.verdict != verdict for each in step.amendments) else None


def _same(values: Iterable[Value]) -> Value | None:
    """The value that all are, None where they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _new_tags(before: Judgement, since: Judgement) -> tuple[str, ...]:
    return tuple(tag for tag in since.tags if tag not in before.tags)


def _undone(step: Step) -> str:
    """The change that undo took back: "Took back “✓ Real issue” on Mains hum"."""
    record = step.record
    return _undone_judgement(step, record.title) if isinstance(record, SliceChanges) else _taken_back(record)


def _given_up(record: Record) -> str:
    """The same of a change that waited."""
    if not isinstance(record, SliceChanges):
        return _taken_back(record)
    changes = [part.change for part in record.parts]
    verdict = _same(change.verdict for change in changes)
    if isinstance(verdict, str):
        return f"Took back “{VERDICT_LABELS[verdict]}” on {record.title}"
    if verdict is not UNCHANGED:
        return (
            f"Verdict as before on {record.title}"
            if len(changes) == 1
            else f"Verdicts as before on {record.title}"
        )
    has_note = any(change.note is not UNCHANGED or change.lines for change in changes)
    return f"Took back the {'note' if has_note else 'tags'} on {record.title}"


def _taken_back(record: Record) -> str:
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
    what = "the removal" if isinstance(record, Removal) else "what was said"
    return f"Took back {what} of {title_of(record)}"


def _undone_judgement(step: Step, title: str) -> str:
    if verdict := _given(step):
        return f"Took back “{VERDICT_LABELS[verdict]}” on {title}"
    if any(each.before.verdict and each.since.verdict != each.before.verdict for each in step.amendments):
        before = _same(each.before.verdict for each in step.amendments)
        return f"“{VERDICT_LABELS[before]}” again on {title}" if before else f"Verdicts as before on {title}"
    what = _noted(step)
    return f"Took back {'the note' if what == 'note' else what} on {title}"


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
    when = datetime.fromisoformat(judged.judgement.time).astimezone()
    return f"{when.day} {when:%b}"
