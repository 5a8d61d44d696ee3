"""Measurement: a number per clip with a name, a unit and a description."""

from __future__ import annotations

import math
from dataclasses import dataclass

from slicecore.wording import fixed


@dataclass(frozen=True)
class Measurement:
    """One number per clip.

    Attributes
    ----------
    name
        Column of the table of measurements.
    label
        Name for people: "Loudness".
    unit
        "dB", "Hz", "s", …; "%" for shares, which are stored between 0 and 1; "" for plain numbers.
    description
        Definition, with its formula or source.
    decimals
        Number of decimals that are shown.
    """

    name: str
    label: str
    unit: str
    description: str
    decimals: int = 1

    def show(self, value: float) -> str:
        """Say a value with its unit: "−49.2 dBFS", "12 %"; "unknown" for NaN.

        Examples
        --------
        >>> Measurement("speech_share", "Speech", "%", "", 0).show(0.123)
        '12 %'
        """
        if math.isnan(value):
            return "unknown"
        return f"{fixed(100 * value if self.unit == '%' else value, self.decimals)} {self.unit}".rstrip()
