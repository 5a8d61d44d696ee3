"""From a data set to its vectors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.embedding.cluster import Cluster, outcomes_on_ray
from slicecore.embedding.family import open_embedder
from slicecore.embedding.given import load_vectors
from slicecore.embedding.names import is_vector_file, label
from slicecore.embedding.outcome import Label
from slicecore.embedding.per_clip import outcomes
from slicecore.embedding.store import Store
from slicecore.errors import ModelError
from slicecore.home import cache_folder

if TYPE_CHECKING:
    from slicecore.dataset import Dataset


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


def embed(
    data: Dataset,
    model: str = "signal",
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
        "signal" (descriptors of the recording, needs no download), the hub name of an audio model for transformers,
        a folder with one, or a .npy or .npz file with a vector per row.
    engine
        "local", or "ray" to send the work to a Ray cluster.
    cluster
        Which cluster and where it writes its results, see `Cluster`.
    cache
        Folder in which vectors are kept; the user's cache folder if None.
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
    from slicecore.cache import keep_within_limit

    if engine not in ENGINES:
        raise ModelError(f"There is no engine “{engine}”. Use one of: {', '.join(ENGINES)}.")
    if is_vector_file(model):
        return _with_reasons(load_vectors(model, len(data)), model)
    if data.roles.audio is None:
        raise ModelError(
            f"“{data.name}” has no audio column, so there is nothing to embed. Say which column it is with audio=…, "
            "or give a .npy file with a vector per row."
        )
    embedder = open_embedder(model)
    folder = cache if cache is not None else cache_folder()
    with Store(folder) as store:
        if engine == "ray":
            found = outcomes_on_ray(
                data.clips, model, embedder, store, cluster or Cluster(), progress, cancel
            )
        else:
            found = outcomes(data.clips, embedder, store, progress, cancel)
    keep_within_limit(folder)
    vectors = np.full((len(data), embedder.dimensions), np.nan, np.float32)
    rows = [row for row, outcome in enumerate(found) if outcome.vector is not None]
    if rows:
        vectors[rows] = embedder.finish(np.stack([found[row].vector for row in rows]))  # type: ignore[misc]
    reasons = {row: outcome.reason for row, outcome in enumerate(found) if outcome.vector is None}
    valid = np.asarray(np.isfinite(vectors).all(axis=1))
    labels = {row: outcome.labels for row, outcome in enumerate(found) if outcome.labels}
    return Embeddings(
        vectors, valid, reasons, model, label(model), embedder.revision, embedder.settings, labels
    )


def _with_reasons(vectors: np.ndarray, model: str) -> Embeddings:
    valid = np.asarray(np.isfinite(vectors).all(axis=1))
    vectors[~valid] = np.nan
    reasons = {int(row): "Its vector in the file is not finite" for row in np.flatnonzero(~valid)}
    return Embeddings(vectors, valid, reasons, model, label(model))
