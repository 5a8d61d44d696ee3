"""Spectra of some recordings of a group, the lower end of their band, their amplitudes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.audio import decoding
from slicecore.audio.clip import Clip
from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.errors import AudioError
from slicecore.measurements.spectrum import Spectrum, decibels, low

MOST = 24
"""Clips of a group that are looked at."""
_LONGEST = 30.0  # seconds of a clip that are looked at
_BELOW_STRONGEST = 20.0  # dB
_QUIETEST = 1e-4  # of the peak: more is no overdriven input


def spectra_of(clips: Sequence[Clip | None]) -> list[Spectrum]:
    """Spectra of up to `MOST` of the clips, evenly chosen; those that can't be decoded are left out."""
    known = [clip for clip in clips if clip is not None]
    spectra = []
    for i in np.unique(np.linspace(0, len(known) - 1, min(MOST, len(known))).astype(int)) if known else ():
        try:
            samples = _beginning(known[i])
        except AudioError:
            continue
        spectra.append(Spectrum.of(samples, SAMPLING_RATE))
    return spectra


def low_ends(clips: Sequence[Clip | None]) -> NDArray[np.float64]:
    """Lowest frequency in Hz within 20 dB of the strongest, per bin the loudest 3 %, of some clips."""
    return np.array([_low_end(spectrum) for spectrum in spectra_of(clips)], np.float64)


def amplitudes(clips: Sequence[Clip | None], shares: Sequence[float]) -> NDArray[np.float64]:
    """Amplitude, as a share of the peak, above which such shares of the samples lie, (clips, shares), of some clips."""
    waves = [np.abs(spectrum.clean) for spectrum in spectra_of(clips)]
    quantiles = 1 - np.asarray(shares, np.float64)
    tops = [np.quantile(wave, quantiles) / wave.max() for wave in waves if wave.max() > 0]
    return np.maximum(np.array(tops, np.float64).reshape(-1, len(shares)), _QUIETEST)


def _low_end(spectrum: Spectrum) -> float:
    frequencies, loud = spectrum.frequencies, low(spectrum.power, 0.97).astype(np.float64)
    loud[0] = 0
    smooth = decibels(np.convolve(loud, np.ones(3) / 3, "same"))
    strongest = smooth[(frequencies > 100) & (frequencies < 3300)].max()
    return float(frequencies[np.argmax(smooth > strongest - _BELOW_STRONGEST)])


def _beginning(clip: Clip) -> NDArray[np.float32]:
    duration = decoding.info(clip.path, start=clip.start, end=clip.end).duration
    end = clip.start + _LONGEST if duration > _LONGEST else clip.end
    return decoding.load(clip.path, start=clip.start, end=end)
