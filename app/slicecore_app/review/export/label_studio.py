"""Tasks for Label Studio in the menu of exports (docs/relabelling.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from slicecore.errors import TableError
from slicecore.relabel.tasks import Tasks, label_studio_tasks
from slicecore_app import wording
from slicecore_app.review.review_result import ReviewResult


def label_studio(result: ReviewResult, wrong: NDArray[np.int64]) -> None:
    """Draw the files for Label Studio: tasks of clips with wrong references and of the selection, configuration."""
    st.caption("To correct in Label Studio")
    picked = result.pick.rows if result.pick else np.array([], dtype=np.int64)
    reason = _problem(result, picked if len(picked) else wrong)
    _file("Tasks: wrong references", "wrong_references.json", wrong, result, _tasks, reason)
    _file("Tasks: this selection", "selection.json", picked, result, _tasks, reason)
    _file("Configuration of the project", "label_studio.xml", picked, result, _config, reason)


def _file(
    title: str,
    name: str,
    rows: NDArray[np.int64],
    result: ReviewResult,
    content: Callable[[Tasks], str],
    problem: str | None,
) -> None:
    is_tasks = content is _tasks
    st.download_button(
        f"{title}, {wording.clips(len(rows))}" if is_tasks else title,
        data=partial(_content, result, rows, content),
        file_name=name,
        mime="application/json" if is_tasks else "application/xml",
        on_click="ignore",
        width="stretch",
        disabled=problem is not None or (is_tasks and not len(rows)),
        help=problem,
        key=f"label studio {name}",
    )


def _problem(result: ReviewResult, rows: NDArray[np.int64]) -> str | None:
    """Why there can be no tasks; None where there can."""
    try:
        label_studio_tasks(result.data, rows[:1])
    except TableError as error:
        return str(error)
    return None


def _content(result: ReviewResult, rows: NDArray[np.int64], content: Callable[[Tasks], str]) -> bytes:
    return content(label_studio_tasks(result.data, rows)).encode()


def _tasks(tasks: Tasks) -> str:
    return json.dumps(tasks.tasks, ensure_ascii=False, indent=1)


def _config(tasks: Tasks) -> str:
    return tasks.config
