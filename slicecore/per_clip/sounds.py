"""Hashes of the sound of clips, as far as they are known without reading a recording."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from slicecore.audio.clip import Clip
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
    files: dict[Path, None] = {}
    digests: dict[Path | str, bytes] = {}
    for clip in clips:  # of which none is kept: there may be millions
        path = None if clip is None else clip.path
        if isinstance(path, Path):
            files[path] = None
        elif path is not None and path not in digests:
            digests[path] = _of_url(path)
    if files:
        stamps, _ = look_at(files)
        with Store(cache) as store:
            digests |= store.digests(stamps.values())
    return [sound_key(digests[clip.path], clip) if clip and clip.path in digests else b"" for clip in clips]


def _of_url(url: str) -> bytes:
    return blake2b(url.encode(), digest_size=16, person=b"url").digest()
