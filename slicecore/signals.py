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

from slicecore.audio import SAMPLING_RATE

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Measurement:
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


SCALARS: tuple[Measurement, ...] = (
    Measurement("level", "dBFS", "Level over the whole clip (RMS)"),
    Measurement("peak", "dBFS", "Largest sample"),
    Measurement("crest", "dB", "Peak above level; low when overdriven or compressed"),
    Measurement("loudness", "LUFS", "Loudness as heard (BS.1770)"),
    Measurement("noise_floor", "dBFS", "Level of the quietest tenth of the frames"),
    Measurement("dynamics", "dB", "Loud frames above quiet ones; low in steady noise"),
    Measurement("decay", "dB/s", "How fast the level falls after loud frames; slow in reverberant rooms"),
    Measurement("dropout_share", "", "Share of frames with digital silence (below −90 dBFS)", 0.01),
    Measurement(
        "flat_top_share", "", "Share of samples on flat tops near the clip's own peak: clipping", 0.001
    ),
    Measurement("dc_offset", "", "Constant part of the signal as a share of its level", 0.01),
    Measurement("flatness", "dB", "Flatness of the mean spectrum; 0 is white noise"),
    Measurement("floor_flatness", "dB", "Flatness of the quietest frames below 3.8 kHz"),
    Measurement("centroid", "Hz", "Centre of the mean spectrum", 50.0),
    Measurement("rolloff", "Hz", "95 % of the energy lies below this frequency", 50.0),
    Measurement("bandwidth", "Hz", "Highest frequency within 45 dB of the strongest", 50.0),
    Measurement("top_void", "dB", "How far the uppermost tenth of the band lies below the strongest"),
    Measurement("high_band", "dB", "Energy above 4 kHz against below"),
    Measurement("low_band", "dB", "Energy below 280 Hz against 280 Hz to 4 kHz"),
    Measurement("floor_tilt", "dB", "Quietest frames: density above 3 kHz against below 2 kHz"),
    Measurement("hum", "dB", "Lines of 50 or 60 Hz and harmonics above what lies between them"),
    Measurement("hum_level", "dB", "Energy of these lines against the whole clip"),
    Measurement("pitch", "Hz", "Median fundamental frequency of the voiced frames", 20.0),
    Measurement("harmonicity", "", "How periodic the loud frames are, 0 to 1"),
)

BANDS = 64
SIZE = 3 * BANDS + len(SCALARS)

_FRAME = 512
_HOP = 256
_MOST_FRAMES = 8192
_EMPTY = 1e-10
"""Power taken as nothing: −100 dBFS."""


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
    return _measure(samples, _Spectrum.of(samples, sampling_rate))


def describe(samples: np.ndarray, sampling_rate: int = SAMPLING_RATE) -> np.ndarray:
    """Describe a recording by `SIZE` numbers, to be compared after `standardise`.

    Returns
    -------
    (215,) float32
        Blocks of 64, 64, 64 and 23: mean shape, spread and floor of the log-mel spectrum in dB, and the scalars.
    """
    spectrum = _Spectrum.of(samples, sampling_rate)
    values = _measure(samples, spectrum)
    scalars = [
        np.log2(values[scalar.name] + scalar.log_floor) if scalar.log_floor else values[scalar.name]
        for scalar in SCALARS
    ]
    mel = _db((_mel_filters(sampling_rate) @ spectrum.power.T).T)
    # Shape and spread from the louder half, where somebody speaks: how much pause a clip has must not matter.
    energy = spectrum.power.sum(axis=1)
    speech = mel[energy >= _low(energy, 0.5)]
    shape, floor = speech.mean(axis=0), _low(mel, 0.1)
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
    values = descriptors.astype(np.float64)
    centre, scale = values.mean(axis=0), values.std(axis=0)
    # A deviation this small is rounding, not variation.
    constant = scale <= 1e-6 * (1 + np.abs(centre))
    scaled = np.clip((values - centre) / np.where(constant, 1, scale), -6, 6)
    scaled[:, constant] = 0
    sizes = [BANDS] * 3 + [len(SCALARS)]
    return (scaled / np.sqrt(np.repeat(sizes, sizes))).astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Spectrum:
    """Short-time spectrum that the measurements share."""

    clean: np.ndarray
    """(samples,) float32 without the constant part."""
    power: np.ndarray
    """(frames, bins) float32; the sum over bins is the mean square of the frame."""
    hop: int
    rate: int

    @classmethod
    def of(cls, samples: np.ndarray, rate: int) -> _Spectrum:
        clean = np.asarray(samples, np.float32)
        clean = clean - clean.mean(dtype=np.float64).astype(np.float32)
        # Very long recordings are looked at in places, so that their cost is bounded.
        hop = max(_HOP, len(clean) // _MOST_FRAMES)
        return cls(clean, _power(clean, _FRAME, _FRAME, hop), hop, rate)

    @property
    def frequencies(self) -> np.ndarray:
        return np.fft.rfftfreq(_FRAME, 1 / self.rate)


def _power(samples: np.ndarray, length: int, size: int, hop: int) -> np.ndarray:
    from scipy.fft import rfft

    length = min(length, max(len(samples), 2))
    if len(samples) < length:
        samples = np.pad(samples, (0, length - len(samples)))
    taper = _taper(length)
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[::hop] * taper
    spectrum = rfft(frames, size, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    power[:, 1:-1] *= 2
    power *= 1 / (size * float((taper**2).sum()))
    return power


@lru_cache(maxsize=32)
def _taper(length: int) -> np.ndarray:
    return np.hanning(length + 2)[1:-1].astype(np.float32)


@lru_cache(maxsize=8)
def _mel_filters(rate: int) -> csr_array:
    # Sparse, which is quicker, and keeps the threads of a BLAS library from fighting those that decode.
    from librosa.filters import mel
    from scipy.sparse import csr_array

    return csr_array(mel(sr=rate, n_fft=_FRAME, n_mels=BANDS, norm=None))


def _db(power: np.ndarray) -> np.ndarray:
    return 10 * np.log10(np.maximum(power, _EMPTY))


def _low(values: np.ndarray, share: float) -> np.ndarray:
    """Value of every column that `share` of the rows don't reach."""
    rank = int(share * (len(values) - 1))
    return np.partition(values, rank, axis=0)[rank]


def _measure(samples: np.ndarray, spectrum: _Spectrum) -> dict[str, float]:
    power, rate, f = spectrum.power, spectrum.rate, spectrum.frequencies
    energy = power.sum(axis=1)
    levels = _db(energy)
    order = np.argsort(energy)
    tenth = max(1, len(order) // 10)
    mean, quiet = power.mean(axis=0), power[order[:tenth]].mean(axis=0)
    total = float(mean.sum())
    peak = float(np.abs(samples).max())
    rms = float(np.sqrt(np.mean(spectrum.clean.astype(np.float64) ** 2)))
    level, peak_db = float(_db(np.array(rms**2))), float(_db(np.array(peak**2)))
    low, high = float(levels[order[tenth - 1]]), float(levels[order[int(0.95 * (len(order) - 1))]])
    bandwidth, void = _bandwidth(power, f, rate)
    hum, hum_level = _hum(spectrum.clean, rate, total)
    pitch, harmonicity = _pitch(spectrum.clean, order, spectrum.hop, rate)

    def band(which: np.ndarray, start: float, end: float) -> float:
        return float(which[(f >= start) & (f < end)].sum())

    cumulative = np.cumsum(mean)
    values = (
        level,
        peak_db,
        max(peak_db - level, 0.0),
        _loudness(power, f, spectrum.hop, rate),
        low,
        high - low,
        _decay(levels, high, spectrum.hop / rate),
        float((energy < 1e-9).mean()),
        _flat_tops(samples, peak),
        float(
            abs(np.mean(samples, dtype=np.float64))
            / max(np.sqrt(np.mean(samples.astype(np.float64) ** 2)), 1e-5)
        ),
        _flatness(mean[(f >= 100) & (f < 0.475 * rate)]),
        _flatness(quiet[(f >= 150) & (f < 3800)]),
        float((f * mean).sum() / max(total, _EMPTY)),
        float(f[np.searchsorted(cumulative, 0.95 * cumulative[-1])]),
        bandwidth,
        void,
        _ratio(band(mean, 4000, rate), band(mean, 100, 4000)),
        _ratio(band(mean, 20, 280), band(mean, 280, 4000)),
        _ratio(band(quiet, 3000, rate) / (rate / 2 - 3000), band(quiet, 100, 2000) / 1900),
        hum,
        hum_level,
        pitch,
        harmonicity,
    )
    return dict(zip((scalar.name for scalar in SCALARS), values, strict=True))


def _ratio(above: float, below: float) -> float:
    return float(10 * np.log10((above + 1e-12) / (below + 1e-12)))


def _flatness(power: np.ndarray) -> float:
    """Geometric over arithmetic mean, in dB."""
    power = power.astype(np.float64) + 1e-14
    return float(10 * np.log10(np.exp(np.log(power).mean()) / power.mean()))


def _flat_tops(samples: np.ndarray, peak: float) -> float:
    # Neighbours near the clip's own peak that do not move: found after attenuation too.
    if peak < 30 / 32768 or len(samples) < 2:
        return 0.0
    near = np.abs(samples) >= 0.9 * peak
    at = np.flatnonzero(near[1:] & near[:-1])
    still = np.abs(samples[at + 1] - samples[at]) <= max(2e-3 * peak, 1 / 32768)
    return float(still.sum() / len(samples))


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
        return float(-0.691 + 10 * np.log10(max(mean_square, _EMPTY)))

    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not len(blocks):
        return lufs(float(weighted.mean()))
    return lufs(float(blocks[blocks >= 0.1 * blocks.mean()].mean()))


@lru_cache(maxsize=8)
def _k_weighting(rate: int) -> np.ndarray:
    from scipy.signal import freqz

    f = np.fft.rfftfreq(_FRAME, 1 / rate)
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


def _bandwidth(power: np.ndarray, f: np.ndarray, rate: int) -> tuple[float, float]:
    # Per bin the loudest 3 %: one /s/ is enough to show that the band is open.
    rank = int(0.97 * (len(power) - 1))
    loud = np.partition(power, rank, axis=0)[rank].astype(np.float64)
    loud[0] = 0
    smooth = 10 * np.log10(np.convolve(loud, np.ones(5) / 5, "same") + 1e-13)
    top = smooth[(f > 100) & (f < 3300)].max()
    if top <= -120:
        return 0.0, 0.0
    open_bins = np.flatnonzero(smooth > top - 45)
    return float(f[open_bins.max(initial=0)]), float(top - smooth[f >= 0.91 * rate / 2].mean())


def _hum(clean: np.ndarray, rate: int, total: float) -> tuple[float, float]:
    """Mains hum is what stays in the quietest fifth of the frames on a comb of 50 or 60 Hz."""
    size = 1 << round(np.log2(0.256 * rate))
    power = _power(clean, size, size, max(size // 2, len(clean) // 1024))
    resolution = rate / size
    steady = _low(power[:, : int(480 / resolution) + 8], 0.2).astype(np.float64) + 1e-13
    best = (0.0, -60.0)
    for base in (50.0, 60.0):
        lines, energy = [], 0.0
        for harmonic in range(1, 9):
            centre = base * harmonic / resolution
            near = steady[round(centre) - 1 : round(centre) + 2]
            energy += steady[int(centre) - 1 : int(centre) + 3].sum()
            around = steady[[i for i in _neighbours(centre, base / resolution) if i < len(steady)]]
            lines.append(10 * np.log10(near.max() / np.median(around)))
        strongest = np.sort(np.clip(lines[:6], 0, 30))[-3:].mean()
        level = max(10 * np.log10(energy / max(total, _EMPTY)), -60.0)
        best = max(best, (float(strongest), float(level)))
    return best


@lru_cache(maxsize=64)
def _neighbours(centre: float, spacing: float) -> tuple[int, ...]:
    """Bins between a line and halfway to the next one, where there is no line."""
    near, far = 3.5, spacing / 2 + 0.8
    return tuple(i for i in range(1, int(centre + far) + 2) if near <= abs(i - centre) <= far)


def _pitch(clean: np.ndarray, order: np.ndarray, hop: int, rate: int) -> tuple[float, float]:
    """Median pitch (Hz) and periodicity of the loud frames, by autocorrelation between 60 and 900 Hz."""
    from scipy.fft import irfft, rfft

    length, size = int(0.05 * rate), 1 << int(np.ceil(np.log2(0.1 * rate)))
    if len(clean) < length:
        return 0.0, 0.0
    loud = order[len(order) * 2 // 5 :]
    chosen = np.sort(loud)[:: max(1, len(loud) // 64)] * hop
    starts = np.minimum(chosen, len(clean) - length)
    frames = np.lib.stride_tricks.sliding_window_view(clean, length)[starts] * _taper(length)
    power = np.abs(rfft(frames, size, axis=1)) ** 2
    power *= _passband(rate, size)
    shortest, longest = int(rate / 420), int(rate / 65)
    correlation = irfft(power, size, axis=1)[:, : longest + 1]
    strength = correlation[:, :1] + 1e-12
    normal = correlation[:, shortest:] / strength / _taper_correlation(length, size)[shortest : longest + 1]
    # A slight preference for short lags keeps the octave below out.
    best = (normal - np.linspace(0, 0.1, normal.shape[1])).argmax(axis=1)
    periodic = np.clip(normal[np.arange(len(normal)), best], 0, 1)
    voiced = periodic > 0.6
    lags = (best + shortest)[voiced if voiced.sum() >= 3 else slice(None)]
    return float(rate / np.median(lags)), float(np.median(periodic))


@lru_cache(maxsize=8)
def _passband(rate: int, size: int) -> np.ndarray:
    f = np.fft.rfftfreq(size, 1 / rate)
    return ((f >= 60) & (f <= 900)).astype(np.float32)


@lru_cache(maxsize=8)
def _taper_correlation(length: int, size: int) -> np.ndarray:
    correlation = np.fft.irfft(np.abs(np.fft.rfft(_taper(length), size)) ** 2)
    normal: np.ndarray = (correlation / correlation[0]).astype(np.float32)
    return normal
