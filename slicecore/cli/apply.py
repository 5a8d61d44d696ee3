"""`slicecore apply`: the clips of a table that are in slices defined elsewhere."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.arguments import Definitions, Means
from slicecore.cli.files import require_other, write_file
from slicecore.cli.progress import ProgressBars
from slicecore.cli.table import GivenTable, with_table
from slicecore.wording import UNKNOWN, clips, percent, printable

_Out = Annotated[Path, typer.Option(help="CSV file with a row per clip of a slice.")]


@with_table
def apply(
    table: GivenTable, definitions: Definitions, by: Means = None, out: _Out = Path("members.csv")
) -> None:
    """Find the clips of a table that are in defined slices."""
    from slicecore.report.csv_files import to_csv
    from slicecore.transfer.applying import apply as apply_definitions
    from slicecore.transfer.file import load_definitions

    require_other(table.path, out)
    require_other(definitions, out)
    defined = load_definitions(definitions)
    data = table.read()
    with ProgressBars() as bars:
        applied = apply_definitions(defined, data, by=by, progress=bars)
    write_file(out, to_csv(applied.clips()))
    for members in applied.slices:
        if not members.means:
            typer.echo(printable(f"{members.name}: {' '.join(members.problems)}"))
            continue
        sure = f"precision {_share(members.precision)}, recall {_share(members.recall)}"
        typer.echo(f"{printable(members.name)}: {clips(len(members.rows))} by {members.means} ({sure})")
    typer.echo(f"written to {out}", err=True)


def _share(share: float) -> str:
    return UNKNOWN if math.isnan(share) else percent(share)
