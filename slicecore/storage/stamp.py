"""State of a recording by which it is known again: name, size and version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """A recording as it was when it was looked at.

    Attributes
    ----------
    path
        Its file or URL.
    size
        In bytes, -1 if unknown.
    version
        Time of the last change of a file; version that the storage gives for a URL, "" without one.
    """

    path: Path | str
    size: int
    version: str
