"""Options of a scan: thresholds, comparison, rule and test."""

import math
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TypedDict

from slicecore.errors import SlicecoreError

RULES = ("best", "plain")
"""Rules by which slices are chosen among the clusters that meet both thresholds."""

REFERENCES = ("whole", "rest")
"""Clips that a slice can be compared with: all, or those outside it."""

ORDERS = ("impact", "evidence", "drop")
"""Numbers that can rank slices of the same tier, the largest first."""

CONFIRMED = "confirmed"
POSSIBLE = "possible"

MOST_SHUFFLES = 1_000_000
"""With more, p values say nothing that anybody could want to know, and the test takes days."""

P_CONFIRMED = 0.05
"""Slices of at most this p are confirmed."""

ONE_GROUP = 0.9
"""Share of its clips from which on a slice is one group's, one speaker's say."""


_DIGITS = 6
"""Of a product of a share and a number of clips: what rounding leaves behind them is no clip."""


def clips_of_share(share: float, n: int) -> int:
    """Fewest clips that are at least a share of n: 7 for 7 % of 100, whose product is 7.000000000000001."""
    return max(1, math.ceil(round(share * n, _DIGITS)))


def tier_of(p_value: float) -> str:
    """Tier of a slice with this p."""
    return CONFIRMED if p_value <= P_CONFIRMED else POSSIBLE


class OptionValues(TypedDict, total=False):
    """Keyword arguments of `slicecore.scan`, those of `Options`."""

    min_support: float
    min_drop: float
    relative: bool
    against: str
    rule: str
    shuffles: int
    tier: str | None
    max_slices: int | None
    order: str


@dataclass(frozen=True)
class Options:
    """Thresholds and choices of a scan, as they were given.

    Attributes
    ----------
    min_support : fewest clips of a slice, as a count or as a share of all clips between 0 and 1.
    min_drop : smallest drop of a slice, in units of the metric.
    relative : `min_drop` is a share of the overall value instead; of that of the model, where two are compared.
    against : "whole" compares a slice with all clips, "rest" with the clips outside it.
    rule : "best" is the rule of `selection` over all trees. "plain" is that of the literature, on the FINCH
        levels of the first tree: a cluster gives way to those below it that capture the problem.
    shuffles : number of permutations of the test; 0 leaves the test out.
    tier : "confirmed" keeps only confirmed slices.
    max_slices : keeps only so many, the first ones.
    order : number that ranks slices of the same tier: "impact", "evidence" or "drop".

    Raises
    ------
    SlicecoreError
        A value makes no sense.
    """

    min_support: float = 5
    min_drop: float = 0.1
    relative: bool = False
    against: str = "whole"
    rule: str = "best"
    shuffles: int = 999
    tier: str | None = None
    max_slices: int | None = None
    order: str = "impact"

    def __post_init__(self) -> None:
        support = self.min_support
        if not isinstance(support, Real) or not (
            0 < support < 1 or (1 <= support < math.inf and support == int(support))
        ):
            raise SlicecoreError(
                f"The minimum support is a number of clips from 1 on or a share between 0 and 1, not {support}."
            )
        if not (isinstance(self.min_drop, Real) and 0 <= self.min_drop < math.inf):
            raise SlicecoreError(f"The minimum drop must be a number from 0 on, not {self.min_drop}.")
        for name, value, known in (
            ("rule", self.rule, RULES),
            ("comparison", self.against, REFERENCES),
            ("order", self.order, ORDERS),
        ):
            if value not in known:
                raise SlicecoreError(f"Unknown {name} “{value}”. Choose one of {', '.join(known)}.")
        if self.tier not in (None, CONFIRMED):
            raise SlicecoreError(f"Slices can be limited to the tier “{CONFIRMED}”, not to “{self.tier}”.")
        if not isinstance(self.shuffles, Integral) or not 0 <= self.shuffles <= MOST_SHUFFLES:
            raise SlicecoreError(
                f"The number of shuffles must be a whole number from 0 to {MOST_SHUFFLES:,}, not {self.shuffles}."
            )
        if self.tier and not self.shuffles:
            raise SlicecoreError(
                "Without shuffles no slice is confirmed. Ask for shuffles, or for all tiers."
            )
        most = self.max_slices
        if most is not None and not (isinstance(most, Integral) and most >= 1):
            raise SlicecoreError(
                f"The largest number of slices must be a whole number, at least 1, not {most}."
            )

    def clips(self, n: int) -> int:
        """Minimum support as a count, of n clips in all."""
        return clips_of_share(self.min_support, n) if self.min_support < 1 else int(self.min_support)

    def threshold(self, overall: float) -> float:
        """Minimum drop in units of the metric."""
        return self.min_drop * abs(overall) if self.relative else float(self.min_drop)
