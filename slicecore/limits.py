"""Limits that the environment sets: their variables, what they mean, and how their text is read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum

from slicecore.errors import SlicecoreError

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


class Unit(Enum):
    """Unit of a limit; its value is an example of how it is written."""

    BYTES = "500MB"
    SECONDS = "90"
    COUNT = "8"


@dataclass(frozen=True)
class Limit:
    """A limit that a variable of the environment sets.

    Attributes
    ----------
    variable
        Name of the variable.
    unit
        Unit of its value; sizes are written as "500MB", all others as a number from 1 on.
    default
        Limit without the variable; None for no limit.
    about
        Subject of the limit, as it is documented.
    """

    variable: str
    unit: Unit
    default: float | None
    about: str

    def value(self) -> float | None:
        """The limit that holds now, None for none. Raises SlicecoreError where the variable says no limit."""
        text = os.environ.get(self.variable, "").strip()
        if not text:
            return self.default
        try:
            value = bytes_of(text) if self.unit is Unit.BYTES else float(text)
        except (ValueError, SlicecoreError):
            value = 0
        whole = self.unit is not Unit.COUNT or value == int(value) if value < float("inf") else False
        if not value >= 1 or not whole:
            raise SlicecoreError(f"{self.variable}=“{text}” is no limit. Write it like {self.unit.value}.")
        return value


CACHE = Limit("SLICECORE_CACHE_LIMIT", Unit.BYTES, None, "size of the cache after a run; the oldest goes")
RECORDING = Limit("SLICECORE_RECORDING_LIMIT", Unit.BYTES, 256e9, "size of a recording that is opened")
REMOTE = Limit(
    "SLICECORE_REMOTE_LIMIT", Unit.BYTES, 1e9, "size of a recording whose storage does not tell its size"
)
REMOTE_SECONDS = Limit(
    "SLICECORE_REMOTE_SECONDS",
    Unit.SECONDS,
    600,
    "seconds in which a recording must be there from its storage",
)
UPLOAD = Limit(
    "SLICECORE_UPLOAD_LIMIT", Unit.BYTES, 200 << 20, "size of a table that is uploaded on the page"
)
TABLES = Limit("SLICECORE_TABLE_LIMIT", Unit.COUNT, 8, "tables in memory; the one opened longest ago goes")
SESSIONS = Limit(
    "SLICECORE_SESSION_LIMIT", Unit.COUNT, None, "pages that are open at a time, in all browsers"
)

ALL = (CACHE, RECORDING, REMOTE, REMOTE_SECONDS, UPLOAD, TABLES, SESSIONS)


def check() -> None:
    """Raise a SlicecoreError for the first variable whose text is no limit."""
    for limit in ALL:
        limit.value()


def size_text(size: float) -> str:
    """A size as limits are written: "10 kB", "2.5 GB"."""
    letter, factor = next((each for each in reversed(_UNITS.items()) if size >= each[1]), ("", 1))
    return f"{size / factor:.4g} {letter if letter == 'k' else letter.upper()}B"


def bytes_of(size: str) -> int:
    """Read a size such as "500MB" or "1.5 GB", in powers of ten. Raises SlicecoreError."""
    parts = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([kmgt]?)b?\s*", size, re.IGNORECASE)
    if not parts:
        raise SlicecoreError(f"Invalid size “{size}”. Write it like 500MB or 2GB.")
    return round(float(parts[1]) * _UNITS[parts[2].lower()])
