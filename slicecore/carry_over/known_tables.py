"""The present table among all that were judged: its clips are noted, and the others that have some of them are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.carry_over.carrying import (
    CarriedOver,
    Judged,
    JudgedTable,
    carry_over,
    judged_clips,
    named,
    other_table,
)
from slicecore.carry_over.clips_then import ClipsThen, PresentClips
from slicecore.per_clip.sounds import known_sounds
from slicecore.slices.result import Slice
from slicecore.storage.home import workspace_folder
from slicecore.storage.verdicts.clip_log import ClipLog
from slicecore.storage.verdicts.elsewhere import judged_elsewhere, other_workspaces
from slicecore.table.dataset import Dataset

if TYPE_CHECKING:
    from slicecore.storage.verdicts import Verdicts, Workspace


@dataclass(frozen=True, eq=False)
class KnownTables:
    """The present table, and others that have judged clips of it.

    Attributes
    ----------
    workspace : name of the present table's workspace.
    present : clips of the present table.
    clips : clips that it has had.
    others : other tables that have judged clips of it.
    """

    workspace: str
    present: PresentClips
    clips: ClipsThen
    others: tuple[JudgedTable, ...]

    def judged(self, known: Workspace) -> list[Judged]:
        """The judgements of all tables, with what is current in the present workspace."""
        own = JudgedTable(self.workspace, "", known.every_model, named(known.own_slices), self.clips)
        return judged_clips([own, *self.others])

    def carry_over(self, known: Workspace, slices: Sequence[Slice], model: str) -> CarriedOver:
        """Judgements carried over to slices of a model (or comparison)."""
        return carry_over(
            self.judged(known),
            slices,
            len(self.present),
            workspace=self.workspace,
            model=model,
            row_of_id=self.present.row_of_id,
            refusals=known.refusals,
        )


def known_tables(
    verdicts: Verdicts, data: Dataset, table: Path, cache: Path, workspaces: Iterable[str] | None = None
) -> KnownTables:
    """Note the clips of a table, and read the other tables that were judged. No recording is read.

    Parameters
    ----------
    verdicts
        Of the table.
    data, table
        Its clips and its file.
    cache
        Folder of the cache, in which recordings that were worked on have left the hash of their content.
    workspaces
        Names of other workspaces; None: all that there are.

    Raises
    ------
    StorageError
        The verdicts or the clips of the table can't be read or written.
    """
    sounds = known_sounds(data.clips, cache)
    present = PresentClips(data.ids, sounds)
    log = ClipLog(workspace_folder(table)).note(present.row_of_id, sounds, verdicts.newest().judgement, table)
    elsewhere = judged_elsewhere(other_workspaces(verdicts.name) if workspaces is None else workspaces)
    others = tuple(known for each in elsewhere if (known := other_table(present, each)))
    return KnownTables(verdicts.name, present, ClipsThen(present, log, is_same_table=True), others)
