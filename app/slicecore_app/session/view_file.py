"""Views of a table that are kept in its workspace: the last one, and those that somebody gave a name."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.home import workspace_folder

View = dict[str, str]
"""What a view consists of, as text: name in the address -> value."""

_log = logging.getLogger(__name__)


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
        """Where the views are."""
        return workspace_folder(self._table) / "views.json"

    def last(self) -> View:
        """The view as it was left; empty before there was one."""
        return self._read()["last"]

    def named(self) -> dict[str, View]:
        """Views by the names that they were given, in the order of the alphabet."""
        return dict(sorted(self._read()["named"].items(), key=lambda item: item[0].casefold()))

    def leave(self, view: View) -> None:
        """Keep the view that a restart opens. Raises StorageError."""
        self._write({**self._read(), "last": view})

    def save(self, name: str, view: View) -> None:
        """Keep a view under a name; one of that name is replaced. Raises StorageError."""
        kept = self._read()
        self._write({**kept, "named": {**kept["named"], name.strip(): view}})

    def remove(self, name: str) -> None:
        """Forget a view. Raises StorageError."""
        kept = self._read()
        self._write({**kept, "named": {n: view for n, view in kept["named"].items() if n != name}})

    def _read(self) -> dict:
        nothing: dict = {"last": {}, "named": {}}
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return {
                "last": _as_view(kept["last"]),
                "named": {str(name): _as_view(view) for name, view in kept["named"].items()},
            }
        except FileNotFoundError:
            return nothing
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("The views in %s can't be read (%s); they begin anew.", self.path, error)
            return nothing

    def _write(self, kept: dict) -> None:
        try:
            part = self.path.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            part.replace(self.path)
        except OSError as error:
            raise StorageError(f"The views can't be kept in {self.path}: {error}.") from error


def _as_view(raw: dict) -> View:
    return {str(name): str(value) for name, value in raw.items()}
