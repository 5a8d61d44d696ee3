"""The file of a table's views in its workspace: the last one, and those that somebody gave a name."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import workspace_folder

View = dict[str, str]
"""Parts of a view, as text: name in the address -> value."""

_log = logging.getLogger(__name__)
_writing = threading.Lock()
"""One change of a file of views at a time: all sessions are threads of one process."""


class ViewFile:
    """The views of one table, in a JSON file. It is read at every call: two pages may write it.

    Parameters
    ----------
    table
        Path of the table.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    @property
    def path(self) -> Path:
        """Place of the file."""
        return workspace_folder(self._table) / "views.json"

    def last(self) -> View:
        """The view as it was left; empty before there was one."""
        return self._read()["last"]

    def named(self) -> dict[str, View]:
        """Views by the names that they were given, in the order of the alphabet."""
        return dict(sorted(self._read()["named"].items(), key=lambda item: item[0].casefold()))

    def leave(self, view: View) -> None:
        """Keep the view that a restart opens. Raises StorageError."""
        self._change(lambda views: {**views, "last": view})

    def save(self, name: str, view: View) -> None:
        """Keep a view under a name; one of that name is replaced. Raises StorageError."""
        self._change(lambda views: {**views, "named": {**views["named"], name.strip(): view}})

    def remove(self, name: str) -> None:
        """Forget a view. Raises StorageError."""
        self._change(
            lambda views: {**views, "named": {n: view for n, view in views["named"].items() if n != name}}
        )

    def _read(self) -> dict:
        nothing: dict = {"last": {}, "named": {}}
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            return {
                "last": _as_view(stored["last"]),
                "named": {str(name): _as_view(view) for name, view in stored["named"].items()},
            }
        except FileNotFoundError:
            return nothing
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("The views in %s can't be read (%s); none are known now.", self.path, error)
            return nothing

    def _change(self, changed: Callable[[dict], dict]) -> None:
        with _writing:
            text = json.dumps(changed(self._read()), indent=1)
            try:
                write_whole(self.path, lambda part: part.write_text(text, encoding="utf-8"))
            except OSError as error:
                raise StorageError(f"The views can't be saved in {self.path}: {error}.") from error


def _as_view(raw: dict) -> View:
    return {str(name): str(value) for name, value in raw.items()}
