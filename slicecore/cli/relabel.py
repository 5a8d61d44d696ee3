"""`slicecore relabel`: a table with the references that labellers corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.arguments import Audio, End, Format, Id, Prediction, Reference, Start, Table
from slicecore.cli.files import require_other, write_file
from slicecore.wording import printable

_Export = Annotated[Path, typer.Argument(help="Export of a Label Studio project, as JSON.")]
_Out = Annotated[Path, typer.Option("--out", "-o", help="CSV file with the corrected table.")]
_Changes = Annotated[
    Path | None, typer.Option(help="Write what changed to this CSV file: id, before, after.", metavar="FILE")
]


def relabel(
    export: _Export,
    table: Table,
    audio: Audio = None,
    reference: Reference = None,
    prediction: Prediction = None,
    id_column: Id = None,
    start: Start = None,
    end: End = None,
    table_format: Format = None,
    changes: _Changes = None,
    out: _Out = Path("corrected.csv"),
) -> None:
    """Put references that were corrected in Label Studio back into a copy of their table."""
    from slicecore.relabel.corrections import read_corrections, save_corrected
    from slicecore.report.tables import to_csv
    from slicecore.table.dataset import read

    for given in (export, table):
        require_other(given, out, changes)
    data = read(
        table,
        audio=audio,
        reference=reference,
        prediction=prediction,
        id=id_column,
        start=start,
        end=end,
        format=table_format,
    )
    corrections = read_corrections(export, data)
    save_corrected(data, corrections, out, format=table_format)
    if changes is not None:
        write_file(changes, to_csv(corrections.to_frame()))
    for each in corrections.changed:
        typer.echo(printable(f"{each.id}: “{each.before}” → “{each.after}”"))
    typer.echo(printable(corrections.sentence), err=True)
    typer.echo(f"written to {out}", err=True)
