"""Corrections of Label Studio or of the review page: what changed, and the table with the corrected references."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicecore.errors import StorageError, TableError
from slicecore.relabel.tasks import CLIP_ID, TRANSCRIPTION
from slicecore.storage.atomic import write_whole
from slicecore.storage.verdicts import is_judged, verdicts_of
from slicecore.table.cells import as_text
from slicecore.table.readers.registry import read_rows
from slicecore.wording import clips

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset

_ID = "id"
_MOST_LISTED = 5
_REMEDY = "Export the project from Label Studio as JSON, and give that file."


@dataclass(frozen=True)
class Correction:
    """A reference that was corrected.

    Attributes
    ----------
    id, row : of the clip; its row from 0.
    before, after : the reference.
    reviewer, time : who corrected it and when, ISO 8601 in UTC; "" where that is not known.
    """

    id: str
    row: int
    before: str
    after: str
    reviewer: str = ""
    time: str = ""


@dataclass(frozen=True)
class Corrections:
    """References as labellers or reviewers left them, beside those of a table.

    Attributes
    ----------
    changed : references that were corrected, in the order of the table.
    same : number of clips whose reference was found to be right.
    open : number of clips that nobody has labelled, or whose text was left empty.
    disputed : ids of clips to which labellers gave different texts; they keep their reference.
    unmatched : ids that are not in the table.
    """

    changed: tuple[Correction, ...]
    same: int
    open: int
    disputed: tuple[str, ...]
    unmatched: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row per corrected reference: id, before, after, reviewer and time."""
        import pandas as pd

        rows = [(each.id, each.before, each.after, each.reviewer, each.time) for each in self.changed]
        return pd.DataFrame(rows, columns=["id", "before", "after", "reviewer", "time"])

    @property
    def sentence(self) -> str:
        """All counts, and the ids that need a look."""
        parts = [f"{clips(len(self.changed))} corrected", f"{self.same:,} right as they were"]
        if self.open:
            parts.append(f"{self.open:,} not labelled")
        if self.disputed:
            parts.append(
                f"{len(self.disputed):,} with different texts, left as they are: {_few(self.disputed)}"
            )
        if self.unmatched:
            parts.append(f"{len(self.unmatched):,} not in the table: {_few(self.unmatched)}")
        return "; ".join(parts) + "."


def read_corrections(path: str | Path, data: Dataset) -> Corrections:
    """Read the texts that labellers gave to clips of a table.

    Parameters
    ----------
    path
        Export of a project of Label Studio as JSON or JSON-MIN; its tasks have the ids of their clips.
    data
        The clips.

    Raises
    ------
    TableError
        The file can't be read or is no such export, or the table has no references.

    Examples
    --------
    >>> import json
    >>> from pathlib import Path
    >>> clip = str(result.data.ids[0])
    >>> export = [{"clip_id": clip, "transcription": "turn left at the light"}]
    >>> characters = Path("export.json").write_text(json.dumps(export))
    >>> corrections = sc.read_corrections("export.json", result.data)
    >>> corrections.changed[0].after
    'turn left at the light'
    """
    texts = _texts_by_clip(Path(path))
    references, row_of = data.reference.tolist(), data.row_of_id
    changed, disputed, same = [], [], 0
    known = {clip: given for clip, given in texts.items() if clip in row_of}
    for clip, given in sorted(known.items(), key=lambda item: row_of[item[0]]):
        row = row_of[clip]
        before = references[row]
        if len(given) > 1:
            disputed.append(clip)
        elif given and given[0] != before.strip():
            changed.append(Correction(clip, row, before, given[0]))
        elif given:
            same += 1
    unlabelled = sum(not given for given in known.values())
    unmatched = tuple(clip for clip in texts if clip not in row_of)
    return Corrections(tuple(changed), same, unlabelled, tuple(disputed), unmatched)


def reviewed_corrections(data: Dataset) -> Corrections:
    """The corrections that reviewers made on the page of a table.

    A reference that the table has as it was corrected counts as right.

    Parameters
    ----------
    data
        The clips, read from a file.

    Raises
    ------
    TableError
        The table is no file, or has no references.
    StorageError
        The corrections can't be read.

    Examples
    --------
    >>> clips.to_csv("calls.csv", index=False)
    >>> sc.reviewed_corrections(sc.read("calls.csv")).sentence
    '0 clips corrected; 0 right as they were.'
    """
    if data.path is None:
        raise TableError("The table is in memory. Read it from its file: by that its corrections are found.")
    known = verdicts_of(data.path).corrections() if is_judged(data.path) else {}
    references, row_of = data.reference.tolist(), data.row_of_id
    here = sorted((row_of[clip], each) for clip, each in known.items() if clip in row_of)
    changed = tuple(
        Correction(each.clip_id, row, references[row], each.text or "", each.reviewer, each.time)
        for row, each in here
        if each.text != references[row]
    )
    unmatched = tuple(clip for clip in known if clip not in row_of)
    return Corrections(changed, len(here) - len(changed), 0, (), unmatched)


def save_corrected(
    data: Dataset, corrections: Corrections, path: str | Path, *, format: str | None = None
) -> None:
    """Write the table with the corrected references as CSV; all other cells are as they were.

    A table without ids gets a column of them, because those that follow from references would be others now. Paths of
    recordings become absolute where they are not below the folder of the new file.

    Parameters
    ----------
    data
        The clips, read from a file.
    corrections
        As `read_corrections` or `reviewed_corrections` gives them for these clips.
    path
        The new file.
    format
        Format of the table, as in `slicecore.read`.

    Raises
    ------
    StorageError
        The file is that of the table, or it can't be written.
    TableError
        The table is no file.

    Examples
    --------
    >>> import json
    >>> from pathlib import Path
    >>> clips.to_csv("calls.csv", index=False)
    >>> data = sc.read("calls.csv")
    >>> export = [{"clip_id": "0", "transcription": "turn left at the light"}]
    >>> characters = Path("export.json").write_text(json.dumps(export))
    >>> sc.save_corrected(data, sc.read_corrections("export.json", data), "corrected.csv")
    >>> sc.read("corrected.csv").reference[0]
    'turn left at the light'
    """
    path = Path(path)
    if data.path is None:
        raise TableError("The table is in memory. Read it from its file to write a corrected one.")
    if path.exists() and path.samefile(data.path):
        raise StorageError(f"{path} is the table itself, which stays as it is. Choose another file (--out).")
    frame = _corrected(data, corrections, path, format)
    try:
        write_whole(
            path, lambda part: frame.to_csv(part, index=False, lineterminator="\r\n", encoding="utf-8")
        )
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}). Choose another file.") from error


def _corrected(data: Dataset, corrections: Corrections, path: Path, format: str | None) -> pd.DataFrame:
    # Read anew: in the data set numbers are no longer written as they were.
    assert data.path is not None
    rows = read_rows(data.path, format)
    roles = data.roles
    assert roles.reference is not None
    if (
        roles.reference not in rows.frame
        or as_text(rows.frame[roles.reference]).tolist() != data.reference.tolist()
    ):
        raise TableError(
            f"“{data.name}” is not as it was when it was read. Read it again, in the same format."
        )
    frame = rows.frame[[name for name in rows.frame.columns if name in (*roles.all, *data.metadata)]].copy()
    texts = data.reference.tolist()
    for each in corrections.changed:
        texts[each.row] = each.after
    frame[roles.reference] = texts
    beside = path.absolute().parent == data.path.parent
    if roles.audio and not (beside and rows.folder is None and rows.places is None):
        frame[roles.audio] = ["" if place is None else str(place) for place in data.audio_paths]
    if roles.id is None and _ID not in frame.columns:
        frame.insert(0, _ID, data.ids)
    return frame


def _texts_by_clip(path: Path) -> dict[str, list[str]]:
    """Different texts given to every clip, in the order of the export; none where nobody labelled it."""
    texts: dict[str, list[str]] = {}
    for number, task in enumerate(_tasks(path), start=1):
        fields = task.get("data", task) if isinstance(task, dict) else None
        if not isinstance(fields, dict) or CLIP_ID not in fields:
            raise TableError(
                f"Task {number} of “{path.name}” has no “{CLIP_ID}” in its data, by which its clip is found. Import "
                "tasks that slicecore has written, and export them as JSON."
            )
        given = texts.setdefault(str(fields[CLIP_ID]), [])
        given += [text for text in _texts(task) if text not in given]
    return texts


def _tasks(path: Path) -> list[Any]:
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TableError(f"{path} can't be read ({error.strerror}). {_REMEDY}") from error
    except (ValueError, RecursionError) as error:
        raise TableError(f"“{path.name}” is no JSON ({error}). {_REMEDY}") from error
    if not isinstance(tasks, list) or not tasks:
        raise TableError(f"“{path.name}” is no list of tasks. {_REMEDY}")
    return tasks


def _texts(task: Mapping[str, Any]) -> Iterator[str]:
    """Texts that labellers gave to a task, none of them empty."""
    if "data" not in task:  # JSON-MIN: fields and results side by side
        yield from _worded(task.get(TRANSCRIPTION))
        return
    annotations = task.get("annotations")
    for annotation in annotations if isinstance(annotations, list) else ():
        if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
            continue
        results = annotation.get("result")
        for result in results if isinstance(results, list) else ():
            if isinstance(result, dict) and result.get("from_name") == TRANSCRIPTION:
                value = result.get("value")
                yield from _worded(value.get("text") if isinstance(value, dict) else None)


def _worded(value: object) -> Iterator[str]:
    lines = value if isinstance(value, list) else [value]
    text = " ".join(line.strip() for line in lines if isinstance(line, str)).strip()
    if text:
        yield text


def _few(ids: tuple[str, ...]) -> str:
    listed = ", ".join(f"“{each}”" for each in ids[:_MOST_LISTED])
    return f"{listed} …" if len(ids) > _MOST_LISTED else listed
