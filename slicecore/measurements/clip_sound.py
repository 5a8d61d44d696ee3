"""The sound of one clip, measured: level, clipping, noise, band, hum, speech and pitch in one pass."""

from __future__ import annotations

import warnings
from functools import lru_cache

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.measurements import speech
from slicecore.measurements.clipping import flat_top_share
from slicecore.measurements.hum import mains_hum
from slicecore.measurements.pitch import pitch_track
from slicecore.measurements.spectrum import EMPTY, Spectrum, bandwidth, decibels, flatness, low, ratio_db

TIMBRE_EDGES = np.geomspace(110, 7800, 61)
"""Edges in Hz of the 60 bands of `timbre`: each 7.4 % above the one below."""

_ABRUPT_S = 0.03
_EDGE_SHARE = 0.95


def measure_sound(recording: Recording) -> tuple[dict[str, float], np.ndarray]:
    """Measure a recording.

    Levels and clipping are taken from every channel at the file's own rate, everything else from the mean of the
    channels at 16 kHz, up to half the file's rate: that is what a recogniser hears.

    Returns
    -------
    values
        By the names of `slicecore.measurements.sound.SOUND`; NaN where something can't be measured.
    timbre : (60,) float32
        Mean level in dB of the louder frames in bands of constant ratio, without their mean; NaN above half the rate.
    """
    mono = recording.mono(SAMPLING_RATE)
    nyquist = min(recording.rate, SAMPLING_RATE) / 2
    spectrum = Spectrum.of(mono, SAMPLING_RATE)
    energy = spectrum.power.sum(axis=1)
    frames = speech.speech_frames(mono)
    values = _level(recording, mono)
    values |= _pauses(spectrum, energy, frames, len(mono))
    values |= _edges(mono, energy)
    values |= _band(spectrum.power, spectrum.frequencies, nyquist, energy)
    prominence, level, mains = mains_hum(
        spectrum.clean, SAMPLING_RATE, float(spectrum.power.mean(axis=0).sum())
    )
    values |= {"hum": prominence, "hum_level": level, "hum_frequency": mains}
    values |= _pitch(spectrum, energy)
    return values, _timbre(spectrum.power, spectrum.frequencies, energy, nyquist)


def _level(recording: Recording, mono: np.ndarray) -> dict[str, float]:
    samples = recording.samples
    peaks = np.abs(samples).max(axis=0)
    peak = float(decibels(float(peaks.max()) ** 2))
    squares = np.square(samples, dtype=np.float64).mean(axis=0)
    level = float(decibels(float(squares.mean())))
    balance = decibels(squares)
    return {
        "duration": len(samples) / recording.rate,
        "file_rate": float(recording.rate),
        "peak": peak,
        "level": level,
        "crest": peak - level,
        "loudness": _loudness(mono),
        "flat_top_share": max(flat_top_share(samples[:, c], float(p)) for c, p in enumerate(peaks)),
        "dc_offset": float(np.abs(samples.mean(axis=0, dtype=np.float64)).max()),
        "channel_imbalance": float(balance.max() - balance.min()) if len(balance) > 1 else np.nan,
    }


def _loudness(mono: np.ndarray) -> float:
    """Integrated loudness in LUFS; a clip without a single block above the gate has its plain level."""
    block = int(0.4 * SAMPLING_RATE)
    # The standard wants a block of 0.4 s; a shorter clip is repeated.
    samples = mono if len(mono) > block else np.tile(mono, block // len(mono) + 2)
    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        warnings.simplefilter("ignore")
        loudness = float(_meter().integrated_loudness(samples.astype(np.float64)))
    if np.isfinite(loudness):
        return loudness
    return float(decibels(float(np.square(mono, dtype=np.float64).mean()))) - 0.69


@lru_cache(maxsize=1)
def _meter():  # type: ignore[no-untyped-def]
    import pyloudnorm

    return pyloudnorm.Meter(SAMPLING_RATE)


def _pauses(
    spectrum: Spectrum, energy: np.ndarray, frames: np.ndarray | None, length: int
) -> dict[str, float]:
    """Speech and what lies between: shares, times, noise."""
    levels = decibels(energy)
    ordered = np.sort(levels)
    floor = float(ordered[max(1, len(ordered) // 10) - 1])
    loudest = float(ordered[int(_EDGE_SHARE * (len(ordered) - 1))])
    dynamics = loudest - floor
    step, duration = spectrum.hop / spectrum.rate, length / spectrum.rate
    # By level: within 25 dB of the loud frames and off the floor. Says something only where there are pauses.
    above = levels > max(loudest - 25, floor + 3)
    by_level = float(above.sum()) * step if dynamics >= 20 else np.nan
    if frames is None:
        talk, active, unit = by_level, above if dynamics >= 20 else np.zeros(0, bool), step
        centre = above
    else:
        unit = speech.STEP / spectrum.rate
        # silero-vad misses slowed speech, level misses speech in noise: the longer counts.
        talk, active = float(np.fmax(frames.sum() * unit, by_level)), frames
        at = ((np.arange(len(levels)) * spectrum.hop + 256) // speech.STEP).astype(int)
        centre = frames[np.minimum(at, len(frames) - 1)]
    on = np.flatnonzero(active)
    snr = dynamics
    if len(on) and centre.sum() > 0 and (~centre).sum() >= 3:
        pause = max(float(np.median(energy[~centre])), EMPTY)
        # Speech frames hold the noise as well.
        snr = float(decibels(max(float(energy[centre].mean()) / pause - 1, 0.01)))
    return {
        "noise_floor": floor,
        "dynamics": dynamics,
        "snr": snr,
        "speech_seconds": min(talk, duration),
        "speech_share": min(talk / duration, 1.0),
        "lead_silence": on[0] * unit if len(on) else np.nan,
        "trail_silence": max(duration - (on[-1] + 1) * unit, 0.0) if len(on) else np.nan,
    }


def _edges(mono: np.ndarray, energy: np.ndarray) -> dict[str, float]:
    loud = float(decibels(np.sort(energy)[int(_EDGE_SHARE * (len(energy) - 1))]))
    size = max(1, int(_ABRUPT_S * SAMPLING_RATE))
    start, end = (float(np.square(part, dtype=np.float64).mean()) for part in (mono[:size], mono[-size:]))
    return {"start_level": float(decibels(start)) - loud, "end_level": float(decibels(end)) - loud}


def _band(power: np.ndarray, f: np.ndarray, nyquist: float, energy: np.ndarray) -> dict[str, float]:
    mean = power.mean(axis=0, dtype=np.float64)
    quiet = power[energy <= np.partition(energy, len(energy) // 10)[len(energy) // 10]].mean(axis=0)
    total = float(mean.sum())
    # A file's filter against aliases takes the last tenth away.
    top = 0.9 * nyquist if nyquist < SAMPLING_RATE / 2 else nyquist + 1
    highest, void = bandwidth(power, f, nyquist)

    def band(which: np.ndarray, start: float, end: float) -> float:
        return float(which[(f >= start) & (f < end)].sum())

    cumulative = np.cumsum(mean)
    return {
        "centroid": float((f * mean).sum() / total) if total > 0 else np.nan,
        "rolloff": float(f[np.searchsorted(cumulative, 0.95 * cumulative[-1])]) if total > 0 else np.nan,
        "bandwidth": highest,
        "top_void": void,
        "flatness": flatness(mean[(f >= 100) & (f < 0.95 * nyquist)]),
        "floor_flatness": flatness(quiet[(f >= 150) & (f < min(3800, 0.95 * nyquist))]),
        "high_band": ratio_db(band(mean, 4000, top), band(mean, 100, 4000)) if nyquist > 4500 else np.nan,
        "low_band": ratio_db(band(mean, 20, 280), band(mean, 280, 4000)),
        "floor_tilt": ratio_db(
            band(quiet, 3000, top) / (min(top, nyquist) - 3000), band(quiet, 100, 2000) / 1900
        ),
        "floor_high": ratio_db(band(quiet, 3000, top), total),
    }


def _pitch(spectrum: Spectrum, energy: np.ndarray) -> dict[str, float]:
    lags, periodic = pitch_track(spectrum.clean, np.argsort(energy), spectrum.hop, spectrum.rate, 50, 500)
    if not len(lags):
        return {"pitch": np.nan, "pitch_range": np.nan, "harmonicity": np.nan}
    low_lag, high_lag = np.percentile(lags, [10, 90])
    return {
        "pitch": spectrum.rate / float(np.median(lags)),
        "pitch_range": 12 * float(np.log2(high_lag / low_lag)),
        "harmonicity": float(np.median(periodic)),
    }


def _timbre(power: np.ndarray, f: np.ndarray, energy: np.ndarray, nyquist: float) -> np.ndarray:
    loud = power[energy >= low(energy, 0.6)].mean(axis=0, dtype=np.float64)
    # Bands narrower than a bin at the low end take what lies between the bins.
    cumulative = np.concatenate([[0.0], np.cumsum(loud)])
    edges = np.interp(TIMBRE_EDGES, np.concatenate([[0.0], f + f[1] / 2]), cumulative)
    timbre = decibels(np.diff(edges) / np.diff(TIMBRE_EDGES))
    if nyquist < SAMPLING_RATE / 2:
        timbre[TIMBRE_EDGES[1:] > nyquist * 0.95] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return (timbre - np.nanmean(timbre)).astype(np.float32)
