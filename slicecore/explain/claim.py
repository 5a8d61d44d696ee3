"""Claim about something that sets a slice apart: whether it is also why the slice is bad."""

from __future__ import annotations

import math
from dataclasses import dataclass

REASON = "reason"
"""Other clips that have it are worse too."""

UNTOLD = "untold"
"""Too few other clips, or clips of too few speakers, have it to tell."""

APART = "apart"
"""Other clips that have it are not worse, or far less so: it sets the slice apart and is no reason by itself."""

ERRORS = "errors"
"""It is read off the errors themselves."""

EVERYWHERE = "everywhere"
"""The other clips have it as well."""


@dataclass(frozen=True)
class Claim:
    """Claim about a property that sets a slice apart.

    Attributes
    ----------
    kind : `REASON`, `UNTOLD`, `APART`, `ERRORS` or `EVERYWHERE`.
    others : clips outside the slice that have the property as strongly.
    value, without : of the metric, of these clips and of clips without the property at equal length; NaN where they
        were not compared.
    interval : of the difference, positive where clips with the property are worse; NaN where not compared.
    text : the claim in words, going on after the property; "" where there is nothing to add.
    groups : groups, such as speakers, that these clips come from and that tell something; 0 where none are known.
    """

    kind: str
    others: int = 0
    value: float = math.nan
    without: float = math.nan
    interval: tuple[float, float] = (math.nan, math.nan)
    text: str = ""
    groups: int = 0
