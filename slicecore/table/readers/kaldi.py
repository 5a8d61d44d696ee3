"""Data folders of Kaldi: `text`, `wav.scp`, perhaps `segments`, `utt2spk`, `spk2gender`. Commands are never run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.errors import TableError
from slicecore.table.readers import transcripts
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles
from slicecore.wording import counted

ID, AUDIO, TEXT, START, END = "id", "audio", "text", "start", "end"
_OF_UTTERANCES = {"utt2spk": "speaker", "utt2lang": "language", "utt2gender": "gender"}
_OF_SPEAKERS = {"spk2gender": "gender"}


def read(folder: Path) -> Rows:
    """Read a data folder of Kaldi: a row per line of `text`.

    What stands in `wav.scp` behind an utterance, or behind the recording that `segments` gives for it, is its audio: a
    path, or a command that ends in `|`. A command is a clip without sound, whose reason names it.

    Raises
    ------
    TableError
        If `text` is missing, a line is malformed, or an id is there twice.
    """
    import pandas as pd

    texts = list(transcripts.entries(folder / "text"))
    if not texts:
        raise TableError(f"“{folder / 'text'}” is empty.")
    keys = [key for _, key, _ in texts]
    recordings = _values(folder / "wav.scp")
    segments = _segments(folder / "segments")
    parts = [segments.get(key, (key, 0.0, np.nan)) for key in keys]
    columns: dict[str, list[Any]] = {
        ID: keys,
        AUDIO: [recordings.get(recording, "") for recording, _, _ in parts],
        TEXT: [words for _, _, words in texts],
    }
    if segments:
        columns |= {START: [start for _, start, _ in parts], END: [end for _, _, end in parts]}
    for name, column in _OF_UTTERANCES.items():
        if values := _values(folder / name):
            columns[column] = [values.get(key, "") for key in keys]
    for name, column in _OF_SPEAKERS.items():
        if (values := _values(folder / name)) and "speaker" in columns:
            columns[column] = [values.get(speaker, "") for speaker in columns["speaker"]]
    return Rows(
        pd.DataFrame(columns),
        [number for number, _, _ in texts],
        Roles(AUDIO, TEXT, (), ID, *((START, END) if segments else (None, None))),
        folder=folder.absolute(),
        from_text=False,
        notes=_left_out(keys, segments or recordings),
    )


def _values(path: Path) -> dict[str, str]:
    """What stands behind each first word of a file; nothing where there is no such file."""
    return {key: value for _, key, value in transcripts.entries(path)} if path.is_file() else {}


def _segments(path: Path) -> dict[str, tuple[str, float, float]]:
    """Recording, start and end of each utterance; an end of -1 is that of the recording."""
    segments = {}
    if not path.is_file():
        return {}
    for number, key, value in transcripts.entries(path):
        try:
            recording, *times = value.split()
            start, end = map(float, times)
        except ValueError as error:
            raise TableError(
                f"Row {number} of “{path.name}” is not an utterance, a recording, a start and an end in seconds. Write "
                "it like “utt1 rec1 0.5 2.25”."
            ) from error
        segments[key] = (recording, start, np.nan if end == -1 else end)
    return segments


def _left_out(keys: Sequence[str], known: Mapping[str, object]) -> tuple[str, ...]:
    """A sentence about utterances without a text."""
    with_text = set(keys)
    without = [key for key in known if key not in with_text]
    if not without:
        return ()
    return (
        f"Left out: {counted(len(without), 'utterance')} without a line in “text”, first {', '.join(without[:3])}.",
    )
