"""Clips like those of the picked slice, in another table or folder: found, heard, saved (docs/more_like.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from slicecore.audio import decoding
from slicecore.embedding import Cancelled
from slicecore.errors import AudioError, TableError
from slicecore.report.csv_files import to_csv
from slicecore.table.dataset import Dataset, read
from slicecore.transfer.defining import NamedSlice, define
from slicecore.transfer.more_like import more_like
from slicecore_app import wording
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.server.jobs import Job
from slicecore_app.server.open_table import LIKE
from slicecore_app.server.sources import require_allowed, require_recordings_allowed

REFRESH_S = 0.5
CLIPS = 100
_OPEN, _KEY, _FIND = "more_like_open", "more_like_job", "more_like_find"
_UNSAFE = r"[^\w.-]+"


@dataclass(frozen=True)
class Ranking:
    """Clips of a pool, the surest first, with the columns of `slicecore.more_like`."""

    pool: Dataset
    table: pd.DataFrame


def more_like_button(result: ReviewResult) -> None:
    """Draw the button in the menu of exports that opens the list."""
    st.button(
        "Clips like this slice in other recordings …",
        key="more like",
        width="stretch",
        disabled=result.subject is None,
        help="Select a slice first." if result.subject is None else None,
        on_click=partial(st.session_state.__setitem__, _OPEN, True),
    )


def more_like_dialog(result: ReviewResult) -> None:
    """Draw the dialog in every run until somebody closes it: a run that does not draw it takes it away."""
    if not st.session_state.get(_OPEN):
        return
    if result.subject is None:
        _close()
        return
    st.dialog("More like this slice", width="large", on_dismiss=_close)(_dialog)(result, result.subject)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def _dialog(result: ReviewResult, problem: Problem) -> None:
    with st.container(key="more-like-dialog"):
        _draw(result, problem)


def _draw(result: ReviewResult, problem: Problem) -> None:
    st.text(  # a name is no markup
        f"Recordings that nobody has transcribed, ranked by how surely they have the problem of "
        f"“{slice_name(problem)}”."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pool = st.text_input(
            "Folder of recordings, or table with a column of audio files",
            placeholder="/data/calls",
            key="more_like_pool",
        )
        # Not the button's own value: it is lost with a run that is cut off before it comes to the dialog.
        st.button(
            "Find",
            type="primary",
            key="find more",
            disabled=not pool.strip(),
            on_click=partial(st.session_state.__setitem__, _FIND, True),
        )
    prefix = f"more like {problem.slice.id} {result.model} "
    if st.session_state.pop(_FIND, False):
        st.session_state[_KEY] = prefix + pool.strip()
        _start(result, problem, pool.strip())
    key = st.session_state.get(_KEY, "")
    job = result.table.jobs.get(key) if key.startswith(prefix) else None
    if job is None:
        return
    if job.state == "running":
        st.fragment(_progress, run_every=REFRESH_S)(job)
    elif job.state == "done":
        _list(job.result, slice_name(problem), key)
    elif job.error:
        st.text(job.error)


def _start(result: ReviewResult, problem: Problem, pool: str) -> None:
    """Begin to look through the pool, beside the page."""
    measured = result.reasons.measured
    table = measured.measurements.table if measured else None
    described = result.reasons.metadata or ()

    def work(job: Job) -> Ranking:
        definitions = define(
            [NamedSlice(slice_name(problem), problem.slice)],
            result.data,
            result.costs,
            embeddings=result.analysis.all_embeddings,
            measured=table,
            metadata_slices=described,
        )
        require_allowed(Path(pool).expanduser())
        data = read(Path(pool).expanduser(), labelled=False)
        require_recordings_allowed(data)
        if data.roles.audio is None:
            raise TableError(
                f"“{data.name}” has no column of audio files. Name a table with one, or a folder."
            )
        found = more_like(definitions, data, CLIPS, progress=job.report, cancel=job.cancel)
        return Ranking(data, found)

    key = st.session_state[_KEY]
    result.table.jobs.forget(key)
    result.table.jobs.start(key, work, Cancelled, group=LIKE)


def _progress(job: Job) -> None:
    if job.state != "running":
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    st.progress(share, text=f"{wording.escaped(job.step) or 'Begins'} …")
    st.button("Cancel", key="cancel more", on_click=job.cancel.set)


def _list(ranking: Ranking, name: str, key: str) -> None:
    table = ranking.table
    within = int(table.within.sum())
    st.write(
        f"{wording.clips(len(table))}, {within} of them taken for clips of the slice. Select one to hear it."
    )
    event = st.dataframe(
        table[["rank", "audio", "within", "distance", "why"]],
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"list of {key}",
        column_config={
            "rank": st.column_config.NumberColumn("Rank", width="small"),
            "audio": st.column_config.TextColumn("File"),
            "within": st.column_config.CheckboxColumn("Of the slice", width="small"),
            "distance": st.column_config.NumberColumn("Distance", format="%.2f", width="small"),
            "why": st.column_config.TextColumn("Why", width="large"),
        },
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < len(table):
        _play(ranking.pool, str(table.id.iloc[rows[0]]))
    st.download_button(
        "Download list (CSV)",
        to_csv(table),
        f"more_like_{re.sub(_UNSAFE, '_', name)}.csv",
        "text/csv",
        on_click="ignore",
        key="download more",
    )


def _play(pool: Dataset, clip_id: str) -> None:
    """Play a clip of the pool, decoded here: browsers don't play every format, nor parts of files."""
    clip = pool.clips[pool.row_of_id[clip_id]]
    if clip is None:
        return
    try:
        samples = decoding.load(clip.path, start=clip.start, end=clip.end)
    except AudioError as error:
        st.text(str(error))
        return
    st.audio(samples, sample_rate=decoding.SAMPLING_RATE, autoplay=True)
