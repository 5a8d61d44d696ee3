"""Measurements of a recording, and the descriptors behind model="signal".

A descriptor is 215 numbers: what the spectrum of the louder half looks like on average (64 mel bands), how much it
moves, what is left of it in the quietest moments, and 23 measurements of level, distortion, bandwidth, hum and pitch.
They tell recording conditions apart; the words spoken and the length of the clip hardly show in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.measurements.clipping import flat_top_share
from slicecore.measurements.hum import mains_hum
from slicecore.measurements.pitch import pitch_track
from slicecore.measurements.spectrum import (
    EMPTY,
    FRAME,
    Spectrum,
    bandwidth,
    decibels,
    flatness,
    low,
    ratio_db,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Scalar:
    """One number about a recording.

    Attributes
    ----------
    name, unit, description
        What it is; `unit` is "" for ratios.
    log_floor
        If not 0, the descriptor holds log2(value + log_floor): shares and frequencies are compared by ratio.
    """

    name: str
    unit: str
    description: str
    log_floor: float = 0.0


SCALARS: tuple[Scalar, ...] = (
    Scalar("level", "dBFS", "Level over the whole clip (RMS)"),
    Scalar("peak", "dBFS", "Largest sample"),
    Scalar("crest", "dB", "Peak above level; low when overdriven or compressed"),
    Scalar("loudness", "LUFS", "Loudness as heard (BS.1770)"),
    Scalar("noise_floor", "dBFS", "Level of the quietest tenth of the frames"),
    Scalar("dynamics", "dB", "Loud frames above quiet ones; low in steady noise"),
    Scalar("decay", "dB/s", "How fast the level falls after loud frames; slow in reverberant rooms"),
    Scalar("dropout_share", "", "Share of frames with digital silence (below −90 dBFS)", 0.01),
    Scalar("flat_top_share", "", "Share of samples on flat tops near the clip's own peak: clipping", 0.001),
    Scalar("dc_offset", "", "Constant part of the signal as a share of its level", 0.01),
    Scalar("flatness", "dB", "Flatness of the mean spectrum; 0 is white noise"),
    Scalar("floor_flatness", "dB", "Flatness of the quietest frames below 3.8 kHz"),
    Scalar("centroid", "Hz", "Centre of the mean spectrum", 50.0),
    Scalar("rolloff", "Hz", "95 % of the energy lies below this frequency", 50.0),
    Scalar("bandwidth", "Hz", "Highest frequency within 45 dB of the strongest", 50.0),
    Scalar("top_void", "dB", "How far the uppermost tenth of the band lies below the strongest"),
    Scalar("high_band", "dB", "Energy above 4 kHz against below"),
    Scalar("low_band", "dB", "Energy below 280 Hz against 280 Hz to 4 kHz"),
    Scalar("floor_tilt", "dB", "Quietest frames: density above 3 kHz against below 2 kHz"),
    Scalar("hum", "dB", "Lines of 50 or 60 Hz and harmonics above what lies between them"),
    Scalar("hum_level", "dB", "Energy of these lines against the whole clip"),
    Scalar("pitch", "Hz", "Median fundamental frequency of the voiced frames", 20.0),
    Scalar("harmonicity", "", "How periodic the loud frames are, 0 to 1"),
)

BANDS = 64
SIZE = 3 * BANDS + len(SCALARS)

_COLUMNS_AT_ONCE = 16


def measure(samples: np.ndarray, sampling_rate: int = SAMPLING_RATE) -> dict[str, float]:
    """Measure a recording.

    Parameters
    ----------
    samples
        (samples,) mono, full scale ±1; at least one sample.
    sampling_rate
        In Hz.

    Returns
    -------
    dict
        Value by name, in the order of `SCALARS`; always finite.
    """
    return _measure(samples, Spectrum.of(samples, sampling_rate))


def describe(samples: np.ndarray, sampling_rate: int = SAMPLING_RATE) -> np.ndarray:
    """Describe a recording by `SIZE` numbers, to be compared after `standardise`.

    Returns
    -------
    (215,) float32
        Blocks of 64, 64, 64 and 23: mean shape, spread and floor of the log-mel spectrum in dB, and the scalars.
    """
    spectrum = Spectrum.of(samples, sampling_rate)
    values = _measure(samples, spectrum)
    scalars = [
        np.log2(values[scalar.name] + scalar.log_floor) if scalar.log_floor else values[scalar.name]
        for scalar in SCALARS
    ]
    mel = decibels((_mel_filters(sampling_rate) @ spectrum.power.T).T)
    # Shape and spread from the louder half, where somebody speaks: how much pause a clip has must not matter.
    energy = spectrum.power.sum(axis=1)
    speech = mel[energy >= low(energy, 0.5)]
    shape, floor = speech.mean(axis=0), low(mel, 0.1)
    blocks = [shape - shape.mean(), speech.std(axis=0), floor - shape.mean(), scalars]
    return np.concatenate(blocks).astype(np.float32)


def standardise(descriptors: np.ndarray) -> np.ndarray:
    """Make descriptors comparable: every column standardised, every block of equal weight.

    Parameters
    ----------
    descriptors
        (n, 215) from `describe`, all finite.

    Returns
    -------
    (n, 215) float32
        Columns without variation are 0; values beyond six deviations are held there.
    """
    if not len(descriptors):
        return np.zeros((0, SIZE), np.float32)
    sizes = [BANDS] * 3 + [len(SCALARS)]
    weights = 1 / np.sqrt(np.repeat(sizes, sizes))
    standard = np.empty(descriptors.shape, np.float32)
    # Some columns at a time: with a million clips, copies of the whole table would not fit into memory.
    for start in range(0, SIZE, _COLUMNS_AT_ONCE):
        part = slice(start, start + _COLUMNS_AT_ONCE)
        values = descriptors[:, part].astype(np.float64)
        centre, scale = values.mean(axis=0), values.std(axis=0)
        # A deviation this small is rounding, not variation.
        constant = scale <= 1e-6 * (1 + np.abs(centre))
        scaled = np.clip((values - centre) / np.where(constant, 1, scale), -6, 6)
        scaled[:, constant] = 0
        standard[:, part] = scaled * weights[part]
    return standard


@lru_cache(maxsize=8)
def _mel_filters(rate: int) -> csr_array:
    # Sparse, which is quicker, and keeps the threads of a BLAS library from fighting those that decode.
    from librosa.filters import mel
    from scipy.sparse import csr_array

    return csr_array(mel(sr=rate, n_fft=FRAME, n_mels=BANDS, norm=None))


def _measure(samples: np.ndarray, spectrum: Spectrum) -> dict[str, float]:
    power, rate, f = spectrum.power, spectrum.rate, spectrum.frequencies
    energy = power.sum(axis=1)
    levels = decibels(energy)
    order = np.argsort(energy)
    tenth = max(1, len(order) // 10)
    mean, quiet = power.mean(axis=0), power[order[:tenth]].mean(axis=0)
    total = float(mean.sum())
    peak = float(np.abs(samples).max())
    rms = float(np.sqrt(np.mean(spectrum.clean.astype(np.float64) ** 2)))
    level, peak_db = float(decibels(np.array(rms**2))), float(decibels(np.array(peak**2)))
    quietest, loudest = float(levels[order[tenth - 1]]), float(levels[order[int(0.95 * (len(order) - 1))]])
    highest, void = bandwidth(power, f, rate / 2)
    hum, hum_level, _ = mains_hum(spectrum.clean, rate, total)
    lags, periodic = pitch_track(spectrum.clean, order, spectrum.hop, rate)

    def band(which: np.ndarray, start: float, end: float) -> float:
        return float(which[(f >= start) & (f < end)].sum())

    cumulative = np.cumsum(mean)
    values = (
        level,
        peak_db,
        max(peak_db - level, 0.0),
        _loudness(power, f, spectrum.hop, rate),
        quietest,
        loudest - quietest,
        _decay(levels, loudest, spectrum.hop / rate),
        float((energy < 1e-9).mean()),
        flat_top_share(samples, peak),
        float(
            abs(np.mean(samples, dtype=np.float64))
            / max(np.sqrt(np.mean(samples.astype(np.float64) ** 2)), 1e-5)
        ),
        flatness(mean[(f >= 100) & (f < 0.475 * rate)]),
        flatness(quiet[(f >= 150) & (f < 3800)]),
        float((f * mean).sum() / max(total, EMPTY)),
        float(f[np.searchsorted(cumulative, 0.95 * cumulative[-1])]),
        highest,
        void,
        ratio_db(band(mean, 4000, rate), band(mean, 100, 4000)),
        ratio_db(band(mean, 20, 280), band(mean, 280, 4000)),
        ratio_db(band(quiet, 3000, rate) / (rate / 2 - 3000), band(quiet, 100, 2000) / 1900),
        hum,
        hum_level,
        float(rate / np.median(lags)) if len(lags) else 0.0,
        float(np.median(periodic)) if len(periodic) else 0.0,
    )
    return dict(zip((scalar.name for scalar in SCALARS), values, strict=True))


def _decay(levels: np.ndarray, high: float, step: float) -> float:
    """Median slope of the frames that fall from less than 25 dB below the loud ones."""
    span = max(1, round(0.048 / step))
    fall = levels[:-span] - levels[span:]
    fall = fall[(levels[:-span] > high - 25) & (fall > 0)]
    return float(np.median(fall) / (span * step)) if len(fall) >= 3 else 0.0


def _loudness(power: np.ndarray, f: np.ndarray, hop: int, rate: int) -> float:
    """Gated loudness after ITU-R BS.1770-4, its filters applied to the spectrum."""
    weighted = np.einsum("fb,b->f", power, _k_weighting(rate))
    span = min(len(weighted), max(1, round(0.4 * rate / hop)))
    sums = np.cumsum(np.concatenate([[0.0], weighted.astype(np.float64)]))
    blocks = (sums[span:] - sums[:-span]) / span

    def lufs(mean_square: float) -> float:
        return float(-0.691 + 10 * np.log10(max(mean_square, EMPTY)))

    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not len(blocks):
        return lufs(float(weighted.mean()))
    return lufs(float(blocks[blocks >= 0.1 * blocks.mean()].mean()))


@lru_cache(maxsize=8)
def _k_weighting(rate: int) -> np.ndarray:
    from scipy.signal import freqz

    f = np.fft.rfftfreq(FRAME, 1 / rate)
    # Coefficients of the standard, for 48 kHz.
    shelf = freqz(
        [1.53512485958697, -2.69169618940638, 1.19839281085285],
        [1, -1.69065929318241, 0.73248077421585],
        f,
        fs=48000,
    )[1]
    high_pass = freqz([1, -2, 1], [1, -1.99004745483398, 0.99007225036621], f, fs=48000)[1]
    weights: np.ndarray = np.abs(shelf * high_pass) ** 2
    return weights.astype(np.float32)
