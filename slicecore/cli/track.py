"""`slicecore track`: a search whose result is logged to MLflow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.arguments import definitions_path
from slicecore.cli.search import Search, with_search

_Definitions = Annotated[
    Path | None,
    typer.Option(
        help="slices.yaml: log the defined slices by their names, and confirmed ones that are new.",
        parser=definitions_path,
    ),
]
_History = Annotated[
    Path | None, typer.Option(help="Folder with the runs that gates have saved: logged as steps.")
]
_Experiment = Annotated[str | None, typer.Option(help="Experiment; created if missing.")]
_Name = Annotated[str | None, typer.Option(help="Name of the run, such as a commit.")]
_Report = Annotated[bool, typer.Option(help="Log the report, which holds sounds and texts of example clips.")]


@with_search
def track(
    search: Search,
    definitions: _Definitions = None,
    history: _History = None,
    experiment: _Experiment = None,
    name: _Name = None,
    report: _Report = True,
) -> None:
    """Log the slices of a table to MLflow, where MLFLOW_TRACKING_URI says."""
    from slicecore.gate.history import history as read_history
    from slicecore.track.mlflow_run import mlflow, require_mlflow
    from slicecore.transfer.file import load_definitions

    require_mlflow()  # before the long work, not after it
    defined = None if definitions is None else load_definitions(definitions)
    past = None if history is None else read_history(history)
    tracked = mlflow(
        search(), definitions=defined, history=past, experiment=experiment, name=name, report=report
    )
    for note in tracked.notes:
        typer.echo(note, err=True)
    typer.echo(f"Logged {len(tracked.metrics)} metrics to the MLflow run {tracked.run_id}.")
