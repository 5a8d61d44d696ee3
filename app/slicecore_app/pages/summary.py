"""The summary page: what the problems cost, slice by slice and cause by cause; and over versions of the model."""

from pathlib import Path

import streamlit as st

from slicecore_app.pages.gathered import page_of_result
from slicecore_app.pages.summary_costs import causes_table, counted_scan, made_with, waterfall_chart
from slicecore_app.pages.summary_history import history_chart
from slicecore_app.pages.summary_reviewers import reviewers
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.wording import escaped


def _draw(result: ReviewResult) -> None:
    st.subheader(f"What the problems cost: {escaped(result.source.name)}")
    st.text(made_with(result))
    reviewers(result)
    counted = counted_scan(result)
    waterfall_chart(result, counted)
    causes_table(result, counted)
    history_chart(Path(result.source.path))


page_of_result(_draw, nothing="There is nothing to sum up")
