"""Files of a result, and the folders that they are written to."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from slicecore.errors import StorageError
from slicecore.metrics import METRICS, DetectionTable, LabelTable
from slicecore.pipeline.costs import costs_of_models
from slicecore.pipeline.page_table import judged_path
from slicecore.report.agreement import agreement_table, has_several_reviewers, verdicts_table
from slicecore.report.csv_files import write_csv
from slicecore.report.detection_table import detection_table
from slicecore.report.html.findings import NO_REVIEWS
from slicecore.report.label_table import confusion_table, labels_table
from slicecore.report.models_table import FEWEST_MODELS, models_table
from slicecore.report.tables import (
    clips_table,
    metadata_slices_table,
    slices_table,
    wrong_references_table,
)
from slicecore.report.word_tables import word_classes_table, words_table
from slicecore.storage.atomic import write_together, write_whole

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.pipeline.analysis import Progress
    from slicecore.pipeline.result import Result
    from slicecore.report.html.past import Past

_OF_ONE_RUN = (
    "run.json",
    "wrong_references.csv",
    "errors.csv",
    "words.csv",
    "word_classes.csv",
    "labels.csv",
    "confusion.csv",
    "detection.csv",
    "models.csv",
    "verdicts.csv",
    "agreement.csv",
)
"""Files of an earlier run that must not stay beside the tables of another one."""

_ALL = ("slices.csv", "clips.csv", "metadata_slices.csv", *_OF_ONE_RUN)


def save_tables(
    result: Result,
    folder: Path,
    measurements: bool,
    verdicts: bool,
    errors: bool,
    words: Sequence[str] | str | Path,
    word_classes: bool,
) -> None:
    """Write the files of a result, see `Result.save`."""
    reviews, carried = None, None
    if verdicts:
        from slicecore.pipeline.verdicts import verdicts_on  # not above: it needs many modules

        reviews, carried = verdicts_on(result)
    judgements = reviews.judgements if reviews else None
    measured = result.measurements.table if measurements and result.measurements else None
    record = json.dumps(result.record(), indent=2, ensure_ascii=False) + "\n"
    tables = {
        "slices.csv": slices_table(
            result.scan,
            judgements,
            explanations=result.explanations,
            carried=carried,
            named=reviews.own_slices if reviews else None,
            assignees=reviews.assignees if reviews else None,
        ),
        "clips.csv": clips_table(result.data, result.scan, measured=measured),
        "metadata_slices.csv": metadata_slices_table(result.scan, result.metadata_slices),
    }
    if reviews and has_several_reviewers(reviews.opinions):
        tables["verdicts.csv"] = verdicts_table(reviews.opinions)
        tables["agreement.csv"] = agreement_table(reviews.opinions)
    if result.wrong_references is not None:
        tables["wrong_references.csv"] = wrong_references_table(result.data, result.wrong_references)
    if errors:
        tables["errors.csv"] = result.error_rows()
    if words:
        tables["words.csv"] = words_table(result.word_recall(words))
    if word_classes:
        by_slice = {slice_.id: result.word_classes(slice_) for slice_ in result.all_slices}
        tables["word_classes.csv"] = word_classes_table({"": result.word_classes(), **by_slice})
    if result.costs.unit == "labels":
        tables |= _label_tables(result)
    if result.threshold is not None:
        tables["detection.csv"] = detection_table(
            DetectionTable(result.data.reference, result.data.prediction),
            result.threshold,
            {slice_.id: slice_.members for slice_ in result.all_slices},
        )
    if len(result.data.predictions) >= FEWEST_MODELS and result.metric in METRICS:
        known = {result.data.roles.predictions[0]: result.costs.model_costs}
        costs = costs_of_models(result.data, result.metric, result.normalisation, known)
        groups = {slice_.id: slice_.members for slice_ in result.all_slices}
        tables["models.csv"] = models_table(costs, groups)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files: dict[Path, Callable[[Path], object]] = {
            folder / name: partial(write_csv, table) for name, table in tables.items()
        }
        files[folder / "run.json"] = partial(Path.write_text, data=record, encoding="utf-8")
        write_together(files)
        for name in _OF_ONE_RUN:
            if folder / name not in files:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise not_writable(folder, error) from error


def _label_tables(result: Result) -> dict[str, pd.DataFrame]:
    """Tables of labels by the names of their files; none where there are too many labels."""
    labels = LabelTable(result.data.reference, result.data.prediction)
    if not labels.has_matrix:
        return {}
    groups = {slice_.id: slice_.members for slice_ in result.all_slices}
    return {"labels.csv": labels_table(labels, groups), "confusion.csv": confusion_table(labels, groups)}


def save_report(
    result: Result,
    path: Path,
    verdicts: bool,
    past: Past | None,
    progress: Progress | None,
    cancel: threading.Event | None,
) -> None:
    """Write the report of a result, see `Result.report`."""
    from slicecore.pipeline.verdicts import reviews_on
    from slicecore.report.html.rendering import report_html

    reviews = reviews_on(result) if verdicts and judged_path(result.data) is not None else NO_REVIEWS
    content = report_html(result.findings(reviews, past), progress=progress, cancel=cancel)
    try:
        write_whole(path, lambda part: part.write_bytes(content))
    except OSError as error:
        raise not_writable(path, error) from error


def require_writable(folder: Path) -> None:
    """Raise StorageError where a folder of results can't be written to, or created. Leaves nothing behind."""
    try:
        if taken := next((path for name in _ALL if (path := folder / name).is_dir()), None):
            raise IsADirectoryError(errno.EISDIR, f"“{taken.name}” in it is a folder")
        existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        with TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise not_writable(folder, error) from error


def not_writable(folder: Path, error: OSError) -> StorageError:
    """The error that a folder of results can't be written to."""
    return StorageError(
        f"Results can't be written to {folder} ({error.strerror}). Choose another folder (--out on the command line)."
    )
