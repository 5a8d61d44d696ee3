"""Runs: the errors of every clip and the values of defined slices of one version of a model, as a file."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.errors import DefinitionError, StorageError
from slicecore.metrics import Costs
from slicecore.report.csv_text import original
from slicecore.storage.atomic import write_whole

VERSION = 1
KIND = "slicecore_run"
"""Field with the version by which a run is known from other JSON."""
CLIPS = "clips.csv"
"""File of a scan that has the errors of every clip, beside its run.json."""

_DIGITS = 9
_LONGEST_CELL = 2**31 - 1
_LARGEST = 1e300  # an integer of JSON may be too large for a float


@dataclass(frozen=True)
class SliceOfRun:
    """A defined slice in a run.

    Attributes
    ----------
    name : of the slice.
    support, value, interval : clips, metric and its 95 % bootstrap interval; NaN where there are no clips.
    means : by which its clips were recognised, "" for none.
    defined_drop : drop of the slice against the whole when it was defined.
    """

    name: str
    support: int
    value: float
    interval: tuple[float, float]
    means: str
    defined_drop: float


@dataclass(frozen=True, eq=False)
class Run:
    """One version of a model on one table.

    Attributes
    ----------
    name : of the version, "" for none.
    time : ISO 8601, UTC, to the second.
    table, prediction : names of the table and of the column with the predictions.
    metric, normalisation : name of the metric, and how texts are normalised for it.
    title, is_rate, higher_is_better : of the metric: name for people, whether it is a share, which way it goes.
    value, interval : over all clips.
    slices : the defined slices.
    ids : (n,) of the clips.
    errors, words : (n,) numerator and denominator of the metric.
    threshold : of a detector's scores, from which on clips were accepted; None without one, or where it is not known.
    """

    name: str
    time: str
    table: str
    prediction: str
    metric: str
    normalisation: str
    title: str
    is_rate: bool
    higher_is_better: bool
    value: float
    interval: tuple[float, float]
    slices: tuple[SliceOfRun, ...]
    ids: tuple[str, ...]
    errors: NDArray[np.float64]
    words: NDArray[np.float64]
    threshold: float | None = None

    @cached_property
    def row_of_id(self) -> dict[str, int]:
        """Row of every clip by its id."""
        return {clip_id: row for row, clip_id in enumerate(self.ids)}

    def costs(self, rows: NDArray[np.int64] | slice = slice(None)) -> Costs:
        """The metric of some clips."""
        return Costs(
            self.errors[rows],
            self.words[rows],
            higher_is_better=self.higher_is_better,
            name=self.title,
            is_rate=self.is_rate,
        )

    def __repr__(self) -> str:
        return f"Run({self.name or self.time}: {self.title} {self.value:.3g} over {len(self.ids)} clips)"

    def save(self, path: str | Path) -> None:
        """Write the run to a JSON file, whole or not at all. Raises StorageError."""
        path = Path(path)
        text = self._to_json()
        try:
            write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
        except OSError as error:
            raise StorageError(
                f"{path} can't be written ({error.strerror}). Choose another place for the run."
            ) from error

    def _to_json(self) -> str:
        """The run as JSON, a line per clip."""
        clips = ",\n".join(
            f"  {json.dumps(clip_id, ensure_ascii=False)}: {json.dumps([_out(errors), _out(words)])}"
            for clip_id, errors, words in zip(
                self.ids, self.errors.tolist(), self.words.tolist(), strict=True
            )
        )
        head = json.dumps(self._head(), indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
        return f'{head},\n "clips": {{\n{clips}\n }}\n}}\n'

    def _head(self) -> dict[str, Any]:
        return {
            KIND: VERSION,
            "name": self.name,
            "time": self.time,
            "table": self.table,
            "prediction": self.prediction,
            "metric": self.metric,
            "normalisation": self.normalisation,
            "threshold": self.threshold,
            "title": self.title,
            "is_rate": self.is_rate,
            "higher_is_better": self.higher_is_better,
            "value": _out(self.value),
            "interval": [_out(bound) for bound in self.interval],
            "slices": [
                {
                    "name": each.name,
                    "support": each.support,
                    "value": _out(each.value),
                    "interval": [_out(bound) for bound in each.interval],
                    "means": each.means,
                    "defined_drop": _out(each.defined_drop),
                }
                for each in self.slices
            ],
        }


def read_run(path: str | Path) -> Run:
    """Read a run that a gate has saved, or the folder or run.json of a scan, whose clips.csv lies beside it.

    Parameters
    ----------
    path
        File or folder.

    Raises
    ------
    DefinitionError
        It can't be read, or is no run.

    Examples
    --------
    >>> sc.gate.check(result.definitions(verdicts=None), clips, name="v1").run.save("v1.json")
    >>> sc.gate.read_run("v1.json").name
    'v1'
    """
    path = Path(path)
    path = path / "run.json" if path.is_dir() else path
    try:
        record = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DefinitionError(
            f"The run {path} can't be read ({error.strerror}). Give a file that slicecore gate --save has written, or "
            "the folder of a scan."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"{path} is no JSON. Save the run anew with slicecore gate --save.") from error
    fields = _Fields(record, path)
    if isinstance(record, dict) and KIND in record:
        return _own(fields)
    if isinstance(record, dict) and {"overall_value", "metric", "columns"} <= record.keys():
        return _of_scan(fields, path.parent / CLIPS)
    raise DefinitionError(f"{path} is no run of slicecore. Save one with slicecore gate --save.")


class _Fields:
    """Fields of a JSON object by name, each checked."""

    def __init__(self, record: object, path: Path) -> None:
        self._path = path
        if not isinstance(record, dict):
            raise self.error("has a list or a value where an object belongs")
        self._record: Mapping[str, Any] = record

    def error(self, problem: str) -> DefinitionError:
        return DefinitionError(f"The run {self._path} {problem}. Save it anew with slicecore gate --save.")

    def text(self, name: str) -> str:
        return str(self._of(name, lambda value: isinstance(value, str), "text"))

    def flag(self, name: str) -> bool:
        return bool(self._of(name, lambda value: isinstance(value, bool), "true or false"))

    def number(self, name: str) -> float:
        value = self._of(name, lambda v: v is None or _is_number(v), "a number")
        return math.nan if value is None else float(value)

    def number_if_any(self, name: str) -> float | None:
        """A number that runs of before do not have."""
        value = self.number(name) if name in self._record else math.nan
        return None if math.isnan(value) else value

    def flag_if_any(self, name: str) -> bool:
        """A flag that runs of before do not have: false there."""
        return name in self._record and self.flag(name)

    def count(self, name: str) -> int:
        return int(self._of(name, lambda v: _is_number(v) and v >= 0 and v == int(v), "a whole number"))

    def interval(self, name: str) -> tuple[float, float]:
        bounds = self._of(name, lambda v: isinstance(v, list) and len(v) == 2, "two numbers")
        if not all(bound is None or _is_number(bound) for bound in bounds):
            raise self.error(f"lacks two numbers in “{name}”")
        low, high = (math.nan if bound is None else float(bound) for bound in bounds)
        return low, high

    def objects(self, name: str) -> list[_Fields]:
        return [_Fields(each, self._path) for each in self._of(name, lambda v: isinstance(v, list), "a list")]

    def object(self, name: str) -> Mapping[str, Any]:
        fields: Mapping[str, Any] = self._of(name, lambda v: isinstance(v, dict), "an object")
        return fields

    def _of(self, name: str, fits: Callable[[Any], bool], noun: str) -> Any:
        if name not in self._record or not fits(self._record[name]):
            raise self.error(f"lacks {noun} in “{name}”")
        return self._record[name]


def _own(fields: _Fields) -> Run:
    if fields.number(KIND) != VERSION:
        raise fields.error(f"is of version {fields.number(KIND):g}, but this slicecore reads {VERSION}")
    clips = fields.object("clips")
    for clip_id, pair in clips.items():
        if not (isinstance(pair, list) and len(pair) == 2 and all(map(_is_number, pair)) and pair[1] >= 0):
            raise fields.error(f"lacks errors and words of the clip “{clip_id[:40]}”")
    slices = [
        SliceOfRun(
            each.text("name"),
            each.count("support"),
            each.number("value"),
            each.interval("interval"),
            each.text("means"),
            each.number("defined_drop"),
        )
        for each in fields.objects("slices")
    ]
    return Run(
        name=fields.text("name"),
        time=fields.text("time"),
        table=fields.text("table"),
        prediction=fields.text("prediction"),
        metric=fields.text("metric"),
        normalisation=fields.text("normalisation"),
        title=fields.text("title"),
        is_rate=fields.flag("is_rate"),
        higher_is_better=fields.flag("higher_is_better"),
        value=fields.number("value"),
        interval=fields.interval("interval"),
        slices=tuple(slices),
        ids=tuple(clips),
        errors=np.array([pair[0] for pair in clips.values()], dtype=np.float64),
        words=np.array([pair[1] for pair in clips.values()], dtype=np.float64),
        threshold=fields.number_if_any("threshold"),
    )


def _of_scan(fields: _Fields, clips: Path) -> Run:
    """The run of a scan: its metric, and the errors of its clips.csv."""
    from slicecore.metrics import METRICS, mean_of

    columns, metric = fields.object("columns"), fields.text("metric")
    if columns.get("compared_with"):
        raise DefinitionError(f"{clips.parent} compares two models. Scan the table without --compare-with.")
    is_mean = fields.flag_if_any("is_mean")
    if metric not in METRICS and not is_mean:
        raise DefinitionError(f"{clips.parent} has the metric “{metric}”, which is none of slicecore's own.")
    ids, errors, words = _counts(clips)
    # Name and direction are the same whatever the values.
    if is_mean:
        known = mean_of([1], metric, fields.flag_if_any("higher_is_better"))
    else:
        known = METRICS[metric](["1"], ["1"], "none")
    return Run(
        name="",
        time=fields.text("time"),
        table=Path(fields.text("table")).stem,
        prediction=str(columns.get("prediction") or ""),
        metric=metric,
        normalisation=fields.text("normalisation"),
        title=known.name,
        is_rate=known.is_rate,
        higher_is_better=known.higher_is_better,
        value=fields.number("overall_value"),
        interval=(math.nan, math.nan),
        slices=(),
        ids=ids,
        errors=errors,
        words=words,
        threshold=fields.number_if_any("threshold"),
    )


def _counts(path: Path) -> tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.float64]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        ids = tuple(original(row["id"]) for row in rows)
        counts = np.array([[float(row["errors"]), float(row["words"])] for row in rows]).reshape(-1, 2)
    except OSError as error:
        raise DefinitionError(
            f"The scan's {path} can't be read ({error.strerror}): a run of a scan needs it. Scan the table anew."
        ) from error
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        raise DefinitionError(f"{path} lacks id, errors or words of a clip. Scan the table anew.") from error
    return ids, counts[:, 0], counts[:, 1]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST


def _out(number: float) -> float | int | None:
    if not math.isfinite(number):
        return None
    rounded = float(f"{number:.{_DIGITS}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
