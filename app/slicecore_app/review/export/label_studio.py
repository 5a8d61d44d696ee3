"""Tasks for Label Studio in the menu of exports (docs/relabelling.md)."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from slicecore.errors import TableError
from slicecore.relabel.tasks import label_studio_tasks
from slicecore_app import wording
from slicecore_app.review.review_result import ReviewResult


def label_studio(result: ReviewResult, wrong: NDArray[np.int64]) -> None:
    """Draw the files for Label Studio: tasks of clips with wrong references and of the selection, configuration."""
    st.caption("To correct in Label Studio")
    picked = result.pick.rows if result.pick else np.array([], dtype=np.int64)
    reason = _problem(result, picked if len(picked) else wrong)
    _draw_tasks("Tasks: wrong references", "wrong_references.json", wrong, result, reason)
    _draw_tasks("Tasks: this selection", "selection.json", picked, result, reason)
    _draw_configuration(picked, result, reason)


def _draw_tasks(
    title: str, name: str, rows: NDArray[np.int64], result: ReviewResult, problem: str | None
) -> None:
    st.download_button(
        f"{title}, {wording.clips(len(rows))}",
        data=partial(_tasks, result, rows),
        file_name=name,
        mime="application/json",
        on_click="ignore",
        width="stretch",
        disabled=problem is not None or not len(rows),
        help=problem and wording.escaped(problem),
        key=f"label studio {name}",
    )


def _draw_configuration(rows: NDArray[np.int64], result: ReviewResult, problem: str | None) -> None:
    st.download_button(
        "Configuration of the project",
        data=partial(_configuration, result, rows),
        file_name="label_studio.xml",
        mime="application/xml",
        on_click="ignore",
        width="stretch",
        disabled=problem is not None,
        help=problem and wording.escaped(problem),
        key="label studio label_studio.xml",
    )


def _problem(result: ReviewResult, rows: NDArray[np.int64]) -> str | None:
    """Why there can be no tasks; None where there can."""
    try:
        label_studio_tasks(result.data, rows[:1])
    except TableError as error:
        return str(error)
    return None


def _tasks(result: ReviewResult, rows: NDArray[np.int64]) -> bytes:
    corrections = result.verdicts.corrections().items()
    texts = {clip: each.text for clip, each in corrections if each.text is not None}
    made = label_studio_tasks(result.data, rows, corrected=texts)
    return json.dumps(made.tasks, ensure_ascii=False, indent=1).encode()


def _configuration(result: ReviewResult, rows: NDArray[np.int64]) -> bytes:
    return label_studio_tasks(result.data, rows).config.encode()
