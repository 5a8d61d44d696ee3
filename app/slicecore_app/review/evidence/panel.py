"""Evidence for the picked slice: the measurements that set it apart, or the progress of measuring; what to do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from slicecore.explain.effects import Effect
from slicecore.slices.result import Slice
from slicecore.wording import lower, percent
from slicecore_app import wording
from slicecore_app.review.evidence.component import Plot, evidence
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.reasons import NO_CAUSES, Measured
from slicecore_app.session import selection, session

MOST_PLOTS = 3
REFRESH_S = 0.5
RARELY_S = 2.0
"""Seconds between two looks when all reasons are there and only the lists beside the problems wait."""


def evidence_of_slice(result: ReviewResult) -> None:
    """Draw the plots of the picked slice; looks again by itself while the work goes on."""
    _looking_again(_draw, result)


def watch(result: ReviewResult) -> None:
    """Draw nothing, but let the page follow the work that goes on."""
    _looking_again(_follow, result)


def _looking_again(draw: Callable[[ReviewResult], None], result: ReviewResult) -> None:
    job = result.reasons.job
    every = None
    if job is not None and job.state == "running":
        every = RARELY_S if len(result.reasons.explanations) == len(result.problems) else REFRESH_S
    st.fragment(draw, run_every=every)(result)


def _follow(result: ReviewResult) -> None:
    job = result.reasons.job
    if job is not None and job.state != "running" and not result.reasons.problem:
        st.rerun()  # more is known by now


def _draw(result: ReviewResult) -> None:
    _follow(result)
    subject = result.subject.slice if result.subject else None
    explanation = result.reasons.of(subject)
    measured = result.reasons.measured
    plots = []
    if explanation and measured and subject:
        plots = [_plot(effect, measured, subject) for effect in explanation.plotted[:MOST_PLOTS]]
    evidence(
        plots,
        text="" if plots else _instead(result),
        remedy=f"What to do: {lower(explanation.remedy)}" if explanation and explanation.remedy else "",
        key="evidence",
        on_event=lambda: _on_event(result),
        seq=session.seq(),
    )


def _instead(result: ReviewResult) -> str:
    """The text in place of plots."""
    job, reasons = result.reasons.job, result.reasons
    if reasons.measured is None and reasons.problem:
        return reasons.refusal(NO_CAUSES)
    if reasons.measured is None:
        done = f": {job.done:,} of {wording.clips(job.total)}" if job and job.total else ""
        return f"Analysing causes{done}. You can keep working."
    explanation = reasons.of(result.subject.slice) if result.subject else None
    if explanation is None:
        return ""
    if explanation.largest is None:
        return "There are no measurements of these clips."
    largest = explanation.largest
    return (
        "No measurement sets these clips apart. The largest difference: "
        f"{largest.measurement.label}, {_numbers(largest)}, {_pairs(largest)} of comparisons."
    )


def _plot(effect: Effect, measured: Measured, slice_: Slice) -> Plot:
    histogram = measured.explainer.histogram(effect.name, slice_)
    show = effect.measurement.show
    return Plot(
        name=effect.name,
        label=effect.measurement.label,
        hint=_hint(effect),
        inside=(histogram.inside / max(1, histogram.inside.max())).round(3).tolist(),
        rest=(histogram.outside / max(1, histogram.outside.max())).round(3).tolist(),
        ends=(show(float(histogram.edges[0])), show(float(histogram.edges[-1]))),
        numbers=_numbers(effect),
        pairs=_pairs(effect),
        typical=int(effect.typical),
        higher=effect.higher,
    )


def _hint(effect: Effect) -> str:
    """The measurement, and whether it is the reason."""
    claim = effect.claim.text if effect.claim else ""
    return ". ".join(text for text in (effect.measurement.description, claim[:1].upper() + claim[1:]) if text)


def _numbers(effect: Effect) -> str:
    """Both medians, the unit once: "21.8 vs. 2.6 dB"."""
    show, unit = effect.measurement.show, effect.measurement.unit
    inside = show(effect.inside)
    text = f"{inside.removesuffix(unit).strip() if unit else inside} vs. {show(effect.outside)}"
    return text.replace("characters/", "chars/")  # a plot is narrow


def _pairs(effect: Effect) -> str:
    return f"{'higher' if effect.higher else 'lower'} in {percent(effect.pairs)}"


def _on_event(result: ReviewResult) -> None:
    event = st.session_state["evidence"]["event"]
    if event["kind"] == "play" and result.pick is not None and event["row"] in result.pick.rows:
        selection.play(event["row"])
