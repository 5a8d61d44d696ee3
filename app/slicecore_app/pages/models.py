"""The page of all models: the metric of each on every listed slice."""

import streamlit as st

from slicecore_app.pages.gathered import page_of_result
from slicecore_app.pages.models_view import models_view
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.wording import escaped


def _draw(result: ReviewResult) -> None:
    st.subheader(f"All models: {escaped(result.source.name)}")
    models_view(result)


page_of_result(_draw, nothing="The models can't be compared")
