"""Costs of the problems: the overall value without one after the other, and how much of it each cause is."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore.explain.cause_costs import cost_by_cause
from slicecore.metrics import Costs
from slicecore.report.cost_tables import cost_by_cause_table, cost_by_slice_table
from slicecore.report.csv_files import to_csv
from slicecore.report.glossary import explain
from slicecore.slices.impact import Waterfall, waterfall
from slicecore.slices.scanner import Scan
from slicecore_app import wording
from slicecore_app.review.picking import pick_slice
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.server.reasons import NO_CAUSES
from slicecore_app.session import embedding_choice
from slicecore_app.web import theme

REFRESH_S = 0.5
FALSE_ALARM = "false_positive"


def made_with(result: ReviewResult) -> str:
    """Settings that the summary was made with: model, metric, embedding, thresholds and date."""
    scan, today = result.scan, date.today()
    model = f"{result.prediction} compared with {result.compared}" if result.compared else result.prediction
    drop = result.costs.threshold_text(scan.min_drop)
    thresholds = f"at least {wording.clips(scan.min_support)}, drop of at least {drop}"
    embedding = embedding_choice.name(result.model)
    return " · ".join([model, result.choice.label, embedding, thresholds, f"{today.day} {today:%B %Y}"])


def counted_scan(result: ReviewResult) -> Scan:
    """The scan with the slices that count: without false alarms, unless the reader counts them as well."""
    alarms = {problem.slice.id for problem in result.problems if _verdict(problem) == FALSE_ALARM}
    if not alarms:
        return result.scan
    count = "1 false alarm" if len(alarms) == 1 else f"{len(alarms)} false alarms"
    if st.toggle(f"Count {count} as well", key="count false alarms"):
        return result.scan
    return replace(result.scan, slices=tuple(each for each in result.scan.slices if each.id not in alarms))


def _verdict(problem: Problem) -> str | None:
    """The verdict on a problem, its own or one that holds for it."""
    if problem.judgement is not None:
        return problem.judgement.verdict
    carried = problem.carried
    return carried.judged.judgement.verdict if carried and carried.holds else None


def _open(result: ReviewResult, slice_id: str) -> None:
    """Go to a slice on the review page."""
    pick_slice(result, slice_id)
    st.switch_page("review.py")


def waterfall_chart(result: ReviewResult, scan: Scan) -> None:
    """Draw how the overall value would come down if the slices were as good as the rest, one after the other.

    A click on a bar, or on the name of a slice below, goes to the slice.
    """
    if not scan.slices:
        nothing = "flagged with these thresholds" if not result.problems else "left but false alarms"
        st.write(f"Nothing is {nothing}: there is nothing to fix.")
        return
    try:
        steps = waterfall(scan)
    except SlicecoreError as error:
        st.write(wording.escaped(str(error)))
        return
    costs, problems = result.costs, {problem.slice.id: problem for problem in result.problems}
    named = [problems[step.slice.id] for step in steps.steps]
    names = [wording.short_cause(slice_name(problem)) for problem in named]
    st.write(
        f"The overall {wording.escaped(costs.name)} is {wording.value(steps.overall, costs)}. "
        "If these slices were as good as all other clips, it would be "
        f"{wording.value(steps.rest, costs)}."
    )
    # Plotly reads tags in texts.
    labels = [f"{problem.number}<br>{html.escape(name)}" for problem, name in zip(named, names, strict=True)]
    figure = _figure(steps, labels, costs)
    figure.update_layout(title={"text": html.escape(f"{result.source.name}: {made_with(result)}")})
    chosen = st.plotly_chart(
        figure,
        theme=None,
        config=_picture(f"{result.source.name}_costs"),
        key="waterfall",
        on_select="rerun",
        selection_mode="points",
    )
    bars = [point["point_index"] for point in chosen["selection"]["points"]]
    if bars and 1 <= bars[0] <= len(named):  # the first and the last bar are totals
        _open(result, named[bars[0] - 1].slice.id)
    with st.container(horizontal=True, key="summary-slices"):
        for problem, name in zip(named, names, strict=True):
            key = f"open {problem.slice.id}"
            if st.button(f"{problem.number} {wording.escaped(name)}", key=key, help="Open the slice"):
                _open(result, problem.slice.id)
    by_id = {problem.slice.id: slice_name(problem) for problem in named}
    _download(cost_by_slice_table(steps, by_id), f"{result.source.name}_slices.csv", "Slices")


def _picture(name: str) -> dict[str, object]:
    """Plotly's settings: its only button makes a picture, which the browser does itself."""
    name = re.sub(r"[^\w.-]+", "_", name)
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
    }


def _download(table: pd.DataFrame, file: str, title: str) -> None:
    """Draw the button that gives a table as CSV."""
    st.download_button(
        f"{title} (CSV)",
        to_csv(table),
        re.sub(r"[^\w.-]+", "_", file),
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"export {title}",
    )


def _figure(steps: Waterfall, labels: list[str], costs: Costs) -> go.Figure:
    """The waterfall with a bar per slice between those of the whole."""
    unit = 100 if costs.is_rate else 1
    changes = [unit * step.change for step in steps.steps]
    colours = theme.tokens(theme.is_dark())
    figure = go.Figure(
        go.Waterfall(
            x=[f"Overall {costs.name}", *labels, "If all were fixed"],
            y=[unit * steps.overall, *changes, 0],
            measure=["absolute", *["relative"] * len(changes), "total"],
            text=[
                wording.value(steps.overall, costs),
                *(wording.drop(step.change, costs) for step in steps.steps),
                wording.value(steps.rest, costs),
            ],
            textposition="outside",
            hovertemplate="%{x}: %{text}<extra></extra>",
            decreasing={"marker": {"color": theme.drop_colours(theme.is_dark())[5]}},
            increasing={"marker": {"color": theme.drop_colours(theme.is_dark())[0]}},
            totals={"marker": {"color": colours["ink3"]}},
            connector={"line": {"color": colours["line2"], "width": 1}},
        )
    )
    figure.update_layout(
        height=380,
        margin={"l": 48, "r": 8, "t": 44, "b": 40},
        paper_bgcolor=colours["panel"],
        plot_bgcolor=colours["panel"],
        title={"font": {"size": 12.5}, "x": 0.01, "y": 0.98, "yanchor": "top"},  # seen in the picture alone
        font={"color": colours["ink2"], "family": '"Source Sans", sans-serif', "size": 12.5},
        yaxis={
            "gridcolor": colours["line"],
            "rangemode": "tozero",
            "ticksuffix": " %" if costs.is_rate else "",
        },
        xaxis={"tickangle": 0, "automargin": True},
        showlegend=False,
    )
    return figure


def causes_table(result: ReviewResult, scan: Scan) -> None:
    """Say which causes cost how much; looks again by itself while the causes are worked out."""
    reasons = result.reasons
    # Also where the work has ended since the page asked for the reasons: then it is made again at once.
    waits = (
        len(reasons.explanations) < len(result.problems) and reasons.job is not None and not reasons.problem
    )
    st.fragment(_causes, run_every=REFRESH_S if waits else None)(result, scan, waits)


def _causes(result: ReviewResult, scan: Scan, waits: bool) -> None:
    if waits:
        if result.reasons.job is None or result.reasons.job.state != "running":
            st.rerun()
        st.caption("Working out the causes …")
        return
    if not scan.slices:
        return
    if result.reasons.problem and len(result.reasons.explanations) < len(scan.slices):
        st.text(result.reasons.refusal(NO_CAUSES))
        return
    costs = result.costs
    try:
        rows = cost_by_cause(scan, result.reasons.explanations)
    except SlicecoreError:
        return  # the chart has said why
    st.dataframe(
        pd.DataFrame(
            {
                "Cause": [row.label or "No cause found" for row in rows],
                "Slices": [row.slices for row in rows],
                "Clips": [row.clips for row in rows],
                "Errors beyond the rest": [round(row.errors) for row in rows],
                "Share of all errors": [wording.share(row.share) for row in rows],
                f"{costs.name} without it": [wording.value(scan.overall + row.points, costs) for row in rows],
                "Change": [wording.drop(row.points, costs) for row in rows],
            }
        ),
        hide_index=True,
        key="causes",
        column_config={
            "Errors beyond the rest": st.column_config.NumberColumn(help=explain("excess", costs)),
            "Share of all errors": st.column_config.TextColumn(help=explain("share", costs)),
            "Change": st.column_config.TextColumn(help=explain("cause_change", costs)),
        },
    )
    st.caption("Each slice counts for its most probable cause. The changes add up to the total.")
    _download(cost_by_cause_table(rows, scan.overall), f"{result.source.name}_causes.csv", "Causes")
