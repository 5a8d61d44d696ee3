"""`slicecore probe`: clips of a slice mended, or clean clips damaged, and whether its cause was the cause."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.files import is_taken
from slicecore.cli.search import Search, wanted, with_search
from slicecore.errors import SlicecoreError
from slicecore.wording import counted, printable

_Slice = Annotated[
    str | None,
    typer.Argument(
        metavar="SLICE", help="Id or name of the slice. Where there is only one, it need not be given."
    ),
]
_Remedy = Annotated[
    str,
    typer.Option(
        help="Remedy to try: notch, highpass, lowpass, gain, resample, trim, denoise, level or channel; that of the "
        "cause by default."
    ),
]
_Damage = Annotated[
    bool,
    typer.Option(
        "--damage", help="Damage clean clips by the slice's own measured amount instead of mending its clips."
    ),
]
_Cause = Annotated[
    str, typer.Option(help="Cause of the slice, such as hum; by default the first that may be the reason.")
]
_Judge = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Judge the probe in this folder: TABLE is the file with the new predictions of its probe.csv.",
    ),
]
_Out = Annotated[Path, typer.Option("--out", "-o", help="New folder for the clips and their table.")]


@with_search
def probe(
    search: Search,
    slice_: _Slice = None,
    remedy: _Remedy = "",
    damage: _Damage = False,
    cause: _Cause = "",
    judge: _Judge = None,
    out: _Out = Path("probe"),
) -> None:
    """Try whether the cause of a slice is the cause: write its clips mended, then judge new predictions of them."""
    if judge is not None:
        if slice_ or remedy or damage or cause:
            raise SlicecoreError("--judge takes the folder of a probe and the new predictions, nothing else.")
        _judge(judge, search.table)
        return
    if is_taken(out):  # before the long work, not after it
        raise SlicecoreError(f"{out} is there already. Choose a folder that does not exist (--out).")
    from slicecore.pipeline.definitions import named_slices

    result = search()
    named = named_slices(result)
    if slice_ is None and len(named) != 1:
        there = ", ".join(f"{each.name} ({each.slice.id})" for each in named) or "none"
        raise SlicecoreError(f"Name the slice to be probed behind the table. There are: {there}.")
    chosen = wanted(named, [slice_])[0] if slice_ else named[0]
    written = result.probe(chosen.slice, remedy=remedy, damage=damage, cause=cause, name=chosen.name).write(
        out
    )
    typer.echo(printable(f"{chosen.name}: {counted(len(written.clips), 'clip')}, {written.about.change}."))
    typer.echo(
        f"Run the recogniser on {out / 'probe.csv'}, then: slicecore probe --judge {out} PREDICTIONS",
        err=True,
    )


def _judge(folder: Path, predictions: Path) -> None:
    from slicecore.recipes.probing.written import load_probe

    typer.echo(printable(load_probe(folder).judge(predictions).sentence))
