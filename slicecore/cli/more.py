"""`slicecore more`: clips of unlabelled data that are like those of defined slices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.arguments import Definitions
from slicecore.cli.files import require_other, write_file
from slicecore.cli.progress import ProgressBars
from slicecore.cli.table import GivenTable, with_table
from slicecore.wording import clips, printable

_Count = Annotated[int, typer.Option("-n", "--clips", min=1, help="Most clips of each slice.")]
_Slice = Annotated[
    list[str] | None, typer.Option("--slice", help="Name of a slice; all by default. Can be given again.")
]
_Out = Annotated[Path, typer.Option("-o", "--out", help="CSV file with a row per clip, the surest first.")]


@with_table
def more(
    table: GivenTable,
    definitions: Definitions,
    count: _Count = 100,
    slices: _Slice = None,
    out: _Out = Path("more.csv"),
) -> None:
    """Find more clips like those of defined slices, in data that need no transcripts: a table or a folder of sound."""
    from slicecore.report.csv_files import to_csv
    from slicecore.transfer.file import load_definitions
    from slicecore.transfer.more_like import more_like

    require_other(table.path, out)
    require_other(definitions, out)
    defined = load_definitions(definitions)
    data = table.read(labelled=False)
    with ProgressBars() as bars:
        found = more_like(defined, data, count, slices=slices, progress=bars)
    write_file(out, to_csv(found))
    for problem in found.attrs["problems"]:
        typer.echo(f"slicecore: {printable(problem)}", err=True)
    for name, part in found.groupby("slice", sort=False):
        typer.echo(f"{printable(str(name))}: {clips(len(part))}, {int(part.within.sum())} taken for its own")
    typer.echo(f"written to {out}", err=True)
