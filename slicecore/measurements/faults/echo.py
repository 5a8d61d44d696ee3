"""Echo: the same sound once more, a moment later."""

from __future__ import annotations

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement

MEASUREMENTS = (
    Measurement(
        "echo",
        "Echo",
        "dB",
        "Level of a repetition 50 to 700 ms later against the sound itself: largest value of the real cepstrum there "
        "(Bogert, Healy and Tukey 1963), which both halves of the clip must have",
        1,
    ),
    Measurement("echo_delay", "Delay of the echo", "ms", "Where that largest value of the cepstrum lies", 0),
)

_SHORTEST_S, _LONGEST_S = 0.05, 0.7
_LEAST_S = 0.6
_LOWEST_HZ = 150.0
_HIGHEST = 0.94  # of half the rate: filters against aliases take the rest away
_NOTEWORTHY_DB = -24.0
_HALF_LESS_DB = 6.0
_NONE_DB = -60.0
_EMPTY = 1e-9
_FRACTIONS = (2, 3, 4, 5, 6)
_NEAR = 3  # samples
_AS_HIGH = 0.6


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Level and delay of the strongest echo; NaN in clips under 0.6 s.

    Parameters
    ----------
    recording
        Not used.
    acoustics
        Its acoustic features.
    """
    level, delay = find_echo(acoustics.spectrum.clean, acoustics.nyquist)
    return {"echo": level, "echo_delay": 1000 * delay}


def find_echo(clean: np.ndarray, nyquist: float = SAMPLING_RATE / 2) -> tuple[float, float]:
    """Level and delay of the strongest echo.

    The spectrum of a sound with an echo `a` times as strong is rippled by |1 + a e^(−iωT)|², whose logarithm has a
    cepstrum of `a` at the delay T.

    Parameters
    ----------
    clean
        (samples,) at 16 kHz, without a constant part.
    nyquist
        Up to where the recording can have anything, in Hz.

    Returns
    -------
    level in dB, delay in seconds
        NaN in clips under 0.6 s and in silence.
    """
    if len(clean) < _LEAST_S * SAMPLING_RATE or not clean.any():
        return np.nan, np.nan
    first = round(_SHORTEST_S * SAMPLING_RATE)
    last = min(round(_LONGEST_S * SAMPLING_RATE), len(clean) // 3)
    cepstrum = _without_periods(_cepstrum(clean, nyquist, last), first)
    delay = first + int(cepstrum[first:].argmax())
    level = _level(float(cepstrum[delay]))
    if level > _NOTEWORTHY_DB:
        # A word that is spoken twice alike, as synthetic voices do, is no echo of all the rest.
        middle = len(clean) // 2
        for half in (clean[:middle], clean[middle:]):
            if half.any() and len(half) > 2 * delay:
                near = _cepstrum(half, nyquist, delay + 2)[delay - 1 :]
                in_half = _level(float(near.max()))
                level = level if in_half > level - _HALF_LESS_DB else in_half
    return level, delay / SAMPLING_RATE


def _cepstrum(samples: np.ndarray, nyquist: float, last: int) -> np.ndarray:
    """Real cepstrum up to the lag `last`, of the band that the recording can hold, (last,)."""
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(len(samples) + last, real=True)
    spectrum = rfft(samples, size)
    power = np.log(spectrum.real**2 + spectrum.imag**2 + _EMPTY)
    low, high = (round(edge * size / SAMPLING_RATE) for edge in (_LOWEST_HZ, _HIGHEST * nyquist))
    power[low:high] -= power[low:high].mean()
    power[:low] = power[high:] = 0
    cepstrum: np.ndarray = irfft(power, size)[:last]
    return cepstrum * (len(power) / (high - low))


def _without_periods(cepstrum: np.ndarray, first: int) -> np.ndarray:
    """Cepstrum without the multiples of a short period, such as a buzz of the mains has; an echo has no fractions."""
    highest = first + int(cepstrum[first:].argmax())
    for parts in _FRACTIONS:
        period = highest / parts
        around = slice(int(period) - _NEAR, int(period) + _NEAR + 2)
        if period < first and cepstrum[around].max() >= _AS_HIGH * cepstrum[highest]:
            at = np.arange(len(cepstrum))
            distance = np.abs(at - period * np.round(at / period))
            return np.where(distance <= _NEAR * np.maximum(np.round(at / period) / parts, 1), 0, cepstrum)
    return cepstrum


def _level(amplitude: float) -> float:
    return max(20 * np.log10(max(amplitude, 1e-6)), _NONE_DB)
