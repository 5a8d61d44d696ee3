"""The views of a table as the page saves them: the last one, and those that somebody gave a name."""

from __future__ import annotations

import logging

from slicecore.errors import StorageError

View = dict[str, str]
"""Parts of a view, as text: name in the address -> value."""

_log = logging.getLogger(__name__)


class ViewFile:
    """The views of one table, in the database of reviews. They are read at every call: two pages may write them.

    Parameters
    ----------
    table
        Path of the table.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def last(self) -> View:
        """The view as it was left; empty before there was one."""
        from slicecore.storage.verdicts.views import LAST

        return self._read().get(LAST, {})

    def named(self) -> dict[str, View]:
        """Views by the names that they were given, in the order of the alphabet."""
        from slicecore.storage.verdicts.views import LAST

        named = ((name, view) for name, view in self._read().items() if name != LAST)
        return dict(sorted(named, key=lambda item: item[0].casefold()))

    def leave(self, view: View) -> None:
        """Keep the view that a restart opens. Raises StorageError."""
        from slicecore.storage.verdicts.views import LAST, save_view

        save_view(self._table, LAST, view)

    def save(self, name: str, view: View) -> None:
        """Keep a view under a name; one of that name is replaced. Raises StorageError."""
        from slicecore.storage.verdicts.views import save_view

        save_view(self._table, name.strip(), view)

    def remove(self, name: str) -> None:
        """Forget a view. Raises StorageError."""
        from slicecore.storage.verdicts.views import remove_view

        remove_view(self._table, name)

    def _read(self) -> dict[str, View]:
        from slicecore.storage.verdicts.views import views_of

        try:
            return views_of(self._table)
        except StorageError as error:
            _log.warning("%s No views are known now.", error)
            return {}
