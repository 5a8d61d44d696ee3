"""Verdicts of reviewers on the slices of a search, those carried over included, and the slices that they defined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.carry_over.carrying import CarriedOver
from slicecore.carry_over.known_tables import KnownTables, known_tables
from slicecore.errors import SlicecoreError
from slicecore.pipeline.page_table import judged_path
from slicecore.report.agreement import Opinions
from slicecore.report.agreement import verdicts_table as everybodys_verdicts
from slicecore.report.html.findings import NO_REVIEWS, Reviews
from slicecore.report.tables import slices_table
from slicecore.storage import verdicts as stored
from slicecore.storage.home import cache_folder
from slicecore.storage.verdicts import OwnSlice, Workspace, name_of_comparison, verdicts_of

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.pipeline.result import Result
    from slicecore.slices.result import Slice
    from slicecore.slices.scanner import Scanner
    from slicecore.table.dataset import Dataset

_VERDICT_COLUMNS = ("slice_id", "verdict", "tags", "note", "reviewer", "time", "counts", "name")


def verdicts_on(result: Result, cache: Path | None = None) -> tuple[Workspace, CarriedOver]:
    """Workspace of the table of a search, and the judgements carried over to its slices, from the home folder.

    Parameters
    ----------
    result
        Of a table that is a file, or on which the page was opened: by its file its verdicts are found.
    cache
        Folder of the cache; the user's by default.

    Raises
    ------
    SlicecoreError
        The table is in memory and was never on the page, or its verdicts can't be read.
    """
    tables, known, model = _known(result, cache)
    return known, tables.carry_over(known, result.slices, model)


def reviews_on(result: Result, cache: Path | None = None) -> Reviews:
    """All that reviewers said, also of the slices that they defined; parameters and errors as of `verdicts_on`."""
    tables, known, model = _known(result, cache)
    return _reviews(result, tables, known, model)


def _reviews(result: Result, tables: KnownTables, known: Workspace, model: str) -> Reviews:
    own = slices_of_reviewers(known.own_slices, result.data, result.scanner, result.options.against)
    flagged = {slice_.id for slice_ in result.slices}
    slices = [*result.slices, *(slice_ for _, slice_ in own if slice_.id not in flagged)]
    carried = tables.carry_over(known, slices, model)
    return Reviews(
        known.judgements, carried, own, known.own_slices, known.marked_references, known.corrections
    )


def is_judged(data: Dataset) -> bool:
    """True if the page was opened on a table, so that there may be verdicts."""
    path = judged_path(data)
    return path is not None and stored.is_judged(path)


def verdicts_table(result: Result, cache: Path | None = None) -> pd.DataFrame:
    """Verdicts of reviewers: a row per judged slice and reviewer.

    Flagged slices come first, then those that no longer are or never were; of one slice the verdict that counts, which
    is the newest, then the others, newer ones before older ones.

    Columns: slice_id, verdict, tags, note, reviewer, time, counts (True in one row of every slice), name, then the
    others of `report.tables.slices_table`. Of a verdict that was carried over there is one row.

    Parameters
    ----------
    result, cache
        As in `verdicts_on`. There are no rows where the page was never opened on a table in memory.
    """
    reviews = NO_REVIEWS
    opinions: Opinions = {}
    assignees: dict[str, str] = {}
    if judged_path(result.data) is not None:
        tables, known, model = _known(result, cache)
        reviews, opinions = _reviews(result, tables, known, model), known.opinions
        assignees = known.assignees
    table = slices_table(
        result.scan,
        reviews.judgements,
        _judged_beside(result, reviews),
        result.explanations,
        reviews.carried,
        reviews.names,
        assignees,
    )
    is_judged = (table["verdict"] != "") | (table["tags"] != "") | (table["note"] != "")
    columns = [*_VERDICT_COLUMNS, *(name for name in table.columns if name not in _VERDICT_COLUMNS)]
    return _of_everybody(table[is_judged].assign(counts=True)[columns], opinions)


def _judged_beside(result: Result, reviews: Reviews) -> list[tuple[OwnSlice | None, Slice]]:
    """Judged slices that are not flagged: those that reviewers defined, and those that once were flagged."""
    flagged = {slice_.id for slice_ in result.slices}
    beside: list[tuple[OwnSlice | None, Slice]] = [each for each in reviews.own if each[1].id not in flagged]
    listed = flagged | {slice_.id for _, slice_ in reviews.own}
    row_of = result.data.row_of_id
    for judgement in reviews.judgements.values():
        rows = [row_of[clip] for clip in judgement.clip_ids if clip in row_of]
        if judgement.slice_id not in listed and rows and not judgement.is_empty:
            group = result.scanner.group(rows, result.options.against)
            beside.append((None, replace(group, id=judgement.slice_id)))
    return beside


def _of_everybody(counting: pd.DataFrame, opinions: Opinions) -> pd.DataFrame:
    """The verdicts that count, each followed by those of the other reviewers."""
    import pandas as pd

    given = everybodys_verdicts(opinions).drop(columns="agreed")
    others = given[given.duplicated("slice_id", keep="last")][::-1].assign(counts=False)
    others = others.merge(counting.drop(columns=[*given.columns.drop("slice_id"), "counts"]), on="slice_id")
    if others.empty:
        return counting.reset_index(drop=True)
    place = {slice_id: i for i, slice_id in enumerate(counting["slice_id"])}
    table = pd.concat([counting, others[counting.columns]])
    return table.sort_values("slice_id", key=lambda ids: ids.map(place), kind="stable", ignore_index=True)


def slices_of_reviewers(
    definitions: Mapping[str, OwnSlice], data: Dataset, scanner: Scanner, against: str
) -> tuple[tuple[OwnSlice, Slice], ...]:
    """Slices that people defined, as far as their clips are in the table, under their own ids.

    Parameters
    ----------
    definitions
        Of the slices, by id.
    data
        The clips.
    scanner
        Describes them.
    against
        What they are compared with, see `Options.against`.
    """
    row_of = data.row_of_id
    slices = []
    for own in definitions.values():
        rows = [row_of[clip] for clip in own.clip_ids if clip in row_of]
        if rows:
            slices.append((own, replace(scanner.group(rows, against), id=own.slice_id)))
    return tuple(slices)


def _known(result: Result, cache: Path | None) -> tuple[KnownTables, Workspace, str]:
    """All tables that were judged, what is known of that of a search, and the model whose slices these are."""
    data = result.data
    path = judged_path(data)
    if path is None:
        raise SlicecoreError(
            "Verdicts are kept for tables that are files. This one is in memory: result.review() makes a file of it "
            "and opens the review page."
        )
    model = data.roles.predictions[0]
    if result.compared_with:
        model = name_of_comparison(model, result.compared_with)
    verdicts = verdicts_of(path)
    tables = known_tables(verdicts, data, path, cache_folder() if cache is None else cache)
    known = verdicts.workspace(model)
    return tables, known, model
