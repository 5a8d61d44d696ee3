"""Runner of per-clip works on a Ray cluster: workers decode and compute, the driver sees nothing but results.

Ray Data gives every worker one part of the clips after another. A worker opens the works once, decodes each recording
once for all of them, writes each part as a Parquet file per work (`parts`) and reports its progress. The part of a
killed worker is given to another.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from slicecore.audio.clip import Clip
from slicecore.errors import Cancelled, ModelError
from slicecore.per_clip.batches import compute_all
from slicecore.per_clip.outcomes import keep, look_up, unnamed
from slicecore.per_clip.parts import Part, Parts, divide
from slicecore.per_clip.ray_cluster import Cluster, connected, last_line, most_workers
from slicecore.per_clip.work import Finished, PerClip, store_key, work_key
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Outcome

OpenWork = Callable[[], PerClip]
"""Opens a work in any process; can be pickled."""

Shares = tuple[Part, ...]
"""The same clips as parts of several works, one per work."""

_ASKED_EVERY_S = 0.25


def outcomes_on_ray(
    clips: Sequence[Clip | None],
    works: Sequence[tuple[OpenWork, PerClip]],
    store: Store,
    cluster: Cluster,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[list[Outcome]]:
    """Outcomes of several works for every clip, as `per_clip.outcomes` gives them, computed in one pass on a cluster.

    Parameters
    ----------
    works
        Per work, what opens it, which every worker calls, and the work as it was opened here; that is not started. Its
        `revision` must be the same on all machines.

    Raises
    ------
    ModelError
        If Ray is not installed or no worker could open the works.
    StorageError
        If the parts can't be written.
    Cancelled
        If `cancel` was set. Parts that are finished stay.
    """
    progress = progress or (lambda done, total: None)
    rows = Counter(clip for clip in clips if clip is not None)
    by_work, todo, _ = look_up(rows, [work for _, work in works], store)
    done = _Progress(progress, rows, len(clips), len(clips) - sum(rows[clip] for clip, _ in todo))
    if todo:
        default = CacheFolder.PARTS.within(store.path.parent)
        parts = Parts(cluster.parts if cluster.parts is not None else default)
        parts.check()
        open_works = [
            (work, by_clip)
            for work, by_clip in zip(works, by_work, strict=True)
            if any(clip not in by_clip for clip, _ in todo)
        ]
        job = _Job([work for work, _ in open_works], parts, cluster)
        divided = zip(
            *(divide(list(rows), todo, store_key(work), cluster.part_clips) for _, work in job.works),
            strict=True,
        )
        for shares, read in _finished_parts(list(divided), job, done.report, cancel):
            for ((_, work), by_clip), (key, finished) in zip(open_works, read, strict=True):
                _follow(work, key)
                keep(finished, key, store)
                by_clip |= {clip.clip: clip.outcome for clip in finished}
            done.finish(shares[0])
    return [[unnamed() if clip is None else by_clip[clip] for clip in clips] for by_clip in by_work]


@dataclass(frozen=True, eq=False)
class _Job:
    """Work of a cluster: each work as workers open it and as it is here, the place of the parts, the settings."""

    works: Sequence[tuple[OpenWork, PerClip]]
    parts: Parts
    cluster: Cluster

    def read(self, shares: Shares) -> list[tuple[str, list[Finished]]] | None:
        """Key and outcomes per work of the same clips; None if any of it is not there, or is damaged."""
        read = [each for each in map(self.parts.read, shares) if each is not None]
        return read if len(read) == len(shares) else None


class _Progress:
    """Rows that are done: those of finished parts, and of parts under way as far as workers say."""

    def __init__(
        self, progress: Callable[[int, int], None], rows: Mapping[Clip, int], total: int, done: int
    ) -> None:
        self._progress, self._rows, self._total = progress, rows, total
        self._done = self._reported = done
        self._under_way: dict[str, int] = {}
        self._tell()

    def report(self, part: Part, finished: int) -> None:
        """Take note of the number of clips that are finished in a part under way."""
        self._under_way[part.name] = sum(self._rows[clip] for clip, _ in part.clips[:finished])
        self._tell()

    def finish(self, part: Part) -> None:
        """Take note of a finished part."""
        self._under_way.pop(part.name, None)
        self._done += sum(self._rows[clip] for clip, _ in part.clips)
        self._tell()

    def _tell(self) -> None:
        # A part that a killed worker had begun starts anew; progress never goes back.
        self._reported = max(self._reported, self._done + sum(self._under_way.values()))
        self._progress(self._reported, self._total)


def _finished_parts(
    divided: Sequence[Shares],
    job: _Job,
    report: Callable[[Part, int], None],
    cancel: threading.Event | None,
) -> Iterator[tuple[Shares, list[tuple[str, list[Finished]]]]]:
    """Parts as they become ready; those that are there already come first."""
    waiting: dict[str, Shares] = {}
    there = job.parts.names()
    for shares in divided:
        read = job.read(shares) if all(part.name in there for part in shares) else None
        # A recording that could not be fetched last time may be there now.
        if read is not None and all(clip.digest for _, finished in read for clip in finished):
            yield shares, read
        else:
            waiting[shares[0].name] = shares
    if not waiting:
        return
    with connected(job.cluster):
        for name in _computed(waiting, job, report, cancel):
            read = job.read(waiting[name])
            if read is None:
                raise ModelError(
                    f"A worker wrote {name} to “{job.parts.place}”, but it is not there. Give a place for the parts "
                    "that all machines of the cluster share."
                )
            yield waiting[name], read


def _follow(work: PerClip, key: str) -> None:
    """Adopt the workers' settings, e.g. their precision, so that cache keys match."""
    follow = getattr(work, "follow", None)
    if follow is not None and key != store_key(work):
        follow(work_key(key))


def _computed(
    waiting: Mapping[str, Shares],
    job: _Job,
    report: Callable[[Part, int], None],
    cancel: threading.Event | None,
) -> Iterator[str]:
    """Names of parts as workers finish them."""
    import ray

    control = ray.remote(num_cpus=0, max_restarts=-1)(_Control).remote()
    # Ray blocks while it waits for a part; meanwhile this thread reports progress and looks whether to stop.
    results: queue.Queue[str | BaseException | None] = queue.Queue()
    dataset = _dataset(list(waiting.values()), job, control)
    threading.Thread(target=_drain, args=(dataset, results), daemon=True).start()
    under_way = dict(waiting)
    cancelled = False
    try:
        while True:
            if not cancelled and cancel is not None and cancel.is_set():
                control.stop.remote()
                cancelled = True
            try:
                result = results.get(timeout=_ASKED_EVERY_S)
            except queue.Empty:
                _report_state(control, under_way, report)
                continue
            if result is None:
                break
            if isinstance(result, BaseException):
                raise ModelError(f"The cluster gave up: {last_line(result)}") from result
            # A part that a worker finished just before it died is perhaps computed again.
            if under_way.pop(result, None) is not None:
                yield result
    finally:
        control.stop.remote()  # workers must not go on when nobody waits for them
    if cancelled:
        raise Cancelled("The work was cancelled.")


def _dataset(waiting: Sequence[Shares], job: _Job, control: Any) -> Any:
    """The parts as a Ray data set whose rows are computed by workers."""
    import ray.data

    rows = [
        {"names": [part.name for part in shares], "clips": pickle.dumps(shares[0].clips)}
        for shares in waiting
    ]
    cluster = job.cluster
    return ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        _Worker,
        batch_size=1,
        batch_format="numpy",
        fn_constructor_kwargs={
            "works": [(open_work, _identity(work)) for open_work, work in job.works],
            "place": job.parts.place,
            "control": control,
            "threads": max(1, int(cluster.cpus)),
        },
        compute=ray.data.ActorPoolStrategy(
            min_size=1, max_size=most_workers(cluster, len(rows)), max_tasks_in_flight_per_actor=2
        ),
        num_cpus=cluster.cpus,
        num_gpus=cluster.gpus,
    )


def _report_state(control: Any, under_way: Mapping[str, Shares], report: Callable[[Part, int], None]) -> None:
    """Ask the workers how far they are."""
    import ray

    with contextlib.suppress(ray.exceptions.RayError):
        for name, finished in ray.get(control.state.remote(), timeout=10).items():
            if name in under_way:
                report(under_way[name][0], finished)


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
    """Computes one part after another with works that are opened once; lives in a process of the cluster."""

    def __init__(
        self, works: Sequence[tuple[OpenWork, _Identity]], place: str, control: Any, threads: int
    ) -> None:
        self.works = [open_work() for open_work, _ in works]
        for work, (_, identity) in zip(self.works, works, strict=True):
            if _identity(work) != identity:
                raise ModelError(
                    "The model is not the same on all machines of the cluster: revision and version of slicecore are "
                    f"{_identity(work)} here, {identity} for the driver. Install one version everywhere."
                )
            work.start()
        self.parts, self.control, self.threads = Parts(place), control, threads

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Compute a part of every work; the name is "" if the work was stopped before its end."""
        import ray

        names = [str(name) for name in batch["names"][0]]
        finished: list[list[Finished]] = [[] for _ in self.works]
        if ray.get(self.control.is_stopped.remote()):
            return {"name": [""]}
        clips = pickle.loads(batch["clips"][0])
        for done in compute_all(clips, self.works, threads=self.threads, start=False):
            for of_work, more in zip(finished, done, strict=True):
                of_work.extend(more)
            self.control.report.remote(names[0], len(finished[0]))
            if ray.get(self.control.is_stopped.remote()):
                return {"name": [""]}
        for name, work, of_work in zip(names, self.works, finished, strict=True):
            self.parts.write(name, store_key(work), of_work)
        return {"name": [names[0]]}


_Identity = tuple[str, ...]


def _identity(work: PerClip) -> _Identity:
    """Revision, version of slicecore, and the key where that does not follow the workers: the same everywhere."""
    key = () if hasattr(work, "follow") else (work.key,)
    return str(getattr(work, "revision", "")), version("slicecore"), *key


class _Control:
    """Actor between driver and workers: progress of each part, and whether to stop."""

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
