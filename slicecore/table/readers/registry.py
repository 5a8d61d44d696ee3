"""The formats of tables, recognised by what a file holds."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from slicecore.errors import TableError
from slicecore.table.readers import (
    arrow_files,
    audiofolder,
    common_voice,
    delimited,
    json_rows,
    kaldi,
    lhotse,
    librispeech,
    nemo,
    nist,
    parquet,
    seglst,
    sounds,
    transcripts,
    webdataset,
)
from slicecore.table.readers.rows import Rows
from slicecore.table.readers.text_files import Head, require_file_or_folder
from slicecore.table.roles import guess_roles


@dataclass(frozen=True)
class Format:
    """A format of tables.

    Attributes
    ----------
    name
        What `format` and `--format` call it.
    label
        Its name for people.
    matches
        Whether a file that begins so, or a folder, is of this format.
    reader
        Reads it. Raises TableError.
    """

    name: str
    label: str
    matches: Callable[[Head], bool]
    reader: Callable[[Path], Rows]

    def read(self, path: Path) -> Rows:
        """Rows of a file or folder. Raises TableError."""
        with _readable(path):
            require_file_or_folder(path)
            return self.reader(path)


def _keys(head: Head) -> set[str]:
    """Names of the entries of the first objects of a JSON file."""
    return set(re.findall(r'"(\w+)"\s*:', "\n".join(head.lines[:50]))) if head.is_json else set()


def _is_parquet(head: Head) -> bool:
    if head.is_folder:
        return parquet.is_folder_of_parts(head.path)
    return head.start.startswith(parquet.MARK)


def _is_arrow(head: Head) -> bool:
    if head.is_folder:
        return head.has_file(arrow_files.SAVED) or head.has_file(arrow_files.SPLITS)
    return head.start.startswith(arrow_files.MARKS)


def _is_webdataset(head: Head) -> bool:
    if not head.is_folder:
        return webdataset.is_archive(head.start)
    return bool(webdataset.archives(head.path)) and not sounds.has_recordings(head.path)


def _is_lhotse(head: Head) -> bool:
    keys = _keys(head)
    return {"id", "start", "duration"} <= keys and bool({"supervisions", "recording"} & keys)


def _is_common_voice(head: Head) -> bool:
    return bool(head.lines) and set(common_voice.COLUMNS) <= set(head.lines[0].split("\t"))


def _is_stm(head: Head) -> bool:
    # Numbers as words make the one look like the other.
    return nist.is_stm(head.lines) and not (_ends_in(head, ".ctm") and nist.is_ctm(head.lines))


def _is_transcripts(head: Head) -> bool:
    if not head.lines:
        return False
    header = head.lines[0]
    guess = guess_roles(header.split(delimited.separator_of(header)))
    is_table = guess.audio or guess.reference or guess.predictions
    return not is_table and transcripts.are_entries(head.lines)


def _ends_in(head: Head, ending: str) -> bool:
    return head.path.name.lower().removesuffix(".gz").endswith(ending)


# The first that matches is taken: what asks for more stands above what asks for less.
FORMATS = (
    Format("kaldi", "Kaldi data folder", lambda head: head.has_file("wav.scp"), kaldi.read),
    Format(
        "audiofolder",
        "Hugging Face audiofolder",
        lambda head: head.is_folder and bool(audiofolder.tables(head.path)),
        audiofolder.read,
    ),
    Format("parquet", "Parquet", _is_parquet, parquet.read),
    Format("arrow", "Arrow file or saved dataset", _is_arrow, arrow_files.read),
    Format(
        "librispeech",
        "LibriSpeech folder",
        lambda head: head.is_folder and librispeech.is_folder_of_chapters(head.path),
        librispeech.read,
    ),
    Format("webdataset", "WebDataset (tar)", _is_webdataset, webdataset.read),
    Format("lhotse", "Lhotse cuts", _is_lhotse, lhotse.read),
    Format("nemo", "NeMo manifest", lambda head: nemo.AUDIO in _keys(head), nemo.read),
    Format("seglst", "SegLST", lambda head: head.is_array and _keys(head) >= seglst.KEYS, seglst.read),
    Format("json", "JSON lines or array", lambda head: head.is_json, json_rows.read),
    Format("trn", "NIST trn", lambda head: nist.is_trn(head.lines), nist.read_trn),
    Format("stm", "NIST stm", _is_stm, nist.read_stm),
    Format("ctm", "NIST ctm", lambda head: nist.is_ctm(head.lines), nist.read_ctm),
    Format("common_voice", "Common Voice", _is_common_voice, common_voice.read),
    Format("transcripts", "Ids with their words", _is_transcripts, transcripts.read),
    Format("csv", "CSV or TSV", lambda head: not head.is_folder, delimited.read),
)
SOUNDS = Format("sounds", "Folder of recordings", lambda head: head.is_folder, sounds.read)
"""Is taken where transcripts are not needed, for folders of no other format."""


def format_of(path: Path, name: str | None = None, labelled: bool = True) -> Format:
    """The format of a file or folder: the one of that name, else the one that it is recognised as.

    A folder of none is one of recordings where transcripts are not needed (`labelled` is False).

    Raises
    ------
    TableError
        If there is no such file or format, or a folder is of none.
    """
    if name is not None:
        chosen = next((known for known in (*FORMATS, SOUNDS) if known.name == name), None)
        if chosen is None:
            raise TableError(f"There is no format “{name}”. Formats are {', '.join(names())}.")
        return chosen
    with _readable(path):
        head = Head(path)
        recognised = next((known for known in FORMATS if known.matches(head)), None)
        if recognised is None and not labelled:
            return SOUNDS
        if recognised is None:
            raise TableError(f"“{path}” is a folder of no known format. {_tables_in(path)}")
        return recognised


def read_rows(path: Path, name: str | None = None, labelled: bool = True) -> Rows:
    """Rows of a file or folder, in the format of that name or the one that it is recognised as.

    Raises
    ------
    TableError
        As `format_of`, or if it can't be read.
    """
    return format_of(path, name, labelled).read(path)


def names() -> tuple[str, ...]:
    """Names of all formats."""
    return tuple(known.name for known in (*FORMATS, SOUNDS))


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the system refuses on the way through a folder into a sentence."""
    try:
        yield
    except OSError as error:
        raise TableError(f"“{error.filename or path}” can't be read: {error.strerror or error}.") from error


def _tables_in(folder: Path) -> str:
    endings = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
    tables = sorted(file.name for file in folder.iterdir() if file.suffix.lower() in endings)
    return f"Name the table in it: {', '.join(tables[:5])}." if tables else "Name the table in it."
