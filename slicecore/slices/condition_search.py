"""Greedy choice among the groups that conditions describe: each is judged on the clips not yet covered."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.condition_candidates import Candidates
from slicecore.slices.condition_groups import ConditionGroups, Group, least_gain


@dataclass(frozen=True)
class ChoiceSettings:
    """Constants of the choice, chosen by `benchmarks/explanation.py` and `explanation_chance.py` (docs/explanation.md).

    Attributes
    ----------
    most_compared : groups of the table, and of the measurements, that are compared with each other; the best ones.
    same : Jaccard index from which on two groups are the same.
    """

    most_compared: int = 400
    same: float = 0.8


SETTINGS = ChoiceSettings()

_MOST_CHOSEN = 100  # the least gain falls no further


def choose_groups(groups: ConditionGroups) -> list[tuple[Group, list[Group]]]:
    """Choose groups that meet the thresholds with the clips that better ones leave of them, the best first.

    Each comes with the other groups of one condition that have nearly the same clips. Groups of the table and of the
    measurements cover clips apart from each other.
    """
    if groups.scores.deviation <= 0:
        return []
    search = Candidates(groups)
    ranked = sorted(
        {group.parts: group for group in (*search.of_columns(), *search.of_pairs())}.values(),
        key=lambda group: (-round(group.gain, 9), len(group.parts), group.parts),
    )
    candidates = [
        group
        for measured in (False, True)
        for group in [g for g in ranked if groups.is_measured(g) == measured][: SETTINGS.most_compared]
    ]
    rows = [groups.members(group) for group in candidates]
    free = {measured: np.ones(groups.n, dtype=bool) for measured in (False, True)}
    waiting = list(range(len(candidates)))
    chosen: dict[int, list[Group]] = {}  # with those that are nearly the same clips
    while waiting:
        gains = {}
        for i in waiting:
            same = next((j for j in chosen if _jaccard(rows[i], rows[j]) >= SETTINGS.same), None)
            if same is None and not any(_shares_values(groups, candidates[i], candidates[j]) for j in chosen):
                gains[i] = _gain(groups, candidates[i], rows[i], free)
            elif (
                same is not None
                and len(candidates[i].parts) == 1
                and candidates[i].parts[0][0] not in _columns(candidates[same])
            ):
                chosen[same].append(candidates[i])
        waiting = [i for i in gains if gains[i] > least_gain(_MOST_CHOSEN)]
        best = max(waiting, key=lambda i: (round(gains[i], 9), -i), default=None)
        if best is None or gains[best] <= least_gain(len(chosen) + 1):
            break
        chosen[best] = []
        free[groups.is_measured(candidates[best])][rows[best]] = False
        waiting.remove(best)
    return [(candidates[i], same) for i, same in chosen.items()]


def _shares_values(groups: ConditionGroups, joined: Group, chosen: Group) -> bool:
    """True for values of one column of which some were chosen: joined values are chosen together or not at all."""
    (column, spans), (chosen_column, chosen_spans) = joined.parts[0], chosen.parts[0]
    return (
        groups.columns[column].names is not None
        and len(joined.parts) == len(chosen.parts) == 1
        and column == chosen_column
        and any(a < d and c < b for a, b in spans for c, d in chosen_spans)
    )


def _columns(group: Group) -> set[int]:
    return {i for i, _ in group.parts}


def _gain(
    groups: ConditionGroups, group: Group, rows: NDArray[np.int64], free: dict[bool, NDArray[np.bool_]]
) -> float:
    """Evidence of the clips of a group that are not covered, less its price; -inf where they are no slice."""
    kinds = {groups.columns[i].measured for i in _columns(group)}
    rest = rows[np.all([free[kind][rows] for kind in kinds], axis=0)]
    if not groups.is_slice(rest):
        return -math.inf
    return groups.evidence(rest) - group.price


def _jaccard(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)
