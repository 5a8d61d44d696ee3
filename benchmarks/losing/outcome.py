"""Outcome of a trial."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trial:
    """What was tried, how often, what was seen, and whether nothing was lost."""

    name: str
    times: int
    seen: str
    held: bool
