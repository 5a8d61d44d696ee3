"""Acoustic features of a recording: level, distortion, noise, band, hum and pitch.

One definition per name, for the measurements that people read and for the descriptors behind model="signal".
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.measurements.clipping import flat_top_share
from slicecore.measurements.hum import mains_hum
from slicecore.measurements.pitch import VOICED, pitch_track
from slicecore.measurements.spectrum import EMPTY, Spectrum, bandwidth, decibels, flatness, ratio_db

LOUD_SHARE = 0.95
"""Loud frames are those above this quantile of the frames' levels."""

_BLOCK_S = 0.4
_ABSOLUTE_GATE_LUFS = -70.0
_DIGITAL_SILENCE = 1e-9
_LOUD_RANGE_DB = 25.0


@dataclass(frozen=True, eq=False)
class Acoustics:
    """Acoustic features of one recording.

    Levels and clipping are taken from every channel at the file's own rate, everything else from the mean of the
    channels at 16 kHz, up to half the file's rate: that is what a recogniser hears.

    Attributes
    ----------
    mono : (samples,) float32
        Mean of the channels at 16 kHz.
    spectrum
        Short-time spectrum of `mono`.
    energy, levels : (frames,)
        Mean square of every frame, and the same in dB.
    nyquist
        Highest frequency in Hz that the recording can hold, at most 8000.
    values
        Feature by name, always finite: peak, level, crest, loudness, flat_top_share, dc_offset, noise_floor, dynamics,
        decay, dropout_share, centroid, rolloff, bandwidth, top_void, flatness, floor_flatness, high_band, low_band,
        floor_tilt, floor_high, hum, hum_level, hum_frequency, pitch, pitch_range, harmonicity, voiced_share. Units are
        those of `slicecore.measurements.sound_catalogue.SOUND`; `decay` is the fall of the level after loud frames in
        dB/s, and `dropout_share` the share of frames below −90 dBFS. Pitch is 0 where none can be looked for.
    """

    mono: np.ndarray
    spectrum: Spectrum
    energy: np.ndarray
    levels: np.ndarray
    nyquist: float
    values: dict[str, float]

    @property
    def loudest(self) -> float:
        """Level in dB that the loud frames reach, see `LOUD_SHARE`."""
        return self.values["noise_floor"] + self.values["dynamics"]


def acoustics_of(recording: Recording) -> Acoustics:
    """Acoustic features of a recording, computed once however many works ask for them."""
    return recording.derive(_acoustics)


def loudness(samples: np.ndarray, rate: int = SAMPLING_RATE) -> float:
    """Integrated loudness in LUFS after ITU-R BS.1770-4, by pyloudnorm.

    A clip shorter than a block of 0.4 s is repeated; one without a single block above the gate has its plain level.

    Parameters
    ----------
    samples
        (samples,) mono, full scale ±1.
    rate
        Sampling rate in Hz.
    """
    block = int(_BLOCK_S * rate)
    longer = samples if len(samples) > block else np.tile(samples, block // len(samples) + 2)
    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        warnings.simplefilter("ignore")
        value = float(_meter(rate).integrated_loudness(longer.astype(np.float64)))
    if np.isfinite(value):
        return value
    return float(decibels(float(np.square(samples, dtype=np.float64).mean()))) - 0.69


class LoudnessMeter:
    """Integrated loudness of a recording that comes block by block: that of `loudness` up to `WHOLE_S` seconds.

    Beyond, it is the mean power of stretches of `STRETCH_S` seconds that pass the gates of BS.1770, as there the blocks
    of 0.4 s do.

    Parameters
    ----------
    rate
        Sampling rate in Hz.
    """

    WHOLE_S = 120.0
    STRETCH_S = 3.0

    def __init__(self, rate: int = SAMPLING_RATE) -> None:
        self._rate = rate
        self._blocks: list[np.ndarray] = []
        self._waiting = 0
        self._stretches: list[float] = []

    def add(self, samples: np.ndarray) -> None:
        """Take the samples, (n,) float32, that follow those before."""
        self._blocks.append(samples)
        self._waiting += len(samples)
        if self._waiting > self.WHOLE_S * self._rate:
            self._measure()

    def value(self) -> float:
        """Loudness of all samples so far in LUFS."""
        if not self._stretches:
            return loudness(np.concatenate(self._blocks), self._rate)
        if self._waiting:
            self._measure()
        levels = np.array(self._stretches)
        powers = 10 ** (levels / 10)
        audible = levels >= _ABSOLUTE_GATE_LUFS
        if audible.any():
            powers = powers[audible]
            powers = powers[powers >= powers.mean() / 10]
        return float(10 * np.log10(powers.mean()))

    def _measure(self) -> None:
        samples, length = np.concatenate(self._blocks), int(self.STRETCH_S * self._rate)
        for start in range(0, len(samples), length):
            self._stretches.append(loudness(samples[start : start + length], self._rate))
        self._blocks, self._waiting = [], 0


@lru_cache(maxsize=8)
def _meter(rate: int) -> Any:
    import pyloudnorm

    return pyloudnorm.Meter(rate)


def _acoustics(recording: Recording) -> Acoustics:
    mono = recording.mono(SAMPLING_RATE)
    spectrum = Spectrum.of(mono, SAMPLING_RATE)
    energy = spectrum.power.sum(axis=1)
    levels, order = decibels(energy), np.argsort(energy)
    nyquist = min(recording.rate, SAMPLING_RATE) / 2
    mean = spectrum.power.mean(axis=0, dtype=np.float64)
    values = _levels(recording) | {"loudness": loudness(mono)}
    values |= _dynamics(energy, levels, order, spectrum.hop / spectrum.rate)
    values |= _band(spectrum, order, mean, nyquist)
    prominence, level, frequency = mains_hum(spectrum.clean, spectrum.rate, float(mean.sum()))
    values |= {"hum": prominence, "hum_level": level, "hum_frequency": frequency}
    values |= _pitch(spectrum, order)
    return Acoustics(mono, spectrum, energy, levels, nyquist, values)


def _levels(recording: Recording) -> dict[str, float]:
    samples = recording.samples
    peaks = np.abs(samples).max(axis=0)
    means = samples.mean(axis=0, dtype=np.float64)
    squares = np.square(samples, dtype=np.float64).mean(axis=0) - means**2
    peak, level = float(decibels(float(peaks.max()) ** 2)), float(decibels(float(squares.mean())))
    return {
        "peak": peak,
        "level": level,
        "crest": max(peak - level, 0.0),
        "flat_top_share": max(flat_top_share(samples[:, c], float(p)) for c, p in enumerate(peaks)),
        "dc_offset": float(np.abs(means).max()),
    }


def _dynamics(energy: np.ndarray, levels: np.ndarray, order: np.ndarray, step: float) -> dict[str, float]:
    """Features of the course of the level; `order` sorts the frames, which are `step` seconds apart."""
    floor = float(levels[order[max(1, len(order) // 10) - 1]])
    loudest = float(levels[order[int(LOUD_SHARE * (len(order) - 1))]])
    return {
        "noise_floor": floor,
        "dynamics": loudest - floor,
        "decay": _decay(levels, loudest, step),
        "dropout_share": float((energy < _DIGITAL_SILENCE).mean()),
    }


def _decay(levels: np.ndarray, loudest: float, step: float) -> float:
    """Median slope of the frames that fall from less than 25 dB below the loud ones."""
    span = max(1, round(0.048 / step))
    fall = levels[:-span] - levels[span:]
    fall = fall[(levels[:-span] > loudest - _LOUD_RANGE_DB) & (fall > 0)]
    return float(np.median(fall) / (span * step)) if len(fall) >= 3 else 0.0


def _band(spectrum: Spectrum, order: np.ndarray, mean: np.ndarray, nyquist: float) -> dict[str, float]:
    f, total = spectrum.frequencies, float(mean.sum())
    quiet = spectrum.power[order[: max(1, len(order) // 10)]].mean(axis=0)
    # A file's filter against aliases takes the last tenth away.
    top = 0.9 * nyquist if nyquist < SAMPLING_RATE / 2 else nyquist + 1
    highest, void = bandwidth(spectrum.power, f, nyquist)

    def band(power: np.ndarray, start: float, end: float) -> float:
        return float(power[(f >= start) & (f < end)].sum())

    cumulative = np.cumsum(mean)
    hiss = band(quiet, 3000, top)
    hiss_width = max(min(top, nyquist) - 3000, 1.0)
    return {
        "centroid": float((f * mean).sum() / max(total, EMPTY)),
        "rolloff": float(f[np.searchsorted(cumulative, 0.95 * cumulative[-1])]),
        "bandwidth": highest,
        "top_void": void,
        "flatness": flatness(mean[(f >= 100) & (f < 0.95 * nyquist)]),
        "floor_flatness": flatness(quiet[(f >= 150) & (f < min(3800, 0.95 * nyquist))]),
        "high_band": ratio_db(band(mean, 4000, top), band(mean, 100, 4000)),
        "low_band": ratio_db(band(mean, 20, 280), band(mean, 280, 4000)),
        "floor_tilt": ratio_db(hiss / hiss_width, band(quiet, 100, 2000) / 1900),
        "floor_high": ratio_db(hiss, total),
    }


def _pitch(spectrum: Spectrum, order: np.ndarray) -> dict[str, float]:
    lags, periodic = pitch_track(spectrum.clean, order, spectrum.hop, spectrum.rate)
    if not len(lags):
        return {"pitch": 0.0, "pitch_range": 0.0, "harmonicity": 0.0, "voiced_share": 0.0}
    low_lag, high_lag = np.percentile(lags, [10, 90])
    return {
        "pitch": spectrum.rate / float(np.median(lags)),
        "pitch_range": 12 * float(np.log2(high_lag / low_lag)),
        "harmonicity": float(np.median(periodic)),
        "voiced_share": float((periodic > VOICED).mean()),
    }
