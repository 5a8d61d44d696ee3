"""Speed of clips that are played too fast or too slow: their whole spectrum is moved along log frequency.

A wrong sampling rate moves pitch, formants and rate of speech by one factor. A low or a slow voice does not: the
formants of adults differ by some 15 %, whatever their pitch and however fast they speak.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.group_tests import mann_whitney
from slicecore.measurements.clip_sound import TIMBRE_EDGES

_REACH = 9  # bands, a factor of 1.9 either way
_STEP = 0.5
_FIRST, _LAST = 10, 54  # bands compared: 225 Hz to 5.1 kHz
_FEWEST_BANDS = 25
_TREND = 2  # degree of the polynomial

SHIFTS = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
"""Moves of the spectrum that are tried, in bands."""

_BAND = float(np.log(TIMBRE_EDGES[1] / TIMBRE_EDGES[0]))
_LEAST_FORMANTS, _LEAST_RATE = 0.13, 0.1  # natural logarithms of factors
_APART, _PITCH_APART = 0.17, 0.35
_HALF = 0.55
_SURE_FORMANTS, _SURE_RATE = 0.001, 0.05
_REST = 4000  # clips of the rest that are compared
_AT_ONCE = 1 << 16  # clips whose levels are held in memory
_LEAST_SHAPE = 1e-4  # of the levels; with less, as of digital silence beside a tone, what is left is rounding


def shift_likeness(timbre: NDArray[np.floating]) -> NDArray[np.float32]:
    """Likeness of the spectrum of every clip to the whole set when that of the set is moved along log frequency.

    Both are taken without a parabola over log frequency, which stands for tilt and microphone, and correlated. Only
    what lies inside the band of the set after the move is compared: slowed sound has nothing above.

    Parameters
    ----------
    timbre
        (n, bands) levels in dB in bands of constant ratio, NaN where a clip has nothing.

    Returns
    -------
    (n, shifts) float32
        Correlation per step of `SHIFTS` (bands, upwards positive); NaN where a clip can't be compared.
    """
    # The comparison ends for all at the band where most files end.
    shared = np.isfinite(timbre).mean(axis=0) > 0.5
    last = min(_LAST, int(np.flatnonzero(shared).max(initial=0)) + 1)
    if last - _FIRST - _REACH < _FEWEST_BANDS:
        return np.broadcast_to(np.float32(np.nan), (len(timbre), len(SHIFTS)))
    likeness = np.full((len(timbre), len(SHIFTS)), np.nan, np.float32)
    usual = _usual(timbre)
    bands = np.arange(timbre.shape[1])
    known = np.isfinite(usual)
    rows = np.flatnonzero(np.isfinite(timbre[:, _FIRST:last]).all(axis=1))
    templates = np.zeros((last - _FIRST, len(SHIFTS)), np.float32)
    windows: dict[int, list[int]] = {}  # end of the bands that are compared -> steps
    for column, shift in enumerate(SHIFTS):
        end = int(last + min(shift, 0)) - _FIRST
        trend = _trend(end)
        template = np.interp(_FIRST + np.arange(end) - shift, bands[known], usual[known])
        template -= trend @ (trend.T @ template)
        templates[:end, column] = template / max(float(np.linalg.norm(template)), 1e-9)
        windows.setdefault(end, []).append(column)
    for begin in range(0, len(rows), _AT_ONCE):
        some = rows[begin : begin + _AT_ONCE]
        levels = timbre[some, _FIRST:last].astype(np.float32)
        least = _LEAST_SHAPE * np.sqrt(np.einsum("ij,ij->i", levels, levels))
        for end, columns in windows.items():
            trend = _trend(end).astype(np.float32)
            inside = levels[:, :end]
            bare = inside - (inside @ trend) @ trend.T
            size = np.maximum(np.sqrt(np.einsum("ij,ij->i", bare, bare)), np.maximum(least, 1e-9))
            likeness[some[:, None], columns] = bare @ templates[:end, columns] / size[:, None]
    return likeness


def _trend(bands: int) -> NDArray[np.float64]:
    """Orthonormal parabolas, (bands, 3)."""
    return np.linalg.qr(np.vander(np.linspace(-1, 1, bands), _TREND + 1))[0]


def _usual(timbre: NDArray[np.floating]) -> NDArray[np.float64]:
    """Median of the clips that have something in a band, NaN where none has."""
    usual = np.full(timbre.shape[1], np.nan)
    for band, levels in enumerate(timbre.T):
        there = levels[~np.isnan(levels)]
        if len(there):
            usual[band] = np.median(there)
    return usual


def likeliest_shift(likeness: NDArray[np.floating]) -> NDArray[np.float64]:
    """Natural logarithm of the factor by which each row of `likeness` is moved, within ±0.64; NaN where unknown.

    Parameters
    ----------
    likeness
        (n, shifts) from `shift_likeness`, or means of its rows.
    """
    known = np.isfinite(likeness).all(axis=1)
    shifts = np.full(len(likeness), np.nan)
    shifts[known] = SHIFTS[likeness[known].argmax(axis=1)] * _BAND
    return shifts


def tempo_alone(
    rate: NDArray[np.float64], predicted_rate: NDArray[np.float64], shift: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Size of a change of tempo that formants don't share, (n,) natural logarithms of factors, 0 where there is none.

    Reference and prediction must both be dense or both be sparse: one alone is a matter of the texts.

    Parameters
    ----------
    rate, predicted_rate
        (n,) natural logarithms of characters per second of reference and prediction against the whole set.
    shift
        (n,) that of the formants, see `likeliest_shift`.
    """
    both = np.where(rate * predicted_rate > 0, np.minimum(np.abs(rate), np.abs(predicted_rate)), 0.0)
    shared = np.where(rate * shift > 0, np.abs(shift), 0.0)
    # Where nothing is known of the formants, nothing can be told from a wrong speed.
    return np.where(np.isnan(rate + predicted_rate + shift), np.nan, np.maximum(both - shared, 0.0))


def small_tract(
    shift: NDArray[np.float64], pitch: NDArray[np.float64], rate: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Shift by which formants and pitch are both up while the rate of speech is not, (n,); all natural logarithms."""
    faster = np.maximum(np.where(np.isnan(rate), 0.0, rate), 0.0)
    return np.maximum(np.minimum(shift, pitch) - faster, 0.0)


@dataclass(frozen=True)
class Speed:
    """Factors by which a group is faster (above 1) than the rest."""

    formants: float
    rate: float
    pitch: float


def speed_of(
    group: NDArray[np.int64],
    rest: NDArray[np.int64],
    likeness: NDArray[np.float32],
    rate: NDArray[np.float64],
    pitch: NDArray[np.float64],
) -> Speed | None:
    """Tell whether a group is played at another speed than the rest.

    The mean likeness of a few clips says to within 3 % how far their formants are moved. They must be moved by 14 % or
    more, the rate of speech by about as much and the pitch not against it.

    Parameters
    ----------
    group, rest
        Rows.
    likeness
        (n, shifts) from `shift_likeness`.
    rate, pitch
        (n,) natural logarithms of characters per second and of Hz, NaN where unknown.

    Returns
    -------
    Speed or None
        None where they are not moved by one factor.
    """
    rest = rest[:: max(1, len(rest) // _REST)]
    own, others = (rows[np.isfinite(likeness[rows]).all(axis=1)] for rows in (group, rest))
    timed, usual = (rows[np.isfinite(rate[rows])] for rows in (group, rest))
    if min(map(len, (own, others, timed, usual))) < 5:
        return None
    curves = np.stack([likeness[rows].mean(axis=0) for rows in (own, others)])
    at, at_rest = curves.argmax(axis=1)
    moved = float(SHIFTS[at] - SHIFTS[at_rest]) * _BAND
    quicker = float(np.median(rate[timed]) - np.median(rate[usual]))
    higher = _difference(pitch[group], pitch[rest])
    together = (
        abs(moved) >= _LEAST_FORMANTS
        and abs(quicker) >= _LEAST_RATE
        and _HALF <= quicker / moved <= 1 / _HALF
        and abs(quicker - moved) <= _APART
        and not abs(higher - (moved + quicker) / 2) > _PITCH_APART
    )
    if not together:
        return None
    gain = likeness[:, at] - likeness[:, at_rest]
    _, p_formants = mann_whitney(gain[own], gain[others], greater=True)
    _, p_rate = mann_whitney(rate[timed], rate[usual])
    if p_formants > _SURE_FORMANTS or p_rate > _SURE_RATE:
        return None
    return Speed(*(float(np.exp(logarithm)) for logarithm in (moved, quicker, higher)))


def _difference(own: NDArray[np.float64], rest: NDArray[np.float64]) -> float:
    own, rest = own[np.isfinite(own)], rest[np.isfinite(rest)]
    return float(np.median(own) - np.median(rest)) if len(own) and len(rest) else np.nan
