"""Decoding of recordings, whole or in part."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

import numpy as np

from slicecore.audio import ffmpeg, remote
from slicecore.audio.clip import Clip
from slicecore.audio.file_checks import check_file, why_unreadable
from slicecore.audio.resampling import resampled, resampled_blocks
from slicecore.errors import AudioError

SAMPLING_RATE = 16000
"""Rate in Hz at which everything in slicecore looks at sound."""

LOWEST_RATE = 1000
"""Rate in Hz of a recording. Some kilobytes at a few Hz would be days of sound, and gigabytes at the rate above."""

_BEYOND_ANY_FRAME = 2**62
_MISSING_ALLOWED_S = 0.05
_BLOCK = 1 << 18

_LARGEST = 1e10
"""Magnitude of samples: above that of 32-bit integers stored as they are, below that of which sums overflow."""

# Written by recorders that don't know the length beforehand; not a sign of a broken file.
_UNKNOWN_LENGTH = 0x7FFFFFFF


@dataclass(frozen=True)
class AudioInfo:
    """Header of a file: `duration` in seconds, `sampling_rate` in Hz, `channels`."""

    duration: float
    sampling_rate: int
    channels: int


Keep = Callable[[np.ndarray], np.ndarray]
Derived = TypeVar("Derived")


@dataclass(frozen=True, eq=False)
class Recording:
    """Decoded sound with its own rate and channels; belongs to one thread.

    Attributes
    ----------
    samples : (samples, channels) float32
        Full scale is ±1.
    rate
        Sampling rate in Hz.
    """

    samples: np.ndarray
    rate: int
    _derived: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def mono(self, sampling_rate: int = SAMPLING_RATE) -> np.ndarray:
        """Mean of the channels at another rate, (samples,) float32; made once per rate.

        Raises
        ------
        AudioError
            If nothing is left after resampling.
        """
        if sampling_rate not in self._derived:
            self._derived[sampling_rate] = self._mono(sampling_rate)
        return cast(np.ndarray, self._derived[sampling_rate])

    def derive(self, make: Callable[[Recording], Derived]) -> Derived:
        """Result of `make` for this recording; made once, however many ask for it."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return cast(Derived, self._derived[make])

    def _mono(self, sampling_rate: int) -> np.ndarray:
        mono = mean_of_channels(self.samples)
        if self.rate != sampling_rate:
            mono = resampled(mono, self.rate, sampling_rate)
            if not len(mono):
                raise AudioError("No samples")
        return np.ascontiguousarray(mono, dtype=np.float32)


class _Stream(io.BufferedReader):
    """A file in which a damaged header can ask for a place before its beginning: it then stays where it is.

    libsndfile takes the place that it is told. An exception could not reach it: the terminal would have a traceback.
    """

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return super().seek(offset, whence)
        except (OSError, ValueError):
            return self.tell()


class RecordingFile:
    """A recording's file that is opened once, for its hash, its header and its samples; a context manager.

    Parameters
    ----------
    path
        A local file.

    Raises
    ------
    AudioError
        If it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        check_file(path)
        try:
            self.stream = _Stream(path.open("rb", buffering=0))
        except (OSError, ValueError) as error:
            raise AudioError(f"Can't be opened: {getattr(error, 'strerror', error)}") from error

    def __enter__(self) -> RecordingFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()

    @contextlib.contextmanager
    def part(self, start: float = 0.0, end: float | None = None) -> Iterator[RecordingPart]:
        """A part of the recording, in seconds, ready to be decoded.

        Raises
        ------
        AudioError
            If it is no audio, or its header can't be read.
        """
        first_bytes = _first_bytes(self)
        container = ffmpeg.container(first_bytes)
        if container is None:
            with _sound(self.stream, first_bytes) as sound:
                yield RecordingPart(sound, start, end)
        else:
            with (
                ffmpeg.converted(self.path, container, start, end) as wav,
                _sound(str(wav), b"RIFF") as sound,
            ):
                yield RecordingPart(sound, 0.0, None)


@dataclass(frozen=True, eq=False)
class RecordingPart:
    """A part of a recording that is open: an open `soundfile.SoundFile`, and the part in seconds."""

    sound: Any
    start: float
    end: float | None

    @property
    def info(self) -> AudioInfo:
        """The header, with the duration of the part."""
        duration = self.sound.frames / self.sound.samplerate
        duration = max(0.0, min(duration, duration if self.end is None else self.end) - self.start)
        return AudioInfo(duration, self.sound.samplerate, self.sound.channels)

    def decode(self, keep: Keep = lambda block: block) -> Recording:
        """Decode block by block; `keep` says what of a block (frames, channels) is kept, which bounds the memory.

        Raises
        ------
        AudioError
            As `load`.
        """
        blocks = [keep(block) for block in self.blocks()]
        if not blocks:
            raise AudioError("No samples")
        samples = np.concatenate(blocks)
        return Recording(samples.reshape(len(samples), -1), self.sound.samplerate)

    def mono_blocks(self, sampling_rate: int = SAMPLING_RATE) -> Iterator[np.ndarray]:
        """Blocks of the mean of the channels at another rate, each (n,) float32; together as `load` gives them."""
        blocks = map(mean_of_channels, self.blocks())
        rate = self.sound.samplerate
        return blocks if rate == sampling_rate else resampled_blocks(blocks, rate, sampling_rate)

    def blocks(self) -> Iterator[np.ndarray]:
        """Decode block by block, each (frames, channels) float32.

        Raises
        ------
        AudioError
            As `load`.
        """
        import soundfile

        sound, got = self.sound, 0
        rate, promised = sound.samplerate, _frames_promised(sound)
        first, last = frames(sound, self.start, self.end)
        try:
            if first:
                if first >= sound.frames:
                    raise AudioError(_broken_off(sound.frames, promised, rate))
                sound.seek(first)
            while len(block := sound.read(min(_BLOCK, last - first - got), "float32", always_2d=True)):
                _check_finite(block, rate, self.start + got / rate)
                got += len(block)
                yield block
        except soundfile.LibsndfileError as error:
            # The block that failed holds good samples before the break; only its length is of interest.
            raise AudioError(_broken_off(max(first + got, sound.tell()), promised, rate)) from error
        if last - first - got > _MISSING_ALLOWED_S * rate:
            raise AudioError(_broken_off(first + got, promised, rate))


def load(
    path: str | Path, sampling_rate: int = SAMPLING_RATE, *, start: float = 0.0, end: float | None = None
) -> np.ndarray:
    """Decode a recording or a part of it: mean of its channels, then resampled.

    Parameters
    ----------
    path
        WAV, FLAC, MP3, Ogg Vorbis, Opus, AIFF and whatever else libsndfile reads; with FFmpeg on the machine also
        M4A, WebM, AAC, AMR and WMA. A file, or a URL of a storage.
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
    with opened(path, start, end) as part:
        return part.decode(mean_of_channels).mono(sampling_rate)


def recording(path: str | Path, *, start: float = 0.0, end: float | None = None) -> Recording:
    """Decode a recording or a part of it, with all its channels at its own rate; arguments and errors as of `load`."""
    with opened(path, start, end) as part:
        return part.decode()


def info(path: str | Path, *, start: float = 0.0, end: float | None = None) -> AudioInfo:
    """Header of a recording; with `start` or `end`, the duration is that of the part.

    Raises
    ------
    AudioError
        If the file is missing or its header can't be read.
    """
    with opened(path, start, end) as part:
        return part.info


def pieces(clip: Clip, seconds: float, longest: float) -> list[Clip]:
    """Cut a clip of a known length into the fewest pieces of one length, none longer than `longest` seconds."""
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
        with RecordingFile(file) as recording:
            container = ffmpeg.container(_first_bytes(recording))
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
    first = _frame(start, rate)
    if first and first >= promised:
        raise AudioError(
            f"The clip starts at {start:g} s, but the recording has only {promised / rate:.1f} s"
        )
    last = promised if end is None else _frame(end, rate)
    if last - promised > _MISSING_ALLOWED_S * rate:
        raise AudioError(f"The clip ends at {end:g} s, but the recording has only {promised / rate:.1f} s")
    return first, min(last, promised)


def _frame(seconds: float, rate: int) -> int:
    """Number of the frame at a time; of a time beyond any recording a number beyond any."""
    return round(min(seconds * rate, float(_BEYOND_ANY_FRAME)))


def mean_of_channels(samples: np.ndarray) -> np.ndarray:
    """(samples, channels) -> (samples,) float32."""
    mono: np.ndarray = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1, dtype=np.float32)
    return mono


@contextlib.contextmanager
def opened(path: str | Path, start: float = 0.0, end: float | None = None) -> Iterator[RecordingPart]:
    """A recording or a part of it, ready to be decoded; arguments and errors as of `load`."""
    with remote.local(path) as file, RecordingFile(file) as recording, recording.part(start, end) as part:
        yield part


@contextlib.contextmanager
def _sound(source: Any, first_bytes: bytes) -> Iterator[Any]:
    """An open `soundfile.SoundFile` of an open file or a path."""
    import soundfile

    try:
        sound = soundfile.SoundFile(source)
    except soundfile.LibsndfileError as error:
        raise AudioError(why_unreadable(first_bytes)) from error
    with sound:
        if sound.samplerate < LOWEST_RATE:
            raise AudioError(
                f"Its sampling rate is {sound.samplerate} Hz; below {LOWEST_RATE} Hz nothing is heard"
            )
        yield sound


def _first_bytes(recording: RecordingFile) -> bytes:
    """First 64 bytes of a file, which is then again at its beginning."""
    try:
        recording.stream.seek(0)
        start = recording.stream.read(64)
        recording.stream.seek(0)
    except OSError as error:
        raise AudioError(f"Can't be opened: {error.strerror}") from error
    return start


def _check_finite(block: np.ndarray, rate: int, at: float) -> None:
    within = np.abs(block) <= _LARGEST  # False for NaN
    if not within.all():
        bad = np.flatnonzero(~within.all(axis=1))[0]
        raise AudioError(
            f"Contains NaN, infinity or samples beyond any scale, first after {at + bad / rate:.1f} s"
        )


def _frames_promised(sound: Any) -> int:
    """Frames that the header promises; libsndfile itself cuts a WAV file's number to what is there."""
    frames: int = sound.frames
    sizes = re.search(r"data : (\d+) \(should be (\d+)\)", sound.extra_info)  # a test holds this wording
    if not sizes:
        return frames
    promised, there = int(sizes[1]), int(sizes[2])
    return frames if promised >= _UNKNOWN_LENGTH or not there else int(frames * promised / there)


def _broken_off(got: int, expected: int, rate: int) -> str:
    return f"Breaks off after {got / rate:.1f} of {expected / rate:.1f} s"
