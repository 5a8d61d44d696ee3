"""Rows of clips by id, as a sorted column: a dictionary of a million ids would take 150 megabytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property

_AT_ONCE = 1 << 16  # ids that are looked up together


class RowsOfIds(Mapping[str, int]):
    """Row of every clip by id; of equal ids the last.

    Parameters
    ----------
    ids
        (n,) of str; a column of numpy is not copied.
    """

    def __init__(self, ids: Sequence[str] | NDArray[np.str_]) -> None:
        self.ids: NDArray[np.str_] = np.asarray(ids, dtype=np.str_)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids.tolist())

    def __getitem__(self, clip_id: str) -> int:
        row = int(self.rows([clip_id])[0])
        if row < 0:
            raise KeyError(clip_id)
        return row

    def rows(self, ids: Sequence[str] | NDArray[np.str_]) -> NDArray[np.int64]:
        """Rows of some ids, −1 for those that no clip has."""
        wanted = np.asarray(ids, dtype=np.str_)
        rows = np.full(len(wanted), -1)
        if not len(self.ids):
            return rows
        # Longer ones than all that are known would make these as long.
        short = np.char.str_len(wanted) <= self.ids.dtype.itemsize // 4
        for begin in range(0, len(wanted), _AT_ONCE):
            some = slice(begin, begin + _AT_ONCE)
            rows[some] = np.where(short[some], self._looked_up(wanted[some].astype(self.ids.dtype)), -1)
        return rows

    def _looked_up(self, wanted: NDArray[np.str_]) -> NDArray[np.int64]:
        first = self._searched(wanted[:1])[0]
        together = self.ids[first : first + len(wanted)]
        if first >= 0 and len(together) == len(wanted) and (together == wanted).all() and self._differ:
            return np.arange(first, first + len(wanted))  # as in the table: they need no search
        return self._searched(wanted)

    def _searched(self, wanted: NDArray[np.str_]) -> NDArray[np.int64]:
        at = np.searchsorted(self.ids, wanted, side="right", sorter=self._order) - 1
        rows = self._order[at].astype(np.int64)
        return np.where((at >= 0) & (self.ids[rows] == wanted), rows, -1)

    @cached_property
    def _order(self) -> NDArray[np.int32]:
        return np.argsort(self.ids, kind="stable").astype(np.int32 if len(self.ids) < 1 << 31 else np.int64)

    @cached_property
    def _differ(self) -> bool:
        """True if no two clips have the same id."""
        starts = range(0, len(self.ids), _AT_ONCE)
        runs = (self.ids[self._order[begin : begin + _AT_ONCE + 1]] for begin in starts)
        return all((run[1:] != run[:-1]).all() for run in runs)
