"""The way from a data set to its vectors: what is stored is taken, the rest is computed in batches and stored."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from slicecore import audio
from slicecore.clip import Clip
from slicecore.embedding.family import open_embedder
from slicecore.embedding.given import load_vectors
from slicecore.embedding.names import is_vector_file, label
from slicecore.embedding.outcome import Label, Outcome
from slicecore.embedding.store import Stamp, Store, content_digest
from slicecore.errors import AudioError, ModelError
from slicecore.home import cache_folder

if TYPE_CHECKING:
    from slicecore.dataset import Dataset

# Raise it when `audio.load` decodes what it refused before, or gives other samples.
_DECODING = 1


class Cancelled(Exception):
    """Embedding was stopped on request. What was finished is stored."""


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
    if is_vector_file(model):
        return _with_reasons(load_vectors(model, len(data)), model)
    if data.roles.audio is None:
        raise ModelError(
            f"“{data.name}” has no audio column, so there is nothing to embed. Say which column it is with audio=…, "
            "or give a .npy file with a vector per row."
        )
    embedder = open_embedder(model)
    with Store(cache if cache is not None else cache_folder()) as store:
        found = outcomes(data.clips, embedder, store, progress, cancel)
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


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A clip that a worker has looked at: nothing but its hash if a result for that is stored already.

    The hash is b"" if the file could not be read.
    """

    stamp: Stamp
    digest: bytes
    value: Any = None
    reason: str = ""


class PerClip(Protocol):
    """Work that is done once per clip and kept; see `slicecore.embedding.family.Embedder`, which has more.

    Where `sampling_rate` is None, `prepare` is given the `audio.Recording` with its own rate and channels.
    """

    key: str
    batch: int

    @property
    def sampling_rate(self) -> int | None:
        """At which it wants its clips, in Hz."""

    def start(self) -> None:
        """Load what the work needs; called once, and only if there is a clip without a stored result."""

    def prepare(self, samples: Any) -> Any:
        """Do what can be done for one clip alone, from several threads at a time."""

    def embed(self, prepared: Sequence[Any]) -> list[Outcome]:
        """Turn clips, as `prepare` left them, into an outcome each: numbers (d,) float32, or a reason."""


def outcomes(
    clips: Sequence[Clip | None],
    work: PerClip,
    store: Store,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[Outcome]:
    """Do some work for every clip: what is stored is taken, the rest is computed in batches and stored.

    Parameters
    ----------
    clips
        None stands for a row without a recording.
    work
        What to compute: an embedder, or anything else that turns a clip into a fixed number of numbers.
    store
        Where results are looked up and kept, by content of the recording and `work.key`.
    progress, cancel
        As for `embed`.

    Returns
    -------
    list of Outcome
        One per clip, in their order: a vector, or the reason why there is none.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    progress = progress or (lambda done, total: None)
    paths = [None if clip is None else Path(clip.path) for clip in clips]
    embedder = work
    key = _store_key(embedder)
    rows = Counter(path for path in paths if path is not None)
    found: dict[Path, Outcome] = {}
    stamps = []
    for path in rows:
        try:
            stamps.append(Stamp.of(path))
        except (OSError, ValueError):
            found[path] = Outcome(None, "File not found")
    digests = store.digests(stamps)
    stored = store.outcomes(key, digests.values())
    found |= {
        stamp.path: stored[digests[stamp.path]] for stamp in stamps if digests.get(stamp.path) in stored
    }
    done = len(paths) - sum(rows[stamp.path] for stamp in stamps if stamp.path not in found)
    progress(done, len(paths))
    todo = [stamp for stamp in stamps if stamp.path not in found]
    for batch in _computed(todo, embedder, store, cancel):
        found |= batch
        done += sum(rows[path] for path in batch)
        progress(done, len(paths))
    unnamed = Outcome(None, "No audio path in the table")
    return [unnamed if path is None else found[path] for path in paths]


def _store_key(embedder: PerClip) -> str:
    return json.dumps([embedder.key, _DECODING])


def _computed(
    stamps: Sequence[Stamp], embedder: PerClip, store: Store, cancel: threading.Event | None
) -> Iterator[dict[Path, Outcome]]:
    """Embed files batch by batch; each batch is stored before it is given out."""
    if not stamps:
        return
    _stop_if(cancel)
    embedder.start()
    key = _store_key(embedder)
    work = partial(_prepare, embedder, store.known(key))
    with ThreadPoolExecutor(os.cpu_count() or 1, "decode") as pool:
        try:
            for batch in _batches(pool, work, stamps, embedder.batch):
                _stop_if(cancel)
                yield _embed_batch(batch, embedder, store, key)
        finally:
            pool.shutdown(cancel_futures=True)


def _stop_if(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled("Embedding was cancelled.")


def _prepare(embedder: PerClip, known: set[bytes], stamp: Stamp) -> _Prepared:
    """Hash, decode and prepare one file; what a worker does."""
    try:
        digest = content_digest(stamp.path)
    except OSError:
        digest = b""
    if digest in known:
        return _Prepared(stamp, digest)
    try:
        recording = audio.load_as_it_is(stamp.path)
        rate = embedder.sampling_rate
        samples = recording if rate is None else recording.mono(rate)
    except AudioError as error:
        return _Prepared(stamp, digest, reason=str(error))
    return _Prepared(stamp, digest, embedder.prepare(samples))


def _batches(
    pool: ThreadPoolExecutor, work: Callable[[Stamp], _Prepared], stamps: Sequence[Stamp], size: int
) -> Iterator[list[_Prepared]]:
    """Batches in the order of the files; workers are at most three batches ahead, which bounds the memory."""
    waiting: deque[Future[_Prepared]] = deque()
    remaining = iter(stamps)
    while True:
        waiting.extend(pool.submit(work, stamp) for stamp in islice(remaining, 3 * size - len(waiting)))
        if not waiting:
            return
        yield [waiting.popleft().result() for _ in range(min(size, len(waiting)))]


def _embed_batch(
    batch: Sequence[_Prepared], embedder: PerClip, store: Store, key: str
) -> dict[Path, Outcome]:
    stored = store.outcomes(
        key, [one.digest for one in batch if one.digest and one.value is None and not one.reason]
    )
    # A stored vector may turn out to be damaged; then the clip is done here after all.
    batch = [
        _prepare(embedder, set(), one.stamp)
        if one.value is None and not one.reason and one.digest not in stored
        else one
        for one in batch
    ]
    with_value = [one for one in batch if one.value is not None]
    outcomes = embedder.embed([one.value for one in with_value]) if with_value else []
    finished = {one.stamp.path: Outcome(None, one.reason) for one in batch if one.reason}
    finished |= {one.stamp.path: stored[one.digest] for one in batch if one.digest in stored}
    for one, outcome in zip(with_value, outcomes, strict=True):
        finite = outcome.vector is None or np.isfinite(outcome.vector).all()
        finished[one.stamp.path] = outcome if finite else Outcome(None, "The model gave no finite vector")
    readable = [one for one in batch if one.digest]
    store.keep(
        key,
        {one.digest: finished[one.stamp.path] for one in readable if one.digest not in stored},
        [(one.stamp, one.digest) for one in readable],
    )
    return finished
