"""`slicecore embed`: vectors of a table, computed here or on a cluster and stored for a later scan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from slicecore.cli.progress import ProgressBars
from slicecore.cli.table import GivenTable, with_table

_REASONS_LISTED = 20

_Embedding = Annotated[
    list[str] | None, typer.Option(help="Model name or folder; signal by default. Can be given again.")
]
_Engine = Annotated[str, typer.Option(help="local, or ray for a cluster.")]
_RayAddress = Annotated[
    str | None, typer.Option(help="Ray address, such as auto or 10.0.0.1:6379; this machine by default.")
]
_Parts = Annotated[
    str | None,
    typer.Option(
        help="Where a cluster writes its results: a folder all machines share, or a URL like s3://…."
    ),
]
_Workers = Annotated[int | None, typer.Option(help="Most workers at a time; as many as fit by default.")]
_Cpus = Annotated[float, typer.Option(help="Processors for each worker.")]
_Gpus = Annotated[float, typer.Option(help="GPUs for each worker; 0.25 lets four share one.")]


@with_table
def embed(
    table: GivenTable,
    embedding: _Embedding = None,
    engine: _Engine = "local",
    ray_address: _RayAddress = None,
    parts: _Parts = None,
    workers: _Workers = None,
    cpus: _Cpus = 1,
    gpus: _Gpus = 0,
) -> None:
    """Compute and store the vectors of a table. A scan of it then starts at once."""
    from slicecore.embedding import Cluster, label
    from slicecore.embedding import embed as embed_all

    data = table.read()
    cluster = Cluster(ray_address, parts, workers, cpus, gpus)
    for model in embedding or ["signal"]:
        name = label(model)
        with ProgressBars() as bars:
            embeddings = embed_all(
                data, model, engine=engine, cluster=cluster, progress=_one_step(bars, name)
            )
        typer.echo(f"{name}: {embeddings.valid.sum()} of {len(data)} clips have a vector")
        reasons = list(embeddings.reasons.items())
        for row, reason in reasons[:_REASONS_LISTED]:
            typer.echo(f"  {data.ids[row]}: {reason}")
        if len(reasons) > _REASONS_LISTED:
            typer.echo(f"  and {len(reasons) - _REASONS_LISTED} more")


def _one_step(bars: ProgressBars, name: str) -> Callable[[int, int], None]:
    return lambda done, total: bars(name, done, total)
