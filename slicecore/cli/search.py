"""Search for slices on the command line: the options that `scan` and `report` share, and the call itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slicecore.cli.arguments import (
    Audio,
    End,
    Folder,
    Format,
    Group,
    Id,
    Normalisation,
    Prediction,
    Predictions,
    Reference,
    Start,
    Table,
    normalisation_of,
    prediction_files,
)
from slicecore.cli.engine import GivenEngine
from slicecore.cli.progress import ProgressBars
from slicecore.cli.shared_options import shared
from slicecore.errors import SlicecoreError
from slicecore.slices.options import Options
from slicecore.text.normalisation import DEFAULT_NORMALISATION

if TYPE_CHECKING:
    from slicecore.pipeline import Result
    from slicecore.transfer.defining import NamedSlice

_CompareWith = Annotated[
    str | None,
    typer.Option(help="Prediction column of another model: find where the model is worse than that one."),
]
_Embedding = Annotated[
    list[str] | None,
    typer.Option(
        help="Model: signal, speaker, a name or folder, a .npy or .parquet file of vectors, column:NAME, or "
        "several as signal+speaker; none for slices over metadata alone. signal by default, none where the table names "
        "no audio files. Give it again to scan several embeddings together."
    ),
]
_Attributes = Annotated[
    list[str] | None,
    typer.Option(
        help="Audio classification model whose labels become a column, such as accent=NAME. Can be given again."
    ),
]
_Metric = Annotated[
    str | None,
    typer.Option(
        help="wer, cer, error_rate, accuracy, mae, mse or detection; by default the usual one for transcripts, labels, "
        "scores or detection."
    ),
]
_Threshold = Annotated[
    float | None,
    typer.Option(
        help="Threshold of the metric detection: clips with this score or more are accepted; that of equal error rates "
        "by default."
    ),
]
_MeanOf = Annotated[
    str | None,
    typer.Option(
        help="Column with a number per clip, whose mean is the metric; the table then needs no reference and no "
        "prediction."
    ),
]
_HigherIsBetter = Annotated[
    bool, typer.Option("--higher-is-better", help="A high mean of that column is good.")
]
_MinSupport = Annotated[
    float, typer.Option(help="Fewest clips of a slice; a number below 1 is a share of all clips.")
]
_MinDrop = Annotated[float, typer.Option(help="Smallest drop of a slice; 0.1 is 10 points.")]
_Relative = Annotated[
    bool, typer.Option("--relative", help="The smallest drop is a share of the overall value instead.")
]
_Against = Annotated[
    str, typer.Option(help="Comparison of a slice: with the whole, or with the rest of the clips.")
]
_Rule = Annotated[str, typer.Option(help="Rule by which slices are chosen: best or plain.")]
_Shuffles = Annotated[
    int, typer.Option(help="Number of permutations of the significance test; 0 leaves the test out.")
]
_Tier = Annotated[str | None, typer.Option(help="confirmed keeps only confirmed slices.")]
_MaxSlices = Annotated[int | None, typer.Option(help="Most slices to keep, the first ones.")]
_Order = Annotated[
    str, typer.Option(help="Number that ranks slices of the same tier: impact, evidence or drop.")
]
_Explain = Annotated[bool, typer.Option(help="Measure the clips and name the probable causes of each slice.")]


_HERE = GivenEngine()


@dataclass(frozen=True)
class Search:
    """A search whose options were given on the command line; it begins when it is called.

    Attributes
    ----------
    table : as it was given.
    run : (measure, engine) -> result.
    """

    table: Path
    run: Callable[[bool, GivenEngine], Result]

    def __call__(self, *, measure: bool = False, engine: GivenEngine = _HERE) -> Result:
        """Search, with the progress on stderr.

        `measure`: clips are measured even where nothing is explained. `engine`: where they are measured and embedded.
        """
        return self.run(measure, engine)


def search_options(
    table: Table,
    audio: Audio = None,
    reference: Reference = None,
    prediction: Prediction = None,
    compare_with: _CompareWith = None,
    id_column: Id = None,
    start: Start = None,
    end: End = None,
    table_format: Format = None,
    folder: Folder = None,
    predictions: Predictions = None,
    embedding: _Embedding = None,
    attributes: _Attributes = None,
    group: Group = None,
    metric: _Metric = None,
    threshold: _Threshold = None,
    mean_of: _MeanOf = None,
    higher_is_better: _HigherIsBetter = False,
    normalisation: Normalisation = DEFAULT_NORMALISATION,
    min_support: _MinSupport = Options.min_support,
    min_drop: _MinDrop = Options.min_drop,
    relative: _Relative = Options.relative,
    against: _Against = Options.against,
    rule: _Rule = Options.rule,
    shuffles: _Shuffles = Options.shuffles,
    tier: _Tier = Options.tier,
    max_slices: _MaxSlices = Options.max_slices,
    order: _Order = Options.order,
    explain: _Explain = True,
) -> Search:
    """The search with these options, which shows its progress on stderr; not begun yet."""

    def run(measure: bool, engine: GivenEngine) -> Result:
        from slicecore.pipeline import find_slices

        with ProgressBars() as progress:
            return find_slices(
                table,
                audio=audio,
                reference=reference,
                prediction=_one_model(prediction),
                compare_with=compare_with,
                id=id_column,
                start=start,
                end=end,
                format=table_format,
                folder=folder,
                predictions=prediction_files(predictions),
                model=embedding or None,
                attributes=attributes or (),
                group=group,
                metric=metric,
                threshold=threshold,
                mean_of=mean_of,
                higher_is_better=higher_is_better,
                normalisation=normalisation_of(normalisation),
                explain=explain,
                measure=measure,
                engine=engine.name,
                cluster=engine.cluster(),
                progress=progress,
                options=Options(
                    min_support, min_drop, relative, against, rule, shuffles, tier, max_slices, order
                ),
            )

    return Search(table, run)


def _one_model(columns: list[str] | None) -> str | None:
    if columns and len(columns) > 1:
        raise SlicecoreError(
            f"One model is searched at a time, but --prediction is given {len(columns)} times. Name one, and another "
            "with --compare-with to compare it with."
        )
    return columns[0] if columns else None


with_search = shared(search_options)
"""Decorator of a command that searches: its first argument is the search."""


def wanted(named: Sequence[NamedSlice], names: Sequence[str]) -> list[NamedSlice]:
    """The slices with these ids or names. Raises SlicecoreError where there is none of one."""
    known = {name for each in named for name in (each.name, each.slice.id)}
    missing = sorted(set(names) - known)
    if missing:
        listed = ", ".join(f"“{name}”" for name in missing)
        there = ", ".join(f"{each.name} ({each.slice.id})" for each in named) or "none"
        raise SlicecoreError(f"There is no slice {listed}. There are: {there}.")
    return [each for each in named if not {each.name, each.slice.id}.isdisjoint(names)]
