"""Embedding of a data set: one pass over its clips for all models that can share one, and for the measurements."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from slicecore.cached_properties import cached_property
from slicecore.embedding.array_files import finite_rows
from slicecore.embedding.embeddings import Embeddings
from slicecore.embedding.family import FAMILIES, Embedder, Model, open_embedder
from slicecore.embedding.joint import join
from slicecore.embedding.model_spec import NONE, ModelPart, ModelSpec, parse_model
from slicecore.embedding.names import label
from slicecore.embedding.ready_vectors import ready_vectors
from slicecore.embedding.user_function import OwnEmbedding
from slicecore.errors import ModelError
from slicecore.measurements import Measurements, SoundWork, measurements_from
from slicecore.measurements.sound_work import sound_arrays
from slicecore.per_clip.outcome_rows import OutcomeRows
from slicecore.per_clip.outcomes import outcomes
from slicecore.per_clip.ray_cluster import Cluster
from slicecore.per_clip.ray_runner import OpenWork, outcomes_on_ray
from slicecore.per_clip.recordings import recordings_now
from slicecore.per_clip.whole_tables import Shape, labels_of, reasons_of, shaped_outcomes
from slicecore.per_clip.work import PerClip
from slicecore.storage.array_cache import Arrays
from slicecore.storage.cache_admin import prune, size_limit
from slicecore.storage.clip_store import Store
from slicecore.storage.disk_arrays import on_disk
from slicecore.storage.home import cache_folder
from slicecore.storage.outcome import Outcome

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset

ENGINES = ("local", "ray")

Progress = Callable[[int, int], None]

_VECTORS = "vectors"


def embed(
    data: Dataset,
    model: str | Model = "signal",
    *,
    engine: str = "local",
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Embeddings:
    """Give every clip a vector.

    Parameters
    ----------
    data
        The clips.
    model
        "signal" (descriptors of the recording) or "speaker" (who is speaking), which need no download; the hub name of
        an audio model for transformers, or a folder with one; a .npy, .npz or .parquet file with a vector per row, or
        "column:" and the name of a column of vectors; several of these as "signal+speaker" or "signal*2+speaker". Or a
        function of your own, called with samples and sampling rate, see `OwnEmbedding`.
    engine
        "local", or "ray" to send the work to a Ray cluster.
    cluster
        Which cluster and where it writes its results, see `Cluster`.
    cache
        Folder of the cache of vectors, converted weights and precisions; the user's if None.
    progress
        Called with (clips done, clips in all) as work goes on, from the calling thread.
    cancel
        Set it from another thread to stop after the batch in hand.

    Returns
    -------
    Embeddings
        A clip that can't be decoded has no vector but a reason.

    Raises
    ------
    ModelError
        If the model can't be had, doesn't fit, or the table has no audio column.
    Cancelled
        If `cancel` was set.

    Examples
    --------
    >>> embeddings = sc.embed(result.data, "column:vector")
    >>> embeddings.vectors.shape
    (200, 8)
    """
    run = _Run(data, [model], cache, progress, cancel)
    run.compute(cluster=cluster_of(engine, cluster))
    return run.embeddings[0]


def cluster_of(engine: str, cluster: Cluster | None = None) -> Cluster | None:
    """The cluster that an engine means; None for this process.

    Raises ModelError where there is no such engine, or a cluster is described that it does not use.
    """
    if engine not in ENGINES:
        raise ModelError(f"There is no engine “{engine}”. Use one of: {', '.join(ENGINES)}.")
    if engine == "ray":
        return cluster or Cluster()
    if cluster not in (None, Cluster()):
        raise ModelError(
            "A cluster is described, but the clips are worked through on this machine. Choose the engine ray "
            "(--engine ray on the command line), or leave the cluster out."
        )
    return None


def embed_raw(
    data: Dataset,
    model: str | Model = "signal",
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Embeddings:
    """Vectors of clips that do not depend on the other clips of the table, so that those of two tables compare.

    Those of `embed` do for "signal", whose descriptors are standardised over the table, and for several models, whose
    blocks get weights of variance. Here neither is done. Parameters and errors are those of `embed`.
    """
    run = _Run(data, [model], cache, progress, cancel, raw=True)
    run.compute()
    return run.embeddings[0]


def embed_and_measure(
    data: Dataset,
    models: Sequence[str | Model],
    prediction: str | None = None,
    *,
    embedded: Callable[[list[Embeddings]], None] | None = None,
    first: Callable[[], object] | None = None,
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> tuple[list[Embeddings], Measurements]:
    """Embed with several models and measure the clips; recordings are decoded once for all that can share a pass.

    Parameters
    ----------
    data, models, cache, progress, cancel
        As in `embed`.
    prediction
        The model whose predictions are measured; the first by default.
    embedded
        Called with the embeddings before texts are measured, which takes long for many clips; where vectors are given,
        before sound is.
    first
        Called before any recording is looked up; where vectors are given, after `embedded`.
    cluster
        Ray cluster on which clips are embedded and their sound is measured; None for this process.

    Returns
    -------
    embeddings
        One per model.
    measurements
        As `slicecore.measure` gives them.
    """
    run = _Run(data, models, cache, progress, cancel)
    embedded = embedded or (lambda embeddings: None)
    if run.is_given:
        embedded(run.embeddings)
    if first is not None:
        first()
    sound = run.compute(beside=(SoundWork(), sound_arrays), cluster=cluster)
    if not run.is_given:
        embedded(run.embeddings)
    return run.embeddings, measurements_from(data, sound, prediction, run.cache)


def embed_all(
    data: Dataset,
    models: Sequence[str | Model],
    *,
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> list[Embeddings]:
    """Embed with several models, as `embed` does; recordings are decoded once for all that can share a pass."""
    run = _Run(data, models, cache, progress, cancel)
    run.compute(cluster=cluster)
    return run.embeddings


class _Run:
    """Embedding of one data set with several models, each of which is opened and computed once."""

    def __init__(
        self,
        data: Dataset,
        models: Sequence[str | Model],
        cache: Path | None,
        progress: Progress | None,
        cancel: threading.Event | None,
        raw: bool = False,
    ) -> None:
        self.data, self.progress, self.cancel, self._raw = data, progress, cancel, raw
        self.cache = cache if cache is not None else cache_folder()
        columns = list(data.table.columns)
        self._models = [parse_model(model, columns) if isinstance(model, str) else model for model in models]
        if NONE in models and len(models) > 1:
            raise ModelError(f"“{NONE}” stands for no embedding at all. Leave it out beside other models.")
        self._embedders: dict[str | Model, Embedder] = {}
        for model in self._models:
            for name in _computed_models(model):
                if name not in self._embedders:
                    self._embedders[name] = self._open(name)
        self._arrays: dict[str | Model, Arrays] = {}
        self._size_limit = size_limit()  # a wrong one is an error now, not after the work

    def _open(self, model: str | Model) -> Embedder:
        if self.data.roles.audio is None:
            raise ModelError(
                f"“{self.data.name}” has no audio column, so there is nothing to embed. Say which column it is with "
                "audio=…, give a .npy or .parquet file with a vector per row, or search metadata alone with the model "
                f"“{NONE}”."
            )
        return open_embedder(model, self.cache)

    def compute(self, beside: tuple[PerClip, Shape] | None = None, cluster: Cluster | None = None) -> Arrays:
        """Compute what is not stored, here or on a cluster.

        Gives the arrays of `beside`, a work that shares a pass with the models and is opened without arguments.
        """
        of_beside: Arrays = {}
        passes = _passes(self._embedders, beside is not None)
        recordings = recordings_now(self.data.clips) if passes else None
        for at, names in enumerate(passes):
            works: list[tuple[PerClip, Shape]] = [
                (self._embedders[name], partial(_vectors, embedder=self._embedders[name])) for name in names
            ]
            works += [beside] if beside is not None and at == 0 else []
            progress = _share(self.progress, at, len(passes))
            compute = partial(self._outcomes, cluster=cluster, progress=progress)
            lasting = not any(_is_unversioned(work) for work, _ in works)
            made = shaped_outcomes(recordings if lasting else None, works, self.cache, compute, progress)
            self._arrays |= dict(zip(names, made, strict=False))
            if len(made) > len(names):
                of_beside = made[-1]
        self._keep_within_limit()
        return of_beside

    def _outcomes(
        self, works: Sequence[PerClip], cluster: Cluster | None, progress: Progress | None
    ) -> tuple[list[list[Outcome]], bool]:
        """Outcomes of a pass, and True if the next run gives the same without computing anything."""
        if cluster is not None:
            return self._on_ray(works, cluster, progress), False
        with _store(self.cache, works) as store:
            return outcomes(self.data.clips, works, store, progress, self.cancel)

    def _on_ray(
        self, works: Sequence[PerClip], cluster: Cluster, progress: Progress | None
    ) -> list[list[Outcome]]:
        """Outcomes of a pass whose works are done on a cluster."""
        if any(map(_is_unversioned, works)):
            raise ModelError(
                "A function needs a version to be run on a cluster, so that results of another are not taken for "
                "its own: OwnEmbedding(function, version=…)."
            )
        names = {id(embedder): name for name, embedder in self._embedders.items()}
        opened: list[OpenWork] = [
            partial(open_embedder, names[id(work)], self.cache) if id(work) in names else type(work)
            for work in works
        ]
        with Store(self.cache) as store:
            return outcomes_on_ray(
                self.data.clips, list(zip(opened, works, strict=True)), store, cluster, progress, self.cancel
            )

    @property
    def is_given(self) -> bool:
        """True if all vectors are given, so that nothing has to be computed for them."""
        return not self._embedders

    @cached_property
    def embeddings(self) -> list[Embeddings]:
        """Embeddings of every model, once they are computed."""
        made = map(self._embeddings_of, self._models)
        return [replace(each, vectors=on_disk(each.vectors, self.cache)) for each in made]

    def _embeddings_of(self, model: ModelSpec | Model) -> Embeddings:
        if not isinstance(model, ModelSpec):
            return self._finished(model)
        parts = [
            _given(part, self.data, self.cache) if part.is_given else self._finished(part.model)
            for part in model.parts
        ]
        return join(model, label(model.name), parts, balance=not self._raw) if model.is_joint else parts[0]

    def _finished(self, model: str | Model) -> Embeddings:
        """Embeddings of one computed model from the outcomes of its clips."""
        embedder, arrays = self._embedders[model], self._arrays[model]
        vectors, reasons = arrays[_VECTORS], reasons_of(arrays)
        there = np.isfinite(vectors).all(axis=1)
        if there.any() and not self._raw:
            raw, vectors = vectors[there], np.full_like(vectors, np.nan)
            vectors[there] = embedder.finish(raw)
        called = embedder.name if isinstance(embedder, OwnEmbedding) else label(str(model))
        return Embeddings(
            vectors=vectors,
            valid=np.asarray(np.isfinite(vectors).all(axis=1)),
            reasons={row: reasons[row] for row in np.flatnonzero(~there).tolist()},
            model=model if isinstance(model, str) else f"function:{called}",
            label=called,
            revision=embedder.revision,
            settings=embedder.settings,
            labels=labels_of(arrays),
        )

    def _keep_within_limit(self) -> None:
        if self._embedders and self._size_limit is not None:
            prune(self.cache, self._size_limit)


def _computed_models(model: ModelSpec | Model) -> list[str | Model]:
    """Models that are computed from sound: the parts of a joint one without those whose vectors are given."""
    if isinstance(model, ModelSpec):
        return [part.model for part in model.parts if not part.is_given]
    return [model]


def _passes(embedders: Mapping[str | Model, Embedder], beside: bool) -> list[list[str | Model]]:
    """Models that share a pass over the clips.

    The small models of slicecore share one. Of the large ones no more than one is in memory at a time. A function of
    the user's own is alone, since its results may be stored elsewhere. The first pass takes a work `beside` along.
    """
    small: list[str | Model] = [model for model in embedders if model in FAMILIES]
    own = [model for model, embedder in embedders.items() if isinstance(embedder, OwnEmbedding)]
    large = [model for model in embedders if model not in small and model not in own]
    first, rest = (small, large) if small or not beside else (large[:1], large[1:])
    return ([first] if first or beside else []) + [[model] for model in (*rest, *own)]


def _given(part: ModelPart, data: Dataset, cache: Path) -> Embeddings:
    given = ready_vectors(part, data, cache)
    valid = finite_rows(given.vectors)
    return Embeddings(
        given.vectors, valid, given.reasons, part.model, label(part.model), given.revision, given.settings
    )


def _is_unversioned(work: object) -> bool:
    """True if nobody can tell if stored results still hold in the next run."""
    return isinstance(work, OwnEmbedding) and work.version is None


@contextmanager
def _store(folder: Path, works: Sequence[PerClip]) -> Iterator[Store]:
    """Store of a pass: of this run only for an unversioned function."""
    if any(map(_is_unversioned, works)):
        with TemporaryDirectory() as passing, Store(Path(passing)) as store:
            yield store
    else:
        with Store(folder) as store:
            yield store


def _vectors(outcomes: OutcomeRows, embedder: Embedder) -> Arrays:
    """Vectors of all clips as the model gave them, (n, d) float32, NaN where a clip has none."""
    if not outcomes.have_vectors:
        return {_VECTORS: np.full((len(outcomes.which), embedder.dimensions), np.nan, np.float32)}
    return {_VECTORS: outcomes.of_rows(outcomes.vectors)}


def _share(progress: Progress | None, at: int, count: int) -> Progress | None:
    """Progress of one of several passes, as progress of all."""
    return progress and (lambda done, total: progress(at * total + done, count * total))
