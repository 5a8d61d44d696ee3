"""Definitions of the slices of a search: those that reviewers gave some verdict, or all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.pipeline.verdicts import verdicts_on
from slicecore.transfer.defining import NamedSlice, define, judged_slices, with_different_names

if TYPE_CHECKING:
    from slicecore.pipeline.result import Result
    from slicecore.slices.result import Slice
    from slicecore.transfer.definition import Definitions


def definitions_of(result: Result, verdicts: Sequence[str] | None, cache: Path | None = None) -> Definitions:
    """Definitions of judged slices, also of those that the present thresholds do not find; see `Result.definitions`."""
    if verdicts is None:
        named = named_slices(result)
    else:
        known, carried = verdicts_on(result, cache)
        named = judged_slices(
            verdicts,
            result.scan,
            result.scanner,
            result.data.row_of_id,
            known,
            carried,
            lambda slice_: _title(result, slice_),
        )
    return _defined(result, named, cache)


def _defined(result: Result, named: Sequence[NamedSlice], cache: Path | None) -> Definitions:
    return define(
        named,
        result.data,
        result.costs,
        metric=result.metric,
        normalisation=result.normalisation,
        embeddings=result.embeddings,
        measured=result.measurements.table if result.measurements else None,
        metadata_slices=result.metadata_slices,
        cache=cache,
    )


def definition_of(result: Result, slice_: Slice, cache: Path | None = None) -> Definitions:
    """Definition of one slice, also of one that is not among those of the result, with a name as in `named_slices`."""
    named = next((each for each in named_slices(result) if each.slice.id == slice_.id), None)
    return _defined(
        result, [named or NamedSlice(_title(result, slice_) or f"Slice {slice_.id}", slice_)], cache
    )


def named_slices(result: Result) -> list[NamedSlice]:
    """The slices of a result, each with a name of its own: its cause, else "Slice" and its id.

    Where there are no clusters these are the slices over metadata, named by their conditions.
    """
    if not result.scan.has_clusters:
        return with_different_names([NamedSlice(each.label, each.slice) for each in result.metadata_slices])
    return with_different_names(
        [NamedSlice(_title(result, slice_) or f"Slice {slice_.id}", slice_) for slice_ in result.slices]
    )


def _title(result: Result, slice_: Slice) -> str:
    """Name of a slice by its cause, in a few words; "" where nothing is known of it."""
    return result.explain(slice_).title if result.explainer else ""
