"""Drawings of a recording that comes block by block: the memory they take goes by their size, not by its length."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from slicecore.audio.mel import mel_filters

_RANGE_DB = 80.0
_FRAMES_PER_COLUMN = 8
_AT_ONCE = 512


class MelDrawing:
    """A mel spectrogram, see `slicecore.audio.spectrogram.mel_picture`.

    Parameters
    ----------
    length
        Samples that will come; where fewer do, the end is black.
    sampling_rate, bands, width
        As of `mel_picture`.
    """

    def __init__(self, length: int, sampling_rate: int, bands: int, width: int) -> None:
        self._size = 1 << int(np.ceil(np.log2(0.1 * sampling_rate)))
        self._window = int(0.04 * sampling_rate)
        # 8 ms for a short clip. A long one is sampled at most eight times per column, so that the cost is bounded.
        self._hop = max(int(0.008 * sampling_rate), -(-length // (_FRAMES_PER_COLUMN * width)))
        self._width = width
        self._filters = _mel_filters(sampling_rate, self._size, bands)
        self._taper = np.hanning(self._window).astype(np.float32)
        frames = max(length - self._window, 0) // self._hop + 1
        self._mel = np.zeros((bands, frames), np.float32)
        self._done = 0
        self._rest = np.zeros(0, np.float32)
        self._at = 0  # of the first sample of the rest

    def add(self, samples: np.ndarray) -> None:
        """Draw the samples, (n,) float32, that follow those before."""
        skipped = max(0, self._done * self._hop - self._at - len(self._rest))
        if skipped:  # between two frames of a long recording
            self._at += len(self._rest) + min(skipped, len(samples))
            self._rest, samples = self._rest[:0], samples[skipped:]
        self._rest = np.concatenate([self._rest, np.asarray(samples, np.float32)])
        ready = (self._at + len(self._rest) - self._window) // self._hop + 1
        self._draw(min(ready, self._mel.shape[1]))

    def picture(self) -> np.ndarray:
        """The picture, (bands, columns) uint8."""
        if self._done < self._mel.shape[1] and len(self._rest):  # a recording shorter than a frame
            self._rest = np.pad(self._rest, (0, max(0, self._window - len(self._rest))))
            self._draw(self._done + 1)
        mel = _mean_columns(self._mel, self._width)
        loudest = mel.max()
        if loudest <= 0:
            return np.zeros(mel.shape, np.uint8)
        decibel = 10 * np.log10(np.maximum(mel / loudest, 10 ** (-_RANGE_DB / 10)))
        return np.round(255 * (1 + decibel[::-1] / _RANGE_DB)).astype(np.uint8)

    def _draw(self, until: int) -> None:
        """Draw the frames up to a number, whose samples are all there, and drop what no other frame needs."""
        for first in range(self._done, until, _AT_ONCE):
            starts = np.arange(first, min(first + _AT_ONCE, until)) * self._hop - self._at
            frames = np.lib.stride_tricks.sliding_window_view(self._rest, self._window)[starts] * self._taper
            spectrum = np.fft.rfft(frames, self._size)
            power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
            self._mel[:, first : first + len(starts)] = self._filters @ power.T
        self._done = max(self._done, until)
        gone = min(max(0, self._done * self._hop - self._at), len(self._rest))
        self._rest, self._at = self._rest[gone:].copy(), self._at + gone


class PeakDrawing:
    """A waveform: lowest and highest sample of equal stretches of a recording.

    Parameters
    ----------
    length
        Samples that will come; where fewer do, the end is flat.
    points
        Number of stretches, at most the number of samples.
    """

    def __init__(self, length: int, points: int) -> None:
        points = min(points, length)
        self._starts = np.arange(points) * length // max(points, 1)
        self._low, self._high = np.full(points, np.inf, np.float32), np.full(points, -np.inf, np.float32)
        self._at = 0

    def add(self, samples: np.ndarray) -> None:
        """Draw the samples, (n,) float32, that follow those before."""
        if not len(samples) or not len(self._starts):
            return
        first = int(np.searchsorted(self._starts, self._at, "right")) - 1
        after = int(np.searchsorted(self._starts, self._at + len(samples), "left"))
        starts = np.maximum(self._starts[first:after] - self._at, 0)
        for peaks, extreme in ((self._low, np.minimum), (self._high, np.maximum)):
            peaks[first:after] = extreme(peaks[first:after], extreme.reduceat(samples, starts))
        self._at += len(samples)

    def peaks(self) -> np.ndarray:
        """Lowest and highest samples, (points, 2) float32."""
        peaks = np.stack([self._low, self._high], axis=1)
        return np.where(np.isfinite(peaks), peaks, np.float32(0))


def _mean_columns(picture: np.ndarray, width: int) -> np.ndarray:
    columns = picture.shape[1]
    if columns <= width:
        return picture
    starts = np.arange(width) * columns // width
    return np.add.reduceat(picture, starts, axis=1) / np.diff([*starts, columns])


@lru_cache(maxsize=8)
def _mel_filters(sampling_rate: int, size: int, bands: int) -> np.ndarray:
    return mel_filters(sampling_rate, size, bands, equal_area=True)
