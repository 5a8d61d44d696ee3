"""The class `SliceGuard` with the published calls of sliceguard."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.errors import SlicecoreError
from slicecore.pipeline import cached_hierarchy
from slicecore.pipeline.page_process import Page
from slicecore.sliceguard import report as reporting
from slicecore.sliceguard.columns import joined
from slicecore.sliceguard.features import Features, as_dataset
from slicecore.sliceguard.issues import Selection
from slicecore.sliceguard.metric import costs_by
from slicecore.sliceguard.report import Findings, ReportIssue
from slicecore.sliceguard.unused import OF_FIND_ISSUES, OF_REPORT, warn, warns_of
from slicecore.slices.copies import find_copies
from slicecore.slices.scanner import Scanner
from slicecore.storage.home import cache_folder

if TYPE_CHECKING:
    import pandas as pd


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

    @warns_of(OF_FIND_ISSUES)
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
            Columns of the references and of the predictions, or of labels.
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
        selection = Selection(min_support, min_drop, n_slices, criterion, remove_outliers)
        if y is None or y_pred is None or metric is None:
            raise SlicecoreError(
                "slicecore needs y, y_pred and metric: the references, the predictions, and a function that compares "
                "both. It neither trains a model on y alone nor looks for outliers without any."
            )
        columns = Features(
            data, features, feature_types or {}, precomputed_embeddings or {}, embedding_models or {}
        )
        clips = as_dataset(data, columns.audio, y, y_pred)
        costs = costs_by(metric, data[y], data[y_pred], metric_mode)
        for name in columns.models_without_audio():
            warn(f"embedding_models of {name} is not used: models are for columns of audio files.")
        with _token(hf_auth_token):
            vectors = columns.encode(clips, feature_orders or {}, disable_scaling)
        together = joined(vectors, embedding_weights or {})
        _warn_of_missing(together)
        hierarchy = cached_hierarchy([together], cache_folder())
        copies = None
        if columns.tell_recordings():
            copies = find_copies([together], hierarchy, clips.reference.to_numpy())
        scanner = Scanner(hierarchy, costs, clips.ids, cache_folder(), copies=copies)
        scan = scanner.scan(selection.options)
        issues = selection.issues(scan, scanner, data, columns.types, vectors)
        self.embeddings = columns.embeddings
        self._findings = Findings(
            data, clips, y, y_pred, together, columns.only_model(), hierarchy, scan, issues
        )
        return issues

    @warns_of(OF_REPORT)
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
        """Open the page on the issues of `find_issues`.

        The table and, unless the only feature is audio, its vectors are written to the home folder; the page starts
        with the same embedding, metric and thresholds. A metric that is no mean over rows is shown as the mean of its
        values of single rows, with a warning.

        Parameters
        ----------
        spotlight_dtype, issue_portion, non_issue_portion, host
            Have no meaning here: they warn.
        port
            Port of the page on this machine; a free one if "auto".
        no_browser
            Start no page, only return the result.
        wait
            True to return only when the page is stopped, by Ctrl-C. By default a script waits, a notebook does not.

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
        result = reporting.result(findings)
        if no_browser:
            return result
        arguments = reporting.write(findings)
        if self.page is not None:
            self.page.close()
        self.page = Page(arguments, None if port == "auto" else int(port))
        if wait if wait is not None else not _interactive():
            self.page.wait()
        else:
            atexit.register(self.page.close)
        return result


def _warn_of_missing(vectors: np.ndarray) -> None:
    """Warn of rows that are in no slice because a vector is missing."""
    missing = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(missing):
        warn(
            f"{len(missing)} of {len(vectors)} rows have no vector, the first at position {missing[0]}: a number is "
            "missing, or a file can't be decoded. They count in the overall value and are in no slice."
        )


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
