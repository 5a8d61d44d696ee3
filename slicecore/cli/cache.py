"""`slicecore cache`: what is kept of earlier runs, and how to make it smaller."""

from __future__ import annotations

from typing import Annotated

import typer


def cache(
    limit: Annotated[
        str | None,
        typer.Option(help="Make it no larger than this, such as 2GB; what was used longest ago goes."),
    ] = None,
    clear: Annotated[
        str | None,
        typer.Option(help="Remove the results of one model, by its name in the list, or of “all”."),
    ] = None,
) -> None:
    """Show what the cache holds, by model; limit or clear it."""
    from slicecore.storage.cache_admin import bytes_of, contents, prune
    from slicecore.storage.cache_admin import clear as remove
    from slicecore.storage.home import cache_folder

    folder = cache_folder()
    if clear is not None:
        for one in remove(folder, None if clear == "all" else clear):
            typer.echo(f"removed {one.entries} of {one.name}")
    if limit is not None:
        files, results = prune(folder, bytes_of(limit))
        typer.echo(f"removed {results} results, {files} trees and maps")
    held = contents(folder)
    width = max([len(one.name) for one in held] + [5])
    typer.echo(f"{'model':<{width}}  entries        MB")
    for one in held:
        typer.echo(f"{one.name:<{width}}  {one.entries:>7}  {one.bytes / 1e6:>8.1f}")
    typer.echo(f"in {folder}")
