"""Reviews of one browser session: its judgements, marks and corrections, on disk or not yet, and what undo takes back.

Every change is a record that names its table, model and slice or clip. What can't be written stays as such a record
until it is, whatever else the reader does or opens meanwhile.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from slicecore.errors import StorageError, VerdictError
from slicecore.storage.verdicts import (
    ChangedSliceError,
    LineLengthError,
    NewerWordError,
    NoteLengthError,
    OwnSlice,
    Refusal,
)
from slicecore.tallies import add
from slicecore_app.access.visitor import Role
from slicecore_app.session.conflicts import left_as_it_is, left_out_of, replacing, rest_of, stays, taken_back
from slicecore_app.session.last_word import last_word, taken_up_by, without_last
from slicecore_app.session.record_writing import write
from slicecore_app.session.refused_texts import notes_of, with_refused_text, without_refused_text
from slicecore_app.session.review_memory import memory
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Decline,
    Mark,
    Naming,
    Record,
    Removal,
    SharedNotes,
    SliceChange,
    SliceChanges,
    Subject,
    UnplacedWords,
    is_note,
    line_of,
    own_slices_of,
    reason_of,
    subjects_of,
    title_of,
)
from slicecore_app.session.saving import Step, Unsaved, is_told, undoing
from slicecore_app.session.shown_reviews import ShownReviews
from slicecore_app.session.signature import Signature, signature_of
from slicecore_app.session.visitor import MAY_LOOK
from slicecore_app.session.waiting import (
    subjects_on,
    waiting_change,
    waiting_naming,
    without,
)

if TYPE_CHECKING:
    from slicecore.storage.verdicts import Verdicts

MOST_STEPS = 100
"""Changes that undo can take back."""
OF_OTHERS = "{name} said this, and is not logged in now: nothing of it is saved."


class ReviewSession(ShownReviews):
    """The reviews of a session as they are said: written, waiting, taken back."""

    def take_name(self, event: Mapping[str, Any]) -> None:
        """Judge from now on under the name with which an event comes."""
        if not self.memory.visitor.name:  # who has logged in judges under no other name
            self.memory.signature = signature_of(event) or self.memory.signature

    def introduce(self) -> None:
        """Note by which name the reviewer goes, and that it is theirs in other browsers, before anything is judged."""
        if not self.may_write():
            return
        try:
            self._name_in(self._verdicts, self.memory.signature)
        except StorageError as error:
            self.memory.notice = str(error)

    def _name_in(self, verdicts: Verdicts, signature: Signature | None) -> str:
        """Name under which somebody judges in a table, which is noted there. Raises StorageError."""
        memory = self.memory
        if signature is None:
            return memory.account
        key = (verdicts.name, signature)
        if key not in memory.names:
            name, browser, is_same = astuple(signature)
            memory.names[key] = verdicts.introduce(name, browser, is_same=is_same)
        return memory.names[key]

    def judge(self, *changes: SliceChange) -> bool:
        """Write judgements of slices, all or none, or keep them for another try. Returns whether they are on disk."""
        return self._write(Unsaved(SliceChanges(tuple(map(self._with_waiting, changes)))))

    def _with_waiting(self, change: SliceChange) -> SliceChange:
        earlier = waiting_change(self.memory.unsaved, change.subject)
        if earlier is None or (change.event and change.event == earlier.event):
            return earlier or change
        both, origin = earlier.change.then(change.change), change.origin or earlier.origin
        room, steps = max(change.room, earlier.room), (*earlier.tag_steps, *change.tag_steps)
        own = change.own or earlier.own
        return replace(change, change=both, own=own, origin=origin, room=room, tag_steps=steps)

    def judge_again(self, record: Record, signature: Signature | None) -> bool:
        """Write what has waited in a session before this one, as whoever said it. Returns whether it is on disk."""
        if isinstance(record, SliceChanges):
            record = replace(record, parts=tuple(map(self._with_waiting, record.parts)))
        if isinstance(record, Naming):
            return self.name(record, signature)
        self.memory.page_is_old |= isinstance(record, Removal)
        return self._write(Unsaved(record, signature=signature, is_again=True))

    def name(self, naming: Naming, signature: Signature | None = None) -> bool:
        """Keep a slice under a name, or name it anew. Returns whether the page shows that: it is on disk, or waits."""
        earlier = waiting_naming(self.memory.unsaved, naming.subject)
        if earlier and naming.reason is None:
            naming = replace(naming, reason=earlier.reason)
        is_written = self._write(Unsaved(naming, signature=signature))
        self.memory.page_is_old = True
        return is_written or naming.subject in self.memory.unsaved

    def remove(self, own: OwnSlice) -> None:
        """Take a slice of one's own off the list, also one that is not written yet, with what is said of it."""
        if not self.may_write():
            return
        table, slice_id, memory = self._verdicts.name, own.slice_id, self.memory
        naming = waiting_naming(memory.unsaved, Naming.place(table, slice_id))
        if naming is None or naming.reason is None:
            mine = (number for subject, number in memory.written.items() if subject.is_on(table, slice_id))
            seen = self.seen()
            seen = seen._replace(judgement=max([seen.judgement, *mine]))
            removal = Removal.of(table, slice_id, own.name, seen)
            if not self._write(Unsaved(removal)) and removal.subject not in memory.unsaved:
                return
        memory.unsaved = without(memory.unsaved, subjects_on(memory.unsaved, table, slice_id))

    def keep_unplaced(self, words: UnplacedWords, signature: Signature | None) -> None:
        """Keep words whose slice, model or table is not there."""
        if self.may_write(signature):
            self.memory.unsaved[words.subject] = Unsaved(words, is_refused=True, signature=signature)

    def place_of(self, words: UnplacedWords, found: UnplacedWords) -> None:
        """Let words wait as they are once it is known what they are about."""
        waiting = self.memory.unsaved.pop(words.subject)
        self.memory.unsaved[found.subject] = replace(waiting, record=found)

    def take_up(self, words: UnplacedWords) -> None:
        """Forget words that waited: they are in hand."""
        self.memory.unsaved.pop(words.subject, None)

    def refuse_text(self, text: SharedNotes, reason: str) -> None:
        """Keep a text for the notes of several slices, which goes back into its field with the reason."""
        if self.may_write():
            self.memory.unsaved = with_refused_text(self.memory.unsaved, text, reason)

    def take_up_text(self, text: SharedNotes, slices: Collection[str]) -> None:
        """Forget what was refused for the slices of a text: the reader has it in hand. For `slices` it waits on."""
        self.memory.unsaved = without_refused_text(self.memory.unsaved, text, slices)

    def decline(self, title: str, refusal: Refusal) -> bool:
        """Do not carry a judgement over to a slice. Returns whether that is on disk."""
        return self._write(Unsaved(Decline(self.subject(f"declined {refusal.slice_id}"), title, refusal)))

    def mark(self, clip_id: str, wrong: bool) -> bool:
        """Call the reference of a clip wrong, or take that back. Returns whether it is on disk."""
        return self._write(Unsaved(Mark(Subject(self._verdicts.name, "", clip_id), wrong)))

    def correct(self, clip_id: str, text: str | None, original: str, seen: int) -> bool:
        """Correct the reference of a clip, or put the original back (None). Returns whether it is on disk."""
        subject = Subject(self._verdicts.name, "", f"corrected {clip_id}")
        return self._write(Unsaved(Correction(subject, clip_id, original, text, seen)))

    def assign(
        self,
        titles: Mapping[str, str],
        assignees: Mapping[str, str],
        clips: Mapping[str, Sequence[str]],
        seen: int,
    ) -> bool:
        """Let reviewers judge slices, by slice id, all or none; "" takes it back. Returns whether it is on disk."""
        subject = self.subject(f"assigned {' '.join(sorted(assignees))}")
        return self._write(Unsaved(Assignees(subject, titles, assignees, clips, seen)))

    def undo(self, event: str = "", *, about: str = "", is_late: bool = False) -> None:
        """Take back what was said last in this session of a table and model, unless it would hide a newer word.

        `about` names both, "" for these here. `is_late`: it was asked for on a page before this one, see `last_word`.
        """
        memory = self.memory
        if not self.may_write():
            return
        last = last_word(memory.steps, memory.unsaved, about or self.subject("").about, is_late)
        if last is None:
            memory.undo_is_empty = True
            return
        if isinstance(last, Unsaved):
            memory.unsaved = without_last(memory.unsaved, last)
            memory.given_up, memory.undone, memory.told = last.record, None, None
            memory.undo_is_empty, memory.notice = False, ""
        else:
            memory.steps = [step for step in memory.steps if step is not last]
            self._write(undoing(last, event))
        memory.page_is_old |= not last.record.subject.model

    def try_again(self) -> None:
        """Write everything that failed, in whichever table, but what was refused."""
        notices = dict[str, None]()
        for waiting in list(self.memory.unsaved.values()):
            if not waiting.others and not waiting.is_refused:
                self.memory.page_is_old |= self._write(waiting)
                notices[self.memory.notice] = None
        self.memory.notice = " ".join(filter(None, notices))

    def replace_other(self) -> None:
        """Write the latest change that a newer word of somebody else held up, over that."""
        for waiting in reversed(list(self.memory.unsaved.values())):
            if waiting.others and waiting.undoes is None:
                self._write(replacing(waiting))
                return

    def judge_rest(self, left_out: Collection[str]) -> None:
        """Write those of several that no word of others holds up, and give up those on slices `left_out`."""
        for waiting in reversed(list(self.memory.unsaved.values())):
            rest = rest_of(waiting)
            if rest and left_out_of(rest).keys() == set(left_out) and self.may_write(waiting.signature):
                unsaved = self.memory.unsaved.items()
                self.memory.unsaved = {subject: each for subject, each in unsaved if each is not waiting}
                self._write(replace(waiting, record=rest, others=()))
                return

    def discard(self) -> None:
        """Give up the latest change that a newer word of somebody else held up, or that was refused."""
        for subject, waiting in reversed(list(self.memory.unsaved.items())):
            if waiting.others or waiting.is_refused:
                del self.memory.unsaved[subject]
                return

    def refuse(self, reason: str) -> None:
        """Say on the page why something that the reader asked for was not done."""
        self.memory.notice = reason

    def may_write(self, signature: Signature | None = None) -> bool:
        """True if the visitor may judge, and words of a signature are theirs; else a notice says why not."""
        visitor = self.memory.visitor
        if visitor.role < Role.REVIEW:
            self.memory.notice = MAY_LOOK
        elif visitor.name and signature is not None and signature.name != visitor.name:
            self.memory.notice = OF_OTHERS.format(name=signature.name)  # a session may outlast a login
        else:
            return True
        return False

    def _write(self, wanted: Unsaved) -> bool:
        record, memory = wanted.record, self.memory
        if not self.may_write(wanted.signature):
            return False
        waited = [each for each in memory.unsaved.items() if each[1] is not wanted]
        wanted = self._as_said(wanted)
        memory.given_up = None
        memory.unsaved = without(memory.unsaved, {record.subject, *subjects_of(record)})
        try:
            step = self._on_disk(wanted)
        except VerdictError as error:
            self._not_written(wanted, error, dict(waited))
            return False
        except StorageError as error:
            memory.unsaved[record.subject] = replace(wanted, error=str(error), is_refused=False, others=())
            return False
        if step is not None:
            add("verdicts_written", len(step.amendments) or 1)
            memory.written |= step.numbers
            step = replace(step, said=wanted.said, is_again=wanted.is_again)
            if (
                wanted.undoes is None
                and not isinstance(record, Removal)
                and not any(
                    known.number == step.number and known.record.subject == record.subject
                    for known in memory.steps
                )
            ):  # an event that came again has its step
                memory.steps = [*memory.steps, step][-MOST_STEPS:]
        self._saved(taken_back(wanted.undoes, record) if wanted.undoes else None)
        if wanted.undoes is None and step is not None and is_told(step):
            memory.told = step
        return True

    def _as_said(self, wanted: Unsaved) -> Unsaved:
        """A change with its signature, its place among all that is said, and what it takes up of what waits."""
        memory = self.memory
        signed = replace(wanted, signature=wanted.signature or memory.signature)
        same = next((each for each in memory.unsaved.values() if each.record == wanted.record), None)
        if same is not None and not signed.said:  # an event that came again
            return replace(signed, said=same.said, took_up=same.took_up, is_again=same.is_again)
        if signed.said:  # another try
            return signed
        memory.said += 1
        return replace(signed, said=memory.said, took_up=taken_up_by(wanted.record, memory.unsaved))

    def _not_written(self, wanted: Unsaved, error: VerdictError, waited: dict[Subject, Unsaved]) -> None:
        """Keep what an error holds up; else say why it is given up, and keep what `waited`."""
        record, memory = wanted.record, self.memory
        if isinstance(error, ChangedSliceError):
            mine = self._name_in(self._verdicts, wanted.signature)
            memory.unsaved, memory.page_is_old = waited, True
            memory.notice = stays(title_of(record), error.other, mine)
        elif isinstance(error, NewerWordError) and (wanted.undoes or not isinstance(record, Assignees)):
            memory.page_is_old = True
            held_up = replace(wanted, error="", others=error.others)
            if wanted.undoes is None or rest_of(held_up):
                memory.unsaved[record.subject] = held_up
            else:
                memory.notice = left_as_it_is(
                    record, error.others, self._name_in(self._verdicts, wanted.signature)
                )
        elif isinstance(error, NoteLengthError | LineLengthError) and is_note(record):
            memory.unsaved[record.subject] = replace(wanted, error=reason_of(error, record), is_refused=True)
        elif (
            isinstance(error, NoteLengthError | LineLengthError)
            and isinstance(record, SliceChanges)
            and line_of(record)
        ):
            text = replace(notes_of(record), is_long=True)
            memory.unsaved = with_refused_text(waited, text, reason_of(error, record))
        else:
            memory.unsaved, memory.notice = waited, reason_of(error, record)

    def _on_disk(self, wanted: Unsaved) -> Step | None:
        """Write a change; None where nothing had to be written. Raises VerdictError and StorageError."""
        record = wanted.record
        verdicts = self._verdicts.of(record.subject.table)
        for slice_id in own_slices_of(record):
            self._remove_before(Removal.place(record.subject.table, slice_id))
        is_late = bool(wanted.error) or wanted.is_again
        mine = [self._written(subject) for subject in subjects_of(record)]
        reviewer = self._name_in(verdicts, wanted.signature)
        return write(record, verdicts, reviewer, mine, wanted.undoes, is_late)

    def _written(self, subject: Subject) -> int:
        """Number of the newest write of this session about a subject; that a slice was removed is about it, too."""
        written = self.memory.written
        removed = Removal.place(subject.table, subject.id)
        return max(written.get(subject, 0), written.get(removed, 0))

    def _remove_before(self, removal: Subject) -> None:
        """Do what waits before a word on the same clips: it would take that along. Raises StorageError."""
        waiting = self.memory.unsaved.get(removal)
        if waiting is None:
            return
        with contextlib.suppress(VerdictError):  # somebody has changed the slice, and it stays
            step = self._on_disk(waiting)
            self.memory.written |= step.numbers if step else {}
        self.memory.unsaved.pop(removal)

    def _saved(self, undone: Step | None = None) -> None:
        self.memory.saved_at = datetime.now()
        self.memory.undone = undone
        self.memory.told = None
        self.memory.undo_is_empty = False
        self.memory.notice = ""


def review_session(verdicts: Verdicts, model: str) -> ReviewSession:
    """The reviews of this browser session, seen from a table and model."""
    return ReviewSession(verdicts, model, memory())


def about(verdicts: Verdicts, model: str) -> str:
    """Name of a table and model, by which an event says what it is about."""
    return Subject(verdicts.name, model, "").about
