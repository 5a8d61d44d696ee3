"""Tests of claims: whether what sets a slice apart is also why it is bad, by the other clips that have it.

A property of a slice need not be the reason of its errors: clips of one accent may also all come by telephone. Whether
the telephone is the reason, other clips from telephones tell: they must be worse as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.explain.causes.finding import SHARE
from slicecore.explain.causes.rules import CAUSES, Gradual, Rule
from slicecore.explain.claim import APART, ERRORS, EVERYWHERE, REASON, UNTOLD, Claim
from slicecore.explain.claim_difference import Side, difference_at_equal_length
from slicecore.explain.claim_groups import GroupedDifference, difference_by_groups
from slicecore.explain.claim_limits import LIMITS
from slicecore.explain.group_tests import average_ranks
from slicecore.slices.clip_groups import each_in_a_group
from slicecore.wording import fixed

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause, Context
    from slicecore.metrics import Costs
    from slicecore.slices.clip_groups import ClipGroups


@dataclass(frozen=True)
class _Words:
    """Words for other clips with a property: what one of them does, what they all do, what they are, and the others."""

    has: str
    have: str
    others: str
    without: str

    def too_few(self, count: int) -> str:
        if count == 0:
            return f"no other clip {self.has}, so whether it is the reason stays open"
        others = f"clip {self.has}" if count == 1 else f"clips {self.have}"
        return f"only {count} other {others}, too few to tell whether it is the reason"

    def too_few_without(self, count: int) -> str:
        return f"nearly all other clips ({fixed(count)}) {self.have}: too few are left to tell whether it is the reason"

    def no_like(self, count: int) -> str:
        return (
            f"the reason stays open: the {fixed(count)} {self.others} are longer, shorter or have other faults than "
            "those without it"
        )

    def too_few_groups(self, count: int, found: GroupedDifference, noun: str) -> str:
        if found.groups >= LIMITS.fewest_groups:
            of = f"the clips to compare with are of {_counted(found.without, noun)}"
        elif found.groups:
            of = f"the {fixed(count)} {self.others} are of {_counted(found.groups, noun)}"
        else:
            of = f"the {fixed(count)} {self.others} are of its own {noun}s"
        return f"too few {noun}s to tell whether it is the reason: {of} only"


_HAVING = _Words("has it", "have it", "others", "without it")
_AS_STRONGLY = _Words("has it as strongly", "have it as strongly", "others with it as strongly", "without it")
_ALIKE = _Words("is like that", "are like that", "others like that", "for the rest")

_TEXTS = {
    REASON: "{} are worse too ({})",
    APART: "but {} have {}",
    UNTOLD: "{} are too few to tell whether it is the reason ({})",
}
"""Texts of claims, of the other clips and their numbers."""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


class Claims:
    """Tests of what sets slices apart on the other clips. What does not depend on the slice is computed once.

    Parameters
    ----------
    costs
        The metric of one model.
    context
        The clips as the causes look at them.
    groups
        Groups that the clips come in, such as speakers; None where none are known.
    """

    def __init__(self, costs: Costs, context: Context, groups: ClipGroups | None = None) -> None:
        self.costs = costs
        self._context = context
        self._groups = groups
        self._group = None if groups is None else each_in_a_group(groups.code)
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
            gradual = _compared(rule, cause.measurement)
            name = gradual.measurement if gradual else cause.measurement or rule.evidence[0]
            strength = self._context.clips[name].to_numpy(np.float64)
            sign = gradual.sign if gradual else _direction(strength, members)
            if gradual and cause.share_inside < SHARE:  # no clip need show it by itself
                shown = shown | (sign * (strength - gradual.bound) >= 0) & ~self._hidden(cause.name)
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

    def of_value(self, value: str, having: NDArray[np.bool_], members: NDArray[np.int64]) -> Claim:
        """Claim about a value of metadata that is commoner in a slice; `having`, (n,), says which clips have it."""
        # Of a speaker the clips tell, not the speakers.
        by_clips = self._groups is not None and self._groups.is_group(value, having)
        return self._tested(members, having, ~having, self._strata(members), _HAVING, by_clips=by_clips)

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
        by_clips: bool = False,
    ) -> Claim:
        """Compare the other clips that have a property as strongly as the slice with those that don't have it."""
        outside = self.costs.denominator > 0
        outside[members] = False
        count = int((having & outside).sum())
        with_it, without_it = _sampled(having & outside), _sampled(without & outside)
        if count < LIMITS.fewest:
            return Claim(UNTOLD, count, text=words.too_few(count))
        if len(without_it) < LIMITS.fewest:
            return Claim(UNTOLD, count, text=words.too_few_without(count))
        whole = difference_at_equal_length(self._side(members, strata), self._side(without_it, strata))
        found = self._compared(members, with_it, without_it, strata, by_clips)
        if found is None or whole is None:
            return Claim(UNTOLD, count, text=words.no_like(count))
        if found.difference is None:
            text = words.too_few_groups(count, found, self._noun)
            return Claim(UNTOLD, count, text=text, groups=found.groups)
        difference = found.difference.value - found.difference.without
        low, high = found.difference.interval
        of_slice = whole.value - whole.without
        if low > 0 and difference >= LIMITS.least_part * of_slice:
            kind = REASON
        elif high < LIMITS.most_part * of_slice:
            kind = APART
        else:
            kind = UNTOLD
        turned = -1.0 if self.costs.higher_is_better else 1.0
        value, rest = turned * found.difference.value, turned * found.difference.without
        others = f"the {fixed(count)} {words.others}"
        others += f", of {_counted(found.groups, self._noun)}," if found.groups else ""
        numbers = f"{self.costs.value_text(value)} vs. {self.costs.value_text(rest)} {words.without}"
        return Claim(
            kind, count, value, rest, (low, high), _TEXTS[kind].format(others, numbers), found.groups
        )

    def _compared(
        self,
        members: NDArray[np.int64],
        with_it: NDArray[np.int64],
        without_it: NDArray[np.int64],
        strata: NDArray[np.int64],
        by_clips: bool,
    ) -> GroupedDifference | None:
        """Difference of the other clips, by groups where they are known; None where no stratum has both sides."""
        sides = self._side(with_it, strata), self._side(without_it, strata)
        if self._group is None or by_clips:
            difference = difference_at_equal_length(*sides)
            return GroupedDifference(0, 0, difference) if difference is not None else None
        code = self._group
        inside = np.bincount(code[members], minlength=int(code.max()) + 1)
        return difference_by_groups(*sides, (code[with_it], code[without_it]), inside)

    @property
    def _noun(self) -> str:
        return self._groups.noun if self._groups is not None else ""

    def _side(self, rows: NDArray[np.int64], strata: NDArray[np.int64]) -> Side:
        return self._errors[rows], self.costs.denominator[rows], strata[rows]

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
        rows = _sampled(~np.isnan(values))
        ranks = average_ranks(values[rows]), average_ranks(self._length[rows])
        if len(rows) < LIMITS.fewest or min(rank.std() for rank in ranks) == 0:
            return False
        return bool(abs(np.corrcoef(*ranks)[0, 1]) >= LIMITS.same)


def _compared(rule: Rule, measurement: str) -> Gradual | None:
    """The comparison of a rule that goes by a measurement; the first where none does."""
    by_it = (gradual for gradual in rule.gradual if measurement in (gradual.measurement, gradual.evidence))
    return next(by_it, rule.gradual[0] if rule.gradual and measurement not in rule.evidence else None)


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
