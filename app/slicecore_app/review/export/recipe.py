"""The recipe of the selection in the menu of exports: training data that sounds like it (docs/recipes.md)."""

from __future__ import annotations

from functools import partial

import streamlit as st

from slicecore.explain.explainer import Explanation
from slicecore_app.review.review_result import ReviewResult


def recipe(result: ReviewResult) -> None:
    """Draw the button; it waits until the selection has a cause of which a recipe is made."""
    explanation = result.reasons.of(result.subject.slice) if result.subject else None
    st.download_button(
        "Recipe for training data like this selection",
        data=partial(_recipe, result),
        file_name="recipe.zip",
        mime="application/zip",
        on_click="ignore",
        width="stretch",
        disabled=explanation is None or not _can_be_made(explanation),
        help="YAML for audiomentations and NeMo, with the ranges that were measured. There is one where the cause is "
        "audible and can be made.",
        key="recipe",
    )


def _can_be_made(explanation: Explanation) -> bool:
    from slicecore.recipes.making import can_be_made  # not at the start, when nothing is explained yet

    return can_be_made(explanation.causes)


def _recipe(result: ReviewResult) -> bytes:
    from slicecore.recipes.making import make

    subject, measured = result.subject, result.reasons.measured
    assert subject is not None and measured is not None  # else the button is disabled
    explanation = measured.explain(subject.slice)
    name = subject.own.name if subject.own else ""
    return make(measured.explainer, subject.slice, explanation=explanation, name=name).zipped()
