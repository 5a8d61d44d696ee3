"""Evidence for the picked slice: the measurements that set it apart, or the progress of measuring."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from slicecore.explain.effects import Effect
from slicecore.slices.result import Slice
from slicecore.wording import percent
from slicecore_app import wording
from slicecore_app.review.evidence.component import Plot, evidence
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.reasons import Measured
from slicecore_app.session import selection, session

MOST_PLOTS = 3
REFRESH_S = 0.5
RARELY_S = 2.0
"""When all reasons are there and only the lists beside the problems wait."""


def evidence_of_slice(shown: ReviewResult) -> None:
    """Draw the plots of the picked slice; looks again by itself while the work goes on."""
    _looking_again(_draw, shown)


def watch(shown: ReviewResult) -> None:
    """Draw nothing, but let the page follow the work that goes on."""
    _looking_again(_follow, shown)


def _looking_again(draw: Callable[[ReviewResult], None], shown: ReviewResult) -> None:
    job = shown.reasons.job
    every = None
    if job is not None and job.state == "running":
        every = RARELY_S if len(shown.reasons.explanations) == len(shown.problems) else REFRESH_S
    st.fragment(draw, run_every=every)(shown)


def _follow(shown: ReviewResult) -> None:
    job = shown.reasons.job
    if job is not None and job.state != "running" and not shown.reasons.problem:
        st.rerun()  # more is known by now


def _draw(shown: ReviewResult) -> None:
    _follow(shown)
    subject = shown.subject.slice if shown.subject else None
    found = shown.reasons.of(subject)
    measured = shown.reasons.measured
    plots = []
    if found and measured and subject:
        plots = [_plot(effect, measured, subject) for effect in found.effects[:MOST_PLOTS]]
    evidence(
        plots,
        text="" if plots else _instead(shown),
        key="evidence",
        on_event=lambda: _on_event(shown),
        seq=session.seq(),
    )


def _instead(shown: ReviewResult) -> str:
    """The text in place of plots."""
    job, reasons = shown.reasons.job, shown.reasons
    if reasons.problem:
        return f"The clips can't be measured. {reasons.problem}"
    if reasons.measured is None:
        done = f": {job.done:,} of {wording.clips(job.total)}" if job and job.total else ""
        return f"Analysing causes{done}. You can keep working."
    found = reasons.of(shown.subject.slice) if shown.subject else None
    if found is None:
        return ""
    if found.largest is None:
        return "There are no measurements of these clips."
    largest = found.largest
    return (
        "No measurement sets these clips apart. The largest difference: "
        f"{largest.measurement.label}, {_numbers(largest)}, {_pairs(largest)}."
    )


def _plot(effect: Effect, measured: Measured, slice_: Slice) -> Plot:
    histogram = measured.explainer.histogram(effect.name, slice_)
    show = effect.measurement.show
    return Plot(
        name=effect.name,
        label=effect.measurement.label,
        hint=effect.measurement.description,
        inside=(histogram.inside / max(1, histogram.inside.max())).round(3).tolist(),
        rest=(histogram.outside / max(1, histogram.outside.max())).round(3).tolist(),
        ends=(show(float(histogram.edges[0])), show(float(histogram.edges[-1]))),
        numbers=_numbers(effect),
        pairs=_pairs(effect),
        typical=int(effect.typical),
        higher=effect.higher,
    )


def _numbers(effect: Effect) -> str:
    """Both medians, the unit once: "21.8 vs. 2.6 dB"."""
    show, unit = effect.measurement.show, effect.measurement.unit
    inside = show(effect.inside)
    text = f"{inside.removesuffix(unit).strip() if unit else inside} vs. {show(effect.outside)}"
    return text.replace("characters/", "chars/")  # a plot is narrow


def _pairs(effect: Effect) -> str:
    return f"{'higher' if effect.higher else 'lower'} in {percent(effect.pairs)} of comparisons"


def _on_event(shown: ReviewResult) -> None:
    event = st.session_state["evidence"]["event"]
    if event["kind"] == "play" and shown.pick is not None and event["row"] in shown.pick.rows:
        selection.play(event["row"])
