"""`slicecore embed`: vectors of a table, computed here or on a cluster and stored for a later scan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from slicecore.cli.engine import GivenEngine, with_engine
from slicecore.cli.progress import ProgressBars
from slicecore.cli.table import GivenTable, with_table
from slicecore.errors import TableError

_REASONS_LISTED = 20

_Embedding = Annotated[
    list[str] | None, typer.Option(help="Model name or folder; signal by default. Can be given again.")
]


@with_table
@with_engine
def embed(engine: GivenEngine, table: GivenTable, embedding: _Embedding = None) -> None:
    """Compute and store the vectors of a table. A scan of it then starts at once."""
    from slicecore.embedding import embed as embed_all
    from slicecore.embedding import label

    data, has_any = table.read(), False
    for model in embedding or ["signal"]:
        name = label(model)
        with ProgressBars() as bars:
            embeddings = embed_all(
                data, model, engine=engine.name, cluster=engine.cluster(), progress=_one_step(bars, name)
            )
        typer.echo(f"{name}: {embeddings.valid.sum()} of {len(data)} clips have a vector")
        has_any |= bool(embeddings.valid.any())
        reasons = list(embeddings.reasons.items())
        for row, reason in reasons[:_REASONS_LISTED]:
            typer.echo(f"  {data.ids[row]}: {reason}")
        if len(reasons) > _REASONS_LISTED:
            typer.echo(f"  and {len(reasons) - _REASONS_LISTED} more")
    if not has_any:
        raise TableError(f"No clip of “{data.name}” has a vector. Correct the table or its files.")


def _one_step(bars: ProgressBars, name: str) -> Callable[[int, int], None]:
    return lambda done, total: bars(name, done, total)
