"""Damage of clean clips: the transforms of a recipe's step, with an amount drawn from the slice's own range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.audio.resampling import resampled
from slicecore.recipes.recipe import Step

Mono = NDArray[np.float64]
"""Samples at `SAMPLING_RATE`, (samples,), full scale ±1."""
_Amount = Callable[[str], float]
_LIMITER_SECONDS = 0.005
_PER_ORDER = 6.0  # dB per octave of a Butterworth filter's order


def damaged(samples: Mono, step: Step, random: np.random.Generator) -> Mono:
    """A clean clip with the cause of a step.

    Parameters
    ----------
    samples
        (samples,) at 16 kHz.
    step
        Of a recipe; its transforms are made one after the other, as audiomentations makes them.
    random
        Draws the amount of each transform.
    """
    for transform in step.transforms:
        arguments = transform.arguments

        def amount(name: str, arguments: Mapping[str, Any] = arguments) -> float:
            return float(random.uniform(arguments[f"min_{name}"], arguments[f"max_{name}"]))

        samples = _TRANSFORMS[transform.name](samples, arguments, amount, step, random)
    return samples


def _noise(
    samples: Mono, arguments: Mapping[str, Any], amount: _Amount, step: Step, random: np.random.Generator
) -> Mono:
    assert step.sounds is not None
    noises = list(step.sounds.samples.values())
    noise = np.asarray(noises[random.integers(len(noises))], np.float64)
    noise = np.resize(np.roll(noise, -int(random.integers(len(noise)))), len(samples))
    gain = _rms(samples) / max(_rms(noise), 1e-12) / 10 ** (amount("snr_db") / 20)
    return samples + gain * noise


def _normalised(samples: Mono, *_: Any) -> Mono:
    return samples / max(float(np.abs(samples).max(initial=0)), 1e-12)


def _gain(samples: Mono, arguments: Mapping[str, Any], amount: _Amount, *_: Any) -> Mono:
    return samples * 10 ** (amount("gain_db") / 20)


def _clipped(samples: Mono, arguments: Mapping[str, Any], *_: Any) -> Mono:
    return np.clip(samples, arguments["a_min"], arguments["a_max"])


def _loudness(samples: Mono, arguments: Mapping[str, Any], amount: _Amount, *_: Any) -> Mono:
    import pyloudnorm

    if len(samples) <= 0.4 * SAMPLING_RATE:  # shorter than a block of the measurement
        return samples
    level = pyloudnorm.Meter(SAMPLING_RATE).integrated_loudness(samples)
    return samples * 10 ** ((amount("lufs") - level) / 20) if np.isfinite(level) else samples


def _limited(samples: Mono, arguments: Mapping[str, Any], amount: _Amount, *_: Any) -> Mono:
    """Turned down around each peak above the threshold, smoothly and ahead of it."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    threshold, width = 10 ** (amount("threshold_db") / 20), int(_LIMITER_SECONDS * SAMPLING_RATE)
    peaks = maximum_filter1d(np.abs(samples), 2 * width + 1)
    gain = np.minimum(1.0, threshold / np.maximum(peaks, 1e-12))
    return samples * uniform_filter1d(gain, 2 * width + 1)


def _respeeded(samples: Mono, arguments: Mapping[str, Any], amount: _Amount, *_: Any) -> Mono:
    """Resampled, and the result taken for 16 kHz again."""
    rate = amount("sample_rate")
    return np.asarray(resampled(samples.astype(np.float32), SAMPLING_RATE, rate), np.float64)


def _low_pass(samples: Mono, arguments: Mapping[str, Any], amount: _Amount, *_: Any) -> Mono:
    return _filtered(samples, "lowpass", amount("cutoff_freq"), amount("rolloff"))


def _high_pass(samples: Mono, arguments: Mapping[str, Any], amount: _Amount, *_: Any) -> Mono:
    return _filtered(samples, "highpass", amount("cutoff_freq"), amount("rolloff"))


def _filtered(samples: Mono, kind: str, edge: float, rolloff: float) -> Mono:
    from scipy.signal import butter, sosfilt

    order = max(1, round(rolloff / _PER_ORDER))
    made: Mono = sosfilt(
        butter(order, min(edge, 0.49 * SAMPLING_RATE), kind, fs=SAMPLING_RATE, output="sos"), samples
    )
    return made


def _rms(samples: Mono) -> float:
    return float(np.sqrt(np.mean(samples**2)))


_TRANSFORMS: Mapping[str, Callable[..., Mono]] = MappingProxyType(
    {
        "AddBackgroundNoise": _noise,
        "Normalize": _normalised,
        "Gain": _gain,
        "Clip": _clipped,
        "LoudnessNormalization": _loudness,
        "Limiter": _limited,
        "Resample": _respeeded,
        "LowPassFilter": _low_pass,
        "HighPassFilter": _high_pass,
    }
)
"""Transforms of audiomentations that recipes use, by their name there."""

CAN_BE_MADE = frozenset(_TRANSFORMS)
