"""The list of flagged slices, or, where there is none, what would change that."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from app import state, wording
from app.components.problems import Card, WayOut, problems
from app.panels.judging import VERDICT_LABELS, go_on, judge
from app.shown import Problem, Shown
from app.state import Pick
from slicecore.verdicts import VERDICTS


def name(problem: Problem) -> str:
    """What a slice is called: one's own as its maker says, a flagged one by its number until its cause is known."""
    if problem.own:
        return problem.own.name
    return f"Problem {problem.number}"


def problem_list(shown: Shown) -> None:
    """Draw the list."""
    problems(
        [_card(problem, shown) for problem in shown.problems],
        own=[_card(problem, shown) for problem in shown.own],
        picked=shown.subject.slice.id if shown.subject else None,
        sort=st.session_state["sort"],
        sorts=state.SORTS,
        nothing=_nearest_miss(shown),
        ways_out=[] if shown.problems else _ways_out(shown),
        key="problems",
        on_event=lambda: _on_event(shown),
        seq=state.seq(),
    )


def _card(problem: Problem, shown: Shown) -> Card:
    one = problem.slice
    verdict = problem.judgement.verdict if problem.judgement else None
    return Card(
        slice=one.id,
        number=problem.number,
        title=name(problem),
        drop=wording.drop(one.drop, shown.costs),
        facts=f"{shown.costs.name} {wording.value(one.value, shown.costs)} · {wording.clips(one.support)}",
        points=float(shown.points(one.drop)) if np.isfinite(one.drop) else None,
        share=one.share,
        share_text=wording.share(one.share),
        tier=one.tier or "",
        reason=problem.own.reason if problem.own else "",
        verdict=VERDICT_LABELS[verdict] if verdict else "",
    )


def _on_event(shown: Shown) -> None:
    event = st.session_state["problems"]["event"]
    if not event:
        return
    if event["kind"] == "slice":
        shown.pick_slice(event["slice"])
    elif event["kind"] == "verdict":
        # The event names the slice: a fast reader picks another and judges it before the page has drawn it.
        shown.pick_slice(event["slice"])
        judge(shown, event["slice"], VERDICTS[event["number"] - 1])
    elif event["kind"] == "next":
        go_on(shown, event["slice"])
    elif event["kind"] == "sort" and event["by"] in state.SORTS:
        st.session_state["sort"] = event["by"]
    elif event["kind"] == "way_out":
        _take(event["action"], shown)


def _nearest_miss(shown: Shown) -> str:
    found, costs = shown.found, shown.costs
    if found.worst is None:
        return f"There is no cluster with at least {wording.clips(found.min_support)}."
    side = "above" if (found.worst >= 0) != costs.higher_is_better else "below"
    amount = wording.drop(abs(found.worst), costs).lstrip("+")
    return (
        f"The worst cluster with at least {wording.clips(found.min_support)} lies {amount} {side} the overall "
        f"{costs.name} of {wording.value(found.overall, costs)}; "
        f"the minimum drop is {wording.drop(found.min_drop, costs).lstrip('+')}."
    )


def _ways_out(shown: Shown) -> list[WayOut]:
    found, costs, chosen = shown.found, shown.costs, state.choices()
    ways = []
    if chosen.tier:
        count = len(shown.scanner.scan(**{**chosen.options, "tier": None}).slices)
        if count:
            ways.append(WayOut("Show possible ones too", f"{count} found", "tier"))
    if found.worst is not None and found.worst > 0:
        lower = _below(found.worst, shown)
        count = len(shown.scanner.scan(**{**chosen.options, "min_drop": lower}).slices)
        if count:
            amount = (
                f"{100 * lower:.0f}\u202f%" if chosen.relative else wording.drop(lower, costs).lstrip("+")
            )
            label = f"Lower the drop to {amount}"
            ways.append(WayOut(label, f"{count} found", f"drop {lower}"))
    for support in reversed([s for s in state.support_choices(len(shown.data)) if s < found.min_support]):
        count = len(shown.scanner.scan(**{**chosen.options, "min_support": support}).slices)
        if count:
            ways.append(
                WayOut(
                    f"Lower the support to {wording.clips(support)}", f"{count} found", f"support {support}"
                )
            )
            break
    ways.append(WayOut(f"List the clips with the worst {costs.name}", wording.clips(len(shown.data)), "all"))
    return ways


def _below(drop: float, shown: Shown) -> float:
    """The next threshold of the slider below a drop, in the unit that the slider has."""
    if state.choices().relative:
        return math.floor(100 * drop / abs(shown.found.overall)) / 100
    return math.floor(100 * drop) / 100 if shown.costs.is_rate else float(np.nextafter(drop, 0))


def _take(action: str, shown: Shown) -> None:
    what, _, amount = action.partition(" ")
    if what == "drop":
        percent = shown.costs.is_rate or state.choices().relative
        st.session_state["min_drop"] = round(100 * float(amount)) if percent else float(amount)
    elif what == "tier":
        st.session_state["tier"] = "all"
    elif what == "support":
        st.session_state["min_support"] = int(amount)
    elif what == "all":
        state.pick(Pick("cluster", "all", np.arange(len(shown.data))))
