"""A strip below the head while embeddings are made in the background: progress, and actions when they end."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from slicecore_app.review.progress.panel import progress_text
from slicecore_app.server.jobs import Job
from slicecore_app.server.open_table import OpenTable
from slicecore_app.session import embedding_choice, views

REFRESH_S = 1.0


def strip(table: OpenTable) -> None:
    """Draw the strip, if there is anything to tell."""
    jobs = embedding_choice.jobs_to_report(table)
    # Empty as well, so that nothing below it has to move, which the browser would draw anew as a whole.
    place = st.container(key="strip" if jobs else "strip-nothing")
    if not jobs:
        return
    states = [job.state for job in jobs]
    with place:
        if "running" in states:
            st.fragment(_rows, run_every=REFRESH_S)(table, states)
        else:  # a part of the page like others: what is pressed here runs all of it
            _rows(table, states)


def _rows(table: OpenTable, states: list[str]) -> None:
    jobs = embedding_choice.jobs_to_report(table)
    if [job.state for job in jobs] != states:
        st.rerun()
    for number, job in enumerate(jobs):
        with st.container(
            key=f"strip-row-{number}", horizontal=True, vertical_alignment="center", wrap=False
        ):
            _ROWS[job.state](table, job)


def _running(table: OpenTable, job: Job) -> None:
    if job.cancel.is_set():
        st.text(f"{_name(job)} stops after the current clips")
        return
    progress = progress_text(job) if job.total else job.step.lower() or "begins"
    waits = _waiting(table, job)
    st.text(
        f"{waits[0].upper()}{waits[1:]} waits for {_name(job)}: {progress}"
        if waits
        else f"{_name(job)}: {progress}"
    )
    st.progress(job.done / job.total if job.total else 0.0, width=200)
    _button("Cancel", _cancel, table, job)


def _done(table: OpenTable, job: Job) -> None:
    waits = _waiting(table, job)
    st.text(
        f"{_name(job)} is ready. Show it to open {waits}."
        if waits
        else f"{_name(job)} is ready. Your selection is kept."
    )
    _button("Show it", views.switch_to, table, job, primary=True)
    _button("Later", embedding_choice.dismiss, table, job)


def _cancelled(table: OpenTable, job: Job) -> None:
    st.text(f"{_name(job)} was cancelled. Finished clips are kept: going on starts where it stopped.")
    _button("Go on", views.resume, table, job, primary=True)
    _button("Dismiss", embedding_choice.dismiss, table, job)


def _failed(table: OpenTable, job: Job) -> None:
    st.text(job.error)
    _button("Try again", views.resume, table, job)
    _button("Dismiss", embedding_choice.dismiss, table, job)


def _name(job: Job) -> str:
    return embedding_choice.name(job.name)


def _waiting(table: OpenTable, job: Job) -> str:
    """The view that opens when a job is done, in words; "" where none does."""
    waits = embedding_choice.waiting_view(table)
    if waits is None or waits.model != job.name:
        return ""
    return f"the view “{waits.name}”" if waits.name else "the linked view"


_ROWS = {"running": _running, "done": _done, "cancelled": _cancelled, "failed": _failed}


def _button(
    text: str, action: Callable[[OpenTable, str], None], table: OpenTable, job: Job, primary: bool = False
) -> None:
    st.button(
        text,
        key=f"strip {text} {job.name}",
        type="primary" if primary else "secondary",
        on_click=action,
        args=(table, job.name),
    )


def _cancel(table: OpenTable, model: str) -> None:
    job = table.analysis(model)
    if job:
        job.cancel.set()
