"""List of the flagged slices or, where there is none, the reason and the ways out."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from slicecore.explain.clip_lists import WRONG
from slicecore.slices.empty_scan import nearest_miss, ways_out, why_empty
from slicecore.slices.options import CONFIRMED, POSSIBLE
from slicecore.slices.result import Slice
from slicecore.wording import lower, rate
from slicecore_app import wording
from slicecore_app.review.glossary import explain
from slicecore_app.review.picking import pick_slice
from slicecore_app.review.problems.component import Card, OtherList, WayOut, problems
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.messages import VERDICT_LABELS
from slicecore_app.server.reasons import DESCRIBING
from slicecore_app.session import selection, session, settings, steps
from slicecore_app.session.parsing import Table
from slicecore_app.session.selection import Pick

TIER_NAMES = (CONFIRMED, POSSIBLE)
DESCRIBED = "Metadata and audio properties"
MOST_DESCRIBED = 12
"""Slices over metadata that the list shows."""


def problem_list(shown: ReviewResult) -> None:
    """Draw the list."""
    heading, nothing = ("", "") if shown.problems else _why_empty(shown)
    problems(
        [_card(problem, shown) for problem in shown.problems],
        verdicts=VERDICT_LABELS,
        wording={
            "value": explain("both" if shown.compared else "value", shown.costs),
            **{term: explain(term, shown.costs) for term in ("drop", "share")},
            **{tier: explain(tier) for tier in TIER_NAMES},
        },
        heading=heading,
        own=[_card(problem, shown) for problem in shown.own],
        picked=shown.subject.slice.id if shown.subject else None,
        cluster=shown.pick.key if shown.pick and shown.pick.kind == "cluster" and shown.pick.key else None,
        sort=settings.value("sort"),
        sorts=settings.SORTS,
        nothing=nothing,
        ways_out=[] if shown.problems else _ways_out(shown),
        others=_others(shown),
        coming=(DESCRIBED, f"{DESCRIBING} …") if shown.reasons.describes else None,
        key="problems",
        on_event=lambda: _on_event(shown),
        seq=session.seq(),
    )


def _card(problem: Problem, shown: ReviewResult) -> Card:
    slice_ = problem.slice
    verdict = problem.judgement.verdict if problem.judgement else None
    return Card(
        slice=slice_.id,
        number=problem.number,
        title=slice_name(problem),
        drop=wording.drop(slice_.drop, shown.costs),
        facts=f"{_value(slice_, shown)} · {wording.clips(slice_.support)}",
        points=float(shown.points(slice_.drop)) if np.isfinite(slice_.drop) else None,
        share=slice_.share,
        share_text=wording.share(slice_.share),
        tier=slice_.tier or "",
        reason=problem.own.reason if problem.own else "",
        verdict=verdict or "",
    )


def _value(slice_: Slice, shown: ReviewResult) -> str:
    costs = shown.costs
    if costs.compared:
        return wording.both(costs, slice_.members, decimals=0)
    return f"{costs.name} {wording.value(slice_.value, costs)}"


def _on_event(shown: ReviewResult) -> None:
    event = st.session_state["problems"]["event"]
    if not event:
        return
    if event["kind"] == "slice":
        pick_slice(shown, event["slice"])
    elif event["kind"] == "sort" and event["by"] in settings.SORTS:
        st.session_state["sort"] = event["by"]
    elif event["kind"] == "way_out":
        _take(event["settings"], shown)
    elif event["kind"] == "list":
        _open_list(event["name"], shown)


def _others(shown: ReviewResult) -> list[OtherList]:
    """Lists beside the problems: slices over metadata and measurements, and clips with odd texts."""
    picked = shown.pick.rows if shown.pick else np.array([], dtype=int)
    lists = [
        OtherList(
            f"described {described.slice.id}",
            described.label,
            wording.value(described.slice.value, shown.costs),
            hint=f"{described.label}: {wording.clips(described.slice.support)}, "
            f"{wording.drop(described.slice.drop, shown.costs)}, {described.slice.tier or 'without a test'}",
            picked=np.array_equal(described.slice.members, picked),
            section=DESCRIBED,
        )
        for described in (shown.reasons.metadata or ())[:MOST_DESCRIBED]
    ]
    for clips in shown.clip_lists:
        count = len(clips.rows)
        marked = len(np.intersect1d(clips.rows, shown.marked_rows)) if clips.name == WRONG else 0
        result = f"{marked:,} of {count:,}" if marked else f"{count:,}"
        hint = f"{clips.reason}; {marked:,} of them marked as wrong" if marked else clips.reason
        is_picked = np.array_equal(clips.rows, picked)
        lists.append(OtherList(clips.name, clips.label, result, hint=hint, picked=is_picked))
    return lists


def _open_list(wanted: str, shown: ReviewResult) -> None:
    kind, _, slice_id = wanted.partition(" ")
    if kind == "described":
        for described in shown.reasons.metadata or ():
            if described.slice.id == slice_id:
                selection.select(described.slice.members, described.label)
        return
    for clips in shown.clip_lists:
        if clips.name == wanted:
            selection.select(clips.rows, lower(clips.label))


def _why_empty(shown: ReviewResult) -> tuple[str, str]:
    """Heading and sentence in place of problems."""
    scan, costs = shown.found, shown.costs
    overall = costs.value_text(scan.overall)
    models = " and ".join(name for name, _ in costs.compared)
    return {
        "no difference": ("No difference", f"{models} have the same {costs.model_costs.name} on every clip."),
        "no reference": (
            "No clip has a reference",
            f"Without a reference there is no {costs.name}. Its column is chosen under Data set → Open another.",
        ),
        "no error": ("No clip has an error", f"The overall {costs.name} is {overall}."),
        "same value": (
            f"Every clip has the same {costs.name}",
            f"It is {overall}: no cluster is worse than the rest.",
        ),
        "thresholds": ("No cluster meets both thresholds", nearest_miss(scan)),
    }[why_empty(scan)]


def _ways_out(shown: ReviewResult) -> list[WayOut]:
    """Buttons that choose settings with which something is flagged, and one that lists all clips."""
    costs, relative = shown.costs, shown.found.options.relative
    buttons: list[WayOut] = []
    choice: dict[str, Any]
    for way in ways_out(shown.scanner, shown.found, steps.support_choices(len(shown.data))):
        if way.option == "tier":
            label, choice = "Show possible ones too", {"tier": "all"}
        elif way.option == "min_drop":
            amount = rate(way.value, 0) if relative else costs.threshold_text(way.value)
            setting = settings.drop_as_setting(way.value, is_rate=costs.is_rate, relative=relative)
            label, choice = f"Lower the drop to {amount}", {"min_drop": setting}
        else:
            support = int(way.value)
            label = f"Lower the support to {wording.clips(support)}"
            choice = {"support_share": False, "min_support": support}
        buttons.append(WayOut(label, _clusters(way.slices), choice))
    order = "clips by difference" if shown.compared else "worst clips" if costs.numerator.any() else "clips"
    return [*buttons, WayOut(f"List the {order}", wording.clips(len(shown.data)), {})]


def _clusters(count: int) -> str:
    return f"{count} cluster" if count == 1 else f"{count} clusters"


def _take(way_out: dict[str, Any], shown: ReviewResult) -> None:
    """Make the settings of a way out; without any it lists all clips."""
    table = Table(shown.data, st.session_state, costs=lambda: shown.costs)
    for name, value in way_out.items():
        settings.choose(name, value, table)
    if not way_out:
        selection.pick(Pick("cluster", "all", np.arange(len(shown.data))))
