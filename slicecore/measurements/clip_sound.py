"""Measurements of one clip's sound: its acoustic features, and where speech is in it."""

from __future__ import annotations

import warnings

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.measurements import speech
from slicecore.measurements.acoustics import Acoustics, acoustics_of
from slicecore.measurements.faults import measure_faults
from slicecore.measurements.spectrum import EMPTY, decibels, low

TIMBRE_EDGES = np.geomspace(110, 7800, 61)
"""Edges in Hz of the 60 bands of `timbre`: each 7.4 % above the one below."""

_ABRUPT_S = 0.03
_PAUSES_DB = 20.0
_SPEECH_RANGE_DB = 25.0
_LOWEST_NYQUIST_WITH_TREBLE = 4500


def measure_sound(recording: Recording) -> tuple[dict[str, float], np.ndarray]:
    """Measure a recording.

    Returns
    -------
    values
        By the names of `slicecore.measurements.sound_catalogue.SOUND`; NaN where something can't be measured.
    timbre : (60,) float32
        Mean level in dB of the louder frames in bands of constant ratio, without their mean; NaN above half the rate.
    """
    acoustics = acoustics_of(recording)
    values = acoustics.values | {
        "duration": len(recording.samples) / recording.rate,
        "file_rate": float(recording.rate),
    }
    values |= measure_faults(recording, acoustics)
    values |= _pauses(acoustics)
    values |= _edges(acoustics)
    for name in _unknown(acoustics):
        values[name] = np.nan
    del values["decay"], values["dropout_share"]
    return values, _timbre(acoustics)


def _unknown(acoustics: Acoustics) -> list[str]:
    """Names of features that say nothing about this recording."""
    unknown = []
    if acoustics.nyquist <= _LOWEST_NYQUIST_WITH_TREBLE:
        unknown.append("high_band")
    if not acoustics.energy.any():
        unknown += ["centroid", "rolloff"]
    if not acoustics.values["pitch"]:
        unknown += ["pitch", "pitch_range", "harmonicity", "voiced_share"]
    return unknown


def _pauses(acoustics: Acoustics) -> dict[str, float]:
    """Speech and what lies between: shares, times, signal to noise."""
    levels, energy = acoustics.levels, acoustics.energy
    hop, rate = acoustics.spectrum.hop, acoustics.spectrum.rate
    floor, dynamics = acoustics.values["noise_floor"], acoustics.values["dynamics"]
    frames = speech.speech_frames(acoustics.mono)
    step, duration = hop / rate, len(acoustics.mono) / rate
    # By level: within 25 dB of the loud frames and off the floor. Says something only where there are pauses.
    above = levels > max(acoustics.loudest - _SPEECH_RANGE_DB, floor + 3)
    by_level = float(above.sum()) * step if dynamics >= _PAUSES_DB else np.nan
    if frames is None:
        talk, active, unit = by_level, above if dynamics >= _PAUSES_DB else np.zeros(0, bool), step
        centre = above
    else:
        unit = speech.STEP / rate
        # silero-vad misses slowed speech, level misses speech in noise: the longer counts.
        talk, active = float(np.fmax(frames.sum() * unit, by_level)), frames
        at = ((np.arange(len(levels)) * hop + 256) // speech.STEP).astype(int)
        centre = frames[np.minimum(at, len(frames) - 1)]
    on = np.flatnonzero(active)
    return {
        "snr": _snr(energy, centre) if len(on) and centre.any() and (~centre).sum() >= 3 else dynamics,
        "speech_seconds": min(talk, duration),
        "speech_share": min(talk / duration, 1.0),
        "lead_silence": on[0] * unit if len(on) else np.nan,
        "trail_silence": max(duration - (on[-1] + 1) * unit, 0.0) if len(on) else np.nan,
    }


def _snr(energy: np.ndarray, is_speech: np.ndarray) -> float:
    """Speech to noise in dB; frames of speech hold the noise as well."""
    pause = max(float(np.median(energy[~is_speech])), EMPTY)
    return float(decibels(max(float(energy[is_speech].mean()) / pause - 1, 0.01)))


def _edges(acoustics: Acoustics) -> dict[str, float]:
    clean, size = acoustics.spectrum.clean, max(1, int(_ABRUPT_S * SAMPLING_RATE))
    start, end = (float(np.square(part, dtype=np.float64).mean()) for part in (clean[:size], clean[-size:]))
    return {
        "start_level": float(decibels(start)) - acoustics.loudest,
        "end_level": float(decibels(end)) - acoustics.loudest,
    }


def _timbre(acoustics: Acoustics) -> np.ndarray:
    power, f, energy = acoustics.spectrum.power, acoustics.spectrum.frequencies, acoustics.energy
    loud = power[energy >= low(energy, 0.6)].mean(axis=0, dtype=np.float64)
    # Bands narrower than a bin at the low end take what lies between the bins.
    cumulative = np.concatenate([[0.0], np.cumsum(loud)])
    edges = np.interp(TIMBRE_EDGES, np.concatenate([[0.0], f + f[1] / 2]), cumulative)
    timbre = decibels(np.diff(edges) / np.diff(TIMBRE_EDGES))
    if acoustics.nyquist < SAMPLING_RATE / 2:
        timbre[TIMBRE_EDGES[1:] > acoustics.nyquist * 0.95] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return (timbre - np.nanmean(timbre)).astype(np.float32)
