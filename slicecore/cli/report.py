"""`slicecore report`: everything that was found in a table as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slicecore.cli.files import is_taken
from slicecore.cli.progress import ProgressBars
from slicecore.cli.scan import summarise
from slicecore.cli.search import Search, with_search
from slicecore.errors import StorageError
from slicecore.wording import fixed

if TYPE_CHECKING:
    from slicecore.report.html.past import Past

_Verdicts = Annotated[
    bool,
    typer.Option(
        help="Fill in the verdicts of the review page, and those carried over from other clips, models and tables."
    ),
]
_History = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the runs that gates have saved: how defined slices went on over versions."
    ),
]
_Out = Annotated[Path, typer.Option("--out", "-o", help="The HTML file, which is replaced.")]


@with_search
def report(
    search: Search, verdicts: _Verdicts = True, history: _History = None, out: _Out = Path("report.html")
) -> None:
    """Write a report: one HTML file with slices, reasons, sounds and methods, which needs nothing else."""
    from slicecore.pipeline import require_writable

    require_writable(out.parent)  # before the long work, not after it
    if is_taken(out) and out.is_dir():
        raise StorageError(f"{out} is a folder. Name the file of the report: --out {out / 'report.html'}.")
    past = _past(history)
    result = search()
    with ProgressBars() as progress:
        result.report(out, verdicts=verdicts, past=past, progress=progress)
    summarise(result, out)
    typer.echo(
        f"{out} has {fixed(out.stat().st_size / 1e6, 1)} MB and can be opened and passed on as it is.",
        err=True,
    )


def _past(folder: Path | None) -> Past | None:
    if folder is None:
        return None
    from slicecore.gate.history import history
    from slicecore.gate.past import past_of

    return past_of(history(folder))
