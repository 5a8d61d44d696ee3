"""`slicecore relabel`: a table with the references that labellers or reviewers corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.arguments import Audio, End, Folder, Format, Id, Prediction, Reference, Start, table_path
from slicecore.cli.files import require_other, write_file
from slicecore.storage.verdicts import place
from slicecore.wording import printable

_Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="[EXPORT] TABLE",
        parser=table_path,
        help="Export of a Label Studio project, as JSON, and the table that it is of. With the table alone, the "
        "corrections are those that were made on the review page.",
    ),
]
_Out = Annotated[Path, typer.Option("--out", "-o", help="CSV file with the corrected table.")]
_Changes = Annotated[
    Path | None,
    typer.Option(
        help="Write what changed to this CSV file: id, before, after, reviewer, time.", metavar="FILE"
    ),
]


def relabel(
    files: _Files,
    audio: Audio = None,
    reference: Reference = None,
    prediction: Prediction = None,
    id_column: Id = None,
    start: Start = None,
    end: End = None,
    table_format: Format = None,
    folder: Folder = None,
    changes: _Changes = None,
    out: _Out = Path("corrected.csv"),
) -> None:
    """Put references that were corrected, in Label Studio or on the review page, into a copy of their table."""
    from slicecore.relabel.corrections import read_corrections, reviewed_corrections, save_corrected
    from slicecore.report.csv_files import to_csv
    from slicecore.table.dataset import read

    if len(files) > 2:
        raise typer.BadParameter("There are more than two files: an export and a table are taken.")
    table = files[-1]
    for given in files:
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
        folder=folder,
    )
    corrections = read_corrections(files[0], data) if len(files) == 2 else reviewed_corrections(data)
    save_corrected(data, corrections, out, format=table_format)
    if changes is not None:
        write_file(changes, to_csv(corrections.to_frame()))
    for each in corrections.changed:
        typer.echo(printable(f"{each.id}: “{each.before}” → “{each.after}”"))
    typer.echo(printable(corrections.sentence), err=True)
    if len(files) == 1 and not len(corrections.changed):
        typer.echo(
            f"Corrections were looked for in {place.chosen_name()}; {place.VARIABLE} names another.", err=True
        )
    typer.echo(f"written to {out}", err=True)
