"""Tasks for Label Studio: recordings with the prediction filled in, to be corrected to the reference."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from slicecore.audio.clip import Clip
from slicecore.audio.embedded import is_embedded
from slicecore.audio.remote import is_url
from slicecore.errors import StorageError, TableError
from slicecore.storage.atomic import write_whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from slicecore.table.dataset import Dataset

LOCAL_FILES = "/data/local-files/?d="
"""Address below which Label Studio serves files of its own machine."""
CLIP_ID = "clip_id"
"""Entry of a task's data with the id of the clip."""
TRANSCRIPTION = "transcription"
"""Name of the field that is corrected."""
REVIEWER = "corrected by a reviewer"
"""Author of a text that is filled in, where it is none of a model."""
_AUDIO = "audio"


@dataclass(frozen=True, eq=False)
class Tasks:
    """Tasks for Label Studio.

    Attributes
    ----------
    tasks : one per clip, ready for JSON.
    config : labelling configuration of their project, XML.
    silent : ids of the clips without a recording, which have no task.
    """

    tasks: tuple[dict[str, Any], ...]
    config: str
    silent: tuple[str, ...]

    def save(self, path: str | Path) -> Path:
        """Write the tasks to a .json file, and beside it the configuration as .xml, whose path is returned.

        Raises
        ------
        StorageError
            The name does not end in .json, or a file can't be written.
        """
        path = Path(path)
        require_json(path)
        config = path.with_suffix(".xml")
        text = json.dumps(self.tasks, ensure_ascii=False, indent=1) + "\n"
        try:
            write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
            write_whole(config, lambda part: part.write_text(self.config, encoding="utf-8"))
        except OSError as error:
            raise StorageError(
                f"Tasks can't be written to {path} ({error.strerror}). Choose another file."
            ) from error
        return config


def require_json(path: Path) -> None:
    """Raise StorageError where the name of a file of tasks does not end in .json."""
    if path.suffix.lower() != ".json":
        raise StorageError(f"{path} is no name for tasks, which are JSON. Let it end in .json.")


def label_studio_tasks(
    data: Dataset,
    rows: Iterable[int] | NDArray[np.int64],
    *,
    url: str = LOCAL_FILES,
    corrected: Mapping[str, str] = MappingProxyType({}),
) -> Tasks:
    """Tasks for some clips, with the first model's prediction filled in, or the corrected reference where there is one.

    Label Studio shows what is filled in where a prediction has it as `value.text`; as `value.textarea` it is imported
    and never shown (https://github.com/HumanSignal/label-studio/issues/3941).

    Parameters
    ----------
    data
        The clips, which have recordings.
    rows
        Rows of the clips, in the order of the tasks.
    url
        Address of the table's folder for Label Studio, or of that of its recordings where they lie elsewhere.
        Recordings that the table gives as URLs keep them.
    corrected
        References that reviewers have corrected, by the id of their clip.

    Raises
    ------
    TableError
        The table has no recordings, references or predictions, or a recording lies inside it or not below its folder.

    Examples
    --------
    >>> table = pd.DataFrame({"audio": ["a.wav"], "reference": ["good day"], "prediction": ["good night"]})
    >>> made = sc.label_studio_tasks(sc.read(table), [0])
    >>> made.tasks[0]["data"]["prediction"]
    'good night'
    >>> made.save("tasks.json").name
    'tasks.xml'
    """
    if data.roles.audio is None:
        raise TableError(f"“{data.name}” has no column of recordings, which labellers have to hear.")
    folder = _folder(data)
    wanted = [int(row) for row in rows]
    references, predictions = data.reference.iloc[wanted].tolist(), data.prediction.iloc[wanted].tolist()
    model, parts = data.roles.predictions[0], _are_parts(data)
    tasks, silent = [], []
    for row, reference, prediction in zip(wanted, references, predictions, strict=True):
        clip, clip_id = data.clips[row], str(data.ids[row])
        if clip is None:
            silent.append(clip_id)
            continue
        audio = _address(clip, folder.absolute(), url, f"Row {data.numbers[row]}")
        fields = {
            _AUDIO: audio,
            CLIP_ID: clip_id,
            "reference": reference,
            "prediction": prediction,
        }
        if parts:
            fields["part"] = _part(clip)
        text, author = (corrected[clip_id], REVIEWER) if clip_id in corrected else (prediction, model)
        tasks.append({"data": fields, "predictions": _filled_in(text, author, clip_id)})
    return Tasks(tuple(tasks), _config(parts), tuple(silent))


def _folder(data: Dataset) -> Path:
    """The folder below which recordings lie: that of the table, or one elsewhere that was named for them."""
    if data.path is None:
        return Path()
    own, named = data.path if data.path.is_dir() else data.path.parent, data.reading.folder
    if named is None or is_url(named) or Path(named).resolve().is_relative_to(own.resolve()):
        return own
    return Path(os.path.normpath(Path(named).absolute()))


def _filled_in(text: str, author: str, clip_id: str) -> list[dict[str, Any]]:
    if not text.strip():
        return []
    result = {
        "id": hashlib.blake2b(clip_id.encode(), digest_size=5).hexdigest(),
        "from_name": TRANSCRIPTION,
        "to_name": _AUDIO,
        "type": "textarea",
        "value": {"text": [text]},
    }
    return [{"model_version": author, "result": [result]}]


def _are_parts(data: Dataset) -> bool:
    return data.roles.start is not None or data.roles.end is not None


def _part(clip: Clip) -> str:
    end = "the end" if clip.end is None else f"{clip.end:g} s"
    return f"Only from {clip.start:g} s to {end}"


def _address(clip: Clip, folder: Path, url: str, row: str) -> str:
    if isinstance(clip.path, str):
        if is_embedded(clip.path):
            raise TableError(
                f"{row}: the recording lies inside the table, where Label Studio can't play it. Save the recordings as "
                "files, and put their paths into the table."
            )
        return clip.path
    try:
        below = Path(os.path.normpath(clip.path.absolute())).relative_to(folder)
    except ValueError as error:
        raise TableError(
            f"{row}: {clip.path} is not below {folder}, the folder of the table, so Label Studio would not find it. "
            "Put the table into a folder above its recordings."
        ) from error
    return url + quote(below.as_posix())


def _config(parts: bool) -> str:
    part = '  <Header value="$part"/>\n' if parts else ""
    return (
        "<View>\n"
        '  <Header value="Correct the text to what is spoken"/>\n'
        f"{part}"
        f'  <Audio name="{_AUDIO}" value="${_AUDIO}" zoom="true" hotkey="ctrl+enter"/>\n'
        f'  <TextArea name="{TRANSCRIPTION}" toName="{_AUDIO}" rows="4" editable="true" maxSubmissions="1"/>\n'
        '  <Header value="Reference so far" size="5"/>\n'
        '  <Text name="reference" value="$reference"/>\n'
        "</View>\n"
    )
