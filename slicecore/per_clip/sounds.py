"""Hashes of the sound of clips, as far as they are known without reading a recording."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import columns_of_clips
from slicecore.giving_way import giving_way
from slicecore.per_clip.identity import look_at, sound_key
from slicecore.storage.clip_store import Store


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
    paths = [columns.path(place) for place in giving_way(range(len(columns.places)))]
    known: dict[Path | str, bytes] = {path: _of_url(path) for path in paths if isinstance(path, str)}
    files = [path for path in paths if isinstance(path, Path)]
    if files:
        stamps, _ = look_at(files)
        with Store(cache) as store:
            known |= store.digests(stamps.values())
    of_recordings = [*(known.get(path, b"") for path in paths), b""]  # the last of rows without one
    sounds = [of_recordings[at] for at in columns.recording.tolist()]
    for row in giving_way(np.flatnonzero(columns.is_part).tolist()):
        clip = columns.clip(row)
        if clip is not None and sounds[row]:
            sounds[row] = sound_key(sounds[row], clip)
    return sounds


def _of_url(url: str) -> bytes:
    return blake2b(url.encode(), digest_size=16, person=b"url").digest()
