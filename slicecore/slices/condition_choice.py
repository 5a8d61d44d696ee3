"""Cache of the choice among metadata groups: the same table at the same thresholds has the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from slicecore.slices import (
    clip_scores,
    cluster_null,
    condition_candidates,
    condition_groups,
    condition_search,
)
from slicecore.slices.condition_groups import ConditionGroups, Group
from slicecore.slices.condition_search import choose_groups
from slicecore.storage.array_cache import Arrays, cached_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder

_NUMBER = 3
"""Raised when the same groups and constants give another choice."""

Choice = list[tuple[Group, list[Group]]]
"""Groups, the best first, each with others of nearly the same clips."""


def cached_choice(groups: ConditionGroups, cache: Path | None) -> Choice:
    """Choice of `choose_groups`, made once per table and thresholds; `cache` None: nothing is stored."""
    if cache is None:
        return choose_groups(groups)
    settings = version_of(
        _NUMBER,
        condition_search.SETTINGS,
        condition_candidates.SETTINGS,
        condition_groups.SETTINGS,
        cluster_null.SETTINGS,
        clip_scores.SETTINGS,
    )
    costs = groups.costs
    # Lists of values are chosen by other rules than ranges.
    of_values = [column.names is not None for column in groups.columns]
    metric = f"{type(costs).__name__} {costs.higher_is_better} {costs.adds_up}"
    name = f"choice {settings} {groups.against} {metric} {of_values}"
    numbers = np.array([groups.min_drop, groups.scores.deviation])
    stored = cached_arrays(
        cache,
        CacheFolder.CHOICES,
        name,
        lambda: _as_arrays(choose_groups(groups)),
        arrays=[*groups.inputs, costs.numerator, costs.denominator, numbers],
    )
    return _as_choice(stored)


def _as_arrays(choice: Choice) -> Arrays:
    """A row per group (number in the choice, support), its two numbers, and a row per interval of its bins."""
    listed = [(at, group) for at, (first, same) in enumerate(choice) for group in (first, *same)]
    spans = [
        (row, column, *span)
        for row, (_, group) in enumerate(listed)
        for column, of_column in group.parts
        for span in of_column
    ]
    return {
        "group": np.array([(at, group.support) for at, group in listed], np.int64).reshape(-1, 2),
        "numbers": np.array([(group.evidence, group.price) for _, group in listed]).reshape(-1, 2),
        "spans": np.array(spans, np.int64).reshape(-1, 4),
    }


def _as_choice(arrays: Arrays) -> Choice:
    choice: Choice = []
    for at, group in _groups(arrays):
        if at == len(choice):
            choice.append((group, []))
        else:
            choice[at][1].append(group)
    return choice


def _groups(arrays: Arrays) -> Iterator[tuple[int, Group]]:
    """Number in the choice and group, row by row."""
    parts: list[dict[int, list[tuple[int, int]]]] = [{} for _ in arrays["group"]]
    for row, column, first, last in arrays["spans"].tolist():
        parts[row].setdefault(column, []).append((first, last))
    rows = zip(arrays["group"].tolist(), arrays["numbers"].tolist(), parts, strict=True)
    for (at, support), (evidence, price), of_group in rows:
        columns = tuple((column, tuple(spans)) for column, spans in of_group.items())
        yield at, Group(columns, support, evidence, price)
