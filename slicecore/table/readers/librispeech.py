"""Folders as those of LibriSpeech: SPEAKER/CHAPTER/SPEAKER-CHAPTER-UTTERANCE.flac and a `.trans.txt` per chapter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from slicecore.errors import TableError
from slicecore.table.readers import transcripts
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles

ENDING = ".trans.txt"
_DEEPEST = 4
_SOUNDS = (".flac", ".wav", ".mp3", ".opus", ".ogg")


def is_folder_of_chapters(folder: Path) -> bool:
    """Return whether there is a file of transcripts somewhere in a folder."""
    return next(_chapters(folder), None) is not None


def read(folder: Path) -> Rows:
    """Read the transcripts below a folder, a row per utterance; a recording lies beside its transcript.

    Raises
    ------
    TableError
        If there are no transcripts, one can't be read, or an utterance is there twice.
    """
    import pandas as pd

    rows = []
    chapter_of: dict[str, Path] = {}
    for chapter in _chapters(folder):
        ending = _ending(chapter)
        for _, key, words in transcripts.entries(chapter):
            if key in chapter_of:
                raise TableError(
                    f"“{key}” is in “{chapter_of[key].name}” and again in “{chapter.name}”. Keep one of them."
                )
            chapter_of[key] = chapter
            names = key.split("-")
            speaker = names[0] if len(names) == 3 else ""
            # As text: the name of an utterance that begins with a slash is no path of its own.
            audio = Path(f"{chapter.parent.relative_to(folder)}/{key}{ending}").as_posix()
            rows.append((key, audio, words, speaker, names[1] if len(names) == 3 else ""))
    if not rows:
        raise TableError(f"There is no transcript (a file *{ENDING}) in “{folder}”.")
    frame = pd.DataFrame(rows, columns=["id", "audio", "text", "speaker", "chapter"])
    roles = Roles("audio", "text", (), "id")
    return Rows(frame, range(1, len(rows) + 1), roles, folder=folder.absolute(), from_text=False)


def _chapters(folder: Path) -> Iterator[Path]:
    """Files of transcripts in a folder and those below it, in order; links to folders are not followed."""
    for at, inner, files in os.walk(folder, onerror=_refused):
        depth = len(Path(at).relative_to(folder).parts)
        inner[:] = sorted(inner) if depth < _DEEPEST else []
        for name in sorted(files):
            if name.endswith(ENDING):
                yield Path(at) / name


def _refused(error: OSError) -> None:
    raise error


def _ending(chapter: Path) -> str:
    """Ending of the recordings beside a file of transcripts."""
    there = {Path(name).suffix.lower() for name in os.listdir(chapter.parent)}
    return next((ending for ending in _SOUNDS if ending in there), _SOUNDS[0])
