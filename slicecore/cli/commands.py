"""The commands of slicecore: `slicecore scan` finds the slices of a table without a screen."""

from __future__ import annotations

import json
import math
import platform
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slicecore.cli import cache, embed
from slicecore.cli.progress import ProgressBars
from slicecore.errors import MetricError, SlicecoreError

if TYPE_CHECKING:
    from slicecore.explain.explainer import Explanation
    from slicecore.measurements import Measurements
    from slicecore.metrics.builtin import Metric
    from slicecore.metrics.costs import Costs
    from slicecore.pipeline import Analysis
    from slicecore.slices.scanner import Scan
    from slicecore.table.dataset import Dataset

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
cli.command()(cache.cache)
cli.command()(embed.embed)


def _add_commands_of_other_packages() -> None:
    """Add what installed packages declare under `slicecore.commands`, such as the app's `run`."""
    for entry in entry_points(group="slicecore.commands"):
        cli.command(entry.name)(entry.load())


def main() -> None:
    """Run the command line. Bad input ends with a sentence on stderr and exit code 2."""
    _add_commands_of_other_packages()
    try:
        cli()
    except SlicecoreError as error:
        typer.echo(f"slicecore: {error}", err=True)
        sys.exit(2)


@cli.command()
def scan(
    table: Annotated[Path, typer.Argument(help="CSV file with a row per clip.")],
    audio: Annotated[str | None, typer.Option(help="Column of the audio files; guessed by default.")] = None,
    reference: Annotated[str | None, typer.Option(help="Column of what was said.")] = None,
    prediction: Annotated[str | None, typer.Option(help="Column of what the model heard.")] = None,
    compare_with: Annotated[
        str | None,
        typer.Option(help="Column of what another model heard: find where the model is worse than that one."),
    ] = None,
    id_column: Annotated[str | None, typer.Option("--id", help="Column of clip ids.")] = None,
    start: Annotated[
        str | None, typer.Option(help="Column of where in the audio file a clip starts, in seconds.")
    ] = None,
    end: Annotated[str | None, typer.Option(help="Column of where it ends.")] = None,
    embedding: Annotated[
        list[str] | None,
        typer.Option(
            help="Model: signal, speaker, a name or folder, a .npy or .parquet file of vectors, column:NAME, or "
            "several as signal+speaker; signal by default. Give it again to scan several embeddings together."
        ),
    ] = None,
    attributes: Annotated[
        list[str] | None,
        typer.Option(
            help="Audio classification model whose labels become a column, such as accent=NAME. Can be given again."
        ),
    ] = None,
    metric: Annotated[str, typer.Option(help="wer, cer, error_rate, accuracy, mae or mse.")] = "wer",
    normalisation: Annotated[str, typer.Option(help="none, basic or english.")] = "basic",
    min_support: Annotated[
        float, typer.Option(help="Least number of clips in a slice, or a share below 1 of all clips.")
    ] = 5,
    min_drop: Annotated[float, typer.Option(help="Least drop of a slice; 0.1 is 10 points.")] = 0.1,
    relative: Annotated[
        bool, typer.Option("--relative", help="The drop is a share of the overall value instead.")
    ] = False,
    against: Annotated[str, typer.Option(help="What slices are compared with: whole or rest.")] = "whole",
    rule: Annotated[str, typer.Option(help="How slices are chosen: best or plain.")] = "best",
    shuffles: Annotated[
        int, typer.Option(help="How often errors are shuffled to test slices; 0 for no test.")
    ] = 999,
    tier: Annotated[str | None, typer.Option(help="confirmed keeps only these slices.")] = None,
    max_slices: Annotated[int | None, typer.Option(help="Keep only so many slices, the first ones.")] = None,
    order: Annotated[
        str, typer.Option(help="What ranks slices of a tier: impact, evidence or drop.")
    ] = "impact",
    explain: Annotated[
        bool, typer.Option(help="Measure the clips and say what is wrong with each slice.")
    ] = True,
    measurements: Annotated[
        bool, typer.Option("--measurements", help="Write the measurements of every clip to clips.csv too.")
    ] = False,
    out: Annotated[
        Path, typer.Option(help="Folder for slices.csv, clips.csv, run.json and what is found besides.")
    ] = Path("slicecore-out"),
) -> None:
    """Find the clusters of clips on which the model is clearly worse than on the whole."""
    from slicecore.explain.overlaps import sentence_with_overlap
    from slicecore.metrics.builtin import METRICS
    from slicecore.pipeline import analyse
    from slicecore.report.tables import clips_table, metadata_slices_table, slices_table, write_csv
    from slicecore.slices.metadata_slices import scan_metadata
    from slicecore.slices.options import CONFIRMED, Options
    from slicecore.slices.scanner import Scanner
    from slicecore.storage.home import cache_folder
    from slicecore.table.dataset import read

    options = Options(min_support, min_drop, relative, against, rule, shuffles, tier, max_slices, order)
    models = embedding or ["signal"]

    columns = (prediction, compare_with) if prediction and compare_with else prediction
    data = read(
        table, audio=audio, reference=reference, prediction=columns, id=id_column, start=start, end=end
    )
    if metric not in METRICS:
        raise MetricError(f"There is no metric “{metric}”. Use one of: {', '.join(METRICS)}.")
    costs = METRICS[metric](data.reference, data.prediction, normalisation)
    if compare_with:
        costs = _compared(data, costs, compare_with, METRICS[metric], normalisation)
    _check_folder(out)  # before the long work, not after it
    with ProgressBars() as progress:
        analysis = analyse(data, models, attributes=attributes or (), layout=None, progress=progress)
        data = analysis.data
        measured = _measure(data, progress) if explain or measurements else None
    found = Scanner(analysis.hierarchy, costs, data.ids, cache_folder()).scan(options)
    explanations = {}
    if explain and measured is not None:
        explanations = _explain(analysis, measured, found, normalisation, out)

    table_of_measurements = measured.table if measured is not None else None
    over_metadata = scan_metadata(found, data, table_of_measurements)
    explanations = {
        one.id: replace(why, sentence=sentence_with_overlap(why, one, over_metadata))
        for one in found.slices
        if (why := explanations.get(one.id))
    }
    write_csv(slices_table(found, explanations=explanations), out / "slices.csv")
    write_csv(
        clips_table(data, found, measured=table_of_measurements if measurements else None), out / "clips.csv"
    )
    write_csv(metadata_slices_table(found, over_metadata), out / "metadata_slices.csv")
    reasons = analysis.embeddings.reasons
    record = {
        "table": str(table),
        "columns": {
            "audio": data.roles.audio,
            "reference": data.roles.reference,
            "prediction": data.roles.predictions[0] if data.roles.predictions else None,
            "compared_with": compare_with,
            "id": data.roles.id,
            "start": data.roles.start,
            "end": data.roles.end,
        },
        "embeddings": models,
        "made_by": analysis.embeddings.about,
        "attributes": attributes or [],
        "metric": metric,
        "normalisation": normalisation,
        "options": asdict(options),
        "min_support": found.min_support,
        "min_drop": _number(found.min_drop),
        "clips": len(data.ids),
        "overall_value": _number(found.overall),
        "slices": len(found.slices),
        "errors_explained": _number(found.explained),
        "metadata_slices": len(over_metadata),
        "clips_without_vector": {str(data.ids[row]): reason for row, reason in reasons.items()},
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version()}
        | {
            name: version(name)
            for name in ("slicecore", "numpy", "pandas", "jiwer", "librosa", "finch-clust")
        },
    }
    (out / "run.json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    if reasons:
        typer.echo(
            f"{len(reasons)} of {len(data.ids)} clips can't be decoded; run.json says which and why.",
            err=True,
        )
    confirmed = sum(one.tier == CONFIRMED for one in found.slices)
    tested = f", {confirmed} of them confirmed" if shuffles and found.slices else ""
    slices = "1 slice" if len(found.slices) == 1 else f"{len(found.slices)} slices"
    typer.echo(
        f"{costs.name} {_worded(found.overall, costs)} over {len(data.ids)} clips; {slices} with "
        f"{found.explained:.0%} of the {'extra ' if compare_with else ''}errors{tested}, written to {out}.",
        err=True,
    )


def _measure(data: Dataset, progress: ProgressBars) -> Measurements:
    from slicecore.measurements import measure

    return measure(data, progress=lambda done, total: progress("Measure the clips", done, total))


def _explain(
    analysis: Analysis, measured: Measurements, found: Scan, normalisation: str, out: Path
) -> dict[str, Explanation]:
    """Explain all slices, by id; clips with a wrong reference go to a file of their own."""
    from slicecore.explain.explainer import Explainer
    from slicecore.explain.wrong_references import find_wrong_references
    from slicecore.report.tables import write_csv, wrong_references_table

    data = analysis.data
    explainer = Explainer(
        data,
        measured,
        found.costs,
        vectors=analysis.embeddings.vectors,
        hierarchy=analysis.hierarchy,
        normalisation=normalisation,
    )
    listed = find_wrong_references(data, measured)
    write_csv(wrong_references_table(data, listed), out / "wrong_references.csv")
    return {one.id: explainer.explain(one) for one in found.slices}


def _check_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "run.json").touch()
    except OSError as error:
        raise SlicecoreError(
            f"The folder {out} can't be written to ({error.strerror}). Give another one with --out."
        ) from error


def _compared(data: Dataset, costs: Costs, other: str, metric: Metric, normalisation: str) -> Costs:
    """How much worse the model is than another one of the table."""
    from slicecore.metrics.builtin import difference

    model = data.roles.predictions[0]
    if other not in data.predictions:
        raise SlicecoreError(
            f"“{other}” was not recognised as what a model heard. Name the other column too, with --prediction."
        )
    if other == model:
        raise SlicecoreError(
            f"“{other}” would be compared with itself. Give another column with --compare-with or --prediction."
        )
    return difference(costs, metric(data.reference, data.predictions[other], normalisation), (model, other))


def _worded(value: float, costs: Costs) -> str:
    """As people say it: 28.6 % for a rate, +2.3 points (14.2 % against 11.9 %) for a difference."""
    from slicecore.metrics.costs import Difference

    if math.isnan(value):
        return "has no value"
    if isinstance(costs, Difference):
        both = " against ".join(_worded(one.value(), one) for one in (costs.model, costs.other))
        return f"{100 * value:+.1f} points ({both})" if costs.is_rate else f"{value:+.3g} ({both})"
    return f"{100 * value:.1f} %" if costs.is_rate else f"{value:.3g}"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
