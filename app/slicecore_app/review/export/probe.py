"""The probe of the selection in the menu of exports: its clips mended, for the recogniser (docs/probe.md)."""

from __future__ import annotations

from functools import partial

import streamlit as st

from slicecore.explain.explainer import Explanation
from slicecore_app.review.review_result import ReviewResult


def mended_clips(result: ReviewResult) -> None:
    """Draw the button; it waits until the selection has a cause that a filter may mend."""
    explanation = result.reasons.of(result.subject.slice) if result.subject else None
    st.download_button(
        "Clips of this selection, mended",
        data=partial(_probe, result),
        file_name="probe.zip",
        mime="application/zip",
        on_click="ignore",
        width="stretch",
        disabled=explanation is None or not result.counts_words or not _can_be_mended(explanation),
        help="Whether the cause is the reason, the recogniser can tell: run it on these clips as they are and mended, "
        "then slicecore probe --judge FOLDER PREDICTIONS says by how much they are recognised better.",
        key="probe",
    )


def _can_be_mended(explanation: Explanation) -> bool:
    from slicecore.recipes.probing.making import (
        can_be_mended,
    )  # not at the start, when nothing is explained yet

    return can_be_mended(explanation)


def _probe(result: ReviewResult) -> bytes:
    from slicecore.recipes.probing.making import probe

    subject, measured = result.subject, result.reasons.measured
    assert subject is not None and measured is not None  # else the button is disabled
    explanation = measured.explain(subject.slice)
    name = subject.own.name if subject.own else ""
    return probe(measured.explainer, subject.slice, explanation=explanation, name=name).zipped()
