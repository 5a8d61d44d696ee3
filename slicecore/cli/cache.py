"""`slicecore cache`: contents of the cache, and how to make it smaller."""

from __future__ import annotations

from typing import Annotated

import typer

_Limit = Annotated[
    str | None, typer.Option(help="Shrink the cache to this size, such as 2GB, least recently used first.")
]
_Clear = Annotated[
    str | None, typer.Option(help="Remove the entries of one model, by its name in the list, or of “all”.")
]


def cache(limit: _Limit = None, clear: _Clear = None) -> None:
    """List the contents of the cache by model; limit or clear it."""
    from slicecore.limits import bytes_of
    from slicecore.storage import cache_admin
    from slicecore.storage.home import cache_folder
    from slicecore.wording import counted

    folder = cache_folder()
    if clear is not None:
        for removed in cache_admin.clear(folder, None if clear == "all" else clear):
            typer.echo(f"removed {removed.entries} of {removed.name}")
    if limit is not None:
        files, results = cache_admin.prune(folder, bytes_of(limit))
        typer.echo(f"removed {counted(results, 'result')} of clips and {counted(files, 'file')}")
    entries = cache_admin.contents(folder)
    width = max([len(entry.name) for entry in entries] + [5])
    typer.echo(f"{'model':<{width}}  entries        MB")
    for entry in entries:
        typer.echo(f"{entry.name:<{width}}  {entry.entries:>7}  {entry.bytes / 1e6:>8.1f}")
    typer.echo(f"in {folder}")
