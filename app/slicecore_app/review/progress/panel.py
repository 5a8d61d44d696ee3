"""In place of the page while a table is embedded for the first time: steps, progress, cancel."""

from __future__ import annotations

import streamlit as st

from slicecore import pipeline
from slicecore.embedding import NONE, SUGGESTED
from slicecore.table.dataset import Dataset
from slicecore.wording import fixed, percent, significant
from slicecore_app import wording
from slicecore_app.review.progress.component import Step, embedding_steps
from slicecore_app.server.jobs import Job
from slicecore_app.server.open_table import OpenTable
from slicecore_app.session import embedding_choice, session

REFRESH_S = 0.5
READING, LOOKING, SCANNING = "Read the table", "Look for the audio files", "Find problems"
STEPS = (READING, LOOKING, pipeline.EMBEDDING, pipeline.CLUSTERING, SCANNING)


def preparing(table: OpenTable, model: str, job: Job) -> None:
    """Draw how far the work is; the page comes by itself when it is done."""
    with st.container(key="preparing", border=True):
        if job.state in ("running", "done"):  # done: since the page asked
            _running(table, model)
        elif job.state == "cancelled":
            st.subheader("Cancelled")
            done = f"The {wording.clips(job.done)} that are done are kept" if job.done else "No clip was done"
            st.write(f"{done}: going on starts there.")
            st.button("Go on", type="primary", on_click=_again, args=(table, model))
        elif table.data.roles.audio is None and embedding_choice.needs_sound(model):
            _no_audio(table, model)
        else:
            _failed(table, model, job)


def _failed(table: OpenTable, model: str, job: Job) -> None:
    st.subheader("This embedding can't be made")
    st.write(wording.escaped(job.error))
    with st.container(horizontal=True):
        if model != SUGGESTED[0].model:
            st.button(
                f"Use {SUGGESTED[0].label}",
                type="primary",
                on_click=embedding_choice.switch_to,
                args=(table, SUGGESTED[0].model),
            )
        st.button("Try again", on_click=_again, args=(table, model))


def _no_audio(table: OpenTable, model: str) -> None:
    st.subheader("This table names no audio files")
    name = wording.escaped(embedding_choice.name(model))
    st.write(
        f"{name} groups clips by their sound. Choose the column that names the audio files, or "
        "under Embedding a file or a column with a vector per clip, such as column:embedding."
    )
    with st.container(horizontal=True):
        st.button(
            "Search metadata alone", type="primary", on_click=embedding_choice.switch_to, args=(table, NONE)
        )
        st.page_link("data.py", label="Choose its audio column", icon=":material/table:")


@st.fragment(run_every=REFRESH_S)
def _running(table: OpenTable, model: str) -> None:
    # Looked up anew: a fragment's arguments are those of the run that made it.
    job = table.analysis(model)
    if job is None or job.state not in ("running", "done"):
        st.rerun()
    embedding_steps(
        f"Preparing {wording.clips(len(table.data))}",
        "Done once. The next start with this table and embedding takes about a second.",
        _steps(table.data, model, job),
        key="steps",
        seq=session.seq(),
    )
    stops = job.cancel.is_set()
    with st.container(horizontal=True, vertical_alignment="center", key="preparing-actions"):
        st.button("Cancel", on_click=job.cancel.set, disabled=stops or job.state == "done", shortcut="Esc")
        if stops:
            st.caption("Stops after the current clips.")
        elif job.step == pipeline.EMBEDDING and job.done:
            st.caption(f"Cancelling keeps the {wording.clips(job.done)} that are done.")
    if job.state == "done":
        st.rerun()  # the run that finds the problems; the steps stay until it is through


def _steps(data: Dataset, model: str, job: Job) -> list[Step]:
    at = _at(job)
    details = [f"{len(data):,} rows" if len(data) != 1 else "1 row", _files(data)]
    items = []
    for i, label in enumerate(STEPS):
        when = "done" if i < at else "now" if i == at else "ahead"
        detail = details[i] if i < min(at, len(details)) else ""
        about = embedding_choice.name(model) if label == pipeline.EMBEDDING else ""
        if when == "now" and label == pipeline.EMBEDDING and job.total:
            share = job.done / job.total
            items.append(Step(label, when, about, percent(share), share, _facts(job)))
        else:
            items.append(Step(label, when, about, detail))
    return items


def _at(job: Job) -> int:
    """Index of the step that is being done."""
    if job.state == "done":
        return STEPS.index(SCANNING)
    return STEPS.index(job.step) if job.step in STEPS else STEPS.index(LOOKING)


def _files(data: Dataset) -> str:
    named = data.named_clips
    return wording.clips(named) if named == len(data) else f"{named:,} of {wording.clips(len(data))} name one"


def _facts(job: Job) -> list[tuple[str, str, str]]:
    facts = [("", f"{job.done:,}", f"of {wording.clips(job.total)}")]
    if job.rate:
        facts.append(("", _speed(job.rate), "clips/s"))
        facts.append(("about", wording.seconds(job.seconds_left or 0), "left"))
    if job.begun:
        facts.append(("", f"{job.begun:,}", "were there already"))
    return facts


def progress_text(job: Job) -> str:
    """Progress of a job: "120 of 348 clips · 9.5 clips/s · about 24 s left"."""
    text = f"{job.done:,} of {wording.clips(job.total)}"
    if job.rate:
        text += f" · {_speed(job.rate)} clips/s · about {wording.seconds(job.seconds_left or 0)} left"
    return text


def _speed(rate: float) -> str:
    return fixed(rate) if rate >= 10 else significant(float(f"{rate:.2g}"))


def _again(table: OpenTable, model: str) -> None:
    table.forget_analysis(model)
