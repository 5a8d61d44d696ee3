"""Results in MLflow: numbers, parameters, tags and files of a search in a run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from slicecore.errors import SlicecoreError
from slicecore.gate.history import History
from slicecore.gate.history import history as read_history
from slicecore.track.numbers import Number, history_numbers, numbers_of
from slicecore.transfer.definition import Definitions
from slicecore.transfer.file import as_definitions

if TYPE_CHECKING:
    from slicecore.pipeline.result import Result

_NEEDS = "MLflow is not installed. Install it with: pip install 'slicecore[track]'"
FOLDER = "slicecore"
"""Folder of the artefacts, and first part of the names of parameters and tags."""

_DESCRIPTION = "mlflow.note.content"
_AT_ONCE = 500  # numbers in a call; MLflow takes 1000, and 100 parameters or tags
_LONGEST_TAG = 5000
_TABLES = ("slices.csv", "metadata_slices.csv", "run.json")


@dataclass(frozen=True)
class TrackedRun:
    """Run in MLflow to which a result was logged.

    Attributes
    ----------
    run_id : of the MLflow run.
    metrics : value by name, without the history.
    slices : first part of the names of a slice's metrics, `slices/Mains hum`, by the name of the slice.
    notes : sentences about names that had to be changed.
    """

    run_id: str
    metrics: Mapping[str, float]
    slices: Mapping[str, str]
    notes: tuple[str, ...] = ()


def mlflow(
    result: Result,
    *,
    definitions: Definitions | str | Path | None = None,
    history: History | str | Path | None = None,
    experiment: str | None = None,
    name: str | None = None,
    step: int = 0,
    report: bool = True,
    tags: Mapping[str, str] | None = None,
    cache: Path | None = None,
) -> TrackedRun:
    """Log a result to MLflow: into the active run where there is one, else into a new one, which is ended.

    The value over all clips and of every slice with its 95 % interval, drop and support become metrics, thresholds and
    versions parameters, sentences about the slices a tag (of a new run the description), and report, slices.csv,
    metadata_slices.csv and run.json artefacts. Where runs go is as MLflow says: `mlflow.set_tracking_uri` or
    MLFLOW_TRACKING_URI.

    Parameters
    ----------
    result
        From `slicecore.find_slices`.
    definitions
        Defined slices, or their file, which is an artefact then. Metrics go by the names of these: they stay
        comparable from run to run, whatever a scan finds. Confirmed slices of which no definition has half are logged
        beside them, under `new/`. By default the slices of the scan, named by their causes.
    history
        Runs of gates, or their folder: values of the defined slices under `history/`, a step per run.
    experiment
        Name of the experiment of a new run; created if missing.
    name
        Of a new run.
    step
        Step of the metrics, such as the epoch of a model that is still trained.
    report
        False to leave out the report, which holds sounds and texts of example clips.
    tags
        More tags for the run.
    cache
        Folder of the cache; the user's by default.

    Returns
    -------
    TrackedRun
        The run and the names of its metrics.

    Raises
    ------
    SlicecoreError
        MLflow is not installed, refuses what is logged, or a run is active although a new one was described.
    DefinitionError
        Definitions or runs can't be used.

    Examples
    --------
    >>> import mlflow  # doctest: +SKIP
    >>> with mlflow.start_run(run_name="v2"):  # doctest: +SKIP
    ...     slicecore.track.mlflow(result, definitions="slices.yaml")
    """
    library = require_mlflow()
    defined = None if definitions is None else as_definitions(definitions)
    past = history if isinstance(history, History | None) else read_history(history)
    found = numbers_of(result, step, defined, cache)
    numbers = [*found.numbers, *(history_numbers(past) if past else ())]
    with _run(library, experiment, name) as (run_id, is_new), _plainly(library):
        client = library.MlflowClient()
        description = {_DESCRIPTION: _described(result)} if is_new else {}
        texts = {f"{FOLDER}.slices": _described(result)} | description | dict(tags or {})
        _log(library, client, run_id, numbers, _parameters(result), texts)
        with TemporaryDirectory() as folder:
            for file in _files(result, Path(folder), report, defined):
                client.log_artifact(run_id, str(file), FOLDER)
    metrics = {number.name: number.value for number in found.numbers}
    return TrackedRun(run_id, metrics, found.slices, found.notes)


def require_mlflow() -> Any:
    """The package MLflow. Raises SlicecoreError where it is not installed."""
    try:
        import mlflow as library
    except ImportError as error:
        raise SlicecoreError(_NEEDS) from error
    return library


@contextmanager
def _run(library: Any, experiment: str | None, name: str | None) -> Iterator[tuple[str, bool]]:
    """Id of the active run, or of a new one that is ended, and whether it is new."""
    active = library.active_run()
    if active is not None:
        if experiment is not None or name is not None:
            raise SlicecoreError(
                f"The MLflow run “{active.info.run_name}” is active, and would be logged to. Leave experiment and "
                "name away, or end it with mlflow.end_run()."
            )
        yield active.info.run_id, False
        return
    with _plainly(library):
        run = library.start_run(
            experiment_id=None if experiment is None else _experiment(library, experiment), run_name=name
        )
    with run:
        yield run.info.run_id, True


def _experiment(library: Any, name: str) -> str:
    known = library.get_experiment_by_name(name)
    return str(known.experiment_id if known is not None else library.create_experiment(name))


@contextmanager
def _plainly(library: Any) -> Iterator[None]:
    """Errors of MLflow as sentences."""
    try:
        yield
    except library.exceptions.MlflowException as error:
        reason = " ".join(str(error.message).split())
        raise SlicecoreError(f"MLflow ({library.get_tracking_uri()}) refuses the result: {reason}") from error


def _log(
    library: Any,
    client: Any,
    run_id: str,
    numbers: Sequence[Number],
    parameters: Mapping[str, str],
    tags: Mapping[str, str],
) -> None:
    kinds = library.entities
    now = int(time.time() * 1000)
    metrics = [
        kinds.Metric(
            number.name, float(number.value), now if number.time is None else number.time, number.step
        )
        for number in numbers
    ]
    params = [kinds.Param(key, value) for key, value in parameters.items()]
    client.log_batch(
        run_id, params=params, tags=[kinds.RunTag(str(key), str(value)) for key, value in tags.items()]
    )
    for start in range(0, len(metrics), _AT_ONCE):
        client.log_batch(run_id, metrics=metrics[start : start + _AT_ONCE])


def _parameters(result: Result) -> dict[str, str]:
    """Parameters on which the numbers depend. The names are our own: a run has others, and none can be changed."""
    record = result.record()
    columns = record["columns"]
    parameters = {
        "table": result.data.name,
        "prediction": columns["prediction"],
        "compared_with": columns["compared_with"],
        "group": columns["group"],
        "embedding": ", ".join(embeddings.label for embeddings in result.embeddings),
        "metric": record["metric"],
        "normalisation": record["normalisation"],
        "min_support": record["min_support"],
        "min_drop": record["min_drop"],
        "version": record["versions"]["slicecore"],
        "python": record["versions"]["python"],
    }
    return {f"{FOLDER}.{key}": str(value) for key, value in parameters.items() if value not in (None, "")}


def _described(result: Result) -> str:
    """The slices as a list of sentences, as many as fit."""
    costs = result.costs
    lines = [f"{costs.name} {costs.value_text(result.scan.overall)} over {len(result.data):,} clips."]
    described = {} if result.scan.has_clusters else {each.slice.id: each for each in result.metadata_slices}
    for slice_ in result.all_slices:
        sentence = result.explanations[slice_.id].sentence if slice_.id in result.explanations else ""
        sentence = f"{described[slice_.id].label}." if slice_.id in described else sentence
        line = f"- {costs.value_text(slice_.value)} over {slice_.support:,} clips. {sentence}".rstrip()
        if sum(map(len, lines)) + len(line) > _LONGEST_TAG:
            lines.append("- …")
            break
        lines.append(line)
    return "\n".join(lines)


def _files(result: Result, folder: Path, report: bool, definitions: Definitions | None) -> list[Path]:
    result.save(folder / "tables")
    files = [folder / "tables" / name for name in _TABLES]
    if report:
        result.report(folder / "report.html")
        files.append(folder / "report.html")
    if definitions is not None:
        definitions.save(folder / "slices.yaml")
        files.append(folder / "slices.yaml")
    return files
