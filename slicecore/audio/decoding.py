"""Decoding of recordings, whole or in part."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.audio import ffmpeg, remote
from slicecore.audio.clip import Clip
from slicecore.errors import AudioError, NotFoundError

SAMPLING_RATE = 16000
"""Rate in Hz at which everything in slicecore looks at sound."""

_MISSING_ALLOWED_S = 0.05
_BLOCK = 1 << 18

# Written by recorders that don't know the length beforehand; not a sign of a broken file.
_UNKNOWN_LENGTH = 0x7FFFFFFF


@dataclass(frozen=True)
class AudioInfo:
    """What the header of a file says: `duration` in seconds, `sampling_rate` in Hz, `channels`."""

    duration: float
    sampling_rate: int
    channels: int


@dataclass(frozen=True, eq=False)
class Recording:
    """Decoded sound as it is: `samples` (samples, channels) float32, full scale ±1, at `rate` Hz."""

    samples: np.ndarray
    rate: int

    def mono(self, sampling_rate: int = SAMPLING_RATE) -> np.ndarray:
        """Mean of the channels at another rate, (samples,) float32.

        Raises
        ------
        AudioError
            If nothing is left after resampling.
        """
        mono = _mean_of_channels(self.samples)
        if self.rate != sampling_rate:
            import librosa

            mono = librosa.resample(mono, orig_sr=self.rate, target_sr=sampling_rate, res_type="soxr_hq")
            if not len(mono):
                raise AudioError("No samples")
        return np.ascontiguousarray(mono, dtype=np.float32)


def load(
    path: str | Path, sampling_rate: int = SAMPLING_RATE, *, start: float = 0.0, end: float | None = None
) -> np.ndarray:
    """Decode a recording or a part of it: mean of its channels, then resampled.

    Parameters
    ----------
    path
        WAV, FLAC, MP3, Ogg Vorbis, Opus, AIFF and whatever else libsndfile reads; with FFmpeg on the machine also
        M4A, WebM, AAC, AMR and WMA. A file, or a URL that fsspec knows.
    sampling_rate
        Wanted rate in Hz.
    start, end
        Part of the recording, in seconds. Nothing else is decoded.

    Returns
    -------
    (samples,) float32
        Full scale is ±1.

    Raises
    ------
    AudioError
        With the reason in plain words: not found, not audio, broken off, no samples, not finite, shorter than the part.
    """
    return _decoded(path, start, end, _mean_of_channels).mono(sampling_rate)


def load_as_it_is(path: str | Path, *, start: float = 0.0, end: float | None = None) -> Recording:
    """Decode a recording or a part of it with its own rate and channels. Raises AudioError as `load` does."""
    return _decoded(path, start, end, lambda block: block)


def info(path: str | Path, *, start: float = 0.0, end: float | None = None) -> AudioInfo:
    """Read the header of a recording; with `start` or `end`, the duration is that of the part.

    Raises
    ------
    AudioError
        If the file is missing or its header can't be read.
    """
    import soundfile

    with readable(path, start, end) as (file, start, end):  # noqa: PLR1704
        try:
            header = soundfile.info(str(file))
        except soundfile.LibsndfileError as error:
            raise AudioError(_why_unreadable(file)) from error
    duration = header.frames / header.samplerate
    duration = max(0.0, min(duration, duration if end is None else end) - start)
    return AudioInfo(duration, header.samplerate, header.channels)


def pieces(clip: Clip, longest: float) -> list[Clip]:
    """Cut a clip into the fewest pieces of one length that are no longer than `longest` seconds; often just itself.

    Raises
    ------
    AudioError
        As `info`.
    """
    seconds = info(clip.path, start=clip.start, end=clip.end).duration
    count = max(1, int(np.ceil(seconds / longest)))
    ends = [clip.start + seconds * number / count for number in range(1, count)]
    # The last one goes to where the clip ends, so that a recording which breaks off is noticed.
    bounds = [clip.start, *ends, clip.end]
    return [Clip(clip.path, bounds[i] or 0.0, bounds[i + 1]) for i in range(count)]


@contextlib.contextmanager
def readable(
    path: str | Path, start: float = 0.0, end: float | None = None
) -> Iterator[tuple[Path, float, float | None]]:
    """Give a local file that libsndfile reads: the file itself, a copy of a remote one, or a conversion.

    Yields
    ------
    file, start, end
        The file, which stays until the context ends, and where in it the wanted part is.

    Raises
    ------
    AudioError
        As `load`.
    """
    with remote.local(path) as file:
        _check_file(file)
        container = ffmpeg.container(file)
        if container is None:
            yield file, start, end
        else:
            with ffmpeg.converted(file, container, start, end) as wav:
                yield wav, 0.0, None


def frames(sound: Any, start: float, end: float | None) -> tuple[int, int]:
    """First frame of a part of an open `soundfile.SoundFile`, and the one after its last.

    Raises
    ------
    AudioError
        If the recording is shorter.
    """
    promised, rate = _frames_promised(sound), sound.samplerate
    first = round(start * rate)
    if first and first >= promised:
        raise AudioError(
            f"The clip starts at {start:g} s, but the recording has only {promised / rate:.1f} s"
        )
    last = promised if end is None else round(end * rate)
    if last - promised > _MISSING_ALLOWED_S * rate:
        raise AudioError(f"The clip ends at {end:g} s, but the recording has only {promised / rate:.1f} s")
    return first, min(last, promised)


def _decoded(
    path: str | Path, start: float, end: float | None, keep: Callable[[np.ndarray], np.ndarray]
) -> Recording:
    """Decode block by block; `keep` says what of a block (frames, channels) is kept, which bounds the memory."""
    with readable(path, start, end) as (file, first, last):
        blocks, rate = _decode(file, first, last, keep)
    if not blocks:
        raise AudioError("No samples")
    samples = np.concatenate(blocks)
    return Recording(samples.reshape(len(samples), -1), rate)


def _decode(
    path: Path, start: float, end: float | None, keep: Callable[[np.ndarray], np.ndarray]
) -> tuple[list[np.ndarray], int]:
    """Decode a part of a file that libsndfile reads: its blocks and its rate."""
    import soundfile

    blocks: list[np.ndarray] = []
    try:
        with soundfile.SoundFile(str(path)) as sound:
            rate, promised = sound.samplerate, _frames_promised(sound)
            first, last = frames(sound, start, end)
            got = 0
            try:
                if first:
                    if first >= sound.frames:
                        raise AudioError(_broken_off(sound.frames, promised, rate))
                    sound.seek(first)
                while len(block := sound.read(min(_BLOCK, last - first - got), "float32", always_2d=True)):
                    _check_finite(block, rate, start + got / rate)
                    blocks.append(keep(block))
                    got += len(block)
            except soundfile.LibsndfileError as error:
                # The block that failed holds good samples before the break; only its length is of interest.
                raise AudioError(_broken_off(max(first + got, sound.tell()), promised, rate)) from error
    except soundfile.LibsndfileError as error:
        raise AudioError(_why_unreadable(path)) from error
    if last - first - got > _MISSING_ALLOWED_S * rate:
        raise AudioError(_broken_off(first + got, promised, rate))
    return blocks, rate


def _check_finite(block: np.ndarray, rate: int, at: float) -> None:
    finite = np.isfinite(block)
    if not finite.all():
        bad = np.flatnonzero(~finite.all(axis=1))[0]
        raise AudioError(f"Contains NaN or infinity, first after {at + bad / rate:.1f} s")


def _mean_of_channels(samples: np.ndarray) -> np.ndarray:
    """(samples, channels) -> (samples,) float32."""
    mono: np.ndarray = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1, dtype=np.float32)
    return mono


def _frames_promised(sound: Any) -> int:
    """Frames that the header promises; libsndfile itself cuts a WAV file's number to what is there."""
    frames: int = sound.frames
    found = re.search(r"data : (\d+) \(should be (\d+)\)", sound.extra_info)
    if not found:
        return frames
    promised, there = int(found[1]), int(found[2])
    return frames if promised >= _UNKNOWN_LENGTH or not there else int(frames * promised / there)


def _broken_off(got: int, expected: int, rate: int) -> str:
    return f"Breaks off after {got / rate:.1f} of {expected / rate:.1f} s"


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NotFoundError("File not found") from error
    except OSError as error:
        raise AudioError(f"Can't be opened: {error.strerror}") from error
    if path.is_dir():
        raise AudioError("This is a folder, not a file")
    if not size:
        raise AudioError("Empty file (0 bytes)")
    if path.suffix.lower() == ".raw":
        raise AudioError(
            "Raw samples say nothing about their rate and encoding. Convert the file to WAV or FLAC"
        )


def _why_unreadable(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as error:
        return f"Can't be opened: {error.strerror}"
    if start[:4] in (b"RIFF", b"fLaC", b"OggS", b"FORM") or start[:3] == b"ID3":
        return "The file's header is damaged, or its encoding is unknown"
    text = start.decode("utf-8", errors="ignore").strip()
    if text and all(character.isprintable() or character.isspace() for character in text):
        return f"Not audio: starts with “{' '.join(text.split())[:24]}”"
    return f"Not audio: starts with the bytes {start[:6].hex(' ')}"
