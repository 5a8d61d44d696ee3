"""The list of flagged slices, or, where there is none, what would change that."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from slicecore.metrics import Costs
from slicecore.slices.options import CONFIRMED, POSSIBLE
from slicecore.slices.result import Slice
from slicecore_app import wording
from slicecore_app.review.glossary import explain
from slicecore_app.review.problems.component import Card, OtherList, WayOut, problems
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, Shown
from slicecore_app.review.thresholds import steps
from slicecore_app.review.verdict.messages import VERDICT_LABELS
from slicecore_app.server.reasons import DESCRIBING, WRONG, other_lists
from slicecore_app.session import selection, session, settings
from slicecore_app.session.parsing import Table
from slicecore_app.session.selection import Pick

TIER_NAMES = (CONFIRMED, POSSIBLE)
DESCRIBED = "Described by metadata"
MOST_DESCRIBED = 12
"""Slices over metadata that the list shows."""


def problem_list(shown: Shown) -> None:
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


def _card(problem: Problem, shown: Shown) -> Card:
    one = problem.slice
    verdict = problem.judgement.verdict if problem.judgement else None
    return Card(
        slice=one.id,
        number=problem.number,
        title=slice_name(problem),
        drop=wording.drop(one.drop, shown.costs),
        facts=f"{_value(one, shown)} · {wording.clips(one.support)}",
        points=float(shown.points(one.drop)) if np.isfinite(one.drop) else None,
        share=one.share,
        share_text=wording.share(one.share),
        tier=one.tier or "",
        reason=problem.own.reason if problem.own else "",
        verdict=verdict or "",
    )


def _value(one: Slice, shown: Shown) -> str:
    costs = shown.costs
    if costs.compared:
        return wording.both(costs, one.members, decimals=0)
    return f"{costs.name} {wording.value(one.value, costs)}"


def _on_event(shown: Shown) -> None:
    event = st.session_state["problems"]["event"]
    if not event:
        return
    if event["kind"] == "slice":
        shown.pick_slice(event["slice"])
    elif event["kind"] == "sort" and event["by"] in settings.SORTS:
        st.session_state["sort"] = event["by"]
    elif event["kind"] == "way_out":
        _take(event["settings"], shown)
    elif event["kind"] == "list":
        _open_list(event["name"], shown)


def _others(shown: Shown) -> list[OtherList]:
    """Lists beside the problems: what metadata and measurements describe, and what is odd in the texts."""
    picked = shown.pick.rows if shown.pick else np.array([], dtype=int)
    lists = [
        OtherList(
            f"described {one.slice.id}",
            one.label,
            wording.value(one.slice.value, shown.costs),
            hint=f"{one.label}: {wording.clips(one.slice.support)}, {wording.drop(one.slice.drop, shown.costs)}, "
            f"{one.slice.tier or 'without a test'}",
            picked=np.array_equal(one.slice.members, picked),
            section=DESCRIBED,
        )
        for one in (shown.reasons.metadata or ())[:MOST_DESCRIBED]
    ]
    for name, (label, rows, how) in _clip_lists(shown).items():
        marked = len(np.intersect1d(rows, shown.marked_rows)) if name == WRONG else 0
        result = f"{marked:,} of {len(rows):,}" if marked else f"{len(rows):,}"
        hint = f"{how}; {marked:,} of them marked as wrong" if marked else how
        lists.append(OtherList(name, label, result, hint=hint, picked=np.array_equal(rows, picked)))
    return lists


def _clip_lists(shown: Shown) -> dict[str, tuple[str, np.ndarray, str]]:
    return other_lists(shown.source, shown.data, shown.reasons, shown.marked_rows)


def _open_list(wanted: str, shown: Shown) -> None:
    kind, _, slice_id = wanted.partition(" ")
    if kind == "described":
        for one in shown.reasons.metadata or ():
            if one.slice.id == slice_id:
                shown.select(one.slice.members, one.label)
        return
    lists = _clip_lists(shown)
    if wanted in lists:
        label, rows, _ = lists[wanted]
        shown.select(rows, label[:1].lower() + label[1:])


def _why_empty(shown: Shown) -> tuple[str, str]:
    """Heading and sentence in place of problems."""
    costs, overall = shown.costs, wording.value(shown.found.overall, shown.costs)
    counted = costs.denominator > 0
    no_errors = not costs.higher_is_better and not costs.numerator.any()
    if costs.compared and no_errors:
        names = " and ".join(name for name, _ in costs.compared)
        return "No difference", f"{names} have the same {costs.model_costs.name} on every clip."
    if costs.compared:
        return "No cluster meets both thresholds", _nearest_miss(shown)
    if not counted.any():
        text = f"Without what was said there is no {costs.name}. Its column is chosen under Data set → Open another."
        return "No clip has a reference", text
    if no_errors:
        return "No clip has an error", f"The overall {costs.name} is {overall}."
    values = costs.numerator[counted] / costs.denominator[counted]
    if np.ptp(values) == 0 and not costs.numerator[~counted].any():
        return f"Every clip has the same {costs.name}", f"It is {overall}: no cluster is worse than the rest."
    return "No cluster meets both thresholds", _nearest_miss(shown)


def _nearest_miss(shown: Shown) -> str:
    found, costs = shown.found, shown.costs
    if found.worst is None:
        return f"There is no cluster with at least {wording.clips(found.min_support)}."
    side = "above" if (found.worst >= 0) != costs.higher_is_better else "below"
    amount = wording.drop(abs(found.worst), costs).lstrip("+")
    whole = f"the overall {costs.name} of {wording.value(found.overall, costs)}"
    if costs.drop(found.overall, found.overall) < 0:
        whole = "no difference"
    return (
        f"The worst cluster with at least {wording.clips(found.min_support)} lies {amount} {side} {whole}; "
        f"the minimum drop is {_threshold(found.min_drop, costs)}."
    )


def _ways_out(shown: Shown) -> list[WayOut]:
    """What would flag something, each with how much."""
    found, costs, options = shown.found, shown.costs, settings.options()

    def flagged(**other: object) -> int:
        return len(shown.scanner.scan(replace(options, **other)).slices)

    ways = []
    if options.tier and (count := flagged(tier=None)):
        ways.append(WayOut("Show possible ones too", _clusters(count), {"tier": "all"}))
    if found.worst is not None and found.worst > 0:
        lower = _below(found.worst, shown)
        if count := flagged(min_drop=lower):
            setting = settings.drop_as_setting(lower, is_rate=costs.is_rate, relative=options.relative)
            amount = f"{100 * lower:.0f}\u202f%" if options.relative else _threshold(lower, costs)
            ways.append(WayOut(f"Lower the drop to {amount}", _clusters(count), {"min_drop": setting}))
    for support in reversed([s for s in steps.support_choices(len(shown.data)) if s < found.min_support]):
        if count := flagged(min_support=support):
            label = f"Lower the support to {wording.clips(support)}"
            ways.append(WayOut(label, _clusters(count), {"support_share": False, "min_support": support}))
            break
    everything = wording.clips(len(shown.data))
    order = "clips by difference" if shown.compared else "worst clips" if costs.numerator.any() else "clips"
    return [*ways, WayOut(f"List the {order}", everything, {})]


def _threshold(drop: float, costs: Costs) -> str:
    """A drop as the slider has it: "60 pts"."""
    return re.sub(r"\.0(?!\d)", "", wording.drop(drop, costs).lstrip("+"))


def _clusters(count: int) -> str:
    return f"{count} cluster" if count == 1 else f"{count} clusters"


def _below(drop: float, shown: Shown) -> float:
    """A round threshold below a drop, on a step of the slider, in the unit that the slider has."""
    if not (shown.costs.is_rate or settings.value("relative")):
        return float(np.nextafter(drop, 0))
    relative = settings.value("relative")
    whole = abs(shown.costs.model_costs.value())
    percent = 100 * (drop / whole if relative else drop)
    steps = (10, 5) if relative else (10, 5, 1)
    rounded = (step * math.floor(percent / step) for step in steps)
    return next((one for one in rounded if one > 0), math.floor(percent)) / 100


def _take(way_out: dict[str, Any], shown: Shown) -> None:
    """Make the settings of a way out; without any it lists all clips."""
    table = Table(shown.data, st.session_state, costs=lambda: shown.costs)
    for name, value in way_out.items():
        settings.choose(name, value, table)
    if not way_out:
        selection.pick(Pick("cluster", "all", np.arange(len(shown.data))))
