"""The whole way from a data set to what a scan needs, each step kept on disk so that the second start is instant."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.storage.atomic import write_whole
from slicecore.storage.home import cache_folder

if TYPE_CHECKING:
    from slicecore.clustering.hierarchy import Hierarchy
    from slicecore.embedding import Embeddings
    from slicecore.table.dataset import Dataset

LABELLING = "Label the clips"
EMBEDDING = "Compute embeddings"
CLUSTERING = "Build the cluster tree"
PLACING = "Place the clips on the map"
STEPS = (EMBEDDING, CLUSTERING, PLACING)
"""What `analyse` does, in this order; `LABELLING` comes first where attributes are asked for."""

Progress = Callable[[str, int, int], None]

_TREE_FORMAT = 3
_MAP_FORMAT = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Analysis:
    """Everything about a data set that depends neither on the metric nor on thresholds.

    Attributes
    ----------
    data : Dataset
    embeddings : Embeddings
        Of the first model.
    hierarchy : Hierarchy
        Over the embeddings of all models.
    positions : np.ndarray
        (n, 2) float32 place of every clip on the map, NaN without a vector; None when no map was asked for.
    """

    data: Dataset
    embeddings: Embeddings
    hierarchy: Hierarchy
    positions: np.ndarray | None


def analyse(
    data: Dataset,
    model: str | Sequence[str] = "signal",
    *,
    attributes: Sequence[str] = (),
    layout: str | None = "hnne",
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Analysis:
    """Embed, cluster and lay out the clips of a data set, taking from the cache what is there.

    Parameters
    ----------
    data : Dataset
    model : str or sequence of str
        An embedding model, see `slicecore.embedding.embed`; or several, which are scanned together. The map and the
        raw vectors are those of the first.
    attributes : sequence of str
        Models for audio classification, whose labels become metadata columns of the result's data, see
        `slicecore.embedding.labels.attributes`.
    layout : {"hnne", "umap"} or None
        How the map is laid out; None leaves the map out.
    cache : Path, optional
        Folder of the cache; the user's by default.
    progress : callable, optional
        Called with step, done and total; see `STEPS`. Total is 0 while a step's length is unknown.
    cancel : threading.Event, optional
        When set, embedding stops after the batch in hand, which is kept.

    Raises
    ------
    ModelError
        When the model can't be had.
    Cancelled
        When `cancel` was set.
    """
    from slicecore.embedding import embed

    report = progress or (lambda step, done, total: None)
    if attributes:
        from slicecore.embedding.labels import with_attributes

        data = with_attributes(
            data,
            attributes,
            cache=cache,
            progress=lambda done, total: report(LABELLING, done, total),
            cancel=cancel,
        )
    every = [
        embed(
            data, one, cache=cache, progress=lambda done, total: report(EMBEDDING, done, total), cancel=cancel
        )
        for one in ([model] if isinstance(model, str) else model)
    ]
    embeddings, folder = every[0], cache if cache is not None else cache_folder()
    report(CLUSTERING, 0, 0)
    hierarchy = kept_hierarchy([one.vectors for one in every], folder)
    if layout is None:
        return Analysis(data, embeddings, hierarchy, None)
    report(PLACING, 0, 0)
    positions = kept_positions(embeddings.vectors, hierarchy, folder, layout)
    return Analysis(data, embeddings, hierarchy, positions)


def kept_hierarchy(vectors: list[np.ndarray], folder: Path) -> Hierarchy:
    """The hierarchy over the vectors of one or several embeddings, from the cache in `folder` if it is there."""
    from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy

    path = folder / "trees" / f"{_fingerprint(*vectors)}-{_TREE_FORMAT}.npz"
    if path.exists():
        try:
            return Hierarchy.load(path)
        except (OSError, ValueError, KeyError) as error:
            _log.warning("The cached cluster tree %s is damaged (%s); it is built again.", path, error)
    hierarchy = build_hierarchy(vectors)
    write_whole(path, hierarchy.save)
    return hierarchy


def kept_positions(
    vectors: np.ndarray, hierarchy: Hierarchy, folder: Path, layout: str = "hnne"
) -> np.ndarray:
    """Place of every clip on the map, (n, 2), from the cache in `folder` if it is there."""
    from slicecore.display.projection import project

    path = folder / "maps" / f"{_fingerprint(vectors)}-{layout}-{_MAP_FORMAT}.npy"
    if path.exists():
        try:
            return np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            _log.warning("The cached map %s is damaged (%s); it is laid out again.", path, error)
    positions = project(vectors, hierarchy, method=layout)
    write_whole(path, lambda target: np.save(target, positions, allow_pickle=False))
    return positions


def _fingerprint(*tables: np.ndarray) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for vectors in tables:
        digest.update(np.ascontiguousarray(vectors, np.float32).tobytes())
        digest.update(repr(vectors.shape).encode())
    return digest.hexdigest()
