"""The treemap of the clusters: area is clips, colour is drop, flagged slices numbered."""

from __future__ import annotations

import numpy as np
import streamlit as st

from slicecore.slices.options import POSSIBLE
from slicecore_app import wording
from slicecore_app.review.basis import basis_of
from slicecore_app.review.picking import cluster, pick_slice
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.treemap import component
from slicecore_app.review.treemap.component import Tiles
from slicecore_app.session import layout, selection, session
from slicecore_app.web.theme import DROP_POINTS


def treemap(result: ReviewResult) -> None:
    """Draw the treemap."""
    low, high = (wording.drop(points / 100, result.costs) for points in (DROP_POINTS[0], DROP_POINTS[-1]))
    problem = result.picked_problem
    component.treemap(
        _tiles(result),
        embedding=result.model,
        picked_slice=problem.slice.id if problem else None,
        picked_cluster=result.pick.key if result.pick and result.pick.kind == "cluster" else None,
        caption="area: clips · colour: drop",
        legend=(_whole(low), _whole(high)) if result.costs.is_rate else ("better", "worse"),
        opened=layout.opened("level"),
        basis=basis_of(result),
        key="clusters",
        on_event=lambda: _on_event(result),
        seq=session.seq(),
    )


def _tiles(result: ReviewResult) -> Tiles:
    tree, costs = result.tree, result.costs
    problem_of = {problem.slice.id: problem for problem in result.problems}
    problems = [problem_of[result.scan.slices[i].id] if i >= 0 else None for i in tree.slice]
    return Tiles(
        key=list(tree.key),
        parent=[tree.key[parent] if parent >= 0 else "" for parent in tree.parent],
        support=[int(count) for count in tree.support],
        points=[float(points) for points in np.atleast_1d(result.points(tree.drop))],
        value=[wording.value(value, costs) for value in tree.value],
        drop=[wording.drop(drop, costs) for drop in tree.drop],
        slice=[problem.slice.id if problem else "" for problem in problems],
        number=[problem.number if problem else 0 for problem in problems],
        label=[wording.short_cause(problem.name or problem.cause) if problem else "" for problem in problems],
        possible=[problem is not None and problem.slice.tier == POSSIBLE for problem in problems],
    )


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["clusters"]["event"]
    if not event:
        return
    if event["kind"] == "slice":
        pick_slice(result, event["slice"])
    elif event["embedding"] != result.model:
        return  # picked in a tree that the page has left meanwhile: the key would name other clips here
    elif event["kind"] == "cluster" and (pick := cluster(result, event["key"])) is not None:
        selection.pick(pick)


def _whole(points: str) -> str:
    return points.replace(".0", "")
