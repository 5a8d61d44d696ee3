"""Verdicts of reviewers on the slices of a search, those carried over included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.carry_over.carrying import CarriedOver
from slicecore.carry_over.known_tables import known_tables
from slicecore.errors import SlicecoreError
from slicecore.storage.home import cache_folder, workspace_folder
from slicecore.storage.verdicts import Verdicts, Workspace, name_of_comparison
from slicecore.storage.verdicts.elsewhere import FILE

if TYPE_CHECKING:
    from slicecore.pipeline.result import Result


def verdicts_on(result: Result, cache: Path | None = None) -> tuple[Workspace, CarriedOver]:
    """What is known of the table of a search, and the judgements carried over to its slices, from the home folder.

    Parameters
    ----------
    result
        Of a table that is a file: by that its verdicts are found.
    cache
        Folder of the cache; the user's by default.

    Raises
    ------
    SlicecoreError
        The table is no file, or its verdicts can't be read.
    """
    data = result.data
    if data.path is None:
        raise SlicecoreError("Verdicts are kept for tables that are files: read this one from its file.")
    model = data.roles.predictions[0]
    if result.compared_with:
        model = name_of_comparison(model, result.compared_with)
    verdicts = Verdicts(workspace_folder(data.path) / FILE)
    tables = known_tables(verdicts, data, data.path, cache_folder() if cache is None else cache)
    known = verdicts.workspace(model)
    return known, tables.carry_over(known, result.slices, model)
