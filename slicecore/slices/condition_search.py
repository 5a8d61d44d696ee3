"""Greedy choice among the groups that conditions describe: each is judged on the clips not yet covered."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.across_groups import evidence_across_groups
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
    rows = [groups.members(group).astype(np.int32, copy=False) for group in candidates]
    free = {measured: np.ones(groups.n, dtype=bool) for measured in (False, True)}
    gains = {i: _gains(groups, group, rows[i], free) for i, group in enumerate(candidates)}
    chosen: list[tuple[Group, list[Group]]] = []  # with those that are nearly the same clips
    while True:
        gains = {i: gain for i, gain in gains.items() if min(gain) > least_gain(_MOST_CHOSEN)}
        least = least_gain(len(chosen) + 1)
        enough = [i for i, gain in gains.items() if min(gain) > least]
        best = max(enough, key=lambda i: (round(gains[i][0], 9), -i), default=None)
        if best is None:
            return chosen
        del gains[best]
        group = candidates[best]
        same: list[Group] = []
        chosen.append((group, same))
        covered = np.zeros(groups.n, dtype=bool)
        covered[rows[best]] = True
        free[groups.is_measured(group)][rows[best]] = False
        for i in list(gains):
            common = int(np.count_nonzero(covered[rows[i]]))
            if common >= SETTINGS.same * (len(rows[i]) + len(rows[best]) - common):
                del gains[i]
                if len(candidates[i].parts) == 1 and candidates[i].parts[0][0] not in _columns(group):
                    same.append(candidates[i])
            elif _shares_values(groups, candidates[i], group):
                del gains[i]
            elif common:
                gains[i] = _gains(groups, candidates[i], rows[i], free)


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


def _gains(
    groups: ConditionGroups, group: Group, rows: NDArray[np.integer], free: dict[bool, NDArray[np.bool_]]
) -> tuple[float, float]:
    """Evidence of the clips of a group that are not covered, less its price; -inf where they are no slice.

    The first goes by clips and says which of two groups is the better one: of a speaker and an accent, which have the
    clips in common, it is the accent. The second goes by the groups that clips come in; without it a condition that
    fits the bad speakers at hand would be as good as one that holds for others.
    """
    kinds = {groups.columns[i].measured for i in _columns(group)}
    rest = rows[np.all([free[kind][rows] for kind in kinds], axis=0)]
    if not groups.is_slice(rest):
        return -math.inf, -math.inf
    by_clips, across = groups.evidence(rest), evidence_across_groups(groups, rest)
    return by_clips - group.price, (by_clips if across is None else across) - group.price
