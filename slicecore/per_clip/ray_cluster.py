"""Ray clusters: the settings of one, the connection to it, and how many workers fit."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slicecore.errors import ModelError

_NEEDS_RAY = (
    "The engine “ray” needs Ray. Install it on every machine of the cluster: pip install 'slicecore[ray]'"
)


@dataclass(frozen=True)
class Cluster:
    """Settings of engine="ray".

    Attributes
    ----------
    address
        Ray address, e.g. "auto" or "10.0.0.1:6379"; None for the one that RAY_ADDRESS names or this process is
        connected to, else a cluster that is started on this machine and ends with the work.
    parts
        Place of the results, as Parquet files: a folder that all machines share, or a URL that fsspec knows. The
        folder `parts` of the cache if None, which is enough for one machine.
    workers
        Maximum number of workers at a time; as many as fit if None.
    cpus, gpus
        Processors and GPUs of each worker; `gpus` may be a fraction, so that several workers share one.
    part_clips
        Clips per part: at most so many are computed again when a worker dies.
    """

    address: str | None = None
    parts: str | Path | None = None
    workers: int | None = None
    cpus: float = 1
    gpus: float = 0
    part_clips: int = 256


@contextlib.contextmanager
def connected(cluster: Cluster) -> Iterator[None]:
    """Connection to a cluster, which is started on this machine if need be and ends with the context.

    Raises ModelError where Ray is not installed or there is no such cluster.
    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ModelError(_NEEDS_RAY) from error
    mine = not ray.is_initialized()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine unasked
    try:
        if mine:
            ray.init(address=cluster.address, log_to_driver=False, include_dashboard=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"There is no Ray cluster at “{cluster.address}”: {last_line(error)}. Start it with “ray start --head”, "
            "or leave the address out to use this machine."
        ) from error
    context = ray.data.DataContext.get_current()
    before = context.enable_progress_bars, context.print_on_execution_start
    context.enable_progress_bars = context.print_on_execution_start = False
    try:
        yield
    finally:
        context.enable_progress_bars, context.print_on_execution_start = before
        if mine:
            ray.shutdown()


def most_workers(cluster: Cluster, parts: int) -> int:
    """Number of workers that fit. Raises ModelError if not even one does: Ray would wait for ever."""
    import ray

    there = ray.cluster_resources()
    fits = [parts] if cluster.workers is None else [parts, cluster.workers]
    for resource, wanted in (("CPU", cluster.cpus), ("GPU", cluster.gpus)):
        if wanted:
            has = there.get(resource, 0)
            if has < wanted:
                raise ModelError(
                    f"A worker is to have {wanted:g} {resource}, but the cluster has {has:g} in all. Add machines, or "
                    "let workers take less."
                )
            fits.append(int(has / wanted))
    return max(1, min(fits))


def last_line(error: BaseException) -> str:
    """The last line of an error of Ray, which says what went wrong; the lines above it are places in the code."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
