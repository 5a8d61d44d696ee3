"""Noise with the spectrum of recordings: mains hum by its lines, other noise by the quietest frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.clip import Clip
from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.measurements.hum import line_energies
from slicecore.measurements.spectrum import FRAME, Spectrum
from slicecore.recipes.recipe import Sounds
from slicecore.recipes.spectra import spectra_of

SECONDS = 40.0
"""Length of a noise: NeMo puts one that is shorter than a clip somewhere in it."""
_FILES = 4
_QUIET_SHARE = 0.1  # as the noise floor is measured
_LEVEL = 0.1


def hum_of(clips: Sequence[Clip | None], frequency: float) -> Sounds | None:
    """Mains hum with the mean lines of some clips; None where none can be decoded.

    Parameters
    ----------
    clips
        Clips with hum, of which some are looked at.
    frequency
        50 or 60 Hz.
    """
    energies = [line_energies(each.clean, each.rate, frequency) for each in spectra_of(clips)]
    if not energies:
        return None
    lines = np.mean([each / max(float(each.sum()), 1e-20) for each in energies], axis=0)
    time = np.arange(int(SECONDS * SAMPLING_RATE)) / SAMPLING_RATE
    random = np.random.default_rng(0)
    wave = np.zeros(len(time))
    for number, energy in enumerate(lines, 1):
        phase = random.uniform(0, 2 * np.pi)
        wave += np.sqrt(energy) * np.sin(2 * np.pi * frequency * number * time + phase)
    return Sounds({"hum.wav": _levelled(wave)}, SAMPLING_RATE)


def floor_of(clips: Sequence[Clip | None], name: str) -> Sounds | None:
    """Steady noise with the spectrum of what sounds in the quietest tenth of some clips; None without any.

    Parameters
    ----------
    clips
        Clips with noise, of which some are looked at, several for each file.
    name
        First part of the names of the files.
    """
    floors = [_floor(spectrum) for spectrum in spectra_of(clips)]
    if not floors:
        return None
    random = np.random.default_rng(0)
    samples = {}
    for number in range(min(_FILES, len(floors))):
        power = np.mean(floors[number::_FILES], axis=0)
        noise = random.normal(size=int(SECONDS * SAMPLING_RATE))
        samples[f"{name}-{number + 1}.wav"] = _levelled(_coloured(noise, power))
    return Sounds(samples, SAMPLING_RATE)


def _floor(spectrum: Spectrum) -> NDArray[np.float64]:
    """Power of the quietest frames per bin, its sum 1."""
    order = np.argsort(spectrum.power.sum(axis=1))
    quiet = spectrum.power[order[: max(1, int(len(order) * _QUIET_SHARE))]].mean(axis=0, dtype=np.float64)
    total = float(quiet.sum())
    return quiet / total if total > 0 else np.full(len(quiet), 1 / len(quiet))


def _coloured(noise: NDArray[np.float64], power: NDArray[np.float64]) -> NDArray[np.float64]:
    """White noise with a power spectrum, by a filter of linear phase."""
    from scipy.signal import fftconvolve

    taps = np.roll(np.fft.irfft(np.sqrt(power)), FRAME // 2) * np.hanning(FRAME)
    shaped: NDArray[np.float64] = fftconvolve(noise, taps, mode="same")
    return shaped


def _levelled(wave: NDArray[np.float64]) -> NDArray[np.float32]:
    """A wave at one level, not clipped; what mixes it in sets its own."""
    wave = wave * _LEVEL / max(float(np.sqrt(np.mean(wave**2))), 1e-12)
    return np.clip(wave, -1, 1).astype(np.float32)
