"""The picked clips: their numbers, why they are bad, and the verdict on them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from slicecore.explain.error_kinds import ErrorKinds
from slicecore.explain.overlaps import sentence_with_overlap
from slicecore.report.glossary import explain, term_of_drop
from slicecore.slices.impact import value_if_fixed
from slicecore.slices.options import CONFIRMED
from slicecore.slices.result import Slice, SliceGroups
from slicecore.slices.sharing import shared_sentences
from slicecore.wording import fixed, p_value, percent, signed
from slicecore_app import wording
from slicecore_app.review.basis import basis_of
from slicecore_app.review.detection.det_view import det_view, rate_figures
from slicecore_app.review.evidence.panel import evidence_of_slice, watch
from slicecore_app.review.head.component import Figure
from slicecore_app.review.labels.confusion_view import confusion_view
from slicecore_app.review.picking import cluster_of_tree, pick_slice
from slicecore_app.review.problems.naming import name_hint, slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.seen_picks import where_it_was
from slicecore_app.review.slice.component import SharedSentence, Step, Summary, Test, slice_summary
from slicecore_app.review.slice.custom_slices import own_tools
from slicecore_app.review.slice.selecting import cell, shared
from slicecore_app.review.slice.word_lists import word_lists
from slicecore_app.review.verdict.own_slices import naming_of, rename
from slicecore_app.review.verdict.panel import reviews_of, verdict
from slicecore_app.server.memo import Same
from slicecore_app.server.open_table import AROUND, IF_FIXED
from slicecore_app.session import selection, session
from slicecore_app.session.selection import Pick

MOST_OF_ERRORS = 0.5
"""Share of a slice's errors above which the text says that they are mostly one speaker's."""
_SHORT_NAME = 6
"""Letters of a metric's name that fit into the head of a figure."""


def slice_panel(result: ReviewResult) -> None:
    """Draw the numbers of the picked clips, the reason, and for a slice the verdict."""
    with st.container(key="picked-facts"):
        slice_summary(
            _summary(result),
            basis=basis_of(result),
            key="summary",
            on_event=lambda: _on_event(result),
            seq=session.seq(),
        )
        with st.container(key="own-tools", horizontal=True):
            own_tools(result)
    # A place of its own in either case: a verdict that moves is taken away for a moment and drawn anew.
    follow, place = (evidence_of_slice, "why") if result.pick is not None else (watch, "why-nothing")
    with st.container(key=place):
        follow(result)
    with st.container(key="verdict"):
        verdict(result)


def _summary(result: ReviewResult) -> Summary:
    """Title, numbers and reason of the picked clips, or a hint while nothing is picked."""
    pick, problem = result.pick, result.subject
    if pick is not None and problem is not None:
        return _summary_of_slice(pick, problem, result)
    if result.problems:
        return Summary(
            title="Select a problem to see and hear its clips",
            text="Click a card, a tile or a numbered group in the map, or draw a lasso around points.",
            button="Worst problem",
            confusion=confusion_view(None, result),
            det=det_view(None, result),
        )
    where = "The list of problems says why."
    if not result.scan.has_clusters:
        where = "There are no clusters. Below the problems are slices over metadata and lists of clips."
    return Summary(
        title="Nothing is flagged",
        text=where,
        confusion=confusion_view(None, result),
        det=det_view(None, result),
    )


def _summary_of_slice(pick: Pick, problem: Problem, result: ReviewResult) -> Summary:
    drop = result.scan.drop(pick.rows)
    return Summary(
        slice=problem.slice.id,
        number=problem.number or None,
        points=float(result.points(drop)) if np.isfinite(drop) else 0.0,
        title=slice_name(problem),
        **_test(problem, result),
        numbers=_numbers(pick, problem, drop, result),
        text=_text(pick, problem, result),
        shared=_shared(problem.slice, result),
        around=_around(pick, result),
        words=word_lists(problem.slice, result),
        confusion=confusion_view(pick.rows, result),
        det=det_view(pick.rows, result),
        naming=None if problem.draft else naming_of(result, problem),
        name_hint=name_hint(problem),
    )


def _test(problem: Problem, result: ReviewResult) -> Test:
    """The result of the test of a flagged slice, where there was one."""
    slice_ = problem.slice
    if not problem.number:
        return Test(tier="", tier_hint="", note="not flagged", note_hint="")
    if slice_.tier is None or slice_.p_value is None:
        return Test(tier="", tier_hint="", note="", note_hint="")
    groups, shuffles = slice_.groups, fixed(result.scan.shuffles)
    tier_hint, p_hint = explain(slice_.tier), explain("p", shuffles=shuffles)
    if groups and groups.is_one and slice_.tier == CONFIRMED:
        tier_hint = explain("confirmed_one", noun=groups.noun)
    elif groups and not groups.is_one:
        p_hint = explain("p_group", noun=groups.noun, shuffles=shuffles)
    if why := result.no_longer_confirmed.get(slice_.id):
        tier_hint = f"{tier_hint}. {why}"
    return Test(tier=slice_.tier, tier_hint=tier_hint, note=p_value(slice_.p_value), note_hint=p_hint)


def _numbers(pick: Pick, problem: Problem, drop: float, result: ReviewResult) -> list[Figure]:
    costs = result.costs
    numbers = [
        Figure(
            "Difference" if result.compared else costs.name,
            wording.value(costs.value(pick.rows), costs),
            note=_interval(problem.slice, result),
            hint=explain("value", costs),
        ),
        Figure(
            "Drop", wording.drop(drop, costs), hint=explain(term_of_drop(result.scan.options.against), costs)
        ),
        _support(pick, problem.slice),
    ]
    if corrected := _corrected(pick, result):
        numbers.insert(1, corrected)
    groups = problem.slice.groups
    if groups and not costs.compared:  # beside the values of both models there is no room
        numbers.append(_groups(groups))
    if costs.compared:
        both = wording.both(costs, pick.rows)
        numbers.insert(1, Figure(f"{costs.model_costs.name} of both", both, hint=explain("both", costs)))
    elif costs.unit == "numbers":
        numbers += _agreement(pick, result)
    elif costs.unit == "decisions":
        numbers += rate_figures(pick.rows, result)
    elif not costs.higher_is_better and costs.numerator.any():
        fixed = wording.value(_value_if_fixed(problem.slice, result), costs)
        numbers += [
            Figure("Of all errors", wording.share(costs.share(pick.rows)), hint=explain("share", costs)),
            Figure(
                f"{costs.name} if fixed" if len(costs.name) <= _SHORT_NAME else "If fixed",
                fixed,
                hint=_if_fixed(problem.slice, result),
            ),
        ]
    return numbers


def _corrected(pick: Pick, result: ReviewResult) -> Figure | None:
    """The value with corrected references; None where none of the picked clips has one."""
    costs = result.corrected_costs
    if costs is None:
        return None
    count = len(np.intersect1d(pick.rows, list(result.corrected)))
    if not count:
        return None
    hint = (
        f"With {wording.references(count)} corrected by reviewers. Problems are found by those of the table"
    )
    return Figure("Corrected", wording.value(costs.value(pick.rows), costs), hint=hint)


def _value_if_fixed(slice_: Slice, result: ReviewResult) -> float:
    return result.table.shared(
        IF_FIXED,
        (slice_.id, Same(result.costs)),
        lambda: value_if_fixed(result.costs, slice_.members),
    )


def _agreement(pick: Pick, result: ReviewResult) -> list[Figure]:
    """Agreement of predicted and actual scores in the picked clips, each with that of the whole."""
    scores = result.table.scoring.scores(result.prediction)
    everywhere = f"{signed(scores.bias())} over all clips", f"{fixed(scores.correlation(), 2)} over all clips"
    return [
        Figure(
            "Bias",
            signed(scores.bias(pick.rows)),
            hint=f"Mean of prediction minus reference; {everywhere[0]}",
        ),
        Figure(
            "Correlation",
            fixed(scores.correlation(pick.rows), 2),
            hint=f"Of predictions and references (Pearson); {everywhere[1]}",
        ),
    ]


def _if_fixed(slice_: Slice, result: ReviewResult) -> str:
    """Hint of the value if fixed, which counts on clips that have another problem as well."""
    both = [shared.rows for shared in result.scan.shared_clips if shared.home == slice_]
    hint = explain("if_fixed", result.costs)
    if not both:
        return hint
    count = len(np.unique(np.concatenate(both)))
    have = "has" if count == 1 else "have"
    return f"{hint}. {count:,} of them {have} another problem as well, to be fixed, too"


def _support(pick: Pick, slice_: Slice) -> Figure:
    notes = [wording.in_clusters(slice_)]
    if slice_.parts and slice_.beside:
        notes.append(f"{slice_.beside:,} beside")
    note = ", ".join(filter(None, notes))
    hint = explain("parts" if slice_.parts else "support")
    if note:  # without room it is not shown
        hint = f"{note[:1].upper()}{note[1:]}. {hint}"
    return Figure("Support", wording.clips(len(pick.rows)), note=note, hint=hint)


def _groups(groups: SliceGroups) -> Figure:
    """Who is in the slice."""
    noun = groups.noun
    title = f"{noun[:1].upper()}{noun[1:]}s"
    hint = f"{groups.text}. {explain('groups', Noun=title.removesuffix('s'))}"
    return Figure(title, "1" if groups.is_one else f"{groups.count:,}", hint=hint)


def _mostly_one(slice_: Slice) -> str:
    """A sentence where one of several speakers has most of the errors, else ""."""
    groups = slice_.groups
    if groups is None or groups.is_one or groups.share_of_errors <= MOST_OF_ERRORS:
        return ""
    return f" One of the {groups.count:,} {groups.noun}s has {percent(groups.share_of_errors)} of the errors."


def _interval(slice_: Slice, result: ReviewResult) -> str:
    if not np.isfinite(slice_.interval).all():
        return ""
    low, high = (wording.value(end, result.costs) for end in slice_.interval)
    unit = next((unit for unit in ("%", "pts") if high.endswith(unit)), "")
    return f"{low.removesuffix(unit).strip()} to {high}"


def _text(pick: Pick, problem: Problem, result: ReviewResult) -> str:
    """The reason in words; as long as it is not known, the kinds of errors."""
    explanation = result.reasons.of(problem.slice)
    if explanation is None:
        text = _errors_by_kind(pick, result)
    else:
        text = sentence_with_overlap(explanation, problem.slice, result.reasons.metadata or ())
        cause = f"{slice_name(problem)}: "
        if text.startswith(cause):  # the title says it
            text = text.removeprefix(cause)
            text = text[:1].upper() + text[1:]
    text += _mostly_one(problem.slice)
    # The measurements of errors are those of the first model alone.
    return f"{text} Errors are those of {result.prediction}." if result.compared and "error" in text else text


def _shared(slice_: Slice, result: ReviewResult) -> list[SharedSentence]:
    """Sentences about clips that a flagged slice shares with others."""
    names = {problem.slice.id: f"#{problem.number} {slice_name(problem)}" for problem in result.problems}
    return [
        SharedSentence(text, shared.home.id, shared.other.id)
        for shared, text in shared_sentences(result.scan, slice_, lambda each: names[each.id])
    ]


def _errors_by_kind(pick: Pick, result: ReviewResult) -> str:
    """Kinds of the errors of the picked clips, against the rest; empty where the metric counts no words."""
    if not result.counts_words:
        return ""
    rows = pick.rows
    errors = result.table.scoring.word_errors(result.prediction, result.choice.normalisation)
    empty = len(np.intersect1d(result.empty_predictions, rows))
    text = ErrorKinds.of(errors, rows).sentence
    return f"{text} {empty:,} of {len(rows):,} predictions are empty." if empty else text


def _around(pick: Pick, result: ReviewResult) -> list[Step]:
    """The next larger and the worst of the smaller clusters."""
    slice_ = pick.slice
    if slice_ is None or (slice_.tree < 0 and not slice_.parts):
        return []
    key = slice_.id, slice_.tree, slice_.node, Same(result.scan)
    return result.table.shared(AROUND, key, lambda: _steps_around(slice_, result))


def _steps_around(slice_: Slice, result: ReviewResult) -> list[Step]:
    steps = []
    for name, label, cluster in (
        ("wider", "Parent cluster", result.scanner.widen(slice_, result.scan)),
        ("narrower", "Worst sub-cluster", result.scanner.narrow(slice_, result.scan)),
    ):
        text = f"{label}: {_brief(cluster, result)}" if cluster else label
        target = (cluster.id, cluster.tree, cluster.node) if cluster else ("", -1, -1)
        size = f"{cluster.support:,}" if cluster else ""
        steps.append(Step(name, text, explain(name), *target, size=size))
    return steps


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["summary"]["event"]
    if event["kind"] == "shared":
        _pick(shared(result, event["home"], event["other"]))
    elif event["kind"] == "confused":
        there = where_it_was(event, result)
        _pick(cell(there, event["actual"], event["predicted"], event["everywhere"], event["of"]))
    elif event["kind"] == "slice":
        pick_slice(result, event["slice"])
    elif event["kind"] == "rename":
        rename(result, reviews_of(result), event)
    elif event["kind"] == "cluster" and int(event["tree"]) < 0:
        pick_slice(result, event["slice"])  # of several parts: no cluster of a tree
    elif event["kind"] == "cluster":
        _pick(cluster_of_tree(result, event["slice"], int(event["tree"]), int(event["node"])))


def _pick(pick: Pick | None) -> None:
    """Look at clips, where there are any: they may be of a page that is gone meanwhile."""
    if pick is not None:
        selection.pick(pick)


def _brief(slice_: Slice, result: ReviewResult) -> str:
    return f"{wording.clips(slice_.support)}, {wording.value(slice_.value, result.costs)}"
