"""Tables that the reader has opened, and how to read each. A page knows a table by its token, never by a path."""

from __future__ import annotations

import hashlib
import heapq
import json
import logging
import os
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from slicecore.audio import embedded
from slicecore.errors import TableError
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import cache_folder, home, table_name
from slicecore.table.cached_table import read_cached
from slicecore.table.dataset import Dataset
from slicecore_app.access.configuration import current
from slicecore_app.access.places import Places
from slicecore_app.launch import TABLES_VARIABLE
from slicecore_app.server import uploads
from slicecore_app.server.numbers_of_clips import numbers_of_clips

SAMPLE = Path(__file__).parents[3] / "sample_data" / "table.csv"
_MOST_REMEMBERED = 20
_MOST_LOOKED_AT = 200
_ASK = "Ask whoever runs it to add the folder with --tables-from, or in the file of --config."
_log = logging.getLogger(__name__)
_writing = threading.Lock()


@dataclass(frozen=True)
class Source:
    """A table on disk and the columns chosen for it; empty choices are guessed when it is read."""

    path: str
    audio: str | None = None
    reference: str | None = None
    predictions: tuple[str, ...] = ()
    id: str | None = None
    start: str | None = None
    end: str | None = None
    folder: str | None = None
    format: str | None = None
    prediction_files: tuple[tuple[str, str], ...] = ()
    mean_of: str | None = None

    @property
    def token(self) -> str:
        """Stable name of the table for widgets and addresses."""
        return hashlib.sha256(self.path.encode()).hexdigest()[:10]

    @property
    def name(self) -> str:
        """Name of the table on the page."""
        return table_name(self.path)

    @property
    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Path and time of the last change, in ns, of everything that is looked at; empty when any of it is gone.

        Looked at are the file, or the folder and the files directly in it, and the files of predictions, at every
        call. Another stamp is another state, also where a file was replaced by an older one.
        """
        try:
            return tuple(changed for path in self._paths for changed in _changed(path))
        except OSError:
            return ()

    @property
    def is_there(self) -> bool:
        """True if the table and its files of predictions exist."""
        return all(map(os.path.exists, self._paths))

    @property
    def _paths(self) -> tuple[str, ...]:
        return self.path, *(file for _, file in self.prediction_files)

    def read(self) -> Dataset:
        """Read the table; one without references is of numbers if it has any.

        Raises
        ------
        TableError
            It can't be read, or something that belongs to it is in none of the places that the page may read.
        """
        for path in (*self._paths, self.folder):
            if path:
                require_allowed(path)
        data = self._read()
        require_recordings_allowed(data)
        return data

    def _read(self) -> Dataset:
        arguments: dict[str, Any] = {
            "audio": self.audio,
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "folder": self.folder,
            "format": self.format,
        }
        try:
            return read_cached(
                self.path,
                cache_folder(),
                reference=self.reference,
                prediction=self.predictions or None,
                predictions=dict(self.prediction_files),
                mean_of=self.mean_of,
                **arguments,
            )
        except TableError:
            if self.reference is not None or self.prediction_files or self.mean_of is not None:
                raise
            numbers = numbers_of_clips(self.path, self.predictions, arguments)
            if numbers is None:
                raise
            return numbers


def places() -> Places | None:
    """The places that the page may read, with those of tables that the command line names; None for all."""
    folders = current(st.get_option("server.address") or "").folders
    if folders is None:
        return None
    started = started_with() or [Source(str(SAMPLE))]
    named = [place for source in started for place in (str(Path(source.path).parent), source.folder) if place]
    files = [file for source in started for _, file in source.prediction_files]
    return Places([*folders, *named, *files, *uploads.folders()])


def is_allowed(path: str | Path) -> bool:
    """True for a file, folder or URL in one of the places that the page may read, or of a table in memory."""
    allowed = places()
    return allowed is None or allowed.have(path) or embedded.is_kept(path)


def require_allowed(path: str | Path) -> None:
    """Raise TableError for a file, folder or URL that is in none of the places that the page may read."""
    if not is_allowed(path):
        raise TableError(f"{path} is in none of the places that this page may read. {_ASK}")


def require_recordings_allowed(data: Dataset) -> None:
    """Raise TableError where a table names a recording that is in none of the places that the page may read."""
    allowed = places()
    if allowed is None:
        return
    paths = [None if path is None or embedded.is_kept(path) else path for path in data.audio_paths]
    row = allowed.first_outside(paths)
    if row is not None:
        raise TableError(
            f"Row {data.numbers[row]} names the recording {paths[row]}, which is in none of the places that this page "
            f"may read. {_ASK}"
        )


def _changed(path: str) -> list[tuple[str, int]]:
    """Times of the last change of a file, or of a folder and its first files by name. Raises OSError."""
    files = []
    if os.path.isdir(path):
        with os.scandir(path) as entries:
            files = heapq.nsmallest(_MOST_LOOKED_AT, (entry.path for entry in entries if entry.is_file()))
    return [(file, os.stat(file).st_mtime_ns) for file in (path, *files)]


def known() -> dict[str, Source]:
    """All tables to choose from, by token: those the app was started with, then those opened before."""
    remembered = {entry.source.token: entry.source for entry in _remembered() if not entry.by_command}
    started = started_with()
    if not started and SAMPLE.is_file():
        started = [Source(str(SAMPLE))]
    first = {
        source.token: remembered.get(source.token, source) if source == Source(source.path) else source
        for source in started
    }
    others = {token: source for token, source in remembered.items() if token not in first}
    return first | {
        token: source for token, source in others.items() if source.is_there and is_allowed(source.path)
    }


def recent() -> list[Source]:
    """Tables that were opened on this machine before, the newest first, also those that are gone."""
    return [entry.source for entry in _remembered() if is_allowed(entry.source.path)]


def started_with() -> list[Source]:
    """The tables that the command line names."""
    entries = json.loads(os.environ.get(TABLES_VARIABLE, "[]"))
    return [_source({"path": entry} if isinstance(entry, str) else entry) for entry in entries]


def _source(entry: dict[str, Any]) -> Source:
    files = tuple((name, path) for name, path in entry.get("prediction_files", ()))
    return Source(**{**entry, "predictions": tuple(entry.get("predictions", ())), "prediction_files": files})


def remember(source: Source) -> Source:
    """Keep a table for later sessions; its path becomes absolute."""
    source = replace(source, path=str(Path(source.path).expanduser().resolve()))
    with _writing:
        _write(_Remembered(source), _remembered())
    return source


def remember_started(source: Source) -> None:
    """List a table that the command line named among those opened before, now that it was opened.

    How the data page mapped it stays. Tables that slicecore has written for a page itself are not listed.
    """
    named = {started.token for started in started_with()}
    if source.token not in named or Path(source.path).is_relative_to(home()):
        return
    with _writing:
        entries = _remembered()
        mapped = (each for each in entries if each.source.token == source.token and not each.by_command)
        entry = next(mapped, _Remembered(source, by_command=True))
        if entry in entries[:1]:
            return
        try:
            _write(entry, entries)
        except OSError as error:
            _log.warning("The table can't be listed among those opened before (%s).", error)


@dataclass(frozen=True)
class _Remembered:
    """A table of the list; one `by_command` is not among the tables to choose from in the head of the page."""

    source: Source
    by_command: bool = False


def _write(first: _Remembered, entries: list[_Remembered]) -> None:
    others = [entry for entry in entries if entry.source.token != first.source.token]
    written = [
        asdict(entry.source) | ({"by_command": True} if entry.by_command else {})
        for entry in [first, *others][:_MOST_REMEMBERED]
    ]
    write_whole(_file(), lambda part: part.write_text(json.dumps(written, indent=1), encoding="utf-8"))


def _file() -> Path:
    return home() / "tables.json"


def _remembered() -> list[_Remembered]:
    try:
        entries = json.loads(_file().read_text(encoding="utf-8"))
        return [
            _Remembered(by_command=entry.pop("by_command", False), source=_source(entry)) for entry in entries
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        _log.warning(
            "The list of opened tables %s can't be read (%s); no table is remembered.", _file(), error
        )
        return []
