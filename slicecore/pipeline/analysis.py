"""Analysis of a data set: everything a scan needs, each step cached on disk so that the second start is instant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.errors import ModelError
from slicecore.mapped_memory import let_go
from slicecore.pipeline.cached import cached_hierarchy, cached_positions
from slicecore.slices.copies import find_copies
from slicecore.storage.home import cache_folder
from slicecore.work_threads import Beside, ended_by, worth_a_thread

if TYPE_CHECKING:
    from slicecore.clustering.hierarchy import Hierarchy
    from slicecore.embedding import Cluster, Embeddings
    from slicecore.embedding.family import Model
    from slicecore.measurements import Measurements
    from slicecore.table.dataset import Dataset

LABELLING = "Label the clips"
EMBEDDING = "Compute embeddings"
CLUSTERING = "Build the cluster tree"
PLACING = "Place the clips on the map"
STEPS = (EMBEDDING, CLUSTERING, PLACING)
"""Steps of `analyse` in their order; `LABELLING` comes first where attributes are asked for."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Analysis:
    """Everything about a data set that depends neither on the metric nor on thresholds.

    Attributes
    ----------
    data : Dataset
    all_embeddings : tuple of Embeddings
        One per model, in the order in which the models were given.
    hierarchy : Hierarchy
        Over the embeddings of all models.
    positions : np.ndarray
        (n, 2) float32 place of every clip on the map, NaN without a vector; None when no map was asked for.
    measurements : Measurements
        Measurements of every clip; None when they were not asked for.
    """

    data: Dataset
    all_embeddings: tuple[Embeddings, ...]
    hierarchy: Hierarchy
    positions: np.ndarray | None
    measurements: Measurements | None = None

    @property
    def embeddings(self) -> Embeddings:
        """Embeddings of the first model, from which the map and the raw vectors come."""
        return self.all_embeddings[0]

    @cached_property
    def copies(self) -> NDArray[np.int64] | None:
        """Row that stands for every clip, see `slicecore.slices.copies.find_copies`; None where no clip is a copy."""
        vectors = [embeddings.vectors for embeddings in self.all_embeddings]
        copies = find_copies(vectors, self.hierarchy, self.data.reference)
        for table in vectors:
            let_go(table)
        return copies


def analyse(
    data: Dataset,
    model: str | Model | Sequence[str | Model] = "signal",
    *,
    attributes: Sequence[str] = (),
    layout: str | None = "hnne",
    measure: bool = False,
    first: Callable[[], object] | None = None,
    measured: Callable[[Dataset, Sequence[Embeddings], Measurements], object] | None = None,
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Analysis:
    """Embed, cluster and lay out the clips of a data set, taking from the cache what is there.

    Parameters
    ----------
    data : Dataset
    model : str, function, OwnEmbedding, or sequence of these
        An embedding model, see `slicecore.embedding.embed`; or several, which are scanned together. The map and the
        raw vectors are those of the first.
    attributes : sequence of str
        Models for audio classification, whose labels become metadata columns of the result's data, see
        `slicecore.embedding.labels.attributes`.
    layout : {"hnne", "umap"} or None
        Layout of the map; None leaves the map out.
    measure : bool
        Whether the clips are measured too, in one pass with the embeddings.
    first : callable, optional
        Called before the long work; where vectors are given and clips are measured, beside the first tree.
    measured : callable, optional
        Called once clips are measured, with the data, embeddings and measurements; there may be no trees yet.
    cluster : Cluster, optional
        Ray cluster on which clips are embedded and measured; None for this process.
    cache : Path, optional
        Folder of the cache; the user's by default.
    progress : callable, optional
        Called with step, done and total; see `STEPS`. Total is 0 while a step's length is unknown.
    cancel : threading.Event, optional
        When set, embedding stops after the batch in hand, which is kept, and clustering soon.

    Raises
    ------
    ModelError
        When the model can't be had.
    Cancelled
        When `cancel` was set.
    """
    report = progress or (lambda step, done, total: None)
    folder = cache if cache is not None else cache_folder()
    early = once(first or (lambda: None))
    if attributes:
        early()
        data = _labelled(data, attributes, cluster, folder, report, cancel)
    models: list[str | Model] = (
        list(model) if isinstance(model, Sequence) and not isinstance(model, str) else [model]
    )
    if not models:
        raise ModelError("Name an embedding model, or several. With “none” metadata alone is searched.")
    then = partial(measured, data) if measured is not None else None
    embeddings, hierarchy, measurements = _clustered(
        data, models, measure, early, then, cluster, folder, report, cancel
    )
    if layout is None:
        return Analysis(data, embeddings, hierarchy, None, measurements)
    report(PLACING, 0, 0)
    positions = cached_positions(embeddings[0].vectors, hierarchy, folder, layout)
    return Analysis(data, embeddings, hierarchy, positions, measurements)


def _labelled(
    data: Dataset,
    attributes: Sequence[str],
    cluster: Cluster | None,
    cache: Path,
    report: Progress,
    cancel: threading.Event | None,
) -> Dataset:
    from slicecore.embedding.labels import with_attributes

    return with_attributes(
        data,
        attributes,
        cluster=cluster,
        cache=cache,
        progress=lambda done, total: report(LABELLING, done, total),
        cancel=cancel,
    )


def _clustered(
    data: Dataset,
    models: Sequence[str | Model],
    measure: bool,
    first: Callable[[], object],
    then: Callable[[Sequence[Embeddings], Measurements], object] | None,
    cluster: Cluster | None,
    cache: Path,
    report: Progress,
    cancel: threading.Event | None,
) -> tuple[tuple[Embeddings, ...], Hierarchy, Measurements | None]:
    """Embeddings, their clusters and, where asked for, measurements, those of many texts beside the clusters."""
    from slicecore.embedding import embed_all, embed_and_measure

    def progress(done: int, total: int) -> None:
        report(EMBEDDING, done, total)

    def trees(embeddings: Sequence[Embeddings]) -> Hierarchy:
        return cached_hierarchy([each.vectors for each in embeddings], cache)

    how: dict[str, Any] = {"cluster": cluster, "cache": cache, "progress": progress, "cancel": cancel}
    if not measure:
        first()
        embeddings = embed_all(data, models, **how)
        report(CLUSTERING, 0, 0)
        with ended_by(cancel):
            return tuple(embeddings), trees(embeddings), None
    with ExitStack() as stack:
        clustering: list[Beside[Hierarchy]] = []

        def begin(embeddings: list[Embeddings]) -> None:
            beside = Beside(lambda: trees(embeddings), cancel, threaded=worth_a_thread(len(data)))
            clustering.append(stack.enter_context(beside))

        embeddings, measurements = embed_and_measure(data, models, embedded=begin, first=first, **how)
        if then is not None:
            then(embeddings, measurements)
        report(CLUSTERING, 0, 0)
        return tuple(embeddings), clustering[0].result(), measurements
