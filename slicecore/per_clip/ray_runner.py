"""Embedding on a Ray cluster: workers decode and embed, the driver sees nothing but results.

Ray Data gives every worker one part of the clips after another. A worker loads the model once, writes each part as a
Parquet file (`parts`) and says how far it is. What a killed worker had in hand is given to another.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicecore.audio.clip import Clip
from slicecore.embedding.family import open_embedder
from slicecore.errors import ModelError
from slicecore.per_clip.parts import Part, Parts, divide
from slicecore.per_clip.work import (
    Cancelled,
    Finished,
    PerClip,
    compute,
    keep,
    look_up,
    store_key,
    unnamed,
    work_key,
)
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Outcome

_ASKED_EVERY_S = 0.25

_NEEDS_RAY = (
    "The engine “ray” needs Ray. Install it on every machine of the cluster: pip install 'slicecore[ray]'"
)


@dataclass(frozen=True)
class Cluster:
    """Where and how to embed with engine="ray".

    Attributes
    ----------
    address
        Of the cluster, such as "auto" or "10.0.0.1:6379"; None for the one that RAY_ADDRESS names or this process is
        connected to, else one that is started on this machine and ends with the work.
    parts
        Where results are written, as Parquet files: a folder that all machines share, or a URL that fsspec knows. The
        folder `parts` of the cache if None, which does for one machine.
    workers
        Most workers at a time; as many as fit if None.
    cpus, gpus
        What each worker takes; `gpus` may be a fraction, so that several workers share one.
    part_clips
        Clips in a part: what is lost at most when a worker dies.
    """

    address: str | None = None
    parts: str | Path | None = None
    workers: int | None = None
    cpus: float = 1
    gpus: float = 0
    part_clips: int = 256


def outcomes_on_ray(
    clips: Sequence[Clip | None],
    model: Any,
    work: PerClip,
    store: Store,
    cluster: Cluster,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[Outcome]:
    """Do what `per_clip.outcomes` does, on a cluster.

    Parameters
    ----------
    model, work
        The model as `open_embedder` takes it, and its embedder here, which is not started.

    Raises
    ------
    ModelError
        If Ray is not installed or no worker could load the model.
    StorageError
        If the parts can't be written.
    Cancelled
        If `cancel` was set. Parts that are finished stay.
    """
    progress = progress or (lambda done, total: None)
    rows = Counter(clip for clip in clips if clip is not None)
    found, todo, _ = look_up(rows, work, store)
    done = len(clips) - sum(rows[clip] for clip, _ in todo)
    progress(done, len(clips))
    if todo:
        cache = store.path.parent
        parts = Parts(cluster.parts if cluster.parts is not None else CacheFolder.PARTS.within(cache))
        parts.check()

        divided = divide(list(rows), todo, store_key(work), cluster.part_clips)
        under_way: dict[str, int] = {}
        shown = done

        def tell() -> None:
            # A part that a killed worker had begun starts anew; what was shown is not taken back.
            nonlocal shown
            shown = max(shown, done + sum(under_way.values()))
            progress(shown, len(clips))

        def report(part: Part, finished: int) -> None:
            under_way[part.name] = sum(rows[clip] for clip, _ in part.clips[:finished])
            tell()

        for part, key, finished in _finished_parts(
            divided, model, work, cache, parts, cluster, report, cancel
        ):
            _follow(work, key)
            keep(finished, key, store)
            found |= {one.clip: one.outcome for one in finished}
            under_way.pop(part.name, None)
            done += sum(rows[one.clip] for one in finished)
            tell()
    return [unnamed() if clip is None else found[clip] for clip in clips]


def _finished_parts(
    divided: Sequence[Part],
    model: Any,
    work: PerClip,
    cache: Path,
    parts: Parts,
    cluster: Cluster,
    report: Callable[[Part, int], None],
    cancel: threading.Event | None,
) -> Iterator[tuple[Part, str, list[Finished]]]:
    """Parts as they become ready; those that are there already come first."""
    waiting: dict[str, Part] = {}
    there = parts.names()
    for part in divided:
        read = parts.read(part) if part.name in there else None
        # What could not be fetched last time may be there now.
        if read is not None and all(one.digest for one in read[1]):
            yield part, *read
        else:
            waiting[part.name] = part
    if not waiting:
        return
    with _connected(cluster):
        for name in _computed(list(waiting.values()), model, work, cache, parts, cluster, report, cancel):
            read = parts.read(waiting[name])
            if read is None:
                raise ModelError(
                    f"A worker wrote {name} to “{parts.place}”, but it is not there. Give a place for the parts that "
                    "all machines of the cluster share."
                )
            yield waiting[name], *read


def _follow(work: PerClip, key: str) -> None:
    """Let the embedder here go by how the workers computed, perhaps in another precision: its key is then theirs."""
    follow = getattr(work, "follow", None)
    if follow is not None and key != store_key(work):
        follow(work_key(key))


def _computed(
    waiting: Sequence[Part],
    model: Any,
    work: PerClip,
    cache: Path,
    parts: Parts,
    cluster: Cluster,
    report: Callable[[Part, int], None],
    cancel: threading.Event | None,
) -> Iterator[str]:
    """Names of parts as workers finish them."""
    import ray
    import ray.data

    control = ray.remote(num_cpus=0, max_restarts=-1)(_Control).remote()
    rows = [{"name": part.name, "clips": pickle.dumps(part.clips)} for part in waiting]
    settings = {
        "model": model,
        "cache": cache,
        "identity": _identity(work),
        "place": parts.place,
        "control": control,
        "threads": max(1, int(cluster.cpus)),
    }
    dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        _Worker,
        batch_size=1,
        batch_format="numpy",
        fn_constructor_kwargs=settings,
        compute=ray.data.ActorPoolStrategy(
            min_size=1, max_size=_most_workers(cluster, len(rows)), max_tasks_in_flight_per_actor=2
        ),
        num_cpus=cluster.cpus,
        num_gpus=cluster.gpus,
    )
    # Ray blocks while it waits for a part; meanwhile this thread reports and looks whether to stop.
    results: queue.Queue[str | BaseException | None] = queue.Queue()
    threading.Thread(target=_drain, args=(dataset, results), daemon=True).start()
    under_way = {part.name: part for part in waiting}
    cancelled = False
    try:
        while True:
            if not cancelled and cancel is not None and cancel.is_set():
                control.stop.remote()
                cancelled = True
            try:
                result = results.get(timeout=_ASKED_EVERY_S)
            except queue.Empty:
                with contextlib.suppress(ray.exceptions.RayError):
                    for name, finished in ray.get(control.state.remote(), timeout=10).items():
                        if name in under_way:
                            report(under_way[name], finished)
                continue
            if result is None:
                break
            if isinstance(result, BaseException):
                raise ModelError(f"The cluster gave up: {_last_line(result)}") from result
            # What a worker finished just before it died is perhaps done again.
            if under_way.pop(result, None) is not None:
                yield result
    finally:
        control.stop.remote()  # whatever ends this, workers don't go on for nobody
    if cancelled:
        raise Cancelled("Embedding was cancelled.")


def _drain(dataset: Any, results: queue.Queue[str | BaseException | None]) -> None:
    import ray

    try:
        for row in dataset.iter_rows():
            results.put(row["name"])
    except (ray.exceptions.RayError, RuntimeError, ValueError) as error:
        results.put(error)
    else:
        results.put(None)


class _Worker:
    """Embeds one part after another with a model that is loaded once; lives in a process of the cluster."""

    def __init__(
        self, model: Any, cache: Path, identity: tuple[str, str], place: str, control: Any, threads: int
    ) -> None:
        self.work = open_embedder(model, cache)
        if _identity(self.work) != identity:
            raise ModelError(
                f"“{model}” is not the same on all machines of the cluster: revision and version of slicecore are "
                f"{_identity(self.work)} here, {identity} for the driver. Install one version everywhere."
            )
        self.work.start()
        self.parts, self.control, self.threads = Parts(place), control, threads

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Compute a part; the name is "" if the work was stopped before its end."""
        import ray

        name = str(batch["name"][0])
        finished: list[Finished] = []
        if ray.get(self.control.is_stopped.remote()):
            return {"name": [""]}
        for done in compute(pickle.loads(batch["clips"][0]), self.work, threads=self.threads, start=False):
            finished += done
            self.control.report.remote(name, len(finished))
            if ray.get(self.control.is_stopped.remote()):
                return {"name": [""]}
        self.parts.write(name, store_key(self.work), finished)
        return {"name": [name]}


def _identity(work: Any) -> tuple[str, str]:
    """Revision of a model and version of slicecore, which have to be the same everywhere."""
    from slicecore import __version__

    return str(work.revision), __version__


class _Control:
    """What driver and workers tell each other: how far each part is, and whether to stop. An actor."""

    def __init__(self) -> None:
        self._finished: dict[str, int] = {}
        self._stopped = False

    def report(self, name: str, finished: int) -> None:
        self._finished[name] = finished

    def state(self) -> dict[str, int]:
        """Clips that are finished by part, of the parts that had news since the last call."""
        state, self._finished = self._finished, {}
        return state

    def stop(self) -> None:
        self._stopped = True

    def is_stopped(self) -> bool:
        return self._stopped


@contextlib.contextmanager
def _connected(cluster: Cluster) -> Iterator[None]:
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
            f"There is no Ray cluster at “{cluster.address}”: {_last_line(error)}. Start it with “ray start --head”, "
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


def _most_workers(cluster: Cluster, parts: int) -> int:
    """How many workers there may be. Raises ModelError if not even one fits: Ray would wait for ever."""
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


def _last_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
