"""The summary page: what the problems cost, slice by slice and cause by cause; and over versions of the model."""

from pathlib import Path

import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore_app.pages.summary_costs import causes_table, counted_scan, made_with, waterfall_chart
from slicecore_app.pages.summary_history import history_chart
from slicecore_app.review.review_result import ReviewResult, chosen_costs, gather
from slicecore_app.review.thresholds.panel import prepare
from slicecore_app.review.trouble import trouble
from slicecore_app.server import registry
from slicecore_app.session import session, settings
from slicecore_app.session.views import open_first


def _result() -> ReviewResult | None:
    """The result that the review page shows now; None where that is not ready."""
    source = session.source()
    if source is None:
        return None
    table = registry.open_table(source)
    session.fit(table.data)
    open_first(table)
    costs = chosen_costs(table)
    prepare(table.data, costs)
    job = table.analysis_job(settings.value("model"))
    return gather(table, job.result) if job.state == "done" else None


def _page() -> None:
    try:
        result = _result()
    except SlicecoreError as error:
        trouble("There is nothing to sum up", str(error))
        return
    if result is None:
        st.switch_page("review.py")
    with st.container(key="summary-page"):
        st.page_link("review.py", label="Back to the review", icon=":material/arrow_back:")
        st.subheader(f"What the problems cost: {result.source.name}")
        st.text(made_with(result))
        counted = counted_scan(result)
        waterfall_chart(result, counted)
        causes_table(result, counted)
        history_chart(Path(result.source.path))


_page()
