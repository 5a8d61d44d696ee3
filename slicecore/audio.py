"""Decoding of recordings, and the numbers behind their pictures: spectrogram and waveform."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from slicecore.errors import AudioError

SAMPLING_RATE = 16000
"""Rate in Hz at which everything in slicecore looks at sound."""

MEL_BANDS = 128
MEL_WIDTH = 1200

_RANGE_DB = 80.0
_TICKS = (250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
_MISSING_ALLOWED_S = 0.05
_BLOCK = 1 << 18

# Written by recorders that don't know the length beforehand; not a sign of a broken file.
_UNKNOWN_LENGTH = 0x7FFFFFFF

_CONVERT = "Convert it to WAV or FLAC, for example: ffmpeg -i in.{ending} out.flac"
_UNREADABLE = (
    (4, b"ftyp", "MP4 or M4A", "m4a"),
    (0, b"\x1aE\xdf\xa3", "WebM or Matroska", "webm"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "Windows Media", "wma"),
    (0, b"#!AMR", "AMR", "amr"),
    (0, b"\xff\xf1", "AAC", "aac"),
    (0, b"\xff\xf9", "AAC", "aac"),
)


@dataclass(frozen=True)
class AudioInfo:
    """What the header of a file says: `duration` in seconds, `sampling_rate` in Hz, `channels`."""

    duration: float
    sampling_rate: int
    channels: int


@dataclass(frozen=True, eq=False)
class Recording:
    """A decoded file as it is: `samples` (samples, channels) float32, full scale ±1, at `rate` Hz."""

    samples: np.ndarray
    rate: int

    def mono(self, sampling_rate: int = SAMPLING_RATE) -> np.ndarray:
        """Mean of the channels at another rate, (samples,) float32.

        Raises
        ------
        AudioError
            If nothing is left after resampling.
        """
        mono = (
            self.samples[:, 0] if self.samples.shape[1] == 1 else self.samples.mean(axis=1, dtype=np.float32)
        )
        if self.rate != sampling_rate:
            import librosa

            mono = librosa.resample(mono, orig_sr=self.rate, target_sr=sampling_rate, res_type="soxr_hq")
            if not len(mono):
                raise AudioError("No samples")
        return np.ascontiguousarray(mono, dtype=np.float32)


def load(path: str | Path, sampling_rate: int = SAMPLING_RATE) -> np.ndarray:
    """Decode a recording: mean of its channels, then resampled.

    Parameters
    ----------
    path
        WAV, FLAC, MP3, Ogg Vorbis, Opus, AIFF and whatever else libsndfile reads.
    sampling_rate
        Wanted rate in Hz.

    Returns
    -------
    (samples,) float32
        Full scale is ±1.

    Raises
    ------
    AudioError
        With the reason in plain words: not found, not audio, broken off, no samples, not finite.
    """
    return load_as_it_is(path).mono(sampling_rate)


def load_as_it_is(path: str | Path) -> Recording:
    """Decode a recording with its own rate and channels. Raises AudioError as `load` does."""
    samples, rate = _decode(Path(path))
    if not len(samples):
        raise AudioError("No samples")
    if not np.isfinite(samples).all():
        raise AudioError(f"Contains NaN or infinity, first after {_seconds(~np.isfinite(samples), rate)} s")
    return Recording(samples, rate)


def info(path: str | Path) -> AudioInfo:
    """Read the header of a recording.

    Raises
    ------
    AudioError
        If the file is missing or its header can't be read.
    """
    import soundfile

    path = Path(path)
    _check_file(path)
    try:
        header = soundfile.info(str(path))
    except soundfile.LibsndfileError as error:
        raise AudioError(_why_unreadable(path)) from error
    return AudioInfo(header.frames / header.samplerate, header.samplerate, header.channels)


def mel_picture(
    samples: np.ndarray, sampling_rate: int = SAMPLING_RATE, bands: int = MEL_BANDS, width: int = MEL_WIDTH
) -> np.ndarray:
    """Draw a mel spectrogram.

    Parameters
    ----------
    samples
        (samples,) at `sampling_rate` Hz.
    bands
        Rows of the picture.
    width
        Most columns it may have; a long recording gets wider steps, each the mean over its time.

    Returns
    -------
    (bands, columns) uint8
        Power in dB: 255 is the loudest spot, 0 is 80 dB below it or less. The last row is the lowest band.
    """
    size = _power_of_two(0.1 * sampling_rate)
    window = int(0.04 * sampling_rate)
    # 8 ms for a short clip. A long one is sampled at most eight times per column, so that the cost is bounded.
    hop = max(int(0.008 * sampling_rate), -(-len(samples) // (8 * width)))
    starts = np.arange(0, max(len(samples) - window, 0) + 1, hop)
    padded = np.pad(np.asarray(samples, np.float32), (0, max(window - len(samples), 0)))
    filters = _mel_filters(sampling_rate, size, bands)
    taper = np.hanning(window).astype(np.float32)
    mel = np.empty((bands, len(starts)), np.float32)
    for first in range(0, len(starts), 512):
        block = starts[first : first + 512]
        frames = np.lib.stride_tricks.sliding_window_view(padded, window)[block] * taper
        spectrum = np.fft.rfft(frames, size)
        mel[:, first : first + 512] = filters @ (spectrum.real**2 + spectrum.imag**2).astype(np.float32).T
    mel = _mean_columns(mel, width)
    loudest = mel.max()
    if loudest <= 0:
        return np.zeros(mel.shape, np.uint8)
    decibel = 10 * np.log10(np.maximum(mel / loudest, 10 ** (-_RANGE_DB / 10)))
    return np.round(255 * (1 + decibel[::-1] / _RANGE_DB)).astype(np.uint8)


def mel_png(
    samples: np.ndarray, sampling_rate: int = SAMPLING_RATE, bands: int = MEL_BANDS, width: int = MEL_WIDTH
) -> bytes:
    """Return `mel_picture` as a greyscale PNG."""
    from PIL import Image

    target = io.BytesIO()
    Image.fromarray(mel_picture(samples, sampling_rate, bands, width)).save(target, "PNG", compress_level=3)
    return target.getvalue()


def mel_axis(
    sampling_rate: int = SAMPLING_RATE, bands: int = MEL_BANDS, ticks: Sequence[float] = _TICKS
) -> list[tuple[float, float]]:
    """Where frequencies lie on `mel_picture`.

    Returns
    -------
    list of (frequency, place)
        Frequency in Hz, and its place as a fraction of the picture's height from the top; only ticks below half
        the sampling rate.
    """
    import librosa

    top = librosa.hz_to_mel(sampling_rate / 2)
    places = [(tick, librosa.hz_to_mel(tick) / top * (bands + 1) - 0.5) for tick in ticks]
    return [(tick, float(1 - place / bands)) for tick, place in places if 0 <= place <= bands]


def waveform_peaks(samples: np.ndarray, points: int) -> np.ndarray:
    """Lowest and highest sample of equal stretches of a recording.

    Parameters
    ----------
    samples
        (samples,)
    points
        How many stretches, at most as many as there are samples.

    Returns
    -------
    (points, 2) float32
    """
    points = min(points, len(samples))
    if points < 1:
        return np.zeros((0, 2), np.float32)
    starts = np.arange(points) * len(samples) // points
    low, high = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
    return np.stack([low, high], axis=1).astype(np.float32)


def _decode(path: Path) -> tuple[np.ndarray, int]:
    import soundfile

    _check_file(path)
    blocks: list[np.ndarray] = []
    try:
        with soundfile.SoundFile(str(path)) as sound:
            rate, expected = sound.samplerate, _frames_promised(sound)
            try:
                while len(block := sound.read(_BLOCK, dtype="float32", always_2d=True)):
                    blocks.append(block)
            except soundfile.LibsndfileError as error:
                # The block that failed holds good samples before the break; only its length is of interest.
                got = max(sum(map(len, blocks)), sound.tell())
                raise AudioError(_broken_off(got, expected, rate)) from error
    except soundfile.LibsndfileError as error:
        raise AudioError(_why_unreadable(path)) from error
    samples = np.concatenate(blocks) if blocks else np.zeros((0, 1), np.float32)
    if expected - len(samples) > _MISSING_ALLOWED_S * rate:
        raise AudioError(_broken_off(len(samples), expected, rate))
    return samples, rate


def _frames_promised(sound: object) -> int:
    """Frames that the header promises; libsndfile itself cuts a WAV file's number to what is there."""
    frames: int = sound.frames  # type: ignore[attr-defined]
    found = re.search(r"data : (\d+) \(should be (\d+)\)", sound.extra_info)  # type: ignore[attr-defined]
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
        raise AudioError("File not found") from error
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
    for offset, mark, format_name, ending in _UNREADABLE:
        if start[offset : offset + len(mark)] == mark:
            return f"{format_name} can't be decoded. " + _CONVERT.format(ending=ending)
    if start[:4] in (b"RIFF", b"fLaC", b"OggS", b"FORM") or start[:3] == b"ID3":
        return "The file's header is damaged, or its encoding is unknown"
    text = start.decode("utf-8", errors="ignore").strip()
    if text and all(character.isprintable() or character.isspace() for character in text):
        return f"Not audio: starts with “{' '.join(text.split())[:24]}”"
    return f"Not audio: starts with the bytes {start[:6].hex(' ')}"


def _seconds(bad: np.ndarray, rate: int) -> str:
    return f"{np.flatnonzero(bad.any(axis=1))[0] / rate:.1f}"


def _power_of_two(least: float) -> int:
    return 1 << int(np.ceil(np.log2(least)))


def _mean_columns(picture: np.ndarray, width: int) -> np.ndarray:
    columns = picture.shape[1]
    if columns <= width:
        return picture
    starts = np.arange(width) * columns // width
    return np.add.reduceat(picture, starts, axis=1) / np.diff([*starts, columns])


@lru_cache(maxsize=8)
def _mel_filters(sampling_rate: int, size: int, bands: int) -> np.ndarray:
    from librosa.filters import mel

    filters: np.ndarray = mel(sr=sampling_rate, n_fft=size, n_mels=bands)
    return filters
