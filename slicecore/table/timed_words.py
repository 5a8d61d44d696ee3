"""Words with times (NIST ctm), dealt to the clips in which they are spoken."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path, PurePosixPath

import numpy as np

from slicecore.table.cells import as_seconds, as_text
from slicecore.table.readers.nist import timed_words
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles
from slicecore.wording import counted

CHANNEL = "channel"


def words_of_clips(rows: Rows, roles: Roles, path: Path) -> tuple[list[str], list[str]]:
    """The words of every clip: those whose middle lies in it, in the order of their times.

    Parameters
    ----------
    rows, roles
        A table whose clips are parts of recordings. A column `channel`, where there is one, tells apart who speaks at
        the same time.
    path
        The words: recording, channel, start and duration of each.

    Returns
    -------
    texts, notes
        A text per row, and sentences about words that lie in no clip.

    Raises
    ------
    TableError
        If the file can't be read, or a start or an end is no time.
    """
    frame = rows.frame
    by_channel = CHANNEL in frame.columns
    recordings = [_stem(name) for name in as_text(frame[roles.audio]).tolist()]
    channels = as_text(frame[CHANNEL]).tolist() if by_channel else [""] * len(frame)
    starts = as_seconds(frame[roles.start], rows.numbers).fillna(0.0).to_numpy()
    ends = np.full(len(frame), np.inf)
    if roles.end is not None:
        ends = as_seconds(frame[roles.end], rows.numbers).fillna(np.inf).to_numpy()
    rows_of = defaultdict(list)
    for row, key in enumerate(zip(recordings, channels, strict=True)):
        rows_of[key].append(row)
    in_order = {key: np.array(own)[np.argsort(starts[own], kind="stable")] for key, own in rows_of.items()}
    texts: list[list[str]] = [[] for _ in range(len(frame))]
    outside = 0
    for word in sorted(timed_words(path), key=lambda word: word.start):
        own = in_order.get((_stem(word.file), word.channel if by_channel else ""), np.array([], int))
        middle = word.start + word.duration / 2
        at = int(np.searchsorted(starts[own], middle, side="right")) - 1
        if at < 0 or middle >= ends[own[at]]:
            outside += 1
        else:
            texts[own[at]].append(word.text)
    empty = sum(not words for words in texts)
    notes = []
    if outside:
        notes.append(f"Left out: {counted(outside, 'word')} of “{path.name}” in no clip.")
    if empty:
        notes.append(
            f"“{path.name}” has no words for {empty:,} of {len(texts):,} clips; theirs count as empty."
        )
    return [" ".join(words) for words in texts], notes


def _stem(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).stem
