"""Preparation of one clip for the works that lack it: its recording is hashed, and decoded once for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicecore.audio import decoding, remote
from slicecore.audio.clip import Clip
from slicecore.audio.decoding import RecordingFile, RecordingPart
from slicecore.errors import AudioError, NoDecoderError
from slicecore.per_clip.identity import content_digest, sound_key
from slicecore.per_clip.work import PerClip
from slicecore.storage.outcome import Outcome
from slicecore.storage.stamp import Stamp

LONGEST_S = 120.0
"""Longer clips are split into pieces of one length, at most this long, and the outcomes are joined."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A clip that a worker has looked at.

    Attributes
    ----------
    outcomes
        Per work its outcome where that is known, else None.
    keep
        Whether outcomes that were made here, of this clip that can't be decoded, are worth storing.
    pieces
        Pieces of a long clip, which are yet to be decoded.
    values
        Per work what it prepared; None where the outcome is known.
    """

    clip: Clip
    stamp: Stamp
    digest: bytes
    outcomes: Sequence[Outcome | None]
    keep: Sequence[bool]
    pieces: Sequence[Clip] = ()
    values: Sequence[Any] = ()


class Contents:
    """Hashes of recordings, each made once, however many clips a recording holds."""

    def __init__(self, known: Mapping[Path | str, bytes]) -> None:
        self._known = known
        self._lock = threading.Lock()
        self._made: dict[Stamp, Future[bytes]] = {}

    def digest(self, stamp: Stamp, file: RecordingFile) -> bytes:
        """Hash of a recording that is open; b"" if it can't be read."""
        if stamp.path in self._known:
            return self._known[stamp.path]
        with self._lock:
            made = self._made.get(stamp)
            mine = made is None
            if made is None:
                made = self._made[stamp] = Future()
        if mine:
            try:
                made.set_result(content_digest(file.stream))
            except OSError:
                made.set_result(b"")
        return made.result()


def prepare_clip(
    works: Sequence[PerClip],
    known: Callable[[PerClip, bytes], Outcome | None],
    contents: Contents,
    item: tuple[Clip, Stamp],
) -> Prepared:
    """Hash, decode and prepare one clip: the task of a thread."""
    clip, stamp = item
    digest = b""
    outcomes: list[Outcome | None] = [None] * len(works)

    def failed(error: AudioError, keep: bool) -> Prepared:
        reason = Outcome(None, str(error))
        fresh = [keep and outcome is None for outcome in outcomes]
        return Prepared(clip, stamp, digest, [outcome or reason for outcome in outcomes], fresh)

    try:
        with (
            remote.local(clip.path, (stamp.size, stamp.version)) as path,
            RecordingFile(path) as file,
        ):
            digest = contents.digest(stamp, file)
            if digest:
                outcomes = [known(work, sound_key(digest, clip)) for work in works]
            fresh = [outcome is None for outcome in outcomes]
            if not any(fresh):
                return Prepared(clip, stamp, digest, outcomes, fresh)
            with file.part(clip.start, clip.end) as part:
                pieces = decoding.pieces(clip, part.info.duration, LONGEST_S)
                if len(pieces) > 1:
                    return Prepared(clip, stamp, digest, outcomes, fresh, pieces)
                values = _prepared_values(works, fresh, part)
            return Prepared(clip, stamp, digest, outcomes, fresh, values=values)
    except NoDecoderError as error:
        # That depends on the machine.
        return failed(error, keep=False)
    except AudioError as error:
        return failed(error, keep=True)


def prepare_piece(works: Sequence[PerClip], wanted: Sequence[bool], piece: Clip) -> list[Any] | AudioError:
    """Prepare a piece of a long clip, as `_prepared_values` does; the error if it can't be decoded."""
    try:
        with (
            remote.local(piece.path) as path,
            RecordingFile(path) as file,
            file.part(piece.start, piece.end) as part,
        ):
            return _prepared_values(works, wanted, part)
    except AudioError as error:
        return error


def _prepared_values(works: Sequence[PerClip], wanted: Sequence[bool], part: RecordingPart) -> list[Any]:
    """Decode a part once and let each wanted work prepare it; None for the others."""
    asked = [work for work, is_wanted in zip(works, wanted, strict=True) if is_wanted]
    mono_is_enough = all(work.sampling_rate is not None for work in asked)
    recording = part.decode(decoding.mean_of_channels) if mono_is_enough else part.decode()
    values = []
    for work, is_wanted in zip(works, wanted, strict=True):
        rate = work.sampling_rate
        values.append(
            work.prepare(recording if rate is None else recording.mono(rate)) if is_wanted else None
        )
    return values
