"""Cost of causes: what the slices of each cause add to the overall value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicecore.explain.sentences import SEVERAL, several
from slicecore.slices.impact import waterfall

if TYPE_CHECKING:
    from slicecore.explain.explainer import Explanation
    from slicecore.slices.result import Slice
    from slicecore.slices.scanner import Scan

NO_CAUSE = ""
"""Name of the cause of slices without one."""
SEVERAL_CAUSES = "several"
"""Name of the cause of slices of three problems or more, none of which is that of the whole slice."""


@dataclass(frozen=True)
class CauseCost:
    """Cost of a cause over all slices whose most probable cause it is.

    Attributes
    ----------
    cause, label : short name and what people call it; both "" for slices without a cause, `SEVERAL_CAUSES` for those
        that are named “Several problems”.
    slices : how many.
    clips : in them.
    errors : in them, more than at the value of the clips outside all slices.
    share : of all errors that lie in them.
    points : by how much the overall value would change without the cause; negative where errors go away.
    """

    cause: str
    label: str
    slices: int
    clips: int
    errors: float
    share: float
    points: float


def cost_by_cause(scan: Scan, explanations: Mapping[str, Explanation]) -> tuple[CauseCost, ...]:
    """Add up what slices cost by their most probable cause, the most expensive first.

    Parameters
    ----------
    scan
        The slices.
    explanations
        Explanations by the id of their slice; a slice without explanation counts as one without a cause.

    Examples
    --------
    >>> [(cost.slices, cost.clips, cost.share) for cost in sc.cost_by_cause(result.scan, result.explanations)]
    [(1, 20, 1.0)]
    """
    costs = scan.costs
    changes = {step.slice.id: step.change for step in waterfall(scan).steps}
    groups: dict[tuple[str, str], list[Slice]] = {}
    for slice_ in scan.slices:
        groups.setdefault(_counted_for(explanations.get(slice_.id)), []).append(slice_)
    rows = []
    for (cause_name, label), slices in groups.items():
        points = sum(changes[slice_.id] for slice_ in slices)
        rows.append(
            CauseCost(
                cause=cause_name,
                label=label,
                slices=len(slices),
                clips=sum(slice_.support for slice_ in slices),
                errors=abs(points) * float(costs.denominator.sum()),
                share=sum(slice_.share for slice_ in slices),
                points=points,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.cause == NO_CAUSE, -row.errors, row.cause)))


def _counted_for(explanation: Explanation | None) -> tuple[str, str]:
    """Name and label of the cause that a slice with this explanation counts for."""
    if explanation is not None and several(explanation.causes):
        return SEVERAL_CAUSES, SEVERAL
    if explanation is None or explanation.cause is None:
        return NO_CAUSE, ""
    return explanation.cause.name, explanation.cause.label
