"""Definitions of slices from a scan: who is in them, what describes them, where they lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.embedding import Embeddings, embed_raw
from slicecore.errors import DefinitionError
from slicecore.metrics.builtin import METRICS
from slicecore.metrics.detection import DetectionCosts
from slicecore.metrics.intervals import value_interval
from slicecore.per_clip.sounds import known_sounds
from slicecore.slices.metric_columns import is_mean_of_column
from slicecore.slices.result import Slice
from slicecore.storage.home import cache_folder
from slicecore.transfer.definition import WHOLE, Definition, Definitions, Origin, Space
from slicecore.transfer.other_data import DIGITS
from slicecore.transfer.region import Region, RegionSearch
from slicecore.transfer.rule import RuleSearch

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.carry_over.carrying import CarriedOver
    from slicecore.metrics import Costs
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.result import Scan
    from slicecore.slices.scanner import Scanner
    from slicecore.storage.verdicts import Workspace
    from slicecore.table.dataset import Dataset

MIN_CLIPS = 10
"""Fewest clips on which a slice is compared."""


@dataclass(frozen=True)
class Tolerances:
    """By how much the metric may get worse where nobody says otherwise: a start, to be edited in the file.

    Attributes
    ----------
    of_slice, of_whole : of a rate, in its units.
    share_of_slice, share_of_whole : of another metric, as a share of its value over all clips.
    """

    of_slice: float = 0.02
    of_whole: float = 0.005
    share_of_slice: float = 0.1
    share_of_whole: float = 0.02


TOLERANCES = Tolerances()


@dataclass(frozen=True, eq=False)
class NamedSlice:
    """A slice to be defined, with its name and what a reviewer said of it."""

    name: str
    slice: Slice
    verdict: str = ""
    note: str = ""


def define(
    slices: Sequence[Slice | NamedSlice],
    data: Dataset,
    costs: Costs,
    *,
    metric: str = "wer",
    normalisation: str = "basic",
    embeddings: Embeddings | Sequence[Embeddings] = (),
    measured: pd.DataFrame | None = None,
    metadata_slices: Sequence[MetadataSlice] = (),
    cache: Path | None = None,
) -> Definitions:
    """Define slices, so that their clips are recognised in other data.

    Parameters
    ----------
    slices
        Slices of a scan or made by `Scanner.group`, with names or without: then they are called by their ids.
    data, costs
        The clips and the metric. Of a comparison of two models, the first model's counts.
    metric, normalisation
        Name of the metric, and how texts were normalised for it. Of a detector's scores the threshold is kept, and of
        the mean of a column which way it goes.
    embeddings
        Embeddings of the same clips, in which regions are sought; the best of each slice is taken.
    measured
        (n, columns) such as `Measurements.table`, for rules.
    metadata_slices
        From `scan_metadata`, for rules of several conditions.
    cache
        Folder of the cache with the vectors of the clips; the user's by default.

    Raises
    ------
    DefinitionError
        Two slices have the same name.

    Examples
    --------
    >>> found = result.metadata_slices
    >>> definitions = sc.define(result.slices, result.data, result.costs, metadata_slices=found)
    >>> [str(condition) for condition in definitions.slices[0].rule.conditions]
    ['device = headset']
    """
    folder = cache if cache is not None else cache_folder()
    model_costs, named = costs.model_costs, [_named(slice_) for slice_ in slices]
    sounds = [sound.hex()[:DIGITS] for sound in known_sounds(data.clips, folder)]
    rules = RuleSearch(data, measured, metadata_slices)
    spaces, searches = _searches(embeddings, data, folder) if named else ({}, [])
    definitions = []
    for each in named:
        rows = each.slice.members
        regions = [region for search in searches if (region := search.region(rows))]
        low, high = value_interval(model_costs, rows)
        definitions.append(
            Definition(
                name=each.name,
                id=each.slice.id,
                support=len(rows),
                value=model_costs.value(rows),
                interval=(low, high),
                clips={str(data.ids[row]): sounds[row] for row in rows.tolist()},
                rule=rules.rule(rows),
                region=max(regions, key=_f1, default=None),
                verdict=each.verdict,
                note=each.note,
            )
        )
    used = {definition.region.model for definition in definitions if definition.region}
    overall = model_costs.value()
    is_mean = metric not in METRICS and is_mean_of_column(data.table, model_costs.name, model_costs)
    return Definitions(
        slices=tuple(definitions),
        metric=model_costs.name if is_mean else metric,
        normalisation=normalisation,
        origin=_origin(data, overall),
        tolerance=_tolerance(TOLERANCES.of_slice, TOLERANCES.share_of_slice, overall, model_costs),
        tolerance_of_whole=_tolerance(TOLERANCES.of_whole, TOLERANCES.share_of_whole, overall, model_costs),
        min_clips=MIN_CLIPS,
        spaces={model: space for model, space in spaces.items() if model in used},
        threshold=model_costs.threshold if isinstance(model_costs, DetectionCosts) else None,
        is_mean=is_mean,
        higher_is_better=is_mean and model_costs.higher_is_better,
    )


def judged_slices(
    verdicts: Sequence[str],
    scan: Scan,
    scanner: Scanner,
    row_of_id: Mapping[str, int],
    known: Workspace,
    carried: CarriedOver,
    title: Callable[[Slice], str],
) -> list[NamedSlice]:
    """Slices with one of some verdicts, also those that the scan does not have, each with a name of its own.

    Parameters
    ----------
    verdicts
        The verdicts, see `slicecore.storage.verdicts.VERDICTS`.
    scan, scanner
        The scan, and what describes the clips of a judged slice that it does not have.
    row_of_id
        Row of every clip by id.
    known, carried
        Judgements of the table, and those carried over to slices of the scan.
    title
        What is wrong with a slice in a few words, "" where that is not known: its name where nobody gave it one.
    """
    slices = {slice_.id: slice_ for slice_ in scan.slices}
    judged = {slice_id: each.judgement for slice_id, each in carried.all_holding.items()}
    moved = {each.judgement.slice_id for each in carried.all_holding.values() if not each.judged.table}
    for slice_id, judgement in known.judgements.items():
        if slice_id in moved:  # the slice that it holds for now is defined instead
            continue
        judged[slice_id] = judgement
        rows = [row_of_id[clip] for clip in judgement.clip_ids if clip in row_of_id]
        if rows and slice_id not in slices:
            slices[slice_id] = replace(scanner.group(rows, scan.options.against), id=slice_id)
    wanted = []
    for slice_id, slice_ in slices.items():
        judgement_of = judged.get(slice_id)
        if judgement_of and judgement_of.verdict in verdicts:
            own = known.own_slices.get(slice_id)
            name = (own.name if own else "") or title(slice_) or f"Slice {slice_id}"
            wanted.append(NamedSlice(name, slice_, judgement_of.verdict or "", judgement_of.note))
    return with_different_names(wanted)


def with_different_names(slices: Sequence[NamedSlice]) -> list[NamedSlice]:
    """The slices, with a number behind a name that is taken: "Mains hum", "Mains hum 2"."""
    taken = {WHOLE}
    named = []
    for each in slices:
        name, number = each.name, 1
        while name in taken:
            number += 1
            name = f"{each.name} {number}"
        taken.add(name)
        named.append(replace(each, name=name))
    return named


def _named(slice_: Slice | NamedSlice) -> NamedSlice:
    named = slice_ if isinstance(slice_, NamedSlice) else NamedSlice(slice_.id, slice_)
    if not named.name.strip():
        raise DefinitionError(f"The slice {named.slice.id} has an empty name. Give it one: results go by it.")
    return replace(named, name=" ".join(named.name.split()))


def _searches(
    embeddings: Embeddings | Sequence[Embeddings], data: Dataset, cache: Path
) -> tuple[dict[str, Space], list[RegionSearch]]:
    """The embeddings by name, and a search for regions in each."""
    given = [embeddings] if isinstance(embeddings, Embeddings) else list(embeddings)
    spaces, searches = {}, []
    for each in given:
        space = Space.of(each)
        if not space.is_given:  # the vectors at hand may be standardised over this table
            each = embed_raw(data, each.model, cache=cache)  # noqa: PLW2901
            space = Space.of(each)
        if each.valid.any():
            spaces[each.model] = space
            searches.append(RegionSearch(each.model, space.standard(each.vectors), data.ids.tolist()))
    return spaces, searches


def _origin(data: Dataset, overall: float) -> Origin:
    import slicecore

    return Origin(
        table=data.name,
        prediction=data.roles.predictions[0] if data.roles.predictions else "",
        clips=len(data),
        value=overall,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        slicecore=slicecore.__version__,
    )


def _tolerance(of_rate: float, share: float, overall: float, costs: Costs) -> float:
    return of_rate if costs.is_rate or not np.isfinite(overall) else share * abs(overall)


def _f1(region: Region) -> float:
    return 2 * region.precision * region.recall / max(region.precision + region.recall, 1e-12)
