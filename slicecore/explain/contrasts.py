"""Search for the effects that set a group of clips apart, of all measurements and metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.effects import Effect, Effects, Histogram, ValueEffect, histogram_of
from slicecore.explain.group_tests import fisher_p, q_values
from slicecore.explain.ranks import Ranks, probability_interval
from slicecore.groups import rows_of
from slicecore.measurements.measurement import Measurement
from slicecore.table.metadata import quantities_of, values_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class EffectLimits:
    """Limits from which on a difference is reported as an effect.

    Benchmark: benchmarks/explanation_chance.py, with the number of random groups for which anything is reported;
    docs/explanation.md has its table.

    Attributes
    ----------
    large : distance of the probability of an effect from one half.
    large_share : share of the group that has a value of metadata.
    larger_share : how much larger that share is than that of the others.
    q_value : false discovery rate.
    most : effects reported of each sort.
    same : rank correlation from which on only the larger of two measurements is reported.
    fewest : clips with a value of metadata for it to be tested.
    """

    large: float = 0.3
    large_share: float = 0.4
    larger_share: float = 0.3
    q_value: float = 0.01
    most: int = 5
    same: float = 0.7
    fewest: int = 3


LIMITS = EffectLimits()

RESTATING = frozenset(("wer", "cer", "substitutions", "deletions", "insertions", "overlap"))
"""Measurements that only say again that a slice is bad: never an effect."""


class Contrasts:
    """Finds what sets groups of clips apart. What does not depend on the group is computed once.

    Parameters
    ----------
    measured
        A row per clip, a column per measurement, NaN where not measured.
    catalogue
        Says what the columns are; one that is missing there is called by its name.
    metadata
        A row per clip; its columns are values, or quantities that are treated like measurements.

    Attributes
    ----------
    ranks : of all columns of numbers.
    measurements : what these are, by name.
    """

    def __init__(
        self,
        measured: pd.DataFrame,
        catalogue: Mapping[str, Measurement],
        metadata: pd.DataFrame | None = None,
    ) -> None:
        import pandas as pd

        self.n = len(measured)
        given = pd.DataFrame(index=range(self.n)) if metadata is None else metadata.reset_index(drop=True)
        self._values = values_of(given, list(given.columns))
        numbers = quantities_of(given, [name for name in given.columns if name not in measured.columns])
        together = {name: part[name].to_numpy() for part in (measured, numbers) for name in part.columns}
        self.ranks = Ranks(pd.DataFrame(together, copy=False))
        self.measurements = {name: catalogue.get(name) or _unknown(name) for name in self.ranks.names}
        self._asked = np.array([name not in RESTATING for name in self.ranks.names], dtype=bool)
        self._position = {name: i for i, name in enumerate(self.ranks.names)}
        lowest, low, self._middle, high, highest = self.ranks.quartiles.T
        # The range counts if most clips are alike, such as without any clipping.
        self._spread = np.where(high > low, high - low, highest - lowest)

    def effects(
        self, members: Sequence[int] | NDArray, others: Sequence[int] | NDArray | None = None
    ) -> Effects:
        """Find what sets a group apart.

        Reported are effects that are large and significant (see `EffectLimits`), at a false discovery rate over all
        measurements and values; of measurements that say the same only the largest.

        Parameters
        ----------
        members
            Rows of the group, or a mask.
        others
            What it is compared with; all clips outside it by default.
        """
        group = rows_of(members, self.n)
        rest = None if others is None else np.setdiff1d(rows_of(others, self.n), group)
        compared = self.ranks.compare(group, rest)
        tried = np.flatnonzero(self._asked & ~np.isnan(compared.probability))
        values = self._compare_values(group, rest)
        p_values = compared.p_value[tried]
        q_values, *q_of_columns = _q_values([p_values, *(column.p_value for column in values)])

        size = np.abs(compared.probability[tried] - 0.5)
        by_size = self._largest_first(size, tried, group)
        correlated = np.abs(self.ranks.correlation) >= LIMITS.same
        chosen: list[int] = []
        for i in by_size:
            if size[i] < LIMITS.large or len(chosen) == LIMITS.most:
                break
            if q_values[i] <= LIMITS.q_value and not correlated[tried[i], tried[chosen]].any():
                chosen.append(i)

        def effect(i: int) -> Effect:
            column = int(tried[i])
            inside, outside, typical = self._medians(column, group, rest)
            probability = float(compared.probability[column])
            counts = int(compared.inside[column]), int(compared.outside[column])
            return Effect(
                self.measurements[self.ranks.names[column]],
                probability,
                probability_interval(probability, *counts),
                float(p_values[i]),
                float(q_values[i]),
                inside,
                outside,
                typical,
            )

        effects = tuple(effect(i) for i in chosen)
        largest = effects[0] if effects else effect(by_size[0]) if by_size else None
        return Effects(effects, self._large_values(values, q_of_columns), largest)

    def histogram(
        self,
        name: str,
        members: Sequence[int] | NDArray,
        others: Sequence[int] | NDArray | None = None,
        bins: int = 24,
    ) -> Histogram:
        """Count a group and the others in bins of equal width, see `slicecore.explain.effects.histogram_of`.

        Parameters
        ----------
        name
            Column of a measurement.
        members, others
            As in `effects`.
        bins
            How many.
        """
        group = rows_of(members, self.n)
        rest = None if others is None else np.setdiff1d(rows_of(others, self.n), group)
        inside, outside = self._split(self._position[name], group, rest)
        return histogram_of(inside, outside, bins)

    def value(self, name: str) -> NDArray[np.float64]:
        """(n,) a measurement of every clip, NaN where it is not measured."""
        return self.ranks.columns[self._position[name]]

    def having(self, column: str, value: str) -> NDArray[np.bool_]:
        """(n,) clips with a value of a metadata column."""
        values = next(values for values in self._values if values.column == column)
        return values.code == values.names.index(value)

    def _largest_first(
        self, size: NDArray[np.float64], tried: NDArray[np.int64], group: NDArray[np.int64]
    ) -> list[int]:
        """Order of effects: by size, and where pairs are as clear by how far the medians lie apart."""
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a measurement without a value has no median
            middle = [np.nanmedian(self.ranks.columns[i][group]) for i in tried.tolist()]
            shift = np.array(middle, dtype=np.float64) - self._middle[tried]
        distance = np.nan_to_num(np.abs(shift) / self._spread[tried])
        return np.lexsort([-distance, -size.round(2)]).tolist()

    def _split(
        self, column: int, group: NDArray[np.int64], rest: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        values = self.ranks.columns[column]
        if rest is None:
            outside = np.ones(self.n, dtype=bool)
            outside[group] = False
            compared = values[outside]
        else:
            compared = values[rest]
        inside = values[group]
        return inside[~np.isnan(inside)], compared[~np.isnan(compared)]

    def _medians(
        self, column: int, group: NDArray[np.int64], rest: NDArray[np.int64] | None
    ) -> tuple[float, float, int]:
        inside, outside = self._split(column, group, rest)
        median = float(np.median(inside))
        typical = int(group[np.nanargmin(np.abs(self.ranks.columns[column][group] - median))])
        return median, float(np.median(outside)), typical

    def _compare_values(self, group: NDArray[np.int64], rest: NDArray[np.int64] | None) -> list[_ValueCounts]:
        compared = []
        for position, values in enumerate(self._values):
            size = len(values.names)
            inside = _count(values.code[group], size)
            everywhere = values.counts if rest is None else inside + _count(values.code[rest], size)
            n = self.n if rest is None else len(group) + len(rest)
            asked = np.flatnonzero(everywhere >= LIMITS.fewest)
            compared.append(_ValueCounts.of(position, asked, inside[asked], everywhere[asked], len(group), n))
        return compared

    def _large_values(
        self, compared: list[_ValueCounts], q_of_columns: list[NDArray[np.float64]]
    ) -> tuple[ValueEffect, ...]:
        effects: list[ValueEffect] = []
        for counts, q_value in zip(compared, q_of_columns, strict=True):
            values = self._values[counts.position]
            share = counts.inside / max(counts.group, 1)
            more = share - counts.outside / max(counts.rest, 1)
            large = (
                (share >= LIMITS.large_share) & (more >= LIMITS.larger_share) & (q_value <= LIMITS.q_value)
            )
            effects += [
                ValueEffect(
                    values.column,
                    values.names[counts.asked[i]],
                    count_inside=int(counts.inside[i]),
                    inside=counts.group,
                    count_outside=int(counts.outside[i]),
                    outside=counts.rest,
                    p_value=float(counts.p_value[i]),
                    q_value=float(q_value[i]),
                )
                for i in np.flatnonzero(large)
            ]
        effects.sort(
            key=lambda effect: (effect.share_outside - effect.share_inside, effect.column, effect.value)
        )
        return tuple(effects[: LIMITS.most])


@dataclass(frozen=True, eq=False)
class _ValueCounts:
    """Counts of the values of one column, and how surprising they are."""

    position: int
    asked: NDArray[np.int64]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]
    group: int
    rest: int
    p_value: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        position: int,
        asked: NDArray[np.int64],
        inside: NDArray[np.int64],
        everywhere: NDArray[np.int64],
        group: int,
        n: int,
    ) -> _ValueCounts:
        p_value = np.ones(len(asked))
        # Only what is commoner inside can be reported; the others need no exact p.
        some = np.flatnonzero(inside * n > everywhere * group)
        p_value[some] = np.minimum(1, 2 * fisher_p(inside[some], n, everywhere[some], group))
        return cls(position, asked, inside, everywhere - inside, group, n - group, p_value)


def _q_values(families: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """P values of several families corrected together (Benjamini and Hochberg), a family at a time again."""
    together = np.concatenate(families)
    return np.split(q_values(together), np.cumsum([len(family) for family in families])[:-1])


def _count(codes: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return np.bincount(codes[codes >= 0], minlength=size)


def _unknown(name: str) -> Measurement:
    return Measurement(name, name, "", "A column of the table")
