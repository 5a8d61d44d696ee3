"""Cuts of Lhotse: a JSON object a line, gzipped or not. Commands that make sound are never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.errors import TableError
from slicecore.table.readers import json_rows
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles
from slicecore.wording import counted

ID, AUDIO, TEXT, START, END = "id", "audio", "text", "start", "end"
CUTS = ("MonoCut", "MultiCut", "Cut")
MIXED, PADDING = "MixedCut", "PaddingCut"
_OWN = {"id", "recording_id", "start", "duration", "text", "custom", "alignment", "channel"}
_SHORTEST_S = 1e-3
_MIXED_DOWN = "Mix them down and save them with their audio: cuts.save_audios(…) in lhotse"


def read(path: Path) -> Rows:
    """Read cuts. The clip of a cut is its part of the recording; its reference the texts of its supervisions in order.

    What else a supervision says (speaker, language, gender) and custom entries of cut and supervision are columns, so a
    custom `pred_text` is a prediction. Mixed cuts of one recording and silence, as padding makes them, are that of the
    recording; those of several recordings are left out, and counted.

    Raises
    ------
    TableError
        If the file can't be read or holds something else than cuts of one recording.
    """
    numbers, rows, mixtures = [], [], []
    for number, cut in json_rows.records(path):
        single = _alone(cut)
        if single is None:
            mixtures.append(number)
            continue
        numbers.append(number)
        rows.append(_Cut(single, f"Row {number} of “{path.name}”").row())
    if not rows:
        raise TableError(
            f"All cuts of “{path.name}” are mixtures of several recordings. {_MIXED_DOWN}."
            if mixtures
            else f"“{path.name}” has no rows."
        )
    notes = _note(mixtures)
    if not any(START in row for row in rows):
        frame = json_rows.frame_of(rows)
        return Rows(frame, numbers, Roles(AUDIO, TEXT, (), ID), from_text=False, notes=notes)
    frame = json_rows.frame_of(row | {START: row.get(START), END: row.get(END)} for row in rows)
    return Rows(frame, numbers, Roles(AUDIO, TEXT, (), ID, START, END), from_text=False, notes=notes)


def _alone(cut: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The cut of one recording that a mixed one is, but for silence beside it; None for several recordings."""
    tracks = cut.get("tracks")
    if cut.get("type") != MIXED or not isinstance(tracks, list):
        return cut
    cuts = [track.get("cut") for track in tracks if isinstance(track, dict)]
    audible = [inner for inner in cuts if isinstance(inner, dict) and inner.get("type") != PADDING]
    return audible[0] | {"id": cut.get("id", "")} if len(audible) == 1 else None


def _note(mixtures: list[int]) -> tuple[str, ...]:
    if not mixtures:
        return ()
    cuts = counted(len(mixtures), "cut")
    return (f"{cuts} of several recordings left out, the first in row {mixtures[0]}. {_MIXED_DOWN}.",)


class _Cut:
    """A cut as JSON has it; `where` names its row for messages."""

    def __init__(self, cut: Mapping[str, Any], where: str) -> None:
        self._cut = cut
        self._where = where

    def row(self) -> dict[str, Any]:
        """Id, audio, text, start and end where the cut is a part, and everything else. Raises TableError."""
        kind = self._cut.get("type", "Cut")
        recording = self._cut.get("recording")
        if kind not in CUTS or not isinstance(recording, dict):
            raise self._error(
                f"is a {kind} without a recording of its own",
                "Cuts of one recording each are read: mix them down and save them with their audio first",
            )
        row: dict[str, Any] = {ID: str(self._cut.get("id", "")), AUDIO: self._source(recording)}
        supervisions = sorted(self._supervisions(), key=lambda one: self._number(one, "start"))
        row[TEXT] = " ".join(str(one.get("text") or "") for one in supervisions).strip()
        start, length = self._number(self._cut, "start"), self._number(self._cut, "duration")
        whole = self._number(recording, "duration")
        if start > 0 or (whole > 0 and abs(length - whole) > _SHORTEST_S):
            row |= {START: start, END: round(start + length, 6)}
        for name, value in self._further(supervisions):
            row.setdefault(name, value)
        return row

    def _supervisions(self) -> list[Mapping[str, Any]]:
        supervisions = self._cut.get("supervisions") or []
        if not isinstance(supervisions, list) or not all(isinstance(one, dict) for one in supervisions):
            raise self._error(
                "has supervisions that are no list of objects", "Write the cuts again with lhotse"
            )
        return supervisions

    def _source(self, recording: Mapping[str, Any]) -> str:
        """Path or URL of the recording; a command ends in `|`, as in Kaldi."""
        sources = recording.get("sources")
        if not isinstance(sources, list) or not sources or not isinstance(sources[0], dict):
            raise self._error("has a recording without sources", "Write the cuts again with lhotse")
        source, kind = str(sources[0].get("source", "")), sources[0].get("type")
        if kind == "command":
            return f"{source} |"
        if kind not in ("file", "url"):
            raise self._error(
                f"has a recording of type “{kind}”", "Save the audio as files: cuts.save_audios(…) in lhotse"
            )
        return source

    def _further(self, supervisions: list[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
        """Entries of the first supervision and custom ones, which become columns."""
        first = supervisions[0] if supervisions else {}
        yield from ((name, value) for name, value in first.items() if name not in _OWN)
        for holder in (first, self._cut):
            custom = holder.get("custom")
            if isinstance(custom, dict):
                yield from json_rows.flattened(custom, self._where).items()

    def _number(self, holder: Mapping[str, Any], name: str) -> float:
        value = holder.get(name, 0.0)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not np.isfinite(json_rows.float_of(value))
        ):
            raise self._error(f"has “{str(value)[:40]}” as {name}", "It has to be a number of seconds")
        return json_rows.float_of(value)

    def _error(self, problem: str, remedy: str) -> TableError:
        return TableError(f"{self._where} {problem}. {remedy}.")
