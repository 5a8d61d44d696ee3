"""Engine on the command line: whether clips are worked through here or on a Ray cluster, and on which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from slicecore.cli.shared_options import shared

if TYPE_CHECKING:
    from slicecore.embedding import Cluster

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


@dataclass(frozen=True)
class GivenEngine:
    """An engine and its cluster as they were given."""

    name: str = "local"
    ray_address: str | None = None
    parts: str | None = None
    workers: int | None = None
    cpus: float = 1
    gpus: float = 0

    def cluster(self) -> Cluster | None:
        """The cluster; None for this process. Raises ModelError where there is no such engine."""
        from slicecore.embedding import Cluster, cluster_of

        return cluster_of(
            self.name, Cluster(self.ray_address, self.parts, self.workers, self.cpus, self.gpus)
        )


def engine_options(
    engine: _Engine = "local",
    ray_address: _RayAddress = None,
    parts: _Parts = None,
    workers: _Workers = None,
    cpus: _Cpus = 1,
    gpus: _Gpus = 0,
) -> GivenEngine:
    """The engine with these options."""
    return GivenEngine(engine, ray_address, parts, workers, cpus, gpus)


with_engine = shared(engine_options)
"""Decorator of a command that works through clips: its first argument is the `GivenEngine`."""
