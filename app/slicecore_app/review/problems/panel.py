"""List of the flagged slices or, where there is none, the reason and the ways out."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from slicecore.carry_over.carrying import Judged
from slicecore.carry_over.not_found import NotFound, not_found, sentence
from slicecore.explain.clip_lists import WRONG
from slicecore.report.glossary import explain, term_of_drop
from slicecore.slices.copies import copies_text
from slicecore.slices.empty_scan import nearest_miss, no_clusters, ways_out, why_empty
from slicecore.slices.options import CONFIRMED, POSSIBLE
from slicecore.slices.result import Slice
from slicecore.wording import counted, rate
from slicecore_app import wording
from slicecore_app.review.basis import basis_of
from slicecore_app.review.picking import pick_slice
from slicecore_app.review.problems.component import Card, OtherList, WayOut, problems
from slicecore_app.review.problems.lists import COPIES, copied, digest_of, listed
from slicecore_app.review.problems.naming import name_hint, slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.verdict.labels import VERDICT_LABELS
from slicecore_app.review.verdict.messages import given, plain
from slicecore_app.server.reasons import DESCRIBING, NO_DESCRIPTIONS, Reasons
from slicecore_app.session import selection, session, settings, threshold_steps
from slicecore_app.session.parsing import Table
from slicecore_app.session.scan_options import drop_as_setting

TIER_NAMES = (CONFIRMED, POSSIBLE)
DESCRIBED = "Metadata and audio properties"
MOST_DESCRIBED = 12
"""Slices over metadata that the list shows."""
NOT_FOUND = "Judged, not found now"
MOST_NOT_FOUND = 12
NOT_CARRIED = "not carried"
_SHORT_REASONS = {
    "gone": "clips gone",
    "support": "within thresholds",
    "drop": "within thresholds",
    "none": "no cluster",
}


def problem_list(result: ReviewResult) -> None:
    """Draw the list."""
    heading, nothing = ("", "") if result.problems else _why_empty(result)
    problems(
        [_card(problem, result) for problem in result.problems],
        verdicts=VERDICT_LABELS,
        wording={
            "value": explain("both" if result.compared else "value", result.costs),
            "drop": explain(term_of_drop(result.scan.options.against), result.costs),
            **{term: explain(term, result.costs) for term in ("share", "parts")},
            **{tier: explain(tier) for tier in TIER_NAMES},
        },
        heading=heading,
        own=[_card(problem, result) for problem in result.own],
        picked=result.subject.slice.id if result.subject else None,
        cluster=result.pick.key
        if result.pick and result.pick.kind == "cluster" and result.pick.key
        else None,
        sort=settings.value("sort"),
        sorts=settings.SORTS,
        nothing=nothing,
        ways_out=[] if result.problems else _ways_out(result),
        others=_others(result),
        basis=basis_of(result),
        coming=_coming(result.reasons),
        key="problems",
        on_event=lambda: _on_event(result),
        seq=session.seq(),
    )


def _coming(reasons: Reasons) -> tuple[str, str] | None:
    """Section and line of slices that are being looked for, or that can't be."""
    line = f"{DESCRIBING} …" if reasons.describes else reasons.refusal(NO_DESCRIPTIONS)
    return (DESCRIBED, line) if line else None


def _card(problem: Problem, result: ReviewResult) -> Card:
    slice_ = problem.slice
    verdict = problem.judgement.verdict if problem.judgement else None
    return Card(
        slice=slice_.id,
        number=problem.number,
        title=slice_name(problem),
        drop=wording.drop(slice_.drop, result.costs),
        facts=f"{_value(slice_, result)} · {wording.clips(slice_.support)}",
        points=float(result.points(slice_.drop)) if np.isfinite(slice_.drop) else None,
        share=slice_.share,
        share_text=wording.share(slice_.share),
        tier=slice_.tier or "",
        clusters=counted(len(slice_.clusters), "cluster") if len(slice_.clusters) > 1 else "",
        reason=problem.own.reason if problem.own else "",
        verdict=verdict or "",
        name_hint=name_hint(problem),
        tier_hint=result.no_longer_confirmed.get(slice_.id, ""),
    )


def _value(slice_: Slice, result: ReviewResult) -> str:
    costs = result.costs
    if costs.compared:
        return wording.both(costs, slice_.members, decimals=0)
    return f"{costs.name} {wording.value(slice_.value, costs)}"


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["problems"]["event"]
    if not event:
        return
    if event["kind"] == "slice":
        pick_slice(result, event["slice"])
    elif event["kind"] == "sort" and event["by"] in settings.SORTS:
        st.session_state["sort"] = event["by"]
    elif event["kind"] == "way_out":
        _take(event["settings"], result)
    elif event["kind"] == "all":
        selection.pick(selection.all_clips(len(result.data)))
    elif event["kind"] == "list":
        _open_list(event["name"], result)


def _others(result: ReviewResult) -> list[OtherList]:
    """Lists beside the problems: slices over metadata and measurements, and clips with odd texts."""
    picked = result.pick.rows if result.pick else np.array([], dtype=int)
    lists = [
        OtherList(
            f"described {described.slice.id}",
            described.label,
            wording.value(described.slice.value, result.costs),
            hint=f"{described.label}: {wording.clips(described.slice.support)}, "
            f"{wording.drop(described.slice.drop, result.costs)}, {described.slice.tier or 'without a test'}",
            picked=np.array_equal(described.slice.members, picked),
            section=DESCRIBED,
            clips=digest_of(result, described.slice.members),
        )
        for described in (result.reasons.metadata or ())[:MOST_DESCRIBED]
    ]
    if result.carrying.problem:
        hint = f"{result.carrying.problem} A click tries again."
        lists.append(
            OtherList(NOT_CARRIED, "Verdicts could not be carried over", "", hint, section=NOT_FOUND)
        )
    lists += [_judged(each, result) for each in result.carried.unmatched[:MOST_NOT_FOUND]]
    if copies := copies_text(result.scanner.copies):
        rows = copied(result)
        is_picked = np.array_equal(rows, picked)
        lists.append(
            OtherList(
                COPIES,
                "In the table several times",
                f"{len(rows):,}",
                hint=copies,
                picked=is_picked,
                clips=digest_of(result, rows),
            )
        )
    for clips in result.clip_lists:
        count = len(clips.rows)
        marked = len(np.intersect1d(clips.rows, result.marked_rows)) if clips.name == WRONG else 0
        progress = f"{marked:,} of {count:,}" if marked else f"{count:,}"
        hint = f"{clips.reason}; {marked:,} of them marked as wrong" if marked else clips.reason
        is_picked = np.array_equal(clips.rows, picked)
        name = digest_of(result, clips.rows)
        lists.append(OtherList(clips.name, clips.label, progress, hint=hint, picked=is_picked, clips=name))
    return lists


def _judged(judged: Judged, result: ReviewResult) -> OtherList:
    """A judgement that fits no slice of the scan, and why."""
    missing = not_found(judged, result.scan)
    picked = result.pick.rows if result.pick else np.array([], dtype=int)
    judgement = judged.judgement
    verdict = VERDICT_LABELS[judgement.verdict] if judgement.verdict else "Tags and note"
    name = judged.named.name if judged.named else judgement.note or ", ".join(judgement.tags)
    why = sentence(missing, result.scan, lambda i: _numbered(i, result))
    return OtherList(
        f"judged {judgement.number} {judged.workspace}",
        f"{verdict}: {name or wording.clips(len(judgement.clip_ids))}",
        _short_reason(missing, result),
        hint=f"{plain(judgement)} {given(judged, result.judged)}. {why}",
        picked=bool(len(judged.rows)) and np.array_equal(judged.rows, picked),
        section=NOT_FOUND,
        clips=digest_of(result, judged.rows),
    )


def _short_reason(missing: NotFound, result: ReviewResult) -> str:
    numbers = [str(_problem_of(i, result).number) for i in missing.slices]
    return f"in {' and '.join(numbers)}" if numbers else _SHORT_REASONS[missing.reason]


def _problem_of(position: int, result: ReviewResult) -> Problem:
    """The problem of the page that has a position in the scan."""
    slice_ = result.scan.slices[position]
    return next(problem for problem in result.problems if problem.slice.id == slice_.id)


def _numbered(position: int, result: ReviewResult) -> str:
    """A slice as the list shows it: "3 (Mains hum)"."""
    problem = _problem_of(position, result)
    return f"{problem.number} ({slice_name(problem)})"


def _open_list(wanted: str, result: ReviewResult) -> None:
    if wanted == NOT_CARRIED:
        result.table.jobs.forget(result.carrying.key)
    elif (pick := listed(result, wanted)) is not None:
        selection.pick(pick)


def _why_empty(result: ReviewResult) -> tuple[str, str]:
    """Heading and sentence in place of problems."""
    scan, costs = result.scan, result.costs
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
        "no clusters": ("There are no clusters", no_clusters(result.data)),
        "thresholds": ("No cluster meets both thresholds", nearest_miss(scan)),
        "chance": ("No cluster stands out from chance", nearest_miss(scan)),
    }[why_empty(scan)]


def _ways_out(result: ReviewResult) -> list[WayOut]:
    """Buttons that choose settings with which something is flagged, and one that lists all clips."""
    costs, relative = result.costs, result.scan.options.relative
    buttons: list[WayOut] = []
    choice: dict[str, Any]
    for way in ways_out(result.scanner, result.scan, threshold_steps.support_choices(len(result.data))):
        if way.value is None:  # of the tier
            label, choice = "Show possible ones too", {"tier": "all"}
        elif way.option == "min_drop":
            amount = rate(way.value, 0) if relative else costs.threshold_text(way.value)
            setting = drop_as_setting(way.value, is_rate=costs.is_rate, relative=relative)
            label, choice = f"Lower the drop to {amount}", {"min_drop": setting}
        else:
            support = int(way.value)
            label = f"Lower the support to {wording.clips(support)}"
            choice = {"support_share": False, "min_support": support}
        buttons.append(WayOut(label, counted(way.slices, "cluster"), choice))
    order = "clips by difference" if result.compared else "worst clips" if costs.numerator.any() else "clips"
    return [*buttons, WayOut(f"List the {order}", wording.clips(len(result.data)), {})]


def _take(way_out: dict[str, Any], result: ReviewResult) -> None:
    """Make the settings of a way out."""
    table = Table(result.data, st.session_state, costs=lambda: result.costs)
    for name, value in way_out.items():
        settings.choose(name, value, table)
