"""Constants of the claims about what sets slices apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClaimLimits:
    """Constants of the claims, chosen by `benchmarks/explanation_claims.py` (docs/explanation.md has its table).

    Attributes
    ----------
    fewest : other clips with the property from which on they are compared with those without it.
    fewest_groups : groups, such as speakers, that these clips must come from where groups are known.
    own_part : share of a group's clips with the property that lie in the slice from which on it is the slice's own.
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
    fewest_groups: int = 4
    own_part: float = 0.2
    confidence: float = 0.95
    least_part: float = 1 / 3
    most_part: float = 1 / 2
    weakest: float = 0.1
    length_classes: int = 5
    other_side: float = 0.5
    same: float = 0.7
    most: int = 20_000


LIMITS = ClaimLimits()
