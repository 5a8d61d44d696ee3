"""Clips of another time or table, as the present table has them: by the hash of their sound, then by their id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.storage.verdicts.clip_log import LoggedClip

_ID_OF_A_ROW = 12  # digits of an id that was derived from a row; of these hashes one in 280 has no letter
_NEVER = np.iinfo(np.int64).max


class PresentClips:
    """The clips of the present table: ids, and hashes of their sound, b"" where one is not known."""

    def __init__(self, ids: Sequence[str], contents: Sequence[bytes]) -> None:
        self.ids = [str(clip_id) for clip_id in ids]
        self.contents = list(contents)
        self.row_of_id = {clip_id: row for row, clip_id in enumerate(self.ids)}

    @cached_property
    def row_of_content(self) -> dict[bytes, int]:
        """Row by hash; a recording that several rows have names none of them."""
        count = Counter(self.contents)
        return {content: row for row, content in enumerate(self.contents) if content and count[content] == 1}


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

    def __init__(self, present: PresentClips, log: Sequence[LoggedClip], *, is_same_table: bool) -> None:
        self._present = present
        self._is_same_table = is_same_table
        self._log = log
        self._contents = {clip.content for clip in log} - {b""}
        self._since = np.full(len(present.ids), _NEVER)
        for clip in log:
            row = self._row(clip.clip_id, clip.content)
            if row is not None:
                self._since[row] = min(self._since[row], clip.since)

    def rows(self, clip_ids: Sequence[str], number: int) -> NDArray[np.int64]:
        """Rows of clips of a judgement with a number, sorted, each once; those that are gone are left out."""
        rows = (self._row(clip_id, self._content(clip_id, number)) for clip_id in clip_ids)
        return np.array(sorted({row for row in rows if row is not None}), dtype=np.int64)

    def known(self, number: int) -> NDArray[np.bool_] | None:
        """The present clips that the table had when a judgement was made, (n,); None where that is not known."""
        return self._since < number if self._log else None

    @cached_property
    def _logged(self) -> dict[str, list[LoggedClip]]:
        """The log by id, for the clips of judgements: a million clips of which none is judged need no list each."""
        logged = defaultdict(list)
        for clip in self._log:
            logged[clip.clip_id].append(clip)
        return logged

    def _content(self, clip_id: str, number: int) -> bytes:
        """Hash of a clip when a judgement was made; where it was not known then, the one that was known first."""
        logged = self._logged.get(clip_id, [])
        before = next(
            (clip.content for clip in reversed(logged) if clip.since < number and clip.content), b""
        )
        return before or next((clip.content for clip in logged if clip.content), b"")

    def _row(self, clip_id: str, content: bytes) -> int | None:
        present = self._present
        row = present.row_of_id.get(clip_id)
        if content:
            if row is not None and present.contents[row] == content:
                return row
            if content in present.row_of_content:
                return present.row_of_content[content]
        if row is None:
            return None
        if self._is_same_table:
            # Another clip of before has come under this id.
            is_another = bool(content) and present.contents[row] in self._contents
            return None if is_another else row
        is_unsure = not content or not present.contents[row]
        is_number = clip_id.isdigit() and len(clip_id) < _ID_OF_A_ROW
        return row if is_unsure and not is_number else None
