"""Probe in a folder: its table, its record, and the judgement of the predictions made of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import DefinitionError, TableError
from slicecore.metrics import METRICS, Costs
from slicecore.recipes.probing.about import CHANGED, RECORD_FILE, TABLE_FILE, UNCHANGED, About, file_of, id_of
from slicecore.recipes.probing.judging import Judgement, judged

VERSION = 1
KIND = "slicecore_probe"
"""Field with the version by which the record of a probe is known from other JSON."""
_NAMED = 3  # clips without a prediction that a message names


@dataclass(frozen=True)
class ClipRecord:
    """What the judgement needs of a clip.

    Attributes
    ----------
    id, reference : of the clip in its table.
    unit : speaker, or another group that it comes in; its id where it is in none.
    costs : numerator and denominator of the metric with the prediction of the table.
    """

    id: str
    reference: str
    unit: str
    costs: tuple[float, float]


@dataclass(frozen=True, eq=False, repr=False)
class WrittenProbe:
    """Probe in a folder.

    Attributes
    ----------
    folder : where it is.
    about : what it is about.
    clips : in the order of the table.
    slice, rest : (units, 2) numerators and denominators of the metric in the slice and in all other clips.
    """

    folder: Path
    about: About
    clips: tuple[ClipRecord, ...]
    slice: NDArray[np.float64]
    rest: NDArray[np.float64]

    def __repr__(self) -> str:
        return (
            f"WrittenProbe({self.about.name}: {self.about.change}, {len(self.clips)} clips in {self.folder})"
        )

    def judge(self, predictions: str | Path | Any) -> Judgement:
        """Say whether the cause was the cause, by new predictions of the clips of the folder.

        Parameters
        ----------
        predictions
            A file of any format that `slicecore.read` knows, or a DataFrame: an id, or the audio file, and the
            prediction of every row of probe.csv, all by one recogniser.

        Raises
        ------
        TableError
            The file can't be read, or predictions are missing.
        MetricError
            The metric can't be computed.
        """
        texts = _predicted(predictions)
        before = self._costs(texts, UNCHANGED)
        after = self._costs(texts, CHANGED[self.about.kind])
        units = [clip.unit for clip in self.clips]
        table = np.array([clip.costs for clip in self.clips])
        return judged(self.about, before, after, units, table, self.slice, self.rest)

    def _costs(self, texts: dict[str, str], version: str) -> Costs:
        found, missing = [], []
        for number, clip in enumerate(self.clips, 1):
            own_id = id_of(clip.id, version)
            text = texts.get(own_id, texts.get(Path(file_of(number, version)).name))
            found.append(text or "")
            missing += [own_id] if text is None else []
        if missing:
            raise TableError(
                f"There is no prediction of {len(missing):,} {version} clips of {self.folder / TABLE_FILE}, first "
                f"{', '.join(missing[:_NAMED])}. Run the recogniser on all clips of that table, and keep their ids."
            )
        references = [clip.reference for clip in self.clips]
        return METRICS[self.about.metric](references, found, self.about.normalisation)


def load_probe(folder: str | Path) -> WrittenProbe:
    """The probe that `Probe.write` wrote to a folder.

    Raises
    ------
    DefinitionError
        The folder has none, or its files can't be read.
    """
    folder = Path(folder)
    path = folder / RECORD_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionError(
            f"{path} can't be read ({error.strerror}). Give the folder that slicecore probe wrote."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"{path} is no record of a probe. Make the probe anew.") from error
    try:
        if record[KIND] != VERSION:
            raise DefinitionError(f"{path} is of version {record[KIND]}, not {VERSION}. Make the probe anew.")
        about = About(**{name: str(text) for name, text in record["about"].items()})
        clips = tuple(_clip(**clip) for clip in record["clips"])
        if about.kind not in CHANGED or about.metric not in METRICS or not clips:
            raise ValueError("kind, metric or clips")
        return WrittenProbe(folder, about, clips, _sums(record["slice"]), _sums(record["rest"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DefinitionError(f"{path} is no record of a probe. Make the probe anew.") from error


def write_table(path: Path, kind: str, clips: Sequence[ClipRecord]) -> None:
    """Write the table for the recogniser: id, audio, reference, the clip's own id and its version, two rows a clip."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "audio", "reference", "clip", "version"))
        for number, clip in enumerate(clips, 1):
            for version in (UNCHANGED, CHANGED[kind]):
                row = id_of(clip.id, version), file_of(number, version), clip.reference, clip.id, version
                writer.writerow(row)


def write_record(
    path: Path,
    about: About,
    clips: Sequence[ClipRecord],
    slice_: NDArray[np.float64],
    rest: NDArray[np.float64],
) -> None:
    """Write what the judgement needs beside new predictions."""
    record = {
        KIND: VERSION,
        "about": asdict(about),
        "clips": [asdict(clip) for clip in clips],
        "slice": slice_.tolist(),
        "rest": rest.tolist(),
    }
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")


def _clip(id: str, reference: str, unit: str, costs: Sequence[float]) -> ClipRecord:
    numerator, denominator = _sums(costs)[0].tolist()
    return ClipRecord(str(id), str(reference), str(unit), (numerator, denominator))


def _sums(cells: Any) -> NDArray[np.float64]:
    sums = np.asarray(cells, np.float64).reshape(-1, 2)
    if not np.isfinite(sums).all():
        raise ValueError("sums")
    return sums


def _predicted(predictions: str | Path | Any) -> dict[str, str]:
    """Predictions by id, and by the name of the audio file."""
    from slicecore.table.dataset import read

    data = read(predictions, labelled=False)
    if not data.roles.predictions:
        raise TableError(
            f"“{data.name}” has no column of predictions. Call the one with the texts “prediction”."
        )
    texts = list(data.prediction)
    by_key = {Path(clip.path).name: text for clip, text in zip(data.clips, texts, strict=True) if clip}
    return by_key | dict(zip(map(str, data.ids), texts, strict=True))
