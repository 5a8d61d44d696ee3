"""`slicecore scan` finds the slices of a table without a screen; `slicecore run` opens the app on it."""

from __future__ import annotations

import json
import math
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from slicecore.errors import MetricError, SlicecoreError

TABLES_VARIABLE = "SLICECORE_TABLES"
"""Environment variable by which `slicecore run` tells the app which tables to open, as a JSON list of paths."""

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    """Run the command line. Bad input ends with a sentence on stderr and exit code 2."""
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
    id_column: Annotated[str | None, typer.Option("--id", help="Column of clip ids.")] = None,
    embedding: Annotated[
        str, typer.Option(help="Model name or folder, or a .npy file of vectors.")
    ] = "signal",
    metric: Annotated[str, typer.Option(help="wer, cer, error_rate, mae, …")] = "wer",
    normalisation: Annotated[str, typer.Option(help="none, basic or english.")] = "basic",
    min_support: Annotated[int, typer.Option(min=1, help="Least number of clips in a slice.")] = 5,
    min_drop: Annotated[float, typer.Option(help="Least drop against the whole; 0.1 is 10 points.")] = 0.1,
    out: Annotated[Path, typer.Option(help="Folder for slices.csv, clips.csv and run.json.")] = Path(
        "slicecore-out"
    ),
) -> None:
    """Find the clusters of clips on which the model is clearly worse than on the whole."""
    from slicecore.analysis import analyse
    from slicecore.dataset import read
    from slicecore.export import clips_table, slices_table, write_csv
    from slicecore.metrics import METRICS
    from slicecore.scan import Scanner

    data = read(table, audio=audio, reference=reference, prediction=prediction, id=id_column)
    if metric not in METRICS:
        raise MetricError(f"There is no metric “{metric}”. Use one of: {', '.join(METRICS)}.")
    costs = METRICS[metric](data.reference, data.prediction, normalisation)
    _check_folder(out)
    with _Progress() as progress:
        analysis = analyse(data, embedding, layout=None, progress=progress)
    found = Scanner(analysis.hierarchy, costs, ids=data.ids).scan(min_support, min_drop)

    write_csv(slices_table(found), out / "slices.csv")
    write_csv(clips_table(data, found), out / "clips.csv")
    reasons = analysis.embeddings.reasons
    record = {
        "table": str(table),
        "columns": {
            "audio": data.roles.audio,
            "reference": data.roles.reference,
            "prediction": data.roles.predictions[0] if data.roles.predictions else None,
            "id": data.roles.id,
        },
        "embedding": embedding,
        "metric": metric,
        "normalisation": normalisation,
        "min_support": min_support,
        "min_drop": min_drop,
        "clips": len(data.ids),
        "overall_value": _number(found.overall),
        "slices": len(found.slices),
        "errors_explained": _number(found.explained),
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
    typer.echo(
        f"{costs.name} {found.overall:.3f} over {len(data.ids)} clips; {len(found.slices)} slices with "
        f"{found.explained:.0%} of the errors, written to {out}.",
        err=True,
    )


@cli.command()
def run(
    tables: Annotated[
        list[Path] | None, typer.Argument(help="Tables to open; the sample data by default.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the page on this machine.")] = 8501,
) -> None:
    """Open the app in the browser, on the given tables."""
    from streamlit.web.cli import main as streamlit

    for table in tables or []:
        if not table.is_file():
            raise SlicecoreError(
                f"There is no file {table}. Give the path of a CSV table with a row per clip."
            )
    if tables:
        os.environ[TABLES_VARIABLE] = json.dumps([str(table.resolve()) for table in tables])
    script = Path(__file__).parents[1] / "app" / "main.py"
    streamlit(["run", str(script), "--server.port", str(port)], standalone_mode=False)


class _Progress:
    """Steps and bars on stderr; called as `analyse` reports."""

    def __enter__(self) -> _Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._tasks: dict[str, int] = {}
        self._bars.start()
        return self

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=total or None)
        self._bars.update(self._tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

    def __exit__(self, *_: object) -> None:
        self._bars.stop()


def _check_folder(out: Path) -> None:
    # Before the long work, not after it.
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "run.json").touch()
    except OSError as error:
        raise SlicecoreError(
            f"The folder {out} can't be written to ({error.strerror}). Give another one with --out."
        ) from error


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
