"""Tests of claims: whether what sets a slice apart is also why it is bad, by the other clips that have it.

A property of a slice need not be the reason of its errors: clips of one accent may also all come by telephone. Whether
the telephone is the reason, other clips from telephones tell: they must be worse as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.causes.finding import SHARE
from slicecore.explain.causes.rules import CAUSES
from slicecore.explain.claim import APART, ERRORS, EVERYWHERE, REASON, UNTOLD, Claim
from slicecore.wording import fixed

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause, Context
    from slicecore.metrics import Costs


@dataclass(frozen=True)
class ClaimLimits:
    """Constants of the claims, chosen by `benchmarks/explanation_claims.py` (docs/explanation.md has its table).

    Attributes
    ----------
    fewest : other clips with the property from which on they are compared with those without it.
    confidence : of the interval of their difference, two-sided.
    least_part : share of the slice's own difference that theirs must reach to be the reason.
    most_part : share below which the whole interval must lie for the property to be no reason.
    weakest : share of the slice that may have the property less strongly than the clips that are compared.
    length_classes : classes of clips of about equal length, within which errors are compared.
    other_side : share of a slice from which on another cause of it counts as another side of a property.
    same : rank correlation with the length from which on a property is one of length.
    most : clips of a side that are looked at; of more, an even sample.
    """

    fewest: int = 8
    confidence: float = 0.95
    least_part: float = 1 / 3
    most_part: float = 1 / 2
    weakest: float = 0.1
    length_classes: int = 5
    other_side: float = 0.5
    same: float = 0.7
    most: int = 20_000


LIMITS = ClaimLimits()


@dataclass(frozen=True)
class _Words:
    """Words for other clips with a property: what one of them does, what they all do, what they are, and the others."""

    has: str
    have: str
    others: str
    without: str

    def too_few(self, count: int) -> str:
        if count == 0:
            return "no other clip tells whether that is why"
        others = f"clip {self.has}" if count == 1 else f"clips {self.have}"
        return f"only {count} other {others}, too few to tell whether it is the reason"

    def no_like(self, count: int) -> str:
        return (
            f"the reason stays open: the {fixed(count)} {self.others} are longer, shorter or have other faults than "
            "those without it"
        )


_HAVING = _Words("has it", "have it", "others", "without it")
_AS_STRONGLY = _Words("has it as strongly", "have it as strongly", "others with it as strongly", "without it")
_ALIKE = _Words("is like that", "are like that", "others like that", "for the rest")


class Claims:
    """Tests of what sets slices apart on the other clips. What does not depend on the slice is computed once.

    Parameters
    ----------
    costs
        The metric of one model.
    context
        The clips as the causes look at them.
    """

    def __init__(self, costs: Costs, context: Context) -> None:
        self.costs = costs
        self._context = context
        self._errors = -costs.numerator if costs.higher_is_better else costs.numerator
        self._names = tuple(CAUSES)
        self._of_sound = np.array([not rule.of_errors for rule in CAUSES.values()])

    def of_cause(self, cause: Cause, members: NDArray[np.int64]) -> Claim:
        """Claim about a cause of a slice; `members` are its rows."""
        rule = CAUSES[cause.name]
        if cause.everywhere:
            return Claim(EVERYWHERE)
        if rule.of_errors:
            return Claim(ERRORS)
        if rule.shows is None:
            return Claim(UNTOLD)
        column = self._names.index(cause.name)
        shown = self._context.shown[:, column]
        having, words = shown, _HAVING
        if rule.gradual or rule.evidence:
            name = rule.gradual[0].measurement if rule.gradual else rule.evidence[0]
            strength = self._context.clips[name].to_numpy(np.float64)
            sign = rule.gradual[0].sign if rule.gradual else _direction(strength, members)
            is_by_comparison = bool(rule.gradual) and cause.share_inside < SHARE
            if is_by_comparison:  # no clip need show it by itself
                shown = shown | (sign * (strength - rule.gradual[0].bound) >= 0) & ~self._hidden(cause.name)
            having, words = shown & _as_strong(sign * strength, members[shown[members]]), _AS_STRONGLY
        return self._tested(members, having, ~shown, self._strata(members, column), words)

    def _hidden(self, name: str) -> NDArray[np.bool_]:
        """(n,) clips that show something which brings a cause about."""
        hiding = [name in rule.hides for rule in CAUSES.values()]
        return np.asarray(self._context.shown[:, hiding].any(axis=1))

    def of_measurement(self, values: NDArray[np.float64], higher: bool, members: NDArray[np.int64]) -> Claim:
        """Claim about a measurement, (n,), that is higher or lower in a slice."""
        strength = values if higher else -values
        having = _as_strong(strength, members)
        lengths = np.zeros(len(values), np.int64) if self._is_length(values) else self._length_class
        return self._tested(members, having, ~having & ~np.isnan(values), lengths, _ALIKE)

    def of_value(self, having: NDArray[np.bool_], members: NDArray[np.int64]) -> Claim:
        """Claim about a value of metadata that is commoner in a slice; `having`, (n,), says which clips have it."""
        return self._tested(members, having, ~having, self._strata(members), _HAVING)

    def _strata(self, members: NDArray[np.int64], column: int | None = None) -> NDArray[np.int64]:
        """Class of every clip, (n,), by its length and whether it shows an audible cause that the slice does not have.

        `column` is the cause in question. What most of the slice shows may be another side of it, such as the narrow
        band of a device.
        """
        others = self._of_sound & (self._context.shown[members].mean(axis=0) < LIMITS.other_side)
        if column is not None:
            others[column] = False
        return self._length_class * 2 + self._context.shown[:, others].any(axis=1)

    def _tested(
        self,
        members: NDArray[np.int64],
        having: NDArray[np.bool_],
        without: NDArray[np.bool_],
        strata: NDArray[np.int64],
        words: _Words,
    ) -> Claim:
        """Compare the other clips that have a property as strongly as the slice with those that don't have it."""
        outside = self.costs.denominator > 0
        outside[members] = False
        count = int((having & outside).sum())
        with_it, without_it = _sampled(having & outside), _sampled(without & outside)
        if min(count, len(without_it)) < LIMITS.fewest:
            return Claim(UNTOLD, count, text=words.too_few(count))
        found = self._difference(with_it, without_it, strata)
        whole = self._difference(members, without_it, strata)
        if found is None or whole is None:
            return Claim(UNTOLD, count, text=words.no_like(count))
        low, high = found.interval
        of_slice = whole.value - whole.without
        if low > 0 and found.value - found.without >= LIMITS.least_part * of_slice:
            kind = REASON
        elif high < LIMITS.most_part * of_slice:
            kind = APART
        else:
            kind = UNTOLD
        turned = -1.0 if self.costs.higher_is_better else 1.0
        value, rest = turned * found.value, turned * found.without
        return Claim(kind, count, value, rest, (low, high), self._text(kind, words, count, value, rest))

    def _text(self, kind: str, words: _Words, count: int, value: float, without: float) -> str:
        numbers = f"{self.costs.value_text(value)} vs. {self.costs.value_text(without)} {words.without}"
        others = f"the {fixed(count)} {words.others}"
        if kind == REASON:
            return f"{others} are worse too ({numbers})"
        if kind == APART:
            return f"but {others} have {numbers}"
        return f"{others} are too few to tell whether it is the reason ({numbers})"

    def _difference(
        self, rows: NDArray[np.int64], others: NDArray[np.int64], strata: NDArray[np.int64]
    ) -> _Difference | None:
        return difference_at_equal_length(
            (self._errors[rows], self.costs.denominator[rows], strata[rows]),
            (self._errors[others], self.costs.denominator[others], strata[others]),
        )

    @cached_property
    def _length(self) -> NDArray[np.float64]:
        """(n,) length of every clip: what its errors are out of, or its duration where that is the same for all."""
        words = self.costs.denominator
        if len(np.unique(words[words > 0])) > 1:
            return words
        return np.nan_to_num(self._context.clips["duration"].to_numpy(np.float64))

    @cached_property
    def _length_class(self) -> NDArray[np.int64]:
        if not len(self._length):
            return np.zeros(0, np.int64)
        shares = np.arange(1, LIMITS.length_classes) / LIMITS.length_classes
        return np.searchsorted(np.unique(np.quantile(self._length, shares)), self._length, side="right")

    def _is_length(self, values: NDArray[np.float64]) -> bool:
        from scipy.stats import rankdata

        rows = _sampled(~np.isnan(values))
        ranks = rankdata(values[rows]), rankdata(self._length[rows])
        if len(rows) < LIMITS.fewest or min(rank.std() for rank in ranks) == 0:
            return False
        return bool(abs(np.corrcoef(*ranks)[0, 1]) >= LIMITS.same)


@dataclass(frozen=True)
class _Difference:
    """Values of clips with a property and of clips without it, and the interval of their difference."""

    value: float
    without: float
    interval: tuple[float, float]


_Side = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]


def difference_at_equal_length(
    side: _Side, other: _Side, confidence: float | None = None
) -> _Difference | None:
    """Difference of two groups of clips within strata, with its interval.

    Strata are weighted as by Mantel and Haenszel (1959): w = W₁W₀ / (W₁ + W₀) for W₁ and W₀ words. The variance of the
    errors per word is that of the clips around the value of their stratum, pooled over strata, and for either group at
    least that of the other one: a few clips that happen to be alike don't make an interval narrow.

    Parameters
    ----------
    side, other
        Errors, words and stratum of the clips of each group.
    confidence
        Of the interval, two-sided; that of `LIMITS` by default.

    Returns
    -------
    The two values at equal strata and the interval of the first less the second; None where no stratum has both.
    """
    from scipy.special import stdtrit

    size = int(max(side[2].max(initial=0), other[2].max(initial=0))) + 1
    (errors1, words1, spread1, clips1), (errors0, words0, spread0, _) = (
        _sums(*group, size) for group in (side, other)
    )
    both = (words1 > 0) & (words0 > 0)
    if not both.any():
        return None
    w = (words1 * words0 / np.maximum(words1 + words0, 1e-12))[both]
    rate1, rate0 = errors1[both] / words1[both], errors0[both] / words0[both]
    per_word = max(spread1, spread0)
    variance = (w**2 * per_word * (1 / words1[both] + 1 / words0[both])).sum() / w.sum() ** 2
    value, without = float(w @ rate1 / w.sum()), float(w @ rate0 / w.sum())
    level = 0.5 + (LIMITS.confidence if confidence is None else confidence) / 2
    reach = float(stdtrit(max(clips1 - 1, 1), level)) * math.sqrt(variance)
    return _Difference(value, without, (value - without - reach, value - without + reach))


def _sums(
    errors: NDArray[np.float64], words: NDArray[np.float64], strata: NDArray[np.int64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, int]:
    """Errors and words per stratum, variance of the errors per word, and number of clips of a group."""
    of_errors, of_words = (np.bincount(strata, values, size).astype(np.float64) for values in (errors, words))
    rate = of_errors / np.maximum(of_words, 1e-12)
    residual = errors - rate[strata] * words
    free = max(len(errors) - int((of_words > 0).sum()), 1)
    spread = float((residual**2).sum()) / max(float(words.sum()), 1e-12) * len(errors) / free
    return of_errors, of_words, spread, len(errors)


def _direction(strength: NDArray[np.float64], members: NDArray[np.int64]) -> float:
    """1 where a slice has more of a measurement than the whole set, else −1."""
    own = strength[members]
    known = own[~np.isnan(own)], strength[~np.isnan(strength)]
    return 1.0 if all(map(len, known)) and np.median(known[0]) >= np.median(known[1]) else -1.0


def _as_strong(strength: NDArray[np.float64], own: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) clips that have a property as strongly as all but the weakest clips of a group."""
    known = strength[own][~np.isnan(strength[own])]
    if not len(known):
        return np.zeros(len(strength), bool)
    return np.asarray(strength >= np.quantile(known, LIMITS.weakest))


def _sampled(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    rows = np.flatnonzero(mask)
    return rows[:: max(1, -(-len(rows) // LIMITS.most))]
