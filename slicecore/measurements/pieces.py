"""Measurements of a long recording from those of its pieces, which are of one length."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping

import numpy as np

from slicecore.measurements.spectrum import decibels

_LOUDNESS_GATE_LU = 10.0

Columns = Mapping[str, np.ndarray]


def join_pieces(pieces: Columns) -> dict[str, float]:
    """Join measurements.

    Parameters
    ----------
    pieces
        Measurement -> (pieces,) values in the order of time, NaN where unknown; see
        `slicecore.measurements.sound_catalogue`.

    Returns
    -------
    dict
        Measurement -> value of the whole, such as one recording could have; the mean of the pieces where there is no
        rule of its own. NaN where it is unknown in every piece.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all pieces unknown
        whole = {name: float(np.nanmean(values)) for name, values in pieces.items()}
        whole |= {name: float(rule(pieces)) for name, rule in _RULES.items() if name in pieces}
        whole["crest"] = max(whole["peak"] - whole["level"], 0.0)
        whole["dynamics"] = _loudest(pieces) - whole["noise_floor"]
        whole["speech_share"] = min(whole["speech_seconds"] / whole["duration"], 1.0)
        loudest = _loudest_of_pieces(pieces) - _loudest(pieces)
        whole["start_level"] = float(pieces["start_level"][0] + loudest[0])
        whole["end_level"] = float(pieces["end_level"][-1] + loudest[-1])
    return whole


def _sum(name: str) -> Callable[[Columns], float]:
    def rule(pieces: Columns) -> float:
        return np.nansum(pieces[name]) if np.isfinite(pieces[name]).any() else np.nan

    return rule


def _largest(name: str) -> Callable[[Columns], float]:
    return lambda pieces: np.nanmax(pieces[name])


def _median(name: str) -> Callable[[Columns], float]:
    return lambda pieces: np.nanmedian(pieces[name])


def _mean_power(name: str) -> Callable[[Columns], float]:
    """Level whose power is the mean of the pieces' powers."""
    return lambda pieces: float(decibels(np.nanmean(_power(pieces[name]))))


def _weighted_by_energy(name: str) -> Callable[[Columns], float]:
    """Mean in which a piece weighs as much as it has energy: exact for the centroid."""

    def rule(pieces: Columns) -> float:
        known = np.isfinite(pieces[name])
        weights = _power(pieces["level"])[known]
        return float(np.average(pieces[name][known], weights=weights)) if weights.sum() > 0 else np.nan

    return rule


def _loudness(pieces: Columns) -> float:
    """Mean power of the pieces that pass the relative gate, as BS.1770 does with blocks of 0.4 s."""
    powers = _power(pieces["loudness"])
    gate = powers.mean() * 10 ** (-_LOUDNESS_GATE_LU / 10)
    return float(10 * np.log10(powers[powers >= gate].mean()))


def _noise_floor(pieces: Columns) -> float:
    return float(np.nanquantile(pieces["noise_floor"], 0.1, method="lower"))


def _loudest_of_pieces(pieces: Columns) -> np.ndarray:
    return pieces["noise_floor"] + pieces["dynamics"]


def _loudest(pieces: Columns) -> float:
    return float(np.nanquantile(_loudest_of_pieces(pieces), 0.95, method="higher"))


def _hum_level(pieces: Columns) -> float:
    """Energy of the lines of all pieces against the energy of all pieces."""
    energy = _power(pieces["level"])
    return float(10 * np.log10((_power(pieces["hum_level"]) * energy).sum() / max(energy.sum(), 1e-30)))


def _hum_frequency(pieces: Columns) -> float:
    """Frequency in the piece with the clearest hum."""
    return float(pieces["hum_frequency"][np.nanargmax(pieces["hum"])])


def _lead_silence(pieces: Columns) -> float:
    return _silence(pieces["lead_silence"], pieces["duration"])


def _trail_silence(pieces: Columns) -> float:
    return _silence(pieces["trail_silence"][::-1], pieces["duration"][::-1])


def _silence(silence: np.ndarray, durations: np.ndarray) -> float:
    """Time up to the first speech: pieces without any count whole."""
    speech = np.flatnonzero(np.isfinite(silence))
    return float(durations[: speech[0]].sum() + silence[speech[0]]) if len(speech) else np.nan


def _power(levels: np.ndarray) -> np.ndarray:
    return 10 ** (levels / 10)


_RULES: Mapping[str, Callable[[Columns], float]] = {
    "duration": _sum("duration"),
    "speech_seconds": _sum("speech_seconds"),
    "peak": _largest("peak"),
    "level": _mean_power("level"),
    "loudness": _loudness,
    "dc_offset": _largest("dc_offset"),
    "noise_floor": _noise_floor,
    "lead_silence": _lead_silence,
    "trail_silence": _trail_silence,
    "centroid": _weighted_by_energy("centroid"),
    "rolloff": _weighted_by_energy("rolloff"),
    "bandwidth": _largest("bandwidth"),
    "top_void": lambda pieces: np.nanmin(pieces["top_void"]),
    "hum_level": _hum_level,
    "hum_frequency": _hum_frequency,
    "pitch": _median("pitch"),
    "packet_length": _median("packet_length"),
    "echo_delay": _median("echo_delay"),
}
"""Rules of measurements that are no mean of the pieces."""
