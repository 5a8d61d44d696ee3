"""Clips of a slice that show a cause, as the steps of a recipe look at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.measurements import CATALOGUE, Measurement
from slicecore.recipes.recipe import Measured
from slicecore.recipes.spectra import amplitudes, low_ends

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.audio.clip import Clip
    from slicecore.explain.causes import Context

LOW, HIGH = 10, 90
"""Percentiles between which the ranges of recipes lie."""

_MOST, _LEAST = 0.99, 1e-6  # shares of the energy that have a ratio worth mixing


def _ratio(decibels: pd.Series) -> NDArray[np.float64]:
    """Ratio in dB of all else to a part whose share of the energy is given in dB."""
    share = np.clip(10 ** (np.asarray(decibels, np.float64) / 10), _LEAST, _MOST)
    return 10 * np.log10((1 - share) / share)


SPEED = Measurement("speed", "Speed", "", "Factor against the rest, mean of formants and rate of speech", 2)
LOW_END = Measurement("low_end", "Lower end", "Hz", "Lowest frequency within 20 dB of the strongest", 0)
_TENTH = 1.2815515655446004  # upper tenth of a normal distribution
_NORMAL_RANGE = 1.3489795003921634  # interquartile range of a normal distribution

_DERIVED: Mapping[str, tuple[Measurement, Callable[[pd.DataFrame], NDArray[np.float64]]]] = {
    "hum_ratio": (
        Measurement(
            "hum_ratio", "Clip to hum", "dB", "Energy of all else against that of the lines of the hum"
        ),
        lambda clips: _ratio(clips["hum_level"]),
    ),
    "noise_ratio": (
        Measurement(
            "noise_ratio", "Clip to noise", "dB", "Energy of all else against that of the noise floor"
        ),
        lambda clips: _ratio(clips["noise_floor"] - clips["level"]),
    ),
}
"""Numbers that are made of several measurements: how, by name."""


@dataclass(frozen=True, eq=False)
class Group:
    """Clips that show a cause, and the rest.

    Attributes
    ----------
    context : of the whole set.
    rows, members, rest : rows of the clips, of all clips of the slice, and of those outside it.
    clips : where the sounds of the whole set are.
    """

    context: Context
    rows: NDArray[np.int64]
    members: NDArray[np.int64]
    rest: NDArray[np.int64]
    clips: Sequence[Clip | None]

    @property
    def sounds(self) -> list[Clip | None]:
        """Places of the sounds of the clips."""
        return [self.clips[row] for row in self.rows.tolist()]

    def values(self, name: str) -> NDArray[np.float64]:
        """A measurement of the whole set, or hum_ratio or noise_ratio, (n,)."""
        if name in _DERIVED:
            return _DERIVED[name][1](self.context.clips)
        return np.asarray(self.context.clips[name], np.float64)

    def measured(self, name: str) -> Measured | None:
        """A measurement, or hum_ratio or noise_ratio, of the clips; None where it is known of none."""
        values = self.values(name)
        measurement = _DERIVED[name][0] if name in _DERIVED else CATALOGUE[name]
        return _measured(measurement, values[self.rows], values[self.rest])

    def low_end(self) -> Measured | None:
        """Lower end of the band of the clips, and of that of the rest, by some of the recordings of both."""
        rest = low_ends([self.clips[row] for row in self.rest.tolist()])
        return _measured(LOW_END, low_ends(self.sounds), rest)

    def gains_to_clip(self, shares: Sequence[float]) -> list[float] | None:
        """Gains in dB after which such shares of the samples of the median clip of the rest are above its peak."""
        tops = amplitudes([self.clips[row] for row in self.rest.tolist()], shares)
        return (-20 * np.log10(np.median(tops, axis=0))).tolist() if len(tops) else None

    def speed(self) -> Measured | None:
        """Factor by which the slice is faster than the rest: the mean of its formants' and its rate of speech's.

        Of a single clip the factor is known badly: speakers and sentences differ. That spread is known from the rest,
        whose clips have the factor 1, and is taken off. All clips of the slice count, since those that show the cause
        by themselves are those whose factor seems largest.
        """
        clips = self.context.clips
        factor = ((clips["spectral_shift"] + clips["relative_rate"]) / 2).to_numpy(np.float64)
        own, rest = factor[self.members], factor[self.rest]
        own, rest = own[np.isfinite(own)], rest[np.isfinite(rest)]
        if not (len(own) and len(rest)):
            return None
        centre = float(np.median(own) - np.median(rest))
        reach = _TENTH * np.sqrt(max(_spread(own) ** 2 - _spread(rest) ** 2, 0.0))
        low, median, high = np.exp([centre - reach, centre, centre + reach]).tolist()
        return Measured(SPEED, low, median, high, len(own), 1.0)


def _measured(
    measurement: Measurement, own: NDArray[np.float64], rest: NDArray[np.float64]
) -> Measured | None:
    own, rest = own[np.isfinite(own)], rest[np.isfinite(rest)]
    if not len(own):
        return None
    low, median, high = np.percentile(own, [LOW, 50, HIGH]).tolist()
    usual = float(np.median(rest)) if len(rest) else np.nan
    return Measured(measurement, low, median, high, len(own), usual)


def _spread(values: NDArray[np.float64]) -> float:
    """Standard deviation by the interquartile range."""
    low, high = np.percentile(values, [25, 75])
    return float(high - low) / _NORMAL_RANGE
