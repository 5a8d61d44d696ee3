"""`SliceGuard`: its arguments, and what each comes to here."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.cli.page_process import Page
from slicecore.errors import MetricError, SlicecoreError
from slicecore.metrics import Custom, custom
from slicecore.pipeline import cached_hierarchy
from slicecore.sliceguard import report as reporting
from slicecore.sliceguard.columns import joined
from slicecore.sliceguard.features import Features, as_dataset, explanation
from slicecore.sliceguard.report import Findings, ReportIssue
from slicecore.slices.options import Options
from slicecore.slices.result import Slice
from slicecore.slices.scanner import Scan, Scanner
from slicecore.storage.home import cache_folder

if TYPE_CHECKING:
    import pandas as pd

_DEFAULT_SLICES = 20
_DEFAULT_SUPPORT = 5
_CRITERIA: dict[str, Callable[[dict[str, Any]], float]] = {
    "drop": lambda issue: issue["drop"],
    "support": lambda issue: issue["support"],
    "drop*support": lambda issue: issue["drop"] * issue["support"],
}
_MODES = ("min", "max")

_NO_TRAINING = "slicecore trains no model; it looks for the slices of one whose predictions it is given"
_OWN_BATCHES = "slicecore chooses batches and threads by itself"
_WITHOUT_MEANING: dict[str, tuple[Any, str]] = {
    "hf_num_proc": (None, _OWN_BATCHES),
    "hf_batch_size": (1, _OWN_BATCHES),
    "automl_task": ("classification", _NO_TRAINING),
    "automl_split_key": (None, _NO_TRAINING),
    "automl_train_split": (None, _NO_TRAINING),
    "automl_time_budget": (20.0, _NO_TRAINING),
    "automl_use_full_embeddings": (False, _NO_TRAINING),
    "automl_hf_model": (None, _NO_TRAINING),
    "automl_hf_model_architecture": (None, _NO_TRAINING),
    "automl_hf_model_output_dir": ("./hf_model", _NO_TRAINING),
    "automl_hf_model_epochs": (5, _NO_TRAINING),
    "drop_reference": (
        "overall",
        "slicecore shows each problem on the level that describes it best, and compares it with all clips",
    ),
}
"""Argument -> its default there, and why another value changes nothing here."""


class SliceGuard:
    """Finds the slices of a table on which a model is bad, by the calls of sliceguard.

    Attributes
    ----------
    embeddings : dict of str to (n, d) np.ndarray
        Vectors of the columns that were embedded by the last `find_issues`, to be given as `precomputed_embeddings`.
        NaN where a clip can't be decoded.
    page : Page or None
        The page that `report` started.
    """

    def __init__(self) -> None:
        self.embeddings: dict[str, np.ndarray] = {}
        self.page: Page | None = None
        self._findings: Findings | None = None

    def find_issues(
        self,
        data: pd.DataFrame,
        features: Sequence[str],
        y: str | None = None,
        y_pred: str | None = None,
        metric: Callable[..., float] | None = None,
        min_support: int | None = None,
        min_drop: float | None = None,
        n_slices: int | None = None,
        criterion: str | None = None,
        metric_mode: str | None = None,
        drop_reference: str = "overall",
        remove_outliers: bool = False,
        feature_types: Mapping[str, str] | None = None,
        feature_orders: Mapping[str, Sequence[Any]] | None = None,
        disable_scaling: Sequence[str] = (),
        precomputed_embeddings: Mapping[str, Any] | None = None,
        embedding_models: Mapping[str, str] | None = None,
        embedding_weights: Mapping[str, float] | None = None,
        hf_auth_token: str | None = None,
        hf_num_proc: int | None = None,
        hf_batch_size: int = 1,
        automl_task: str = "classification",
        automl_split_key: str | None = None,
        automl_train_split: str | None = None,
        automl_time_budget: float = 20.0,
        automl_use_full_embeddings: bool = False,
        automl_hf_model: str | None = None,
        automl_hf_model_architecture: Any = None,
        automl_hf_model_output_dir: str = "./hf_model",
        automl_hf_model_epochs: int = 5,
    ) -> list[dict[str, Any]]:
        """Find slices on which the model is clearly worse than on the whole.

        Parameters
        ----------
        data
            One row per clip. Relative audio paths start in the working directory.
        features
            Columns by which clips are grouped: audio files, numbers, categories, text, or ready-made vectors.
            Several are put side by side, each with the same weight.
        y, y_pred
            Columns of what was said and of what the model heard, or of labels.
        metric
            `metric(y_true, y_pred)` of some rows, as arrays (as lists, if it takes no arrays), gives a number. It must
            work for single rows.
        min_support
            Fewest rows of a slice; 5 if None.
        min_drop
            Least drop of a slice, in units of the metric; any drop if None.
        n_slices, criterion
            Keep so many slices, the first by "drop", "support" or "drop*support". 20 by drop if neither these nor a
            threshold is given.
        metric_mode
            "min" where low values are good, else "max", the default.
        remove_outliers
            Leave out slices that miss a threshold without those rows whose value is further from the slice's median
            than twice the median deviation.
        feature_types
            Column -> "raw" (audio or text), "nominal", "ordinal", "numerical" or "embedding"; guessed where not given.
        feature_orders
            Ordinal column -> its values, lowest first.
        disable_scaling
            Numerical columns to take as they are.
        precomputed_embeddings
            Column -> (n, d) vectors; the column need not be in the table.
        embedding_models
            Audio column -> model, see `slicecore.embed`; "signal" where not given.
        embedding_weights
            Column -> weight beside the other columns.
        hf_auth_token
            For the download of a model from the hub.
        drop_reference, hf_num_proc, hf_batch_size, automl_task, automl_split_key, automl_train_split, \
automl_time_budget, automl_use_full_embeddings, automl_hf_model, automl_hf_model_architecture, \
automl_hf_model_output_dir, automl_hf_model_epochs
            Have no meaning here: other values than the default warn.

        Returns
        -------
        list of dict
            A slice each, the first by `criterion`, else as `Scanner` ranks them. `id` (0, 1, …), `level` (how
            many larger clusters hold it), `rows` (positions), `indices` (labels of the table's index), `metric`,
            `drop`, `support`, `explanation` (columns, the most telling first), `slice_id`, `p_value`, `tier`. No two
            share a row.

        Raises
        ------
        SlicecoreError
            If an argument makes no sense, or a column, a model or the metric can't be used.
        """
        given = locals()
        for name, (default, why) in _WITHOUT_MEANING.items():
            if given[name] != default:
                _warn(f"{name} is not used: {why}.")
        if y is None or y_pred is None or metric is None:
            raise SlicecoreError(
                "slicecore needs y, y_pred and metric: what was said, what the model made of it, and how to compare "
                "both. It neither trains a model on y alone nor looks for outliers without any."
            )
        mode = metric_mode or "max"
        if mode not in _MODES:
            raise SlicecoreError(f"metric_mode is “min” or “max”, not “{metric_mode}”.")
        if criterion is not None and criterion not in _CRITERIA:
            raise SlicecoreError(f"criterion is one of {', '.join(_CRITERIA)}, not “{criterion}”.")
        if min_support is None and min_drop is None and n_slices is None and criterion is None:
            n_slices = _DEFAULT_SLICES
        if n_slices is not None and criterion is None:
            criterion = "drop"

        columns = Features(
            data, features, feature_types or {}, precomputed_embeddings or {}, embedding_models or {}
        )
        clips = as_dataset(data, columns.audio, y, y_pred)
        costs = _costs(metric, data[y], data[y_pred], mode)
        for name in columns.models_without_audio():
            _warn(f"embedding_models of {name} is not used: models are for columns of audio files.")
        with _token(hf_auth_token):
            vectors = columns.encode(clips, feature_orders or {}, disable_scaling)
        together = joined(vectors, embedding_weights or {})
        lost = np.flatnonzero(~np.isfinite(together).all(axis=1))
        if len(lost):
            _warn(
                f"{len(lost)} of {len(data)} rows have no vector, the first at position {lost[0]}: a number is "
                "missing, or a file can't be decoded. They count in the overall value and are in no slice."
            )
        hierarchy = cached_hierarchy([together], cache_folder())
        scanner = Scanner(hierarchy, costs, clips.ids)
        found = scanner.scan(Options(min_support=min_support or _DEFAULT_SUPPORT, min_drop=min_drop or 0.0))
        slices = [one for one in found.slices if not remove_outliers or _holds_without_outliers(one, found)]
        issues = [_issue(one, scanner, data, columns.types, vectors) for one in slices if one.drop > 0]
        if criterion is not None:
            issues.sort(key=_CRITERIA[criterion], reverse=True)
        issues = issues[:n_slices]
        for number, issue in enumerate(issues):
            issue["id"] = number
        self.embeddings = columns.embeddings
        self._findings = Findings(
            data, clips, y, y_pred, together, columns.only_model(), hierarchy, found, issues
        )
        return issues

    def report(
        self,
        spotlight_dtype: Mapping[str, Any] | None = None,
        issue_portion: float | None = None,
        non_issue_portion: float | None = None,
        host: str = "127.0.0.1",
        port: int | str = "auto",
        no_browser: bool = False,
        *,
        wait: bool | None = None,
    ) -> tuple[pd.DataFrame, list[ReportIssue], dict[str, Any], None]:
        """Open the page on what `find_issues` found.

        The table and, unless the only feature is audio, its vectors are written to the home folder; the page starts
        with the same embedding, metric and thresholds. A metric that is no mean over rows is shown as the mean of its
        values of single rows, with a warning.

        Parameters
        ----------
        spotlight_dtype, issue_portion, non_issue_portion, host
            Have no meaning here: they warn.
        port
            Of the page on this machine; a free one if "auto".
        no_browser
            Start no page, only return the result.
        wait
            Whether to return only when the page is stopped, by Ctrl-C. By default a script waits, a notebook does not.

        Returns
        -------
        table, issues, dtypes, layout
            The table with the column `sg_projection` (place on the map); the slices, the worst first; `{}` and None,
            which stand for what is Spotlight's own.

        Raises
        ------
        SlicecoreError
            Before `find_issues`, or if the page can't be started.
        """
        findings = self._findings
        if findings is None:
            raise SlicecoreError("There is nothing to report yet: call find_issues first.")
        if spotlight_dtype:
            _warn("spotlight_dtype is not used: the page is slicecore's own and knows its columns.")
        if issue_portion is not None or non_issue_portion is not None:
            _warn(
                "issue_portion and non_issue_portion are not used: the page shows tables of any size whole."
            )
        if host not in ("127.0.0.1", "localhost"):
            _warn(f"host {host} is not used: the page can be opened on this machine only.")
        result = reporting.result(findings)
        if no_browser:
            return result
        arguments = reporting.write(findings, warn=_warn)
        if self.page is not None:
            self.page.close()
        self.page = Page(arguments, None if port == "auto" else int(port))
        if wait if wait is not None else not _interactive():
            self.page.wait()
        else:
            atexit.register(self.page.close)
        return result


def _issue(
    one: Slice,
    scanner: Scanner,
    data: pd.DataFrame,
    types: Mapping[str, str],
    vectors: Mapping[str, np.ndarray],
) -> dict[str, Any]:
    """A slice as a dict with sliceguard's keys and some of ours."""
    return {
        "id": 0,
        "level": len(scanner.ancestors(one)),
        "indices": data.index.to_numpy()[one.members],
        "rows": one.members,
        "metric": one.value,
        "drop": one.drop,
        "support": one.support,
        "explanation": explanation(one.members, data, types, vectors),
        "slice_id": one.id,
        "p_value": one.p_value,
        "tier": one.tier,
    }


def _costs(metric: Callable[..., float], said: pd.Series, heard: pd.Series, mode: str) -> Custom:
    """The metric as sliceguard calls it: with arrays, which compare element by element, or with lists if it must be."""
    name = str(getattr(metric, "__name__", "metric"))

    def with_arrays(y_true: list[Any], y_pred: list[Any]) -> float:
        return metric(np.asarray(y_true), np.asarray(y_pred))

    rows = said.tolist(), heard.tolist()
    try:
        custom(with_arrays, rows[0][:1], rows[1][:1])
        function: Callable[..., float] = with_arrays
    except MetricError:  # as jiwer.wer, which wants lists of str
        function = metric
    try:
        return custom(function, *rows, mode == "max", name)
    except MetricError as error:
        raise MetricError(f"{error} slicecore needs the value of single rows.") from error


def _holds_without_outliers(one: Slice, found: Scan) -> bool:
    drops = found.costs.per_clip()[one.members] - found.overall
    drops = drops[np.isfinite(drops)] * (-1 if found.costs.higher_is_better else 1)
    if not len(drops):
        return False
    middle = np.median(drops)
    kept = drops[np.abs(drops - middle) <= 2 * np.median(np.abs(drops - middle))]
    return len(kept) >= found.min_support and kept.mean() >= found.min_drop


@contextlib.contextmanager
def _token(token: str | None) -> Iterator[None]:
    """Let the hub's client know a token while the context is open."""
    before = os.environ.get("HF_TOKEN")
    if token:
        os.environ["HF_TOKEN"] = token
    try:
        yield
    finally:
        if token:
            os.environ.pop("HF_TOKEN")
            if before is not None:
                os.environ["HF_TOKEN"] = before


def _interactive() -> bool:
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules


def _warn(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=3)
