"""`slicecore run`: the command that opens the app, and how it tells the server what to open."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from slicecore.errors import MetricError, SlicecoreError

TABLES_VARIABLE = "SLICECORE_TABLES"
"""Environment variable by which `slicecore run` tells the app which tables to open: a JSON list of paths, or of
objects with a path and column names."""

VIEW_VARIABLE = "SLICECORE_VIEW"
"""Environment variable by which `slicecore run` tells the app what to show first, as a JSON object."""


def run(
    tables: Annotated[
        list[Path] | None, typer.Argument(help="Tables to open; the sample data by default.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the page on this machine.")] = 8501,
    audio: Annotated[str | None, typer.Option(help="Column of the audio files; guessed by default.")] = None,
    reference: Annotated[str | None, typer.Option(help="Column of what was said.")] = None,
    prediction: Annotated[
        list[str] | None, typer.Option(help="Column of what a model heard; give it again for another model.")
    ] = None,
    id_column: Annotated[str | None, typer.Option("--id", help="Column of clip ids.")] = None,
    start: Annotated[
        str | None,
        typer.Option(help="Column of the time at which a clip starts in its audio file, in seconds."),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(help="Column of the time at which a clip ends in its audio file, in seconds."),
    ] = None,
    embedding: Annotated[str | None, typer.Option(help="Shown first; as in scan.")] = None,
    metric: Annotated[str | None, typer.Option(help="Shown first; as in scan.")] = None,
    normalisation: Annotated[str, typer.Option(help="none, basic or english.")] = "basic",
    mean_of: Annotated[
        str | None, typer.Option(help="Column with a number per clip, whose mean is the metric shown first.")
    ] = None,
    higher_is_better: Annotated[
        bool, typer.Option("--higher-is-better", help="A high mean of that column is good.")
    ] = False,
    min_support: Annotated[int | None, typer.Option(help="Where the slider stands first.")] = None,
    min_drop: Annotated[float | None, typer.Option(help="Where the slider stands first.")] = None,
) -> None:
    """Open the app in the browser, on the given tables."""
    import tomllib

    from click import Abort
    from streamlit.web.cli import main as streamlit

    from slicecore.metrics.builtin import METRICS

    for table in tables or []:
        if not table.is_file():
            raise SlicecoreError(
                f"There is no file {table}. Give the path of a CSV table with a row per clip."
            )
    if metric is not None and metric not in METRICS:
        raise MetricError(f"There is no metric “{metric}”. Use one of: {', '.join(METRICS)}.")
    if tables:
        columns = {
            "audio": audio,
            "reference": reference,
            "predictions": prediction,
            "id": id_column,
            "start": start,
            "end": end,
        }
        given = {role: column for role, column in columns.items() if column}
        os.environ[TABLES_VARIABLE] = json.dumps(
            [{"path": str(table.resolve()), **given} if given else str(table.resolve()) for table in tables]
        )
    view = {
        "model": embedding,
        "metric": metric,
        "normalisation": normalisation if metric else None,
        "mean_of": mean_of,
        "higher_is_better": higher_is_better or None,
        "min_support": min_support,
        "min_drop": min_drop,
    }
    os.environ[VIEW_VARIABLE] = json.dumps({name: value for name, value in view.items() if value is not None})
    with _installed(".streamlit/config.toml").open("rb") as file:
        options = list(_flags(tomllib.load(file)))
    # As an error, Ctrl-C would be a page of traceback: with uvloop it reaches click as an interrupt.
    with contextlib.suppress(Abort):
        streamlit(
            ["run", str(_installed("main.py")), *options, "--server.port", str(port)], standalone_mode=False
        )


def _flags(settings: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Settings of Streamlit as options of its command line, which go before any file."""
    for name, value in settings.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flags(value, f"{key}.")
        else:
            for one in value if isinstance(value, list) else [value]:
                yield f"--{key}"
                yield str(one).lower() if isinstance(one, bool) else str(one)


def _installed(name: str) -> Path:
    """A file that a wheel carries inside the package, and a checkout beside or above it.

    Streamlit itself looks for settings in the working folder and beside the script. In a checkout they are in neither,
    and without them the page would be open to the network.
    """
    for folder in Path(__file__).parents[:3]:
        if (folder / name).exists():
            return folder / name
    raise SlicecoreError(f"{name} is missing from this installation. Install slicecore again.")
