"""Table of all models on every listed slice: values, and how far each is behind the best one there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st

from slicecore.display.colour_scale import points_per_unit
from slicecore.errors import SlicecoreError
from slicecore.metrics import Costs
from slicecore.metrics.costs import Members
from slicecore.report.models_table import OnGroup, models_on
from slicecore_app import wording
from slicecore_app.review.picking import pick_slice
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import WORST_POINTS, ReviewResult
from slicecore_app.session import session
from slicecore_app.web.components import component

_HINT = (
    "{metric} of every model over all clips and in each slice. Coloured by how far a model is behind the best one of "
    "the row, which is bold. The slices are those of {model}; a press opens one."
)


@dataclass(frozen=True)
class Cell:
    """A model on a slice: its value, how far it is behind the best, and that on the colour scale (None: unknown)."""

    value: str
    behind: str
    points: float | None
    is_best: bool


@dataclass(frozen=True)
class Row:
    """A slice, or all clips without `slice`; `number` is that of the list, 0 for a slice of one's own."""

    name: str
    clips: str
    cells: Sequence[Cell]
    slice: str = ""
    number: int = 0


def models_view(result: ReviewResult) -> None:
    """Draw the table; a press on a slice opens it on the review page."""
    try:
        costs = result.costs_of_models
    except SlicecoreError as error:
        st.write(wording.escaped(str(error)))
        return
    metric, model = map(wording.escaped, (result.costs.model_costs.name, result.prediction))
    st.caption(_HINT.format(metric=metric, model=model))
    data = {"models": list(costs), "rows": [asdict(row) for row in rows_of(result, costs)]}
    component("pages/models")(
        key="models",
        data=data | {"seq": session.seq()},
        on_event_change=lambda: _open(result),
    )
    if st.session_state.pop("to_review_page", False):
        st.switch_page("review.py")


def rows_of(result: ReviewResult, costs: Mapping[str, Costs]) -> list[Row]:
    """All clips, then the flagged slices in the order of the list, then those of the reader's own."""
    first = next(iter(costs.values()))
    scale = points_per_unit(first, first.value(), WORST_POINTS)

    def cells(members: Members | None) -> list[Cell]:
        return [_cell(each, costs[each.model], scale) for each in models_on(costs, members)]

    whole = Row("All clips", f"{len(result.data):,}", cells(None))
    slices = [
        Row(
            slice_name(problem),
            f"{problem.slice.support:,}",
            cells(problem.slice.members),
            problem.slice.id,
            problem.number,
        )
        for problem in (*result.problems, *result.own)
    ]
    return [whole, *slices]


def _cell(each: OnGroup, costs: Costs, scale: float) -> Cell:
    if not np.isfinite(each.value):
        return Cell("–", "", None, False)
    behind = "" if each.is_best else wording.drop(each.behind, costs)
    return Cell(wording.value(each.value, costs), behind, scale * each.behind, each.is_best)


def _open(result: ReviewResult) -> None:
    event = st.session_state["models"]["event"]
    if result.problem(str(event["slice"])):
        pick_slice(result, str(event["slice"]))
        st.session_state["to_review_page"] = True
