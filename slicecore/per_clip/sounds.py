"""Hashes of the sound of clips, as far as they are known without reading a recording."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path

import numpy as np

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import columns_of_clips
from slicecore.giving_way import giving_way
from slicecore.per_clip.identity import look_at, sound_key
from slicecore.storage.clip_store import Store

AT_ONCE = 1 << 14
"""Recordings that are objects of Python at a time."""


def known_sounds(clips: Sequence[Clip | None], cache: Path) -> list[bytes]:
    """Hash of the sound of every clip, b"" where it is not known: no recording, or none that was ever read.

    A recording behind a URL goes by its URL: asking for each would take longer than all the rest.

    Parameters
    ----------
    clips
        None stands for a row without a recording.
    cache
        Folder of the cache, in which every recording that is embedded or measured leaves the hash of its content.
    """
    columns = columns_of_clips(clips)
    of_recordings: list[bytes] = []
    with ExitStack() as stack:
        store = None if columns.are_urls.all() else stack.enter_context(Store(cache))
        for begin in range(0, len(columns.places), AT_ONCE):
            some = range(begin, min(begin + AT_ONCE, len(columns.places)))
            of_recordings += _of_recordings([columns.path(place) for place in giving_way(some)], store)
    of_recordings.append(b"")  # of rows without a recording
    sounds = [of_recordings[at] for at in columns.recording.tolist()]
    for row in giving_way(np.flatnonzero(columns.is_part).tolist()):
        clip = columns.clip(row)
        if clip is not None and sounds[row]:
            sounds[row] = sound_key(sounds[row], clip)
    return sounds


def _of_recordings(paths: Sequence[Path | str], store: Store | None) -> list[bytes]:
    known: dict[Path | str, bytes] = {path: _of_url(path) for path in paths if isinstance(path, str)}
    if store is not None:
        stamps, _ = look_at(path for path in paths if isinstance(path, Path))
        known |= store.digests(stamps.values())
    return [known.get(path, b"") for path in paths]


def _of_url(url: str) -> bytes:
    return blake2b(url.encode(), digest_size=16, person=b"url").digest()
