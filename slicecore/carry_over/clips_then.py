"""Clips of another time or table, as the present table has them: by the hash of their sound, then by their id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.storage.verdicts.clip_log import LoggedClips
from slicecore.storage.verdicts.rows_of_ids import RowsOfIds

_ID_OF_A_ROW = 12  # digits of an id that was derived from a row; of these hashes one in 280 has no letter
_NEVER = np.iinfo(np.int64).max
_AT_ONCE = 1 << 16  # entries of a log that are looked up together
_MOST_FOUND = 1 << 21  # clips of judgements that are remembered
_UNKNOWN = -1  # place of a hash that is not known


class PresentClips:
    """The clips of the present table: ids, and hashes of their sound, b"" where one is not known."""

    def __init__(self, ids: Sequence[str] | NDArray[np.str_], contents: Sequence[bytes]) -> None:
        self.row_of_id = RowsOfIds(ids)
        self.contents: NDArray[np.bytes_] = np.asarray(contents, dtype=np.bytes_)

    def __len__(self) -> int:
        return len(self.row_of_id)

    def rows_of_contents(self, contents: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Rows of some hashes, −1 for those that no clip has; a recording that several rows have names none of them."""
        known, rows = self._single
        if not len(known):
            return np.full(len(contents), -1)
        at = np.minimum(np.searchsorted(known, contents), len(known) - 1)
        return np.where(known[at] == contents, rows[at], -1)

    @cached_property
    def _single(self) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
        """Hashes that one row alone has, sorted, and these rows."""
        known, rows, count = np.unique(self.contents, return_index=True, return_counts=True)
        single = (count == 1) & (known != b"")
        return known[single], rows[single]


class ClipsThen:
    """Clips that a table has had over time, and their rows in the present table.

    Parameters
    ----------
    present
        The clips of the present table.
    log
        Those of the other one, oldest first; empty where they are not known.
    is_same_table
        Whether both are the same table at different times: then an id means the same clip, also where its recording
        was replaced. Ids of another table count where a sound is not known and they are no mere numbers.
    """

    def __init__(self, present: PresentClips, log: LoggedClips, *, is_same_table: bool) -> None:
        self._present = present
        self._is_same_table = is_same_table
        self._is_logged = len(log) > 0
        self._looks = np.unique(log.since)  # numbers of the judgements at which clips were noted
        # Rows that were found of judgements, as the same are asked for at every move, and the number of their clips.
        self._found: dict[tuple[tuple[str, ...], int], NDArray[np.int64]] = {}
        self._clips_found = 0
        self._known: dict[int, NDArray[np.bool_] | None] = {}
        # A clip of the log is a row of the present table, or stands after these among those that are gone; so are the
        # hashes. What both have is kept once.
        rows = present.row_of_id.rows(log.ids)
        self._gone = RowsOfIds(np.unique(log.ids[rows < 0]))
        rows[rows < 0] = len(present) + self._gone.rows(log.ids[rows < 0])
        by_clip = np.argsort(rows, kind="stable")  # entries of a clip side by side, oldest first
        self._other_contents, place = _places(log, rows, present)
        self._clip, self._since_of, self._place = (
            _narrow(column[by_clip]) for column in (rows, log.since, place)
        )
        self._since = np.full(len(present), _NEVER)
        for begin in range(0, len(log), _AT_ONCE):
            some = slice(begin, begin + _AT_ONCE)
            at = self._rows(log.ids[some], log.contents[some])
            np.minimum.at(self._since, at[at >= 0], log.since[some][at >= 0])

    def rows(self, clip_ids: Iterable[str], number: int) -> NDArray[np.int64]:
        """Rows of clips of a judgement with a number, sorted, each once; those that are gone are left out."""
        judged = tuple(clip_ids), self._looks_before(number)
        known = self._found  # another thread may begin a new one
        if judged not in known:
            if self._clips_found > _MOST_FOUND:
                known, self._clips_found = {}, 0
                self._found = known
            self._clips_found += len(judged[0])
            ids = np.unique(np.array(judged[0], dtype=np.str_))
            rows = self._rows(ids, self._contents(ids, number))
            known[judged] = np.unique(rows[rows >= 0])
        return known[judged]

    def known(self, number: int) -> NDArray[np.bool_] | None:
        """The present clips that the table had when a judgement was made, (n,); None for all, or where nobody knows."""
        if not self._is_logged:
            return None
        looks = self._looks_before(number)
        if looks not in self._known:
            had = self._since < number
            self._known[looks] = None if had.all() else had
        return self._known[looks]

    def _looks_before(self, number: int) -> int:
        """Number of looks at the table before a judgement: between two of them its clips are the same."""
        return int(np.searchsorted(self._looks, number))

    def _contents(self, ids: NDArray[np.str_], number: int) -> NDArray[np.bytes_]:
        """Hashes of clips when a judgement was made; where one was not known then, the one that was known first."""
        clips = self._present.row_of_id.rows(ids)
        gone = self._gone.rows(ids)
        clips = np.where((clips < 0) & (gone >= 0), len(self._present) + gone, clips)
        first, last = (np.searchsorted(self._clip, clips, side) for side in ("left", "right"))
        count = last - first
        clip = np.repeat(np.arange(len(ids)), count)
        entry = np.arange(len(clip)) - np.repeat(np.cumsum(count) - count, count) + first[clip]
        is_known = self._place[entry] != _UNKNOWN
        clip, entry = clip[is_known], entry[is_known]
        place = np.full(len(ids), _UNKNOWN)
        place[clip[::-1]] = self._place[entry[::-1]]  # of several the last that is put there stays
        before = self._since_of[entry] < number
        place[clip[before]] = self._place[entry[before]]
        return self._hashes(place)

    def _hashes(self, place: NDArray[np.int64]) -> NDArray[np.bytes_]:
        n, own, other = len(self._present), self._present.contents, self._other_contents
        hashes = np.zeros(len(place), dtype=np.promote_types(own.dtype, other.dtype))
        is_own, is_other = (place != _UNKNOWN) & (place < n), place >= n
        hashes[is_own], hashes[is_other] = own[place[is_own]], other[place[is_other] - n]
        return hashes

    def _rows(self, ids: NDArray[np.str_], contents: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Rows of clips that had these hashes, −1 for none."""
        present = self._present
        row, is_known = present.row_of_id.rows(ids), contents != b""
        content_now = np.where(row >= 0, present.contents[row], b"") if len(present) else contents
        same = (row >= 0) & is_known & (content_now == contents)
        moved = np.full(len(ids), -1)
        asked = is_known & ~same
        if asked.any():
            moved[asked] = present.rows_of_contents(contents[asked])
        by_id = (row >= 0) & ~same & (moved < 0)
        if self._is_same_table:
            replaced = by_id & is_known
            if replaced.any():  # another clip of before may have come under this id
                by_id[replaced] = ~np.isin(content_now[replaced], self._logged_contents)
        else:
            is_number = np.char.isdigit(ids) & (np.char.str_len(ids) < _ID_OF_A_ROW)
            by_id &= (~is_known | (content_now == b"")) & ~is_number
        return np.where(same | by_id, row, moved)

    @cached_property
    def _logged_contents(self) -> NDArray[np.bytes_]:
        """Different hashes of the log."""
        return self._hashes(np.unique(self._place[self._place != _UNKNOWN]))


def _places(
    log: LoggedClips, rows: NDArray[np.int64], present: PresentClips
) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
    """Hashes of the log that are not those of the present clips with its ids, and (m,) where that of every entry is.

    A place is a row of the present table, or after all these a place in the others; −1 where no hash is known.
    """
    n, place = len(present), np.full(len(log), _UNKNOWN)
    for begin in range(0, len(log), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        is_present = rows[some] < n
        own = np.zeros(len(is_present), present.contents.dtype)
        own[is_present] = present.contents[rows[some][is_present]]
        is_own = is_present & (own == log.contents[some]) & (own != b"")
        place[some] = np.where(is_own, rows[some], _UNKNOWN)
    is_other = (place == _UNKNOWN) & (log.contents != b"")
    others, at = np.unique(log.contents[is_other], return_inverse=True)
    place[is_other] = n + at
    return others, place


def _narrow(numbers: NDArray[np.int64]) -> NDArray[np.signedinteger]:
    """Whole numbers in 32 bits where they fit."""
    return numbers.astype(np.int32) if np.abs(numbers).max(initial=0) < 1 << 31 else numbers
