"""Holes in the spectrum: what lossy codecs and noise suppression take out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement

MEASUREMENTS = (
    Measurement(
        "spectral_holes",
        "Holes in the spectrum",
        "%",
        "Pieces of 250 Hz and 32 ms above 1 kHz that are 12 dB below those on both sides, in frequency and in time",
        2,
    ),
    Measurement(
        "empty_bands",
        "Bands left out",
        "%",
        "Of the loud frames, pieces of 250 Hz above 1 kHz that are 60 dB below the strongest and 18 dB below those on "
        "both sides",
        2,
    ),
)


@dataclass(frozen=True)
class _Bounds:
    """What counts as a hole; chosen on clean clips of real_speech with codecs and noise suppression planted."""

    bins: int = 8
    lowest_hz: float = 1000.0
    highest: float = 0.97  # of the bandwidth: its end is no hole
    fewest_bands: int = 5
    fewest_frames: int = 10
    sounding_db: float = 60.0  # below the loud frames
    loud_db: float = 25.0
    hole_db: float = 12.0
    deep_hole_db: float = 18.0
    empty_db: float = 60.0


_BOUNDS = _Bounds()
_NOTHING = 1e-13  # power of a bin: what a codec leaves out has less than 16 bits can hold


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Shares of what is left out; NaN where the band or the recording is too short.

    A codec with too few bits leaves out whole bands of single frames where the speech is loud. Spectral subtraction
    leaves single pieces standing where it is quiet (“musical noise”; Berouti, Schwartz and Makhoul 1979).

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Its acoustic features.
    """
    holes, empty = find_holes(acoustics), find_empty_bands(acoustics)
    return {
        "spectral_holes": np.nan if holes is None else holes.share,
        "empty_bands": np.nan if empty is None else empty.share,
    }


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of the spectrum that are left out.

    Attributes
    ----------
    left_out : (frames, bands) bool
        Which pieces.
    frames : (frames,) bool
        In which frames they were looked for.
    step
        Seconds from frame to frame.
    lowest, width
        Lower edge of the first band and width of every band, in Hz.
    """

    left_out: NDArray[np.bool_]
    frames: NDArray[np.bool_]
    step: float
    lowest: float
    width: float

    @property
    def share(self) -> float:
        """Share of the pieces that were looked at."""
        return float(self.left_out[self.frames].mean()) if self.frames.any() else 0.0

    def places(self) -> NDArray[np.float64]:
        """Start and end in seconds, low and high in Hz of every piece, (pieces, 4), in the order of time."""
        frames, bands = np.nonzero(self.left_out & self.frames[:, None])
        start, low = frames * self.step, self.lowest + bands * self.width
        return np.stack([start, start + self.step, low, low + self.width], axis=1).astype(np.float64)


def find_holes(acoustics: Acoustics) -> Pieces | None:
    """Holes that noise suppression leaves; None where the band or the recording is too short."""
    levels = _band_levels(acoustics)
    if levels is None:
        return None
    holes = _below_both_sides(levels, _BOUNDS.hole_db, 0) & _below_both_sides(levels, _BOUNDS.hole_db, 1)
    return _pieces(acoustics, holes, _BOUNDS.sounding_db)


def find_empty_bands(acoustics: Acoustics) -> Pieces | None:
    """Bands that a codec leaves out; None where the band or the recording is too short."""
    levels = _band_levels(acoustics)
    if levels is None:
        return None
    empty = levels < levels.max(axis=1, keepdims=True) - _BOUNDS.empty_db
    empty &= _below_both_sides(levels, _BOUNDS.deep_hole_db, 0) | _below_both_sides(
        levels, _BOUNDS.deep_hole_db, 1
    )
    return _pieces(acoustics, empty, _BOUNDS.loud_db)


def _pieces(acoustics: Acoustics, left_out: NDArray[np.bool_], below_loudest: float) -> Pieces:
    spectrum = acoustics.spectrum
    frames = acoustics.levels > acoustics.loudest - below_loudest
    bin_hz = float(spectrum.frequencies[1])
    lowest = bin_hz * (_first_bin(acoustics) - 0.5)
    return Pieces(left_out, frames, spectrum.hop / spectrum.rate, lowest, _BOUNDS.bins * bin_hz)


def _first_bin(acoustics: Acoustics) -> int:
    return int(np.searchsorted(acoustics.spectrum.frequencies, _BOUNDS.lowest_hz, side="right"))


def _band_levels(acoustics: Acoustics) -> NDArray[np.floating] | None:
    """Levels in dB of bands of 250 Hz, (frames, bands); None where there are too few."""
    frequencies, power = acoustics.spectrum.frequencies, acoustics.spectrum.power
    highest = min(0.95 * acoustics.nyquist, _BOUNDS.highest * acoustics.values["bandwidth"])
    first = _first_bin(acoustics)
    count = (int(np.searchsorted(frequencies, highest)) - first) // _BOUNDS.bins
    if len(power) < _BOUNDS.fewest_frames or count < _BOUNDS.fewest_bands:
        return None
    bands = power[:, first : first + count * _BOUNDS.bins].reshape(len(power), count, _BOUNDS.bins)
    levels: NDArray[np.floating] = 10 * np.log10(np.maximum(bands.mean(axis=2), _NOTHING))
    return levels


def _below_both_sides(levels: NDArray[np.floating], by: float, axis: int) -> NDArray[np.bool_]:
    """Pieces that are so many dB below one of the two before them and one of the two after."""
    along = np.moveaxis(levels, axis, 0)
    below = np.zeros(along.shape, bool)
    before, after = np.maximum(along[:-4], along[1:-3]), np.maximum(along[3:-1], along[4:])
    below[2:-2] = along[2:-2] < np.minimum(before, after) - by
    return np.moveaxis(below, 0, axis)
