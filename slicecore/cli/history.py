"""`slicecore history`: defined slices over the saved runs of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.files import write_file
from slicecore.wording import printable

_Folder = Annotated[Path, typer.Argument(help="Folder with the runs that slicecore gate --save has written.")]
_Html = Annotated[
    Path | None, typer.Option("--html", help="Write the chart to this file, which needs no network.")
]
_Csv = Annotated[Path | None, typer.Option("--csv", help="Write the table to this file.")]


def history(folder: _Folder, html: _Html = None, csv: _Csv = None) -> None:
    """Print the value and state of every defined slice over the runs of a folder: open, mended or back."""
    from slicecore.gate.history import history as read_history
    from slicecore.gate.history import run_name
    from slicecore.report.csv_files import to_csv

    known = read_history(folder)
    costs = known.runs[0].costs()
    for name, entries in known.slices.items():
        typer.echo(f"{printable(name)}: {known.state[name]}")
        for entry in entries:
            value = costs.value_text(entry.slice.value).replace("\u202f", " ")
            drop = costs.drop_text(entry.drop).replace("\u202f", " ")
            run, support = printable(run_name(entry.run)), entry.slice.support
            typer.echo(f"  {run:<24} {value:>8} ({drop}) {support:>6} clips  {entry.state}")
    if csv is not None:
        write_file(csv, to_csv(known.to_frame()))
    if html is not None:
        write_file(html, known.figure().to_html(include_plotlyjs=True).encode("utf-8"))
