"""The ground of pages beside the review: the result that it shows now, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore_app.review.gathering import chosen_costs, gather
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.thresholds.panel import prepare
from slicecore_app.review.trouble import trouble
from slicecore_app.server import registry
from slicecore_app.session import session, settings
from slicecore_app.session.views import open_first


def page_of_result(draw: Callable[[ReviewResult], None], nothing: str) -> None:
    """Draw a page from the result that the review page shows, or go there while that is not ready.

    Parameters
    ----------
    draw
        Draws the page.
    nothing
        Heading where an error leaves nothing to draw.
    """
    try:
        result = _result()
    except SlicecoreError as error:
        st.page_link("review.py", label="Back to the review", icon=":material/arrow_back:")
        trouble(nothing, str(error))
        return
    if result is None:
        st.switch_page("review.py")
    with st.container(key="summary-page"):
        st.page_link("review.py", label="Back to the review", icon=":material/arrow_back:")
        draw(result)


def _result() -> ReviewResult | None:
    """The result of the review page; None where that is not ready."""
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
