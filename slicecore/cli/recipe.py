"""`slicecore recipe`: what makes clean training clips sound like the slices of a table, as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.cli.search import Search, wanted, with_search
from slicecore.wording import printable

_Out = Annotated[
    Path, typer.Option("--out", "-o", help="Folder; each slice with a recipe has a folder in it.")
]
_Slice = Annotated[
    list[str] | None,
    typer.Option("--slice", help="Id or name of a slice, all by default. Can be given again."),
]
_Share = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Share of the training clips that a recipe changes; half by default."),
]


@with_search
def recipe(search: Search, out: _Out = Path("recipes"), slices: _Slice = None, share: _Share = None) -> None:
    """Write recipes for audiomentations and NeMo that make clean clips sound like those of each slice."""
    from slicecore.pipeline import require_writable
    from slicecore.pipeline.definitions import named_slices
    from slicecore.storage.safe_names import SafeNames

    require_writable(out)  # before the long work, not after it
    result = search()
    named = named_slices(result)
    names = SafeNames(each.name for each in named)
    for each in wanted(named, slices) if slices else named:
        made = result.recipe(each.slice, share=share, name=each.name)
        if made.steps:
            folder = out / names.part[each.name]
            made.save(folder)
            typer.echo(f"written to {folder}", err=True)
        typer.echo(printable(made.line))
