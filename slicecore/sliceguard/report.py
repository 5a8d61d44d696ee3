"""Result of `SliceGuard.report`, and the table and arguments with which the page starts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.errors import StorageError
from slicecore.metrics import Costs
from slicecore.pipeline import cached_positions
from slicecore.sliceguard.unused import warn
from slicecore.slices.scanner import Scan
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import cache_folder, home
from slicecore.storage.permissions import make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from slicecore.table.dataset import Dataset

_SAME = 1e-9
_NAMED = 3


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything that `report` needs of a call of `find_issues`."""

    table: pd.DataFrame
    data: Dataset
    y: str
    y_pred: str
    vectors: np.ndarray
    model: str | None
    hierarchy: Hierarchy
    scan: Scan
    issues: list[dict[str, Any]]


@dataclass(frozen=True)
class ReportIssue:
    """A slice in words, with the fields of Spotlight's `DataIssue`."""

    severity: str
    title: str
    description: str
    rows: list[int]
    columns: list[str]


def result(findings: Findings) -> tuple[pd.DataFrame, list[ReportIssue], dict[str, Any], None]:
    """The tuple that `report` returns: the table with places on a map, slices in words, nothing of Spotlight's own."""
    places = cached_positions(findings.vectors, findings.hierarchy, cache_folder())
    table = findings.table.copy()
    table["sg_projection"] = places.tolist()
    issues = sorted(findings.issues, key=lambda issue: -issue["drop"])
    return table, [_in_words(issue) for issue in issues], {}, None


def write(findings: Findings) -> list[str]:
    """Write table and vectors for the page; returns the arguments of `slicecore run`.

    Raises
    ------
    StorageError
        A file can't be written.
    """
    folder = _folder(findings)
    table, arguments = _page_table(findings)
    path, model = folder / "sliceguard-report.csv", findings.model
    try:
        make_private_folder(folder)
        write_whole(path, lambda part: table.to_csv(part, index=False))
        if model is None:
            model = str(folder / "vectors.npy")
            np.save(model, findings.vectors.astype(np.float32), allow_pickle=False)
    except OSError as error:
        raise StorageError(
            f"The table of the page can't be written to {folder} ({error.strerror}). Set SLICECORE_HOME to another "
            "folder."
        ) from error
    scan = findings.scan
    thresholds = ("--min-support", str(scan.min_support), "--min-drop", str(scan.min_drop))
    return [str(path), *arguments, "--embedding", model, *thresholds]


def _page_table(findings: Findings) -> tuple[pd.DataFrame, list[str]]:
    """The user's table with the columns that the page needs, and the arguments that name them."""
    import pandas as pd

    costs = findings.scan.costs
    table = findings.table.reset_index(drop=True)
    table.columns = [str(column) for column in table.columns]
    # Vectors belong into no cell; the page takes them from a file of their own.
    table = table.drop(columns=[name for name in table.columns if _holds_vectors(table[name])])
    id_column = _free("id", table)
    table[id_column] = findings.data.ids
    arguments = ["--reference", str(findings.y), "--prediction", str(findings.y_pred), "--id", id_column]
    if findings.data.roles.audio is not None:
        audio = _free("audio", table)
        table[audio] = [str(path) if path else "" for path in findings.data.audio_paths]
        arguments += ["--audio", audio]
    metric = _metric_of_the_page(findings)
    if metric is not None:
        return table, [*arguments, "--metric", metric[0], "--normalisation", metric[1]]
    column = _free(costs.name, table)
    table[column] = pd.Series(costs.per_clip())
    if not _is_mean(costs, findings.issues):
        warn(f"The page shows the mean of {costs.name} over rows, which is not its value for groups of rows.")
    higher = ["--higher-is-better"] if costs.higher_is_better else []
    return table, [*arguments, "--mean-of", column, *higher]


def _folder(findings: Findings) -> Path:
    """Folder of these clips and columns: a script that runs again has its verdicts again."""
    content = "\n".join([findings.y, findings.y_pred, *map(str, findings.data.ids)])
    return home() / "sliceguard" / hashlib.blake2b(content.encode(), digest_size=6).hexdigest()


def _metric_of_the_page(findings: Findings) -> tuple[str, str] | None:
    """Key and normalisation of a built-in metric that gives the same for the whole and for every slice."""
    from slicecore.metrics import METRICS
    from slicecore.text.normalisation import DEFAULT_NORMALISATION, NORMALISATIONS

    costs, data = findings.scan.costs, findings.data
    usual = {
        key: metric for key, metric in METRICS.items() if not metric.has_threshold
    }  # users' functions have none
    for key, metric in usual.items():
        for normalisation in NORMALISATIONS if metric.normalises else (DEFAULT_NORMALISATION,):
            if key in ("mae", "mse") and not _are_numbers(findings):
                continue
            other = metric(data.reference, data.prediction, normalisation)
            if other.higher_is_better == costs.higher_is_better and _agree(costs, other, findings.issues):
                return key, normalisation
    return None


def _are_numbers(findings: Findings) -> bool:
    import pandas as pd

    return all(
        pd.api.types.is_numeric_dtype(column) and column.notna().all()
        for column in (findings.table[findings.y], findings.table[findings.y_pred])
    )


def _is_mean(costs: Costs, issues: list[dict[str, Any]]) -> bool:
    mean = Costs(costs.numerator, costs.denominator)
    return costs.adds_up or _agree(costs, mean, issues)


def _agree(costs: Costs, other: Costs, issues: list[dict[str, Any]]) -> bool:
    groups = [None, *(issue["rows"] for issue in issues)]
    return all(np.isclose(costs.value(rows), other.value(rows), rtol=_SAME, atol=_SAME) for rows in groups)


def _in_words(issue: dict[str, Any]) -> ReportIssue:
    parts = issue["explanation"][:_NAMED]
    weights = "; ".join(f"{part['column']} ({part['importance']:.2f})" for part in parts)
    values = [
        f"{part['column']} from {part['minimum']} to {part['maximum']}" for part in parts if "minimum" in part
    ]
    values += [f"{part['column']} mostly {part['mode']}" for part in parts if "mode" in part]
    return ReportIssue(
        severity="medium",
        title=f"Metric: {issue['metric']:.2f}, drop {issue['drop']:.2f}, {issue['support']} rows",
        description="Set apart by " + weights + ("" if not values else ". Values: " + "; ".join(values)),
        rows=issue["rows"].tolist(),
        columns=[part["column"] for part in parts],
    )


def _holds_vectors(column: pd.Series) -> bool:
    return any(isinstance(value, list | tuple | np.ndarray) for value in column)


def _free(name: str, table: pd.DataFrame) -> str:
    """A column name that the table has not."""
    return name if name not in table.columns else _free(f"{name}_", table)
