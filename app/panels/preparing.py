"""In place of the page while a table is embedded for the first time: steps, progress, cancel."""

from __future__ import annotations

import streamlit as st

from app import embedding_choice, engine, wording
from app.jobs import Job
from app.sources import Source
from slicecore import analysis
from slicecore.dataset import Dataset
from slicecore.embedding import SUGGESTED

REFRESH_S = 0.5


def preparing(source: Source, data: Dataset, model: str, job: Job) -> None:
    """Draw how far the work is; the page comes by itself when it is done."""
    with st.container(key="preparing", border=True):
        if job.state == "running":
            _running(source, data, model)
        elif job.state == "cancelled":
            st.subheader("Cancelled")
            st.write("The finished clips are kept: going on starts where it stopped.")
            st.button("Go on", type="primary", on_click=_again, args=(source, model))
        else:
            st.subheader("This view can't be had")
            st.write(job.error)
            with st.container(horizontal=True):
                if model != SUGGESTED[0].model:
                    st.button(
                        f"Use {SUGGESTED[0].label}",
                        type="primary",
                        on_click=embedding_choice.show,
                        args=(source, SUGGESTED[0].model),
                    )
                st.button("Try again", on_click=_again, args=(source, model))


@st.fragment(run_every=REFRESH_S)
def _running(source: Source, data: Dataset, model: str) -> None:
    # Looked up anew: a fragment's arguments are those of the run that made it.
    job = engine.jobs().get(engine.job_key(source, model))
    if job is None or job.state != "running":
        st.rerun()
    st.subheader(f"Preparing {wording.clips(len(data))}")
    st.caption("Done once. The next start with this table and view takes about a second.")
    at = analysis.STEPS.index(job.step) if job.step in analysis.STEPS else 0
    for i, step in enumerate(analysis.STEPS):
        if i < at:
            st.markdown(f":material/check_circle: {step}")
        elif i > at:
            st.markdown(f":material/radio_button_unchecked: :gray[{step}]")
        else:
            st.markdown(
                f":material/radio_button_checked: **{step}** {embedding_choice.name(model) if i == 0 else ''}"
            )
            if job.total:
                st.progress(job.done / job.total, text=progress_text(job))
    st.button("Cancel", on_click=job.cancel.set)
    if at == 0 and job.done:
        st.caption(f"Cancelling keeps the {wording.clips(job.done)} that are done.")


def progress_text(job: Job) -> str:
    """How far a job is: "120 of 348 clips · 9.5 clips/s · about 24 s left"."""
    text = f"{job.done:,} of {wording.clips(job.total)}"
    if job.rate:
        speed = f"{job.rate:.0f}" if job.rate >= 10 else f"{job.rate:.2g}"
        text += f" · {speed} clips/s · about {wording.seconds(job.seconds_left or 0)} left"
    return text


def _again(source: Source, model: str) -> None:
    engine.jobs().forget(engine.job_key(source, model))
