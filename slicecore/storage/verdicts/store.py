"""The verdicts of a workspace, as the rest of the project reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

from slicecore.errors import VerdictError
from slicecore.storage.verdicts import amending, assignments, queries, removing, reviewers, rows
from slicecore.storage.verdicts.change import Change, WantedChange
from slicecore.storage.verdicts.database import Access, Database
from slicecore.storage.verdicts.newer_words import CorrectionConflictError, MarkConflictError
from slicecore.storage.verdicts.records import (
    Amendment,
    Assigned,
    Corrected,
    Judgement,
    Newest,
    Origin,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Refusal,
    Workspace,
)
from slicecore.storage.verdicts.workspace import read_workspace

MOST_MODELS = 16
"""Models, and pairs of them, whose current verdicts are kept as they were read."""


class Verdicts:
    """The judgements, marks, corrections and own slices of one workspace.

    Parameters
    ----------
    name : str
        Name of the workspace, which is made when it is not there.
    database : Database
        Where it is.

    Raises
    ------
    StorageError
        From every method, when the database can't be read or written.
    """

    def __init__(self, name: str, database: Database) -> None:
        self.name = name
        self.database = database
        self._workspaces: dict[str, tuple[tuple[object, ...], Workspace]] = {}
        if not database.has(name):
            with self._writing():
                pass

    def of(self, name: str) -> Verdicts:
        """The verdicts of a workspace of the same database."""
        return self if name == self.name else Verdicts(name, self.database)

    def _writing(self) -> AbstractContextManager[Access]:
        return self.database.writing(self.name)

    def _reading(self) -> AbstractContextManager[Access]:
        return self.database.reading(self.name)

    def judge(
        self,
        slice_id: str,
        *,
        model: str,
        clip_ids: Sequence[str],
        verdict: str | None,
        tags: Sequence[str] = (),
        note: str = "",
        reviewer: str = "",
        unless_newer_than: int | None = None,
    ) -> Judgement:
        """Write one judgement to disk and return it. It takes the place of everybody's, which stay in the history.

        What is one reviewer's own is written by `amend`.

        Parameters
        ----------
        unless_newer_than
            Number of the newest judgement that the reviewer has seen; None: it is written in any case.

        Raises
        ------
        VerdictError
            When the verdict is not one of `VERDICTS` or None.
        NoteLengthError
            When the note is longer than LONGEST_NOTE.
        ConflictError
            When the slice has a judgement newer than that. Nothing is written then.
        """
        change = Change(verdict, tuple(tags), note)
        return self.amend(
            slice_id,
            change,
            model=model,
            clip_ids=clip_ids,
            reviewer=reviewer,
            unless_newer_than=unless_newer_than,
            replaces_all=True,
        ).since

    def amend(
        self,
        slice_id: str,
        change: Change,
        *,
        model: str,
        clip_ids: Sequence[str],
        reviewer: str = "",
        unless_newer_than: int | None = None,
        own: tuple[str, str] | None = None,
        origin: Origin | None = None,
        event: str = "",
        replaces_all: bool = False,
    ) -> Amendment:
        """Change the latest judgement of a reviewer on a slice in one transaction: read, check, write.

        Those of other reviewers stay; the newest of all counts.

        Parameters
        ----------
        change
            New verdict, tags, note; what it leaves out stays as it is.
        unless_newer_than, own, origin, event
            As for `WantedChange`.
        replaces_all
            True: the judgements of the other reviewers no longer count.

        Raises
        ------
        VerdictError, LineLengthError, NoteLengthError, ConflictError
            As `amend_several`.
        """
        wanted = WantedChange(change, clip_ids, unless_newer_than, own, origin, event)
        return self._amend({slice_id: wanted}, model, reviewer, replaces_all)[slice_id]

    def amend_several(
        self, changes: Mapping[str, WantedChange], *, model: str, reviewer: str = ""
    ) -> dict[str, Amendment]:
        """Change the latest judgements of a reviewer on slices as `amend` does, by slice id: all of them or none.

        Raises
        ------
        VerdictError
            When one of the verdicts is not one of `VERDICTS` or None.
        LineLengthError
            When what is added to notes is longer than LONGEST_LINE.
        NoteLengthError
            When a note would be longer than LONGEST_NOTE, or its `room`, and than the one before it; about the one that
            would have the most characters too many.
        ConflictError
            When slices have judgements newer than were seen of them, about all of these.
        """
        return self._amend(changes, model, reviewer, replaces_all=False)

    def _amend(
        self, changes: Mapping[str, WantedChange], model: str, reviewer: str, replaces_all: bool
    ) -> dict[str, Amendment]:
        for wanted in changes.values():
            wanted.change.check()
        with self._writing() as access:
            reviewer = reviewers.counting_name(access, reviewer)
            return amending.amend(access, changes, model, reviewer, _now(), replaces_all)

    def introduce(self, name: str, browser: str, *, is_same: bool = False) -> str:
        """Note who judges in a browser, and return the name under which that is kept: each is of one person.

        Parameters
        ----------
        name
            The name by which somebody goes there; perhaps that of the account, which others use as well.
        browser
            Name of the browser; "" where it has none: the name counts as it is.
        is_same
            True: the user says that everybody of this name is the same person. What was judged in this browser under
            another name, because this one was taken, is theirs from now on.
        """
        with self._writing() as access:
            return reviewers.introduce(access, name, browser, is_same, _now())

    def current(self, model: str) -> dict[str, Judgement]:
        """The judgement that counts of every slice of a model, by slice id: the newest of a reviewer, no empty one."""
        with self._reading() as access:
            return queries.of_model(queries.counting_judgements(queries.latest_judgements(access)), model)

    def workspace(self, model: str) -> Workspace:
        """Everything that is current, with the judgements of a model; all who ask share what has not changed."""
        with self._reading() as access:
            state = queries.state(access)
            before, known = self._workspaces.get(model, (None, None))
            if known is None or before != state:
                known = read_workspace(access, model)
                if len(self._workspaces) >= MOST_MODELS:
                    self._workspaces.clear()
                self._workspaces[model] = (state, known)
            return known

    def history(self, slice_id: str, model: str) -> list[Judgement]:
        """All judgements of one slice, oldest first."""
        with self._reading() as access:
            return queries.history(access, slice_id, model)

    def tags(self) -> list[str]:
        """Every tag used in this workspace, most used first."""
        with self._reading() as access:
            return queries.used_tags(access)

    def keep(
        self, slice_id: str, *, clip_ids: Sequence[str], name: str, reason: str = "", reviewer: str = ""
    ) -> OwnSlice:
        """Write a slice that a person made and return it. One of the same clips gets the new name and reason.

        Raises
        ------
        VerdictError
            When the name is empty or there are no clips.
        """
        if not len(clip_ids):
            raise VerdictError("A slice needs a name and at least one clip.")
        own = OwnSlice(slice_id, _checked(name), reason, reviewer, _now(), tuple(map(str, clip_ids)))
        with self._writing() as access:
            rows.add_clips(access, slice_id, own.clip_ids)
            rows.add_own_slice(access, own)
        return own

    def rename(self, slice_id: str, name: str, reviewer: str = "") -> None:
        """Give a slice that a person made another name.

        Raises
        ------
        VerdictError
            When there is no such slice (any more), or the name is empty.
        """
        with self._writing() as access:
            own = queries.own_slice(access, slice_id)
            renamed = replace(own, name=_checked(name), reviewer=reviewer, time=_now())
            rows.add_own_slice(access, renamed)

    def remove(self, slice_id: str, reviewer: str = "", *, unless_newer_than: Newest | None = None) -> int:
        """Take a slice that a person made off the list, with its judgements. Both stay in the history.

        Returns the number of the last judgement that says so, 0 for a slice that was never judged.

        Parameters
        ----------
        unless_newer_than
            Numbers of the newest records that the reviewer has seen; None: it is removed in any case.

        Raises
        ------
        VerdictError
            When there is no such slice (any more).
        ChangedSliceError
            When it was renamed, made anew or judged since. Nothing is written then.
        """
        with self._writing() as access:
            return removing.remove(access, slice_id, reviewer, _now(), unless_newer_than)

    def own_slices(self) -> dict[str, OwnSlice]:
        """The slices that people made and did not remove, by id, those made first before the others."""
        with self._reading() as access:
            return queries.own_slices(access)

    def mark_reference(self, clip_id: str, wrong: bool, reviewer: str = "") -> bool:
        """Call the reference of a clip wrong, or take that back. Returns whether this changed anything.

        A mark that is there stays as it is, with the name of the one who made it first.
        """
        return self.mark(clip_id, wrong, reviewer) > 0

    def mark(
        self, clip_id: str, wrong: bool, reviewer: str = "", *, unless_newer_than: int | None = None
    ) -> int:
        """Mark a reference as `mark_reference` does; returns the number of the mark, 0 where nothing had to change.

        Raises
        ------
        MarkConflictError
            When the clip has a mark with a higher number than `unless_newer_than`. Nothing is written then.
        """
        with self._writing() as access:
            latest = queries.latest_mark(access, clip_id)
            if latest and unless_newer_than is not None and latest.number > unless_newer_than:
                raise MarkConflictError(latest)
            if wrong == (latest is not None and latest.wrong):
                return 0
            return rows.add_mark(access, ReferenceMark(clip_id, reviewer, _now(), wrong))

    def marked_references(self) -> dict[str, ReferenceMark]:
        """The clips whose reference is called wrong, by id, those marked first before the others."""
        with self._reading() as access:
            return queries.marked_references(access)

    def correct(
        self,
        clip_id: str,
        text: str | None,
        *,
        original: str,
        reviewer: str = "",
        unless_newer_than: int | None = None,
    ) -> Corrected | None:
        """Write a corrected reference, or that the original is put back; None where nothing had to change.

        A correction that is there stays as it is, with the name of the one who made it first.

        Parameters
        ----------
        text
            The corrected reference; one that is the original puts it back, as None does.
        original
            The reference in the table.
        unless_newer_than
            Number of the newest correction that the reviewer has seen; None: it is written in any case.

        Raises
        ------
        CorrectionConflictError
            When the clip has another correction, newer than that. Nothing is written then.
        """
        wanted = None if text is None or text.strip() == original.strip() else text.strip()
        with self._writing() as access:
            latest = queries.latest_correction(access, clip_id)
            if wanted == (latest.text if latest else None):
                return None
            if latest and unless_newer_than is not None and latest.number > unless_newer_than:
                raise CorrectionConflictError(latest)
            correction = ReferenceCorrection(clip_id, original, wanted, reviewer, _now())
            return Corrected(latest, replace(correction, number=rows.add_correction(access, correction)))

    def corrections(self) -> dict[str, ReferenceCorrection]:
        """The references that are corrected, by clip id, those corrected first before the others."""
        with self._reading() as access:
            return queries.corrections(access)

    def refuse(self, refusal: Refusal, reviewer: str = "", *, takes_back: bool = False) -> int:
        """Note that a judgement is not carried over to a slice, or take that back; returns the number of the note."""
        with self._writing() as access:
            rows.add_clips(access, refusal.slice_id, refusal.clip_ids)
            return rows.add_refusal(access, refusal, not takes_back, reviewer, _now())

    def assign(
        self,
        assignees: Mapping[str, str],
        *,
        model: str,
        clips: Mapping[str, Sequence[str]],
        reviewer: str = "",
        unless_newer_than: int | Mapping[str, int] | None = None,
    ) -> Assigned | None:
        """Write who is to judge slices, by slice id ("" for nobody), all or none; None where nothing had to change.

        Parameters
        ----------
        clips
            Ids of the clips of each slice.
        unless_newer_than
            Number of the newest assignment that the reviewer has seen, or that by slice id; None: it is written in any
            case.

        Raises
        ------
        AssignmentConflictError
            When one of the slices was assigned to somebody else by a newer one. Nothing is written then.
        """
        with self._writing() as access:
            reviewer = reviewers.counting_name(access, reviewer)
            return assignments.assign(access, assignees, model, clips, reviewer, _now(), unless_newer_than)

    def newest(self) -> Newest:
        """Numbers of the newest records; one grows with whatever is written."""
        with self._reading() as access:
            return queries.newest_numbers(access)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _checked(name: str) -> str:
    if not name.strip():
        raise VerdictError("A slice needs a name and at least one clip.")
    return name.strip()
