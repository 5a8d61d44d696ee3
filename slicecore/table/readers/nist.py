"""Files of NIST's scoring tools: transcripts (trn), segments with times (stm), words with times (ctm)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from slicecore.errors import TableError
from slicecore.table.readers.rows import Rows
from slicecore.table.readers.text_files import open_text
from slicecore.table.roles import Roles
from slicecore.wording import counted

_TRN = re.compile(r"(.*)\(([^()\s]+)\)\s*")
_LABEL = re.compile(r"<[^<>\s]*>")
_IGNORED = "IGNORE_TIME_SEGMENT_IN_SCORING"
_COMMENT = ";;"
_SOUNDS = ("", ".wav", ".flac", ".sph", ".mp3", ".ogg", ".opus", ".m4a")


def is_trn(lines: Sequence[str]) -> bool:
    """Return whether every line ends in an utterance's id in parentheses."""
    return bool(lines) and all(_TRN.fullmatch(line) for line in lines if not line.startswith(_COMMENT))


def is_stm(lines: Sequence[str]) -> bool:
    """Return whether lines are file, channel, speaker, start, end and words."""
    cells = [line.split(maxsplit=5) for line in lines if not line.startswith(_COMMENT)]
    return bool(cells) and all(len(row) >= 5 and _is_number(row[3]) and _is_number(row[4]) for row in cells)


def is_ctm(lines: Sequence[str]) -> bool:
    """Return whether lines are file, channel, start, duration, word and perhaps more."""
    cells = [line.split() for line in lines if not line.startswith(_COMMENT)]
    return bool(cells) and all(
        5 <= len(row) <= 8 and _is_number(row[2]) and _is_number(row[3]) for row in cells
    )


def read_trn(path: Path) -> Rows:
    """Read transcripts, a line each: the words, then the utterance's id in parentheses.

    Raises
    ------
    TableError
        If the file can't be read, a line has no id, or an id is there twice.
    """
    numbers, rows = [], []
    known: dict[str, int] = {}
    for number, line in _lines(path):
        match = _TRN.fullmatch(line)
        if match is None:
            raise TableError(
                f"Row {number} of “{path.name}” does not end in an id in parentheses. Write it like “good day (utt-1)”."
            )
        if match[2] in known:
            raise TableError(
                f"“{match[2]}” is in row {known[match[2]]} of “{path.name}” and again in row {number}. Keep one."
            )
        known[match[2]] = number
        numbers.append(number)
        rows.append((match[2], match[1].strip()))
    return _rows(path, rows, ("id", "text"), numbers, Roles(reference="text", id="id"))


def read_stm(path: Path) -> Rows:
    """Read segments: file, channel, speaker, start, end, perhaps a label in angle brackets, words.

    The recording is the file of that name beside the table. Segments that are not to be scored are left out.

    Raises
    ------
    TableError
        If the file can't be read or a line lacks a field or has times that are no numbers.
    """
    numbers, rows, ignored = [], [], 0
    for number, line in _lines(path):
        cells = line.split(maxsplit=5)
        if len(cells) < 5 or not _is_number(cells[3]) or not _is_number(cells[4]):
            raise TableError(
                f"Row {number} of “{path.name}” is not file, channel, speaker, start, end and words. Write it like "
                "“call1 1 anna 0.50 2.25 <o,f0,female> good day”."
            )
        file, channel, speaker, start, end = cells[:5]
        label, words = _labelled(cells[5].strip() if len(cells) == 6 else "")
        if words == _IGNORED:
            ignored += 1
            continue
        numbers.append(number)
        rows.append((file, channel, speaker, float(start), float(end), label, words))
    names = ("file", "channel", "speaker", "start", "end", "label", "text")
    notes = (
        (f"Left out: {counted(ignored, 'segment')} of “{path.name}” not to be scored.",) if ignored else ()
    )
    read = _rows(path, rows, names, numbers, Roles("file", "text", start="start", end="end"), notes)
    places = {file: sound_of(file, path) for file in {row[0] for row in rows}}
    return Rows(
        read.frame,
        read.numbers,
        read.roles,
        places=[places[row[0]] for row in rows],
        from_text=False,
        notes=notes,
    )


def read_ctm(path: Path) -> Rows:
    """Read words with times. The words of a file and channel are one text.

    Raises
    ------
    TableError
        As `timed_words`.
    """
    words: dict[tuple[str, str], list[TimedWord]] = {}
    for word in timed_words(path):
        words.setdefault((word.file, word.channel), []).append(word)
    one_each = len({file for file, _ in words}) == len(words)
    rows = [
        (
            file if one_each else f"{file}-{channel}",
            " ".join(word.text for word in sorted(spoken, key=lambda word: word.start)),
        )
        for (file, channel), spoken in words.items()
    ]
    numbers = [spoken[0].number for spoken in words.values()]
    return _rows(path, rows, ("id", "text"), numbers, Roles(reference="text", id="id"))


class TimedWord(NamedTuple):
    """A word of a ctm file: number of its line, recording, channel, start and duration in seconds, text."""

    number: int
    file: str
    channel: str
    start: float
    duration: float
    text: str


def timed_words(path: Path) -> Iterator[TimedWord]:
    """Words of a file of file, channel, start, duration and word, in its order.

    Raises
    ------
    TableError
        If the file can't be read or a line lacks a field or has times that are no numbers.
    """
    for number, line in _lines(path):
        cells = line.split()
        if len(cells) < 5 or not _is_number(cells[2]) or not _is_number(cells[3]):
            raise TableError(
                f"Row {number} of “{path.name}” is not file, channel, start, duration and word. Write it like "
                "“call1 1 0.50 0.25 good”."
            )
        yield TimedWord(number, cells[0], cells[1], float(cells[2]), float(cells[3]), cells[4])


def sound_of(name: str, table: Path) -> Path | None:
    """The recording beside a table that is called so, with one of the usual endings; None for no name."""
    if not name.strip():
        return None
    folder = table.absolute().parent
    try:
        there = next((name + ending for ending in _SOUNDS if (folder / (name + ending)).is_file()), None)
    except (OSError, ValueError):
        there = None
    return Path(there or name)


def _rows(
    path: Path,
    rows: Sequence[tuple[object, ...]],
    names: Sequence[str],
    numbers: Sequence[int],
    roles: Roles,
    notes: tuple[str, ...] = (),
) -> Rows:
    import pandas as pd

    if not rows:
        raise TableError(f"“{path.name}” has no rows.")
    return Rows(pd.DataFrame(rows, columns=list(names)), numbers, roles, from_text=False, notes=notes)


def _labelled(text: str) -> tuple[str, str]:
    label, _, words = text.partition(" ")
    return (label, words.strip()) if _LABEL.fullmatch(label) else ("", text)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are neither blank nor comments, with their numbers."""
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            text = line.strip()
            if text and not text.startswith(_COMMENT):
                yield number, text


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
