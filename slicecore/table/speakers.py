"""Groups that the clips of a table come in: a column such as the speaker's, or a part of the names of the files."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from slicecore.errors import TableError
from slicecore.table.metadata import is_of_numbers, texts_of
from slicecore.table.roles import require

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset

NO_GROUPS = "none"
"""Choice of no groups, also where a column looks like one."""
FILE_NAMES = "file names"
"""Choice of the speakers that the names of the files tell."""
SPEAKER = "speaker"

# fmt: off
_SPEAKERS = (
    "speaker", "speaker_id", "speakerid", "speaker_name", "spk", "spk_id", "spkid", "spkr", "talker", "talker_id",
    "reader", "reader_id", "client_id", "voice_id", "participant", "participant_id", "user_id",
)
# fmt: on
_UTTERANCE = re.compile(r"([A-Za-z]*\d+)[-_]\d+[-_]\d{2,}")
"""A file that is named as those of LibriSpeech are, speaker-chapter-utterance: 1089-134686-0000."""
_FOLDER = re.compile(r"(?:id|s|p|spk|spkr|speaker)?[-_]?\d+", re.IGNORECASE)
"""A folder that is named as a speaker: 1089, p225, id10270, speaker_7."""
_FEWEST_NAMED = 0.95
_LOOKED_AT = 1000
_FEWEST_SPEAKERS = 2
_FEWEST_OFFERED = 5


def group_column(data: Dataset, group: str | None = None) -> str | None:
    """Name of the groups of a table: a column, `FILE_NAMES`, or None where there are none.

    Parameters
    ----------
    data
        The table.
    group
        The choice: a column, `FILE_NAMES` or `NO_GROUPS`; None to guess: the column of the speakers, else the names of
        the files where they tell speakers.

    Raises
    ------
    TableError
        There is no such column, or the names of the files tell no speakers.
    """
    if group is None:
        return next(iter(data.guessed_groups), None)
    if group in data.table.columns:
        return group
    if group == NO_GROUPS:
        return None
    if group == FILE_NAMES:
        if _speakers_of_files(data) is None:
            raise TableError(
                f"The names of the files of “{data.name}” tell no speakers: neither are they named as "
                "1089-134686-0000.flac nor are there folders such as p225. Name a column instead."
            )
        return group
    require([group], list(data.table.columns), "groups")
    return group


def group_choices(data: Dataset) -> tuple[str, ...]:
    """Groups that are offered: the guessed ones, then columns of metadata with enough values and clips of each.

    Where there are few groups, no slice can be more than an accident of which groups there are.
    """
    guesses = data.guessed_groups
    others = (
        name
        for name in data.metadata
        if name not in guesses and _may_tell_groups(data, name) and _repeats(data, name, _FEWEST_OFFERED)
    )
    return (*guesses, *others)


def group_labels(data: Dataset, group: str) -> list[str]:
    """Label of the group of every clip, "" where it has none.

    Parameters
    ----------
    data
        The table.
    group
        A column or `FILE_NAMES`, as `group_column` gives it.
    """
    if group == FILE_NAMES and group not in data.table.columns:
        return _speakers_of_files(data) or [""] * len(data)
    labels: list[str] = texts_of(data.table[group]).tolist()
    return labels


def group_noun(group: str) -> str:
    """The noun for one of the groups: "speaker" for columns of speakers, else the column's name."""
    if group == FILE_NAMES or _plain(group) in _SPEAKERS:
        return SPEAKER
    return _plain(group).removesuffix("_id").replace("_", " ")


def guess_groups(data: Dataset) -> tuple[str, ...]:
    """Groups that the clips probably come in, the surest first: columns of speakers, else the names of the files."""
    by_name = {_plain(column): column for column in reversed(data.metadata)}
    columns = [by_name[name] for name in _SPEAKERS if name in by_name and _repeats(data, by_name[name])]
    return (*columns, *([FILE_NAMES] if not columns and _speakers_of_files(data) is not None else []))


def _may_tell_groups(data: Dataset, column: str) -> bool:
    """False of numbers with decimals, which are measured."""
    cells = data.table[column]
    return not is_of_numbers(cells) or bool((cells.dropna() % 1 == 0).all())


def _repeats(data: Dataset, column: str, fewest: int = _FEWEST_SPEAKERS) -> bool:
    """True if a column has so many values, and most clips share theirs with another one."""
    counts = data.table[column].value_counts()
    return len(counts) >= fewest and 2 * int(counts[counts > 1].sum()) > len(data)


def _speakers_of_files(data: Dataset) -> list[str] | None:
    """Speaker of every clip by the name of its file; None where names tell none."""
    rows = range(0, len(data), max(1, len(data) // _LOOKED_AT))
    some = [_posix(None if clip is None else clip.path) for clip in (data.clips[row] for row in rows)]
    ways = [way for way in (_by_utterance, _by_folder) if 2 * sum(map(bool, map(way, some))) >= len(some)]
    if not ways:  # a million paths take long to look at
        return None
    paths = [_posix(path) for path in data.audio_paths]
    for way in ways:
        named = list(map(way, paths))
        speakers = {name for name in named if name}
        enough = sum(map(bool, named)) >= _FEWEST_NAMED * len(named)
        if enough and _FEWEST_SPEAKERS <= len(speakers) <= len(named) / 2:
            return named
    return None


def _posix(path: Path | str | None) -> PurePosixPath | None:
    return PurePosixPath(str(path).replace("\\", "/")) if path else None


def _by_utterance(path: PurePosixPath | None) -> str:
    return _match(_UTTERANCE, path.stem) if path else ""


def _by_folder(path: PurePosixPath | None) -> str:
    return path.parent.name if path and _FOLDER.fullmatch(path.parent.name) else ""


def _match(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.fullmatch(text)
    return match.group(1) if match else ""


def _plain(column: str) -> str:
    return column.strip().lower().replace(" ", "_").replace("-", "_")
