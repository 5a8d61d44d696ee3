"""Transforms of audiomentations, with their default parameters unless others are named."""

import importlib.util
import random
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from cause_finding.damage.kinds import damaged
from cause_finding.damage.recordings import as_loud
from cause_finding.damage.truth import Truth
from cause_finding.plants import Kind, Others, Plant, Spoken

_WER = 0.25

_NOISY = Truth("background_noise", ("high_frequency_noise",), ("hum", "wind"))
_CODED = Truth("compression", ("narrow_band",))

_TRANSFORMS: Mapping[str, tuple[str, dict[str, Any], Truth | None]] = {
    "RoomSimulator": ("RoomSimulator", {}, Truth("reverberation", fits=("echo",))),
    "RoomSimulator, 0.6 to 1.2 s": (
        "RoomSimulator",
        {"calculation_mode": "rt60", "min_target_rt60": 0.6, "max_target_rt60": 1.2},
        Truth("reverberation", fits=("echo",)),
    ),
    "Mp3Compression, 8 to 64 kbit/s": ("Mp3Compression", {}, _CODED),
    "Mp3Compression, 8 to 24 kbit/s": ("Mp3Compression", {"min_bitrate": 8, "max_bitrate": 24}, _CODED),
    "ClippingDistortion": ("ClippingDistortion", {}, Truth("overdriven", fits=("limited", "loud"))),
    "TanhDistortion": ("TanhDistortion", {}, Truth("overdriven", ("limited",), ("loud",))),
    "AirAbsorption": ("AirAbsorption", {}, Truth("", fits=("narrow_band",))),
    "BitCrush": ("BitCrush", {}, Truth("coarse_digitisation", fits=("background_noise",))),
    "Aliasing": ("Aliasing", {}, Truth("coarse_digitisation", fits=("high_frequency_noise",))),
    "Limiter": ("Limiter", {}, Truth("limited")),
    "TimeMask": ("TimeMask", {}, Truth("dropouts", ("truncated",), ("long_silence", "omitted_speech"))),
    "GainTransition": ("GainTransition", {}, Truth("level_changes", fits=("quiet",))),
    "AddColorNoise": ("AddColorNoise", {}, _NOISY),
    "AddGaussianSNR": ("AddGaussianSNR", {}, _NOISY),
    "AddShortNoises": ("AddShortNoises", {}, Truth("background_noise", fits=("clicks", "other_talker"))),
    "PitchShift, 2 to 5 semitones up": (
        "PitchShift",
        {"min_semitones": 2, "max_semitones": 5},
        Truth("small_vocal_tract", fits=("voice",)),
    ),
    "TimeStretch, 1.3 to 1.6": ("TimeStretch", {"min_rate": 1.3, "max_rate": 1.6}, Truth("tempo")),
    "TimeStretch, 0.6 to 0.75": ("TimeStretch", {"min_rate": 0.6, "max_rate": 0.75}, Truth("tempo")),
    "LowPassFilter, 1 to 3 kHz": (
        "LowPassFilter",
        {"min_cutoff_freq": 1000, "max_cutoff_freq": 3000},
        Truth("narrow_band"),
    ),
    "BandPassFilter": ("BandPassFilter", {}, Truth("narrow_band", fits=("quiet",))),
    "HighPassFilter (harmless)": ("HighPassFilter", {"min_cutoff_freq": 20, "max_cutoff_freq": 200}, None),
    "SevenBandParametricEQ (harmless)": ("SevenBandParametricEQ", {}, None),
    "PeakingFilter (harmless)": ("PeakingFilter", {}, None),
    "PolarityInversion (harmless)": ("PolarityInversion", {}, None),
    "Gain, ±6 dB (harmless)": ("Gain", {"min_gain_db": -6, "max_gain_db": 6}, None),
    "Normalize (harmless)": ("Normalize", {}, None),
    "LoudnessNormalization, −26 to −16 LUFS (harmless)": (
        "LoudnessNormalization",
        {"min_lufs": -26, "max_lufs": -16},
        None,
    ),
}


def kinds() -> dict[str, Kind]:
    """Kinds by name; none where audiomentations is not installed."""
    if importlib.util.find_spec("audiomentations") is None:
        return {}
    return {
        name: kind(truth, _plant(transform, options, truth is not None))
        for name, (transform, options, truth) in _TRANSFORMS.items()
    }


def kind(truth: Truth | None, plant: Plant, least_rate: int = 8000, needs: str = "another program") -> Kind:
    """A kind with its truth, None for a harmless one."""
    right = truth or Truth("")
    return Kind(right.cause, plant, right.also, least_rate, right.fits, needs)


def _plant(transform: str, options: Mapping[str, Any], harms: bool) -> Plant:
    def change(clip: Spoken, others: Others) -> np.ndarray:
        seed = int(others.random.integers(2**31))
        random.seed(seed)
        np.random.seed(seed)
        made = _transform(transform, tuple(options.items()))(clip.samples.astype(np.float32), clip.rate)
        # A simulated room has no level of its own.
        return as_loud(made, clip) if transform == "RoomSimulator" else np.asarray(made, float)

    return damaged(change, _WER if harms else 0.0)


@cache
def _transform(name: str, options: tuple[tuple[str, Any], ...]) -> Callable[[np.ndarray, int], np.ndarray]:
    import audiomentations

    given: dict[str, Any] = dict(options)
    if name == "AddShortNoises":
        given["sounds_path"] = _short_noises()
    made: Callable[[np.ndarray, int], np.ndarray] = getattr(audiomentations, name)(p=1.0, **given)
    return made


@cache
def _short_noises() -> str:
    """Folder of bursts of noise and of tones."""
    folder, draws = Path(tempfile.mkdtemp()), np.random.default_rng(0)
    for number in range(12):
        time = np.arange(int(draws.uniform(0.1, 0.5) * 16000)) / 16000
        wave = (
            draws.normal(size=len(time))
            if number % 2
            else np.sin(2 * np.pi * draws.uniform(300, 2000) * time)
        )
        soundfile.write(
            folder / f"{number}.wav", 0.3 * wave / np.abs(wave).max() * np.hanning(len(wave)), 16000
        )
    return str(folder)
