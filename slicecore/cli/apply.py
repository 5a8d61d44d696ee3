"""`slicecore apply`: the clips of a table that are in slices defined elsewhere."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.arguments import (
    Audio,
    Definitions,
    End,
    Format,
    Id,
    Means,
    Prediction,
    Predictions,
    Reference,
    Start,
    Table,
    prediction_files,
)
from slicecore.cli.progress import ProgressBars
from slicecore.errors import StorageError
from slicecore.wording import UNKNOWN, clips, percent, printable

_Out = Annotated[Path, typer.Option(help="CSV file with a row per clip of a slice.")]


def apply(
    definitions: Definitions,
    table: Table,
    audio: Audio = None,
    reference: Reference = None,
    prediction: Prediction = None,
    id_column: Id = None,
    start: Start = None,
    end: End = None,
    table_format: Format = None,
    predictions: Predictions = None,
    by: Means = None,
    out: _Out = Path("members.csv"),
) -> None:
    """Find the clips of a table that are in defined slices."""
    from slicecore.report.tables import write_csv
    from slicecore.table.dataset import read
    from slicecore.transfer.applying import apply as apply_definitions
    from slicecore.transfer.file import load_definitions

    defined = load_definitions(definitions)
    data = read(
        table,
        audio=audio,
        reference=reference,
        prediction=prediction,
        id=id_column,
        start=start,
        end=end,
        format=table_format,
        predictions=prediction_files(predictions),
    )
    with ProgressBars() as bars:
        applied = apply_definitions(defined, data, by=by, progress=bars)
    try:
        write_csv(applied.clips(), out)
    except OSError as error:
        raise StorageError(
            f"{out} can't be written ({error.strerror}). Choose another file with --out."
        ) from error
    for members in applied.slices:
        if not members.means:
            typer.echo(printable(f"{members.name}: {' '.join(members.problems)}"))
            continue
        sure = f"precision {_share(members.precision)}, recall {_share(members.recall)}"
        typer.echo(f"{printable(members.name)}: {clips(len(members.rows))} by {members.means} ({sure})")
    typer.echo(f"written to {out}", err=True)


def _share(share: float) -> str:
    return UNKNOWN if math.isnan(share) else percent(share)
