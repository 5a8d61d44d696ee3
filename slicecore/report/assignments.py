"""Assignments of slices to reviewers: how far each is with theirs, and open slices dealt out evenly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from slicecore.report.agreement import Opinions


@dataclass(frozen=True)
class Workload:
    """Slices of one reviewer.

    Attributes
    ----------
    reviewer : name of the reviewer.
    assigned : number of slices that are assigned to them.
    judged : number of those to which they gave a verdict.
    others : number of other slices to which they gave one.
    """

    reviewer: str
    assigned: int
    judged: int
    others: int

    @property
    def left(self) -> int:
        """Number of assigned slices to which they gave no verdict yet."""
        return self.assigned - self.judged


def workloads(
    assignees: Mapping[str, str], opinions: Opinions, slices: Collection[str]
) -> tuple[Workload, ...]:
    """The work of every reviewer on some slices, who has most left first; empty where nothing is assigned.

    Parameters
    ----------
    assignees
        Name of the reviewer of a slice, by slice id; "" and missing ones are nobody's.
    opinions
        Judgements; those without a verdict are left out.
    slices
        Ids of the slices that are to be judged.
    """
    assigned = Counter(assignees[slice_id] for slice_id in slices if assignees.get(slice_id))
    if not assigned:
        return ()
    judged: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for slice_id in slices:
        for each in opinions.get(slice_id, ()):
            if each.verdict:
                judged[assignees.get(slice_id) == each.reviewer][each.reviewer] += 1
    found = [
        Workload(name, assigned[name], judged[True][name], judged[False][name])
        for name in {**assigned, **judged[False]}
    ]
    return tuple(sorted(found, key=lambda each: (-each.left, -each.assigned, each.reviewer.casefold())))


def dealt(slices: Iterable[str], reviewers: Sequence[str], left: Mapping[str, int]) -> dict[str, str]:
    """A reviewer for each of some slices, by slice id: each goes to whoever has fewest left by then.

    Parameters
    ----------
    slices
        Ids of slices without a reviewer, the most important first: each reviewer gets some of those.
    reviewers
        Names of those who share them; where several have equally few left, the first of them.
    left
        Number of slices that a reviewer has left already.
    """
    loads = {name: left.get(name, 0) for name in reviewers}
    dealt: dict[str, str] = {}
    for slice_id in slices if loads else ():
        name = min(loads, key=loads.__getitem__)
        loads[name] += 1
        dealt[slice_id] = name
    return dealt
