"""Pictures of a recording as numbers: spectrogram and waveform."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.audio.mel import mel_filters, mels

MEL_BANDS = 128
MEL_WIDTH = 1200

_RANGE_DB = 80.0
_TICKS = (250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)


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
    """Places of frequencies on `mel_picture`.

    Returns
    -------
    list of (frequency, place)
        Frequency in Hz, and its place as a fraction of the picture's height from the top; only ticks below half
        the sampling rate.
    """
    places = [(tick, mel_place(tick, sampling_rate, bands)) for tick in ticks]
    return [(tick, place) for tick, place in places if 0 <= place <= 1]


def mel_place(frequency: float, sampling_rate: int = SAMPLING_RATE, bands: int = MEL_BANDS) -> float:
    """Place of a frequency in Hz on `mel_picture`, as a fraction of its height from the top; 0 to 1 within it."""
    place = mels(frequency) / mels(sampling_rate / 2) * (bands + 1) - 0.5
    return float(1 - place / bands)


def waveform_peaks(samples: np.ndarray, points: int) -> np.ndarray:
    """Lowest and highest sample of equal stretches of a recording.

    Parameters
    ----------
    samples
        (samples,)
    points
        Number of stretches, at most the number of samples.

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
    return mel_filters(sampling_rate, size, bands, equal_area=True)
