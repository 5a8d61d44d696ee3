"""Choices of what the points of the map are coloured by."""

from __future__ import annotations

from collections.abc import Iterable

VALUE, CLUSTER = "value", "cluster"
COLUMN = "column "
"""Prefix of the choice of a column; its name follows."""


def choices(columns: Iterable[str]) -> list[str]:
    """All that points can be coloured by, given the names of the columns."""
    return [VALUE, CLUSTER, *(COLUMN + name for name in columns)]
