"""A strip below the head while embeddings are made in the background: progress, and what to do when they end."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from slicecore_app.review.embedding.panel import progress_text
from slicecore_app.server import engine
from slicecore_app.server.jobs import Job
from slicecore_app.server.sources import Source
from slicecore_app.session import embedding_choice, views

REFRESH_S = 1.0


def strip(source: Source) -> None:
    """Draw the strip, if there is anything to tell."""
    jobs = embedding_choice.told(source)
    if not jobs:
        return
    states = [job.state for job in jobs]
    with st.container(key="strip"):
        if "running" in states:
            st.fragment(_rows, run_every=REFRESH_S)(source, states)
        else:  # a part of the page like others: what is pressed here runs all of it
            _rows(source, states)


def _rows(source: Source, states: list[str]) -> None:
    jobs = embedding_choice.told(source)
    if [job.state for job in jobs] != states:
        st.rerun()
    for number, job in enumerate(jobs):
        with st.container(
            key=f"strip-row-{number}", horizontal=True, vertical_alignment="center", wrap=False
        ):
            _ROWS[job.state](source, job)


def _running(source: Source, job: Job) -> None:
    if job.cancel.is_set():
        st.text(f"{_name(job)} stops after the clips in hand")
        return
    progress = progress_text(job) if job.total else job.step.lower() or "begins"
    waits = _waiting(source, job)
    st.text(
        f"{waits[0].upper()}{waits[1:]} waits for {_name(job)}: {progress}"
        if waits
        else f"{_name(job)}: {progress}"
    )
    st.progress(job.done / job.total if job.total else 0.0, width=200)
    _button("Cancel", _cancel, source, job)


def _done(source: Source, job: Job) -> None:
    waits = _waiting(source, job)
    st.text(
        f"{_name(job)} is ready, and {waits} with it."
        if waits
        else f"{_name(job)} is ready. What is picked stays picked."
    )
    _button("Show it", views.show, source, job, primary=True)
    _button("Later", embedding_choice.dismiss, source, job)


def _cancelled(source: Source, job: Job) -> None:
    st.text(f"{_name(job)} was cancelled. Finished clips are kept: going on starts where it stopped.")
    _button("Go on", views.begin, source, job, primary=True)
    _button("Dismiss", embedding_choice.dismiss, source, job)


def _failed(source: Source, job: Job) -> None:
    st.text(job.error)
    _button("Try again", views.begin, source, job)
    _button("Dismiss", embedding_choice.dismiss, source, job)


def _name(job: Job) -> str:
    return embedding_choice.name(job.name)


def _waiting(source: Source, job: Job) -> str:
    """The view that opens when a job is done, in words; "" where none does."""
    waits = embedding_choice.awaited(source)
    if waits is None or waits.model != job.name:
        return ""
    return f"the view “{waits.name}”" if waits.name else "the view of the link"


_ROWS = {"running": _running, "done": _done, "cancelled": _cancelled, "failed": _failed}


def _button(
    text: str, action: Callable[[Source, str], None], source: Source, job: Job, primary: bool = False
) -> None:
    st.button(
        text,
        key=f"strip {text} {job.name}",
        type="primary" if primary else "secondary",
        on_click=action,
        args=(source, job.name),
    )


def _cancel(source: Source, model: str) -> None:
    job = engine.jobs().get(engine.job_key(source, model))
    if job:
        job.cancel.set()
