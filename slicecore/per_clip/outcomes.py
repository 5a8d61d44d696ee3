"""Outcomes of several works for every clip: stored ones are taken, the others are computed and stored.

The works share one pass: each recording is opened and decoded once for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import columns_of_clips
from slicecore.per_clip.batches import compute_all
from slicecore.per_clip.identity import look_at, sound_key
from slicecore.per_clip.work import Finished, PerClip, store_key
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Outcome
from slicecore.storage.stamp import Stamp
from slicecore.tallies import add


def outcomes(
    clips: Sequence[Clip | None],
    works: Sequence[PerClip],
    store: Store,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> tuple[list[list[Outcome]], bool]:
    """Outcomes of several works for every clip: stored ones are taken, the rest is computed in one pass and stored.

    Parameters
    ----------
    clips
        None stands for a row without a recording.
    works
        Embedders, or anything else that turns a clip into a fixed number of numbers; each has its own key.
    store
        Results by content of the recording and key of the work.
    progress
        Called with (clips done, clips in all) as work goes on, from the calling thread.
    cancel
        Set it from another thread to stop after the batch in hand.

    Returns
    -------
    by_work
        Per work one outcome per clip, in their order: a vector, or the reason why there is none.
    are_final
        True if the next call gives the same without computing anything.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    progress = progress or (lambda done, total: None)
    distinct, which = columns_of_clips(clips).distinct()
    rows = dict(zip(distinct, np.bincount(which[which >= 0], minlength=len(distinct)).tolist(), strict=True))
    keys = [store_key(work) for work in works]
    by_work, todo, digests = look_up(distinct, works, store)
    done = len(clips) - sum(rows[clip] for clip, _ in todo)
    progress(done, len(clips))
    open_works = [
        (work, by_clip)
        for work, by_clip in zip(works, by_work, strict=True)
        if any(clip not in by_clip for clip, _ in todo)
    ]
    batches = compute_all(
        todo, [work for work, _ in open_works], lambda work, key: stored(store, work, key), digests, cancel
    )
    are_final = True
    for batch in batches:
        for (work, by_clip), finished in zip(open_works, batch, strict=True):
            keep(finished, store_key(work), store)
            are_final &= all(
                clip.digest and (clip.keep or clip.outcome.vector is not None) for clip in finished
            )
            by_clip |= {clip.clip: clip.outcome for clip in finished}
        done += sum(rows[clip.clip] for clip in batch[0])
        progress(done, len(clips))
    # What was stored under the key of before its start is not what a work would compute now.
    are_final &= keys == [store_key(work) for work in works]
    return [_of_rows([by_clip[clip] for clip in distinct], which) for by_clip in by_work], are_final


def _of_rows(of_clips: list[Outcome], which: NDArray[np.int64]) -> list[Outcome]:
    """Outcome of every row from those of the different clips."""
    of_clips = [*of_clips, unnamed()]  # at −1, of rows without a clip
    return [of_clips[at] for at in which.tolist()]


def unnamed() -> Outcome:
    """Outcome of a row without a recording."""
    return Outcome(None, "No audio path in the table")


def look_up(
    clips: Iterable[Clip], works: Sequence[PerClip], store: Store
) -> tuple[list[dict[Clip, Outcome]], list[tuple[Clip, Stamp]], dict[Path | str, bytes]]:
    """Sort clips into those that need no work and the others, without reading any recording.

    Returns
    -------
    by_work
        Per work the outcomes of clips that are stored or whose recording is missing.
    todo
        Clips that lack an outcome of some work, with their recordings as they are now.
    digests
        Content hashes that are known, by path or URL.
    """
    clips = list(clips)
    stamps, missing = look_at(dict.fromkeys(clip.path for clip in clips))
    digests = store.digests(stamps.values())
    keys = {clip: sound_key(digests[clip.path], clip) for clip in clips if clip.path in digests}
    by_work = []
    for work in works:
        of_sounds = store.outcomes(store_key(work), keys.values())
        by_clip = {clip: Outcome(None, missing[clip.path]) for clip in clips if clip.path in missing}
        found = {clip: of_sounds[key] for clip, key in keys.items() if key in of_sounds}
        add("cache_hits", len(found))
        add("cache_misses", len(clips) - len(by_clip) - len(found))
        by_work.append(by_clip | found)
    todo = [(clip, stamps[clip.path]) for clip in clips if any(clip not in by_clip for by_clip in by_work)]
    return by_work, todo, digests


def stored(store: Store, work: PerClip, key: bytes) -> Outcome | None:
    """The outcome of one sound, if it is stored."""
    return store.outcomes(store_key(work), [key]).get(key)


def keep(batch: Iterable[Finished], key: str, store: Store) -> None:
    """Store a batch under the key of a work: new outcomes, and the content hash of each recording."""
    readable = [clip for clip in batch if clip.digest]
    store.keep(
        key,
        {sound_key(clip.digest, clip.clip): clip.outcome for clip in readable if clip.keep},
        {clip.stamp: clip.digest for clip in readable}.items(),
    )
