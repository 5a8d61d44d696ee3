"""`slicecore embed`: compute and keep the vectors of a table, here or on a cluster, for a later scan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def embed(
    table: Annotated[Path, typer.Argument(help="CSV file with a row per clip.")],
    audio: Annotated[str | None, typer.Option(help="Column of the audio files; guessed by default.")] = None,
    start: Annotated[
        str | None, typer.Option(help="Column of where in the audio file a clip starts, in seconds.")
    ] = None,
    end: Annotated[str | None, typer.Option(help="Column of where it ends.")] = None,
    embedding: Annotated[
        list[str] | None, typer.Option(help="Model name or folder; signal by default. May be given again.")
    ] = None,
    engine: Annotated[str, typer.Option(help="local, or ray for a cluster.")] = "local",
    ray_address: Annotated[
        str | None,
        typer.Option(help="Of the cluster, such as auto or 10.0.0.1:6379; this machine by default."),
    ] = None,
    parts: Annotated[
        str | None,
        typer.Option(
            help="Where a cluster writes its results: a folder all machines share, or a URL like s3://…."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Most workers at a time; as many as fit by default.")
    ] = None,
    cpus: Annotated[float, typer.Option(help="Processors for each worker.")] = 1,
    gpus: Annotated[float, typer.Option(help="GPUs for each worker; 0.25 lets four share one.")] = 0,
) -> None:
    """Compute and keep the vectors of a table. A scan of it then starts at once."""
    from slicecore.cli.progress import ProgressBars
    from slicecore.embedding import Cluster, label
    from slicecore.embedding import embed as embed_all
    from slicecore.table.dataset import read

    data = read(table, audio=audio, start=start, end=end)
    cluster = Cluster(ray_address, parts, workers, cpus, gpus)
    for model in embedding or ["signal"]:
        with ProgressBars() as bars:
            run = embed_all(
                data,
                model,
                engine=engine,
                cluster=cluster,
                progress=lambda done, total, bars=bars, model=model: bars(label(model), done, total),  # type: ignore[misc]
            )
        typer.echo(f"{label(model)}: {run.valid.sum()} of {len(data)} clips have a vector")
        for row, reason in list(run.reasons.items())[:20]:
            typer.echo(f"  {data.ids[row]}: {reason}")
        if len(run.reasons) > 20:
            typer.echo(f"  and {len(run.reasons) - 20} more")
