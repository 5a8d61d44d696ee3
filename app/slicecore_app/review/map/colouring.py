"""Colours of the points of the map, by clip value, cluster, or any column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from slicecore.display.colour_scale import ScaledColumn, scale_column
from slicecore.filtering.columns import Column
from slicecore.table.time_stamps import day
from slicecore.wording import significant
from slicecore_app import wording
from slicecore_app.review.map.component import NO_VALUE, Legend, drop_steps
from slicecore_app.web.theme import GROUP_COLOURS

GROUPS = len(GROUP_COLOURS)
"""So many groups have a colour of their own that everybody can tell from the others; all others are grey."""


@dataclass(frozen=True)
class Colouring:
    """Colour step of every clip (n,) uint8, and what the colours mean.

    `values` are those of the groups of a column, in the order of the legend; empty where there are none to select.
    """

    palette: Literal["drop", "numbers", "groups"]
    steps: np.ndarray
    legend: Legend
    values: tuple[str, ...] = ()


def by_drop(points: np.ndarray) -> Colouring:
    """By the value of each clip, on the drop scale."""
    return Colouring("drop", drop_steps(points), Legend())


def by_group(codes: np.ndarray, names: list[str], title: str, values: tuple[str, ...] = ()) -> Colouring:
    """By group: `codes` (n,) number the groups, the largest first, -1 for none."""
    steps = np.where((codes >= 0) & (codes < GROUPS), codes, NO_VALUE).astype(np.uint8)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    entries = [(name, wording.clips(int(count))) for name, count in zip(names[:GROUPS], counts, strict=False)]
    others = len(names) - GROUPS
    rest = f"{others:,} others" if others > 0 else ""
    return Colouring("groups", steps, Legend(title, tuple(entries), rest), values[:GROUPS])


def by_column(column: Column) -> Colouring:
    """By a column: text as groups, numbers and many times on a scale between their 1st and 99th percentile."""
    if column.is_number:
        scaled = scale_column(column.values)
        unit = f"\u202f{column.unit}" if column.unit else ""
        return _on_scale(scaled, column.name, lambda end: f"{significant(end)}{unit}")
    if column.distinct_count > GROUPS and column.times is not None:
        return _on_scale(scale_column(column.times.seconds), column.name, day)
    names = [str(value) for value in column.distinct]
    return by_group(column.codes, names, column.name, tuple(names))


def _on_scale(scaled: ScaledColumn, title: str, text: Callable[[float], str]) -> Colouring:
    steps = np.rint(np.nan_to_num(scaled.position) * (NO_VALUE - 1)).astype(np.uint8)
    steps[np.isnan(scaled.position)] = NO_VALUE
    return Colouring("numbers", steps, Legend(title, ends=(text(scaled.low), text(scaled.high))))
