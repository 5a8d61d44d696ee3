"""The head of the page: which table, model, embedding and metric; the numbers."""

from __future__ import annotations

import math

import streamlit as st

from slicecore.metrics import Costs
from slicecore.report.glossary import explain
from slicecore.report.models_table import FEWEST_MODELS
from slicecore.slices.options import CONFIRMED, POSSIBLE
from slicecore_app import wording
from slicecore_app.review.export.panel import export_menu
from slicecore_app.review.head import component
from slicecore_app.review.head.component import Figure
from slicecore_app.review.help.component import help_sheet
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.saved_views.panel import saved_views
from slicecore_app.server.open_table import OpenTable
from slicecore_app.server.sources import Source, known
from slicecore_app.session import embedding_choice, selection, session, settings
from slicecore_app.web import theme

OTHER = "other"
_BRAND = '<h1 class="sc-brand"><i></i>slicecore</h1>'


def head(table: OpenTable, overall: Costs | None, result: ReviewResult | None) -> None:
    """Draw the head. What is not known yet stands as a dash."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        st.html(_BRAND, width="content")
        _selectors(table)
        with st.container(key="figures"):
            _figures(overall, result)
        saved_views(table, result)
        export_menu(result)
        with st.container(key="help-sheet", width="content"):
            help_sheet(dark=theme.is_dark(), has_panels=result is not None, key="help", seq=session.seq())


def head_without_table(source: Source) -> None:
    """Draw the head where the table can't be read: the way to the others."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        st.html(_BRAND, width="content")
        _table_selector(source)


def _table_selector(source: Source) -> None:
    tables = known()
    st.selectbox(
        "Data set",
        [*tables, OTHER],
        key="source",
        format_func=lambda token: tables[token].name if token in tables else "Open another …",
        on_change=_table_chosen,
        help=wording.escaped(source.path),
        filter_mode=None,
    )


def _selectors(table: OpenTable) -> None:
    _table_selector(table.source)
    st.selectbox(
        "Model output",
        table.data.roles.predictions,
        key="prediction",
        on_change=session.choose_prediction,
        filter_mode=None,
    )
    others = settings.others(table.data)
    if others:
        st.selectbox(
            "Compare with",
            ["", *others],
            key="compared",
            format_func=lambda name: name or "no other",
            on_change=_compared_chosen,
            filter_mode=None,
        )
    embedding_choice.sync_choice()
    st.selectbox(
        "Embedding",
        embedding_choice.choices(table),
        key="embedding",
        format_func=embedding_choice.name,
        on_change=embedding_choice.choose,
        accept_new_options=True,
        filter_mode="contains",
    )
    st.selectbox(
        "Metric",
        settings.metric_choices(),
        key="metric",
        format_func=lambda metric: metric.label,
        on_change=_metric_chosen,
        filter_mode=None,
    )


def _compared_chosen() -> None:
    if session.is_new("compared"):
        selection.forget()


def _table_chosen() -> None:
    if not session.is_new("source"):
        return
    if st.session_state["source"] == OTHER:
        st.session_state["source"] = st.query_params.get("data")
        st.session_state["to_data_page"] = True
    else:
        st.query_params["data"] = st.session_state["source"]
        session.leave_table()


def _metric_chosen() -> None:
    if session.is_new("metric"):
        for name in settings.BY_NAME["metric"].resets:
            settings.forget(name)
        selection.forget()


def _figures(overall: Costs | None, result: ReviewResult | None) -> None:
    numbers = [
        _overall(overall, result),
        Figure(
            "Problems",
            str(len(result.problems)) if result else "–",
            note=_tiers(result) if result else "",
            hint=explain("problems"),
        ),
        Figure(
            "Errors explained",
            wording.share(result.scan.explained) if result and _can_explain(result) else "–",
            hint=f"{explain('explained', overall)}. Click: what each cause costs",
            opens="summary" if result else "",
        ),
        Figure("Reviewed", "–", hint=explain("reviewed"), counts_reviewed=result is not None),
    ]
    component.head(numbers, key="numbers", on_event=_to_page, seq=session.seq())


def _overall(costs: Costs | None, result: ReviewResult | None) -> Figure:
    if costs is None:
        return Figure(f"Overall {st.session_state['metric'].label}", "–")
    value, hint = wording.value(costs.value(), costs), explain("overall", costs)
    if costs.compared:
        (model, _), (other, _) = costs.compared
        title = f"{costs.model_costs.name} of {model} minus {other}"
        return Figure(title, value, wording.both(costs), hint, short=costs.name)
    opens = ""
    if result and len(result.data.predictions) >= FEWEST_MODELS:
        hint, opens = f"{hint}. Click: all models on every slice", "models"
    corrected = result.corrected_costs if result else None
    if result is None or corrected is None:
        return Figure(f"Overall {costs.name}", value, hint=hint, opens=opens)
    with_them = wording.value(corrected.value(), corrected)
    count = wording.references(len(result.corrected))
    hint = (
        f"{hint}. With {count} corrected by reviewers: {with_them}; problems are found by those of the table"
    )
    return Figure(f"Overall {costs.name}", value, f"{with_them} corrected", hint, opens=opens)


def _to_page() -> None:
    page = st.session_state["numbers"]["event"]["page"]
    if page in ("summary", "models"):
        st.session_state[f"to_{page}_page"] = True


def _can_explain(result: ReviewResult) -> bool:
    """True if there are errors, and clusters that could explain them."""
    scan = result.scan
    return scan.has_clusters and math.isfinite(scan.overall) and bool(result.costs.numerator.any())


def _tiers(result: ReviewResult) -> str:
    tiers = [problem.slice.tier for problem in result.problems]
    parts = [f"{tiers.count(tier)} {tier}" for tier in (CONFIRMED, POSSIBLE) if tier in tiers]
    return ", ".join(parts)
