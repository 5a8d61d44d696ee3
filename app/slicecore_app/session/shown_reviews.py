"""Reviews of one browser session as its page shows them: what is on disk, with what waits for another try."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from slicecore.errors import StorageError
from slicecore.storage.verdicts import Change, Judgement, Newest, ReferenceCorrection, Workspace
from slicecore_app.session.review_memory import Memory
from slicecore_app.session.review_records import Subject
from slicecore_app.session.saving import Status
from slicecore_app.session.signature import Signature
from slicecore_app.session.visitor import colleagues
from slicecore_app.session.waiting import (
    assignees_with,
    corrections_with,
    named_with,
    opinions_with,
    verdicts_with,
    waiting_changes,
    without_removed,
)

if TYPE_CHECKING:
    from slicecore.storage.verdicts import Verdicts


class ShownReviews:
    """The reviews of a session, seen from one table and model, as the page shows them: on disk, or waiting.

    Parameters
    ----------
    verdicts : Verdicts
        The table's.
    model : str
        A prediction column, or two that are compared.
    memory : Memory
        The session's.
    """

    def __init__(self, verdicts: Verdicts, model: str, memory: Memory) -> None:
        self._verdicts = verdicts
        self._model = model
        self.memory = memory

    def subject(self, slice_id: str) -> Subject:
        """A slice of this table and model."""
        return Subject(self._verdicts.name, self._model, slice_id)

    def read(self) -> Workspace:
        """All that is on disk now, or, where it can't be read, what was when it could; the status says so.

        Slices that are to be removed are left out.

        Raises
        ------
        StorageError
            When it could never be read in this session.
        """
        key = (self._verdicts.name, self._model)
        try:
            self.memory.read[key] = self._verdicts.workspace(self._model)
        except StorageError as error:
            if key not in self.memory.read:
                raise
            self.memory.unreadable = str(error)
        else:
            self.memory.unreadable = ""
        return without_removed(self.memory.unsaved, self.memory.read[key], self._verdicts.name)

    def seen(self) -> Newest:
        """Numbers of the newest records that the page shows."""
        key = (self._verdicts.name, self._model)
        return self.memory.read[key].newest if key in self.memory.read else self._verdicts.newest()

    def mine(self, workspace: Workspace) -> str:
        """Name under which is judged here, as far as it is known by now."""
        return self._name(workspace, self.memory.signature)

    def _name(self, workspace: Workspace, signature: Signature | None) -> str:
        """Name of a signature here, as far as it is known by now; that of the latest word for one without."""
        memory, name = self.memory, self.memory.account
        signature = signature or memory.signature
        if signature:
            name = memory.names.get((self._verdicts.name, signature), signature.name)
        return workspace.other_names.get(name, name)

    def _waiting(self) -> dict[str, tuple[Change, Signature | None]]:
        return waiting_changes(self.memory.unsaved, self._verdicts.name, self._model)

    def verdicts(self, workspace: Workspace) -> dict[str, str]:
        """Verdict by slice id as the page shows it: with those that wait for another try."""
        return verdicts_with(self._waiting(), workspace)

    def opinions(self, workspace: Workspace) -> dict[str, list[Judgement]]:
        """Judgements of all reviewers by slice id, the newest last: with those that wait for another try."""
        return opinions_with(self._waiting(), workspace, self._model, partial(self._name, workspace))

    def corrections(self, workspace: Workspace) -> dict[str, ReferenceCorrection]:
        """Corrected references by clip id as the page shows them: with those that wait for another try."""
        return corrections_with(
            self.memory.unsaved, workspace, self._verdicts.name, partial(self._name, workspace)
        )

    def assignees(self, workspace: Workspace) -> dict[str, str]:
        """Who is to judge a slice, by slice id, as the page shows it: with those that wait for another try."""
        return assignees_with(self.memory.unsaved, workspace, self._verdicts.name, self._model)

    def named(self, workspace: Workspace) -> Workspace:
        """The workspace with slices of one's own as the page shows them: with names that wait for another try."""
        name_of = partial(self._name, workspace)
        return named_with(self.memory.unsaved, workspace, self._verdicts.name, name_of)

    def people(self, workspace: Workspace) -> list[str]:
        """Names of those to whom a slice can be assigned: the reader first, then all who are known."""
        mine = self.mine(workspace)
        others = {*workspace.people, *colleagues()} - {mine, ""}
        return [*([mine] if mine else []), *sorted(others, key=str.casefold)]

    @property
    def status(self) -> Status:
        """The state of saving."""
        memory = self.memory
        notice = memory.notice or memory.unreadable
        unsaved = tuple(memory.unsaved.values())
        return Status(
            memory.saved_at,
            memory.undone,
            memory.given_up,
            memory.told,
            unsaved,
            memory.undo_is_empty,
            notice,
        )
