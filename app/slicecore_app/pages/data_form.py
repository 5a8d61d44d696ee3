"""The form of the data page: choosing a table and mapping its columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from slicecore.errors import SlicecoreError
from slicecore.table.dataset import Dataset, check_audio
from slicecore.table.left_out import columns_left_out
from slicecore.table.predictions import named_files
from slicecore.table.readers.registry import FORMATS, format_of
from slicecore.table.roles import filled_in, guess_roles, is_numeric
from slicecore_app import wording
from slicecore_app.pages.table_choice import choose_table, open_source, recent_tables, typed_path
from slicecore_app.server import uploads
from slicecore_app.server.sources import Source, known
from slicecore_app.session.visitor import may_administer

PREVIEW_ROWS = 5
MOST_LISTED = 50


def data_form() -> None:
    """Draw the form, for somebody who may open tables."""
    if not may_administer():
        st.info("Which tables are open is for whoever administers this page to say.")
        if known():
            st.page_link("review.py", label="Back to the review", icon=":material/arrow_back:")
        return
    with st.container(key="data-page"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader("Open a table")
            if known():
                st.page_link("review.py", label="Back to the review", icon=":material/arrow_back:")
        st.caption(
            "A table with a row per clip: audio file, reference, predictions, any metadata. CSV, JSON, Parquet and the "
            "manifests of speech toolkits are recognised. Audio paths are read from the table's folder."
        )
        recent_tables()
        path = choose_table()
        if path is not None:
            _map_columns(path)


def _choose_format(path: Path) -> str | None:
    """Name of the format where the reader chose one, None for the recognised one. Raises TableError."""
    labels = {known.name: known.label for known in FORMATS}
    recognised = format_of(path).name
    chosen = st.selectbox(
        "Format",
        list(labels),
        list(labels).index(recognised),
        format_func=labels.__getitem__,
        key=f"format {path}",
        help="It is recognised by what the file holds.",
    )
    return None if chosen == recognised else chosen


def _map_columns(path: Path) -> None:
    try:
        chosen = _choose_format(path)
        rows = format_of(path, chosen).read(path)
    except SlicecoreError as error:
        st.error(wording.escaped(str(error)))
        return
    columns = list(rows.frame.columns)
    st.dataframe(rows.frame.head(PREVIEW_ROWS), hide_index=True)
    st.caption(f"{len(rows.frame):,} rows; the first {min(PREVIEW_ROWS, len(rows.frame))} are shown")
    guess = filled_in(rows.roles, guess_roles([name for name in columns if name not in rows.roles.all]))
    for_audio, for_reference, for_predictions, for_id = st.columns(4)
    nothing = [None]
    audio = for_audio.selectbox(
        "Audio file", nothing + columns, _index(nothing + columns, guess.audio), key=f"audio {path}"
    )
    reference = for_reference.selectbox(
        "Reference",
        nothing + columns,
        _index(nothing + columns, guess.reference),
        placeholder="Choose",
        help="None where predictions are numbers that need none, such as a MOS: their mean is looked at.",
        key=f"reference {path}",
    )
    predictions = for_predictions.multiselect(
        "Predictions", columns, [*guess.predictions], placeholder="Choose", key=f"predictions {path}"
    )
    clip_id = for_id.selectbox(
        "Clip id", nothing + columns, _index(nothing + columns, guess.id), key=f"id {path}"
    )
    folder = st.text_input(
        "Folder of the audio files",
        placeholder="/data/calls" if uploads.is_upload(path) else "The folder of the table",
        key=f"folder {path}",
        help="Relative audio paths in the table start here.",
    )
    listed = st.text_area(
        "Predictions in other files",
        placeholder="large=/data/calls/large.jsonl",
        key=f"prediction files {path}",
        help="A file a line, on this machine, with the name of its model before it. They are joined to the table by "
        "ids or audio files.",
    )
    try:
        files = named_files([line.strip() for line in listed.splitlines() if line.strip()])
        paths = {name: str(typed_path(file).resolve()) for name, file in files.items()}
        at = folder.strip() if "://" in folder or not folder.strip() else str(typed_path(folder))
    except SlicecoreError as error:
        st.error(wording.escaped(str(error)))
        return
    lacks_reference = reference is guess.reference is None and not all(
        is_numeric(rows.frame[name]) for name in predictions
    )
    if not (predictions or files) or lacks_reference:
        st.info(
            "Choose the column of the reference and at least one of predictions, or numbers alone as predictions."
        )
        return
    source = Source(
        str(path.resolve()),
        audio,
        reference,
        tuple(predictions),
        clip_id,
        folder=at or None,
        format=chosen,
        prediction_files=tuple(paths.items()),
    )
    try:
        data = source.read()
    except SlicecoreError as error:
        st.error(wording.escaped(str(error)))
        return
    _report(data)
    if st.button("Start", type="primary", key="start"):
        _open(source, path)


def _open(source: Source, path: Path) -> None:
    try:
        stored = uploads.stored(path)
    except SlicecoreError as error:
        st.error(wording.escaped(str(error)))
        return
    open_source(replace(source, path=str(stored.resolve())))


def _report(data: Dataset) -> None:
    for note in data.notes:
        st.warning(wording.escaped(note))
    silent = data.roles.audio is None
    reasons = {} if silent else check_audio(data)
    empty = [row for row, text in enumerate(data.reference) if not text.strip()]
    models, metadata = len(data.roles.predictions), len(data.metadata)
    st.write(
        f"**{wording.clips(len(data))}**, {models} model {'output' if models == 1 else 'outputs'}, "
        f"{metadata} metadata {'column' if metadata == 1 else 'columns'}."
    )
    if left_out := columns_left_out(data.table, data.metadata):
        named = ", ".join(f"{name} ({reason})" for name, reason in left_out.items())
        st.caption(f"Not searched for slices: {wording.escaped(named)}.")
    if empty and data.roles.reference is not None:
        st.warning(
            f"{wording.clips(len(empty))} without a reference, first in row {data.numbers[empty[0]]}: all words that "
            "the model predicts there count as inserted."
        )
    if reasons:
        first = min(reasons)
        st.warning(
            f"{wording.clips(len(reasons))} without a usable audio file, first in row {data.numbers[first]}: "
            f"{wording.escaped(reasons[first])}. They stay in the table and count in the overall value, but "
            "belong to no cluster."
        )
        with st.expander("Show these clips"):
            audio = data.roles.audio
            listed = list(reasons.items())[:MOST_LISTED]
            st.dataframe(
                pd.DataFrame(
                    {
                        "Row": [data.numbers[row] for row, _ in listed],
                        "File": [data.table[audio][row] if audio else "" for row, _ in listed],
                        "Reason": [reason for _, reason in listed],
                    }
                ),
                hide_index=True,
            )
    if silent:
        st.caption(
            "No column names audio files: slices are searched over metadata, and over clusters only with a file or a "
            "column of vectors as embedding."
        )
    elif not reasons and not empty:
        st.caption(
            "No problem found so far. Whether every file can be decoded shows while they are embedded."
        )


def _index(options: list, wanted: str | None) -> int | None:
    return options.index(wanted) if wanted in options else None
