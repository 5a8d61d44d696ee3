"""From a data set to its vectors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.embedding.family import Embedder, Model, open_embedder
from slicecore.embedding.given import given_vectors, is_given
from slicecore.embedding.joint import join, parts_of
from slicecore.embedding.names import details, label
from slicecore.embedding.own import OwnEmbedding
from slicecore.errors import ModelError
from slicecore.per_clip.ray_runner import Cluster, outcomes_on_ray
from slicecore.per_clip.work import outcomes
from slicecore.storage.clip_store import Store
from slicecore.storage.home import cache_folder
from slicecore.storage.outcome import Label

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset


ENGINES = ("local", "ray")


@dataclass(frozen=True, eq=False)
class Embeddings:
    """Vectors of a data set.

    Attributes
    ----------
    vectors : (n, d) float32
        NaN where a clip has none.
    valid : (n,) bool
        Which clips have a vector.
    reasons
        Row -> why it has none, in plain words.
    model, label
        The model as asked for, and what people call it.
    revision
        Commit or content hash of the model's weights; "" where there are none.
    settings
        How the vectors were made, such as {"pooling": "mean over time"}.
    labels
        Row -> the most probable classes of the clip, best first, if the model has a classification head.
    """

    vectors: np.ndarray
    valid: np.ndarray
    reasons: dict[int, str]
    model: str
    label: str
    revision: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[int, tuple[Label, ...]] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """One line for people: label, revision and settings."""
        revision = f"revision {self.revision[:8]}" if self.revision else ""
        return " · ".join(filter(None, (self.label, revision, details(self.settings))))


def embed(
    data: Dataset,
    model: str | Model = "signal",
    *,
    engine: str = "local",
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
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
    """
    from slicecore.storage.cache_admin import keep_within_limit

    if engine not in ENGINES:
        raise ModelError(f"There is no engine “{engine}”. Use one of: {', '.join(ENGINES)}.")
    if isinstance(model, str):
        parts = parts_of(model, list(data.table.columns))
        if len(parts) > 1:
            each = [
                embed(
                    data,
                    part.model,
                    engine=engine,
                    cluster=cluster,
                    cache=cache,
                    progress=_share(progress, at, len(parts)),
                    cancel=cancel,
                )
                for at, part in enumerate(parts)
            ]
            return join(model, label(model), parts, each)
        model = parts[0].model
        if is_given(model):
            given = given_vectors(model, data)
            valid = np.asarray(np.isfinite(given.vectors).all(axis=1))
            return Embeddings(
                given.vectors, valid, given.reasons, model, label(model), given.revision, given.settings
            )
    if data.roles.audio is None:
        raise ModelError(
            f"“{data.name}” has no audio column, so there is nothing to embed. Say which column it is with audio=…, "
            "or give a .npy or .parquet file with a vector per row."
        )
    folder = cache if cache is not None else cache_folder()
    embedder = open_embedder(model, folder)
    if engine == "ray" and isinstance(embedder, OwnEmbedding) and embedder.version is None:
        raise ModelError(
            "A function needs a version to be run on a cluster, so that results of another are not taken for its own: "
            "OwnEmbedding(function, version=…)."
        )
    with _store(folder, embedder) as store:
        if engine == "ray":
            found = outcomes_on_ray(
                data.clips,
                partial(open_embedder, model, folder),
                embedder,
                store,
                cluster or Cluster(),
                progress,
                cancel,
            )
        else:
            (found,) = outcomes(data.clips, [embedder], store, progress, cancel)
    keep_within_limit(folder)
    made = {row: outcome.vector for row, outcome in enumerate(found) if outcome.vector is not None}
    vectors = np.full((len(data), _dimensions(made, embedder)), np.nan, np.float32)
    if made:
        vectors[list(made)] = embedder.finish(np.stack(list(made.values())))
    reasons = {row: outcome.reason for row, outcome in enumerate(found) if outcome.vector is None}
    valid = np.asarray(np.isfinite(vectors).all(axis=1))
    labels = {row: outcome.labels for row, outcome in enumerate(found) if outcome.labels}
    called = embedder.name if isinstance(embedder, OwnEmbedding) else label(str(model))
    name = model if isinstance(model, str) else f"function:{called}"
    return Embeddings(vectors, valid, reasons, name, called, embedder.revision, embedder.settings, labels)


@contextmanager
def _store(folder: Path, embedder: Embedder) -> Iterator[Store]:
    """Where vectors are kept: for this run only where nobody can tell whether they still hold in the next."""
    if isinstance(embedder, OwnEmbedding) and embedder.version is None:
        with TemporaryDirectory() as passing, Store(Path(passing)) as store:
            yield store
    else:
        with Store(folder) as store:
            yield store


def _dimensions(made: Mapping[int, np.ndarray], embedder: Embedder) -> int:
    lengths = {len(vector) for vector in made.values()}
    if len(lengths) > 1:  # only a function of the user's own can change without another key
        raise ModelError(
            f"Vectors of {' and '.join(map(str, sorted(lengths)))} numbers are kept under one version of the function. "
            "Give it another version."
        )
    return lengths.pop() if lengths else embedder.dimensions


def _share(
    progress: Callable[[int, int], None] | None, at: int, count: int
) -> Callable[[int, int], None] | None:
    """Progress of one of several models, as progress of all."""
    return progress and (lambda done, total: progress(at * total + done, count * total))
