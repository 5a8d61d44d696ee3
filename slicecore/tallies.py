"""Tallies of what this process has done, such as scans and their seconds, for whoever watches over a server."""

from __future__ import annotations

import threading
from collections import Counter

_lock = threading.Lock()
_tallies: Counter[str] = Counter()


def add(name: str, amount: float = 1) -> None:
    """Count something under a name; names are those of code, never of data."""
    with _lock:
        _tallies[name] += amount  # type: ignore[assignment]


def tally(name: str) -> float:
    """Sum under a name, 0 where nothing was counted."""
    with _lock:
        return _tallies[name]
