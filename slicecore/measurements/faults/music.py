"""Music: tones that are held on in the pauses of the speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement
from slicecore.measurements.spectrum import decibels

MEASUREMENTS = (
    Measurement(
        "held_tones",
        "Tones in the pauses",
        "%",
        "Share of the quieter frames in which a tone of 150 Hz to 3.2 kHz stands out that lasts for 160 ms and longer",
        0,
    ),
)

_BAND_HZ = (150.0, 3200.0)
_APART, _STANDS_OUT_DB = 3, 6.0  # bins to either side, above which a tone stands out by so much
_HELD_S = 0.16  # the pitch of speech moves from bin to bin in less
_QUIETER, _SOUNDING_DB = 0.4, 60.0  # share of the frames that are less than so far below the loud ones


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Share of the quieter frames with a held tone; NaN where there are too few frames.

    Peaks of one bin over several frames are the tracks of sinusoidal modelling (McAulay and Quatieri 1986); in speech
    they end within a few frames, and its pauses have none.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Its acoustic features.
    """
    held = held_tones(acoustics)
    if held is None:
        return {"held_tones": np.nan}
    return {"held_tones": float(held[_quieter(acoustics)].any(axis=1).mean())}


def held_tones(acoustics: Acoustics) -> NDArray[np.bool_] | None:
    """Tones that are held in the quieter frames, (frames, bins); None where there are too few frames."""
    spectrum, quieter = acoustics.spectrum, _quieter(acoustics)
    length = max(2, round(_HELD_S * spectrum.rate / spectrum.hop))
    if _sounding(acoustics).sum() < 2 * length:
        return None
    band = np.flatnonzero((spectrum.frequencies >= _BAND_HZ[0]) & (spectrum.frequencies <= _BAND_HZ[1]))
    held = np.zeros(spectrum.power.shape, bool)
    held[:, band] = _held(_peaks(decibels(spectrum.power[:, band])), length)
    held[~quieter] = False
    return held


def _sounding(acoustics: Acoustics) -> NDArray[np.bool_]:
    return acoustics.levels > acoustics.loudest - _SOUNDING_DB


def _quieter(acoustics: Acoustics) -> NDArray[np.bool_]:
    """Quieter frames among those that are not silent, (frames,)."""
    levels, sounding = acoustics.levels, _sounding(acoustics)
    return sounding & (levels <= np.quantile(levels[sounding], _QUIETER))


def _peaks(levels: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Bins that stand out of those beside them, (frames, bins)."""
    peaks = np.zeros(levels.shape, bool)
    middle = levels[:, _APART:-_APART]
    aside = np.maximum(levels[:, : -2 * _APART], levels[:, 2 * _APART :])
    beside = np.maximum(levels[:, _APART - 1 : -_APART - 1], levels[:, _APART + 1 : -_APART + 1])
    peaks[:, _APART:-_APART] = (middle >= beside) & (middle > aside + _STANDS_OUT_DB)
    return peaks


def _held(peaks: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Peaks that belong to a run of so many frames in one bin, (frames, bins)."""
    ends = np.cumsum(np.pad(peaks, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    whole = ends[length:] - ends[:-length] == length
    covered = np.zeros((len(peaks) + 1, peaks.shape[1]), np.int32)
    covered[: len(whole)] += whole
    covered[length : length + len(whole)] -= whole
    return np.cumsum(covered, axis=0)[:-1] > 0
