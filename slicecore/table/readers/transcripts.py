"""Texts by name: a line is an utterance's id and its words, as in Kaldi's `text` and LibriSpeech's `*.trans.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from slicecore.errors import TableError
from slicecore.table.readers.rows import Rows, numbered
from slicecore.table.readers.text_files import open_text
from slicecore.table.roles import Roles

ID, TEXT = "id", "text"
_NAME = re.compile(r"[^\s,;\"]*\d[^\s,;\"]*")


def read(path: Path) -> Rows:
    """Read a file of ids with their words.

    Raises
    ------
    TableError
        If the file can't be read, is empty, or an id is there twice.
    """
    import pandas as pd

    texts = list(entries(path))
    if not texts:
        raise TableError(f"“{path.name}” is empty.")
    frame = pd.DataFrame(
        {ID: [key for _, key, _ in texts], TEXT: [words for _, _, words in texts]}, dtype=str
    )
    return Rows(frame, numbered([number for number, _, _ in texts]), Roles(reference=TEXT, id=ID))


def are_entries(lines: Sequence[str]) -> bool:
    """Return whether each line begins with a name of its own, which has a digit in it, and some have words."""
    names = [line.split(maxsplit=1)[0] for line in lines]
    has_words = any(len(line.split(maxsplit=1)) == 2 for line in lines)
    return has_words and len(set(names)) == len(names) and all(map(_NAME.fullmatch, names))


def entries(path: Path) -> Iterator[tuple[int, str, str]]:
    """Number of the line, first word and the rest, of every line that isn't blank.

    Raises
    ------
    TableError
        If the file can't be read or a first word is there twice.
    """
    lines: dict[str, int] = {}
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            key, _, words = line.strip().replace("\t", " ").partition(" ")
            if not key:
                continue
            if key in lines:
                raise TableError(
                    f"“{key}” is in row {lines[key]} of “{path.name}” and again in row {number}. Keep one of them."
                )
            lines[key] = number
            yield number, key, words.strip()
