"""The picked clips: their numbers, why they are bad, and the verdict on them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from slicecore.explain.clip_lists import empty_predictions
from slicecore.explain.error_kinds import ErrorKinds
from slicecore.explain.overlaps import sentence_with_overlap
from slicecore.slices.impact import value_if_fixed
from slicecore.slices.result import Slice
from slicecore.text.words import WordCount
from slicecore.wording import p_value
from slicecore_app import wording
from slicecore_app.review.evidence.panel import evidence_of_slice, watch
from slicecore_app.review.glossary import explain
from slicecore_app.review.head.component import Figure
from slicecore_app.review.picking import pick_slice
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.slice.component import Step, WordList, summary
from slicecore_app.review.slice.custom_slices import own_tools
from slicecore_app.review.verdict.panel import verdict
from slicecore_app.session import selection, session
from slicecore_app.session.selection import Pick

MOST_WORDS = 10
"""Rows of each list of words."""


def picked(shown: ReviewResult) -> None:
    """Draw the numbers of the picked clips, the reason, and for a slice the verdict."""
    with st.container(key="picked-facts"):
        _facts(shown)
        with st.container(key="own-tools", horizontal=True):
            own_tools(shown)
    if shown.pick is not None:
        with st.container(key="why"):
            evidence_of_slice(shown)
    else:
        watch(shown)
    with st.container(key="verdict"):
        verdict(shown)


def _facts(shown: ReviewResult) -> None:
    common = {"key": "summary", "on_event": lambda: _on_event(shown), "seq": session.seq()}
    pick, costs, problem = shown.pick, shown.costs, shown.subject
    if pick is None:
        if shown.problems:
            summary(
                title="Select a problem to see and hear its clips",
                text="Click a card, a tile or a numbered group in the map, or draw a lasso around points.",
                button="Worst problem",
                **common,
            )
        else:
            summary(title="Nothing is flagged", text="The list of problems says why.", **common)
        return
    drop = float(shown.drop(costs.value(pick.rows)))
    slice_ = problem.slice if problem and problem.number else None
    tested = slice_ is not None and slice_.tier is not None and slice_.p_value is not None
    summary(
        slice_id=problem.slice.id if problem else None,
        number=problem.number or None if problem else None,
        points=float(shown.points(drop)) if np.isfinite(drop) else 0.0,
        title=slice_name(problem) if problem else "Selection",
        tier=slice_.tier if tested else "",
        tier_hint=explain(slice_.tier) if tested else "",
        note=p_value(slice_.p_value) if tested else "" if slice_ else "not flagged",
        note_hint=explain("p") if tested else "",
        numbers=_numbers(shown, drop),
        text=_text(shown),
        around=_around(shown),
        words=_words(shown),
        **common,
    )


def _numbers(shown: ReviewResult, drop: float) -> list[Figure]:
    pick, costs = shown.pick, shown.costs
    numbers = [
        Figure(
            "Difference" if shown.compared else costs.name,
            wording.value(costs.value(pick.rows), costs),
            note=_interval(shown.subject.slice if shown.subject else pick.found, shown),
            hint=explain("value", costs),
        ),
        Figure("Drop", wording.drop(drop, costs), hint=explain("drop", costs)),
        Figure("Support", wording.clips(len(pick.rows)), hint=explain("support")),
    ]
    if costs.compared:
        both = wording.both(costs, pick.rows)
        numbers.insert(1, Figure(f"{costs.model_costs.name} of both", both, hint=explain("both", costs)))
    elif not costs.higher_is_better and costs.numerator.any():
        fixed = wording.value(value_if_fixed(costs, pick.rows), costs)
        numbers += [
            Figure("Of all errors", wording.share(costs.share(pick.rows)), hint=explain("share", costs)),
            Figure(f"{costs.name} if fixed", fixed, hint=explain("if_fixed", costs)),
        ]
    return numbers


def _interval(slice_: Slice | None, shown: ReviewResult) -> str:
    if slice_ is None or not np.isfinite(slice_.interval).all():
        return ""
    low, high = (wording.value(end, shown.costs) for end in slice_.interval)
    unit = next((unit for unit in ("%", "pts") if high.endswith(unit)), "")
    return f"{low.removesuffix(unit).strip()} to {high}"


def _words(shown: ReviewResult) -> list[WordList]:
    """Words that go wrong in the picked clips, and how often they do in the rest."""
    measured = shown.reasons.measured
    if measured is None or not shown.counts_words or not len(shown.pick.rows):
        return []
    lists = measured.explainer.words_of(shown.pick.rows, MOST_WORDS)
    return [
        WordList(title, [_word(word) for word in words])
        for title, words in (
            ("Misrecognised", lists.misrecognised),
            ("Confused", lists.confusions),
            ("Missing", lists.deleted),
            ("Added", lists.inserted),
        )
    ]


def _word(count: WordCount) -> tuple[str, str, str]:
    word = f"{count.word} → {count.prediction}" if count.prediction else count.word
    return word, f"{count.count:,} of {count.of:,}", f"{count.count_rest:,} of {count.of_rest:,} in the rest"


def _text(shown: ReviewResult) -> str:
    """The reason in words; as long as it is not known, the kinds of errors."""
    slice_ = shown.subject.slice if shown.subject else None
    explanation = shown.reasons.of(slice_)
    if slice_ is None or explanation is None:
        text = _errors_by_kind(shown)
    else:
        text = sentence_with_overlap(explanation, slice_, shown.reasons.metadata or ())
        cause = f"{slice_name(shown.subject)}: "
        if text.startswith(cause):  # the title says it
            text = text.removeprefix(cause)
            text = text[:1].upper() + text[1:]
    # What was measured of errors is of slice_ model alone.
    return f"{text} Errors are those of {shown.prediction}." if shown.compared and "error" in text else text


def _errors_by_kind(shown: ReviewResult) -> str:
    """Kinds of the errors of the picked clips, against the rest; empty where the metric counts no words."""
    if not shown.counts_words:
        return ""
    rows = shown.pick.rows
    errors = shown.table.word_errors(shown.prediction, shown.choice.normalisation)
    empty = len(np.intersect1d(empty_predictions(shown.data), rows))
    text = ErrorKinds.of(errors, rows).sentence
    return f"{text} {empty} of {len(rows)} predictions are empty." if empty else text


def _around(shown: ReviewResult) -> list[Step]:
    """The next larger and the worse of the two smaller clusters."""
    slice_ = shown.pick.found if shown.pick else None
    if slice_ is None or slice_.tree < 0:
        return []
    steps = []
    for name, label, cluster in (
        ("wider", "Wider", shown.scanner.widen(slice_, shown.found)),
        ("narrower", "Narrower", shown.scanner.narrow(slice_, shown.found)),
    ):
        text = f"{label}: {_brief(cluster, shown)}" if cluster else label
        target = (cluster.id, cluster.tree, cluster.node) if cluster else ("", -1, -1)
        steps.append(Step(name, text, explain(name), *target))
    return steps


def _on_event(shown: ReviewResult) -> None:
    event = st.session_state["summary"]["event"]
    if event["kind"] == "slice":
        pick_slice(shown, event["slice"])
    elif event["kind"] == "cluster":
        trees, tree, node = shown.scanner.hierarchy.trees, int(event["tree"]), int(event["node"])
        if 0 <= tree < len(trees) and 0 <= node < len(trees[tree].parent):
            cluster = shown.scanner.cluster(tree, node, shown.found.options.against)
            selection.pick(Pick("cluster", "", cluster.members, cluster))


def _brief(slice_: Slice, shown: ReviewResult) -> str:
    return f"{wording.clips(slice_.support)}, {wording.value(slice_.value, shown.costs)}"
