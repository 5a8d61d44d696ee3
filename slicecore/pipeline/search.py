"""Search of a table for the slices of a model, as one call."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from slicecore.errors import Cancelled, MetricError, SlicecoreError, TableError
from slicecore.metrics import Costs, usual_metric
from slicecore.metrics import mean_of as metric_of_column
from slicecore.pipeline.analysis import Analysis, Progress, analyse
from slicecore.pipeline.costs import costs_of
from slicecore.pipeline.diagnosis import Diagnosis, diagnose_measured, explained
from slicecore.pipeline.preload import preloading
from slicecore.pipeline.result import Result
from slicecore.pipeline.scanning import scanner_of
from slicecore.product_threads import one_thread
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import Options, OptionValues
from slicecore.storage.home import cache_folder
from slicecore.table.cached_table import read_cached
from slicecore.table.dataset import Dataset, read
from slicecore.table.predictions import PredictionFiles
from slicecore.table.speakers import group_column
from slicecore.text.alignment import align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, name_of
from slicecore.wording import clips
from slicecore.work_threads import Beside, worth_a_thread

if TYPE_CHECKING:
    from slicecore.embedding import Cluster, Embeddings
    from slicecore.embedding.family import Model
    from slicecore.explain.explainer import Explanation
    from slicecore.measurements import Measurements
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.result import Scan

SCANNING = "Find the slices"
EXPLAINING = "Explain the slices"

_REASONS_NAMED = 3


def find_slices(
    table: str | Path | Dataset | Any,
    *,
    audio: str | None = None,
    reference: str | None = None,
    prediction: str | None = None,
    compare_with: str | None = None,
    id: str | None = None,
    start: str | None = None,
    end: str | None = None,
    format: str | None = None,
    folder: str | Path | None = None,
    predictions: PredictionFiles | None = None,
    model: str | Model | Sequence[str | Model] | None = None,
    attributes: Sequence[str] = (),
    metric: str | Costs | None = None,
    normalisation: Normalisation = DEFAULT_NORMALISATION,
    threshold: float | None = None,
    mean_of: str | None = None,
    higher_is_better: bool = False,
    group: str | None = None,
    explain: bool = True,
    measure: bool = False,
    engine: str = "local",
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    options: Options | None = None,
    **option_values: Unpack[OptionValues],
) -> Result:
    """Find the clusters of clips on which a model is clearly worse than on the whole, and explain them.

    Parameters
    ----------
    table
        A row per clip: a file or folder of any format, a DataFrame or another table in memory, see `slicecore.read`;
        or a `Dataset`.
    audio, reference, prediction, id, start, end
        Column names; those not given are guessed, see `slicecore.read`. A `Dataset` has its columns already.
    format
        Name of the file's format where it is not recognised.
    folder
        Where relative audio paths start, see `slicecore.read`; the table's own folder by default.
    predictions
        Files of predictions by the name of the model, which are joined to the table; see `slicecore.read`.
    compare_with
        Prediction column of another model: slices are then clips on which the model is worse than that one.
    model
        Embedding model or a function of your own, see `slicecore.embed`; or several, which are scanned together.
        "none": no clusters, slices over metadata alone. By default "signal", or "none" where the table names no audio
        files.
    attributes
        Audio classification models whose labels become metadata, see `slicecore.attributes`.
    metric
        Name of a built-in metric ("wer", "cer", "error_rate", "accuracy", "mae", "mse", "detection"), or costs of the
        same clips, such as those of `slicecore.metrics.custom`. By default that of the table's kind of task, see
        `slicecore.metrics.usual_metric`.
    normalisation
        Text normalisation before texts are compared: "none", "basic", "english" or "leaderboard" (the Open ASR
        leaderboard's, with compounds as one word); or a function of your own from a text to a text.
    threshold
        Threshold of a detector's scores, from which on clips are accepted; by default that of equal error rates.
    mean_of
        Column with a number per clip, whose mean is the metric; the table then needs no reference and no prediction.
    higher_is_better
        Whether a high mean of that column is good.
    group
        Column of the groups that clips come in, such as speakers, sessions or devices; "file names" for the speakers
        that the names of the files tell, "none" for no groups. By default a column of speakers is looked for, then the
        names of the files. See docs/significance.md.
    explain
        True to explain the slices and to list probably wrong references.
    measure
        True to measure the clips even where nothing is explained: metadata slices then cover measurements too.
    engine
        "local", or "ray" to measure and embed the clips on a Ray cluster; the search itself is done here.
    cluster
        Which cluster and where it writes its results, see `slicecore.embedding.Cluster`.
    cache
        Folder of the cache; the user's by default.
    progress
        Called with step, done and total, from the calling thread; the total is 0 while it is unknown.
    cancel
        Set it from another thread to stop after the batch in hand, which is kept.
    options
        Thresholds and choices of the scan; those of `option_values` by default.
    **option_values
        `min_support`, `min_drop` and the others of `slicecore.Options`, in the place of `options`.

    Raises
    ------
    SlicecoreError
        The table, a column, a model, the metric or an option can't be used, or no clip has an embedding.
    Cancelled
        If `cancel` was set.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> import slicecore as sc
    >>> noisy = np.repeat([False, True], [180, 20])
    >>> clips = pd.DataFrame({
    ...     "id": np.arange(200),
    ...     "reference": ["turn left at the lights"] * 200,
    ...     "prediction": np.where(noisy, "burn left at delights", "turn left at the lights"),
    ...     "device": np.where(noisy, "headset", "phone"),
    ...     "vector": list(np.random.default_rng(0).normal(size=(200, 8)) + 6 * noisy[:, None]),
    ... })
    >>> result = sc.find_slices(clips, model="column:vector")
    >>> result
    Result(table, Vectors from column vector: Scan(1 slice with 100% of the errors; WER 0.06 over 200 clips))
    >>> result.to_frame()[["support", "value", "drop", "tier"]]
       support  value  drop       tier
    0       20    0.6  0.54  confirmed
    >>> result.metadata_slices[0].label
    'device = headset'
    """
    from slicecore.embedding import cluster_of, default_model

    on = cluster_of(engine, cluster)
    if options is not None and option_values:
        raise SlicecoreError(
            f"Thresholds and choices are those of the options. Leave out {', '.join(option_values)}, or options."
        )
    if higher_is_better and mean_of is None:
        raise MetricError(
            "Whether higher is better is asked for the mean of a column alone, which mean_of=… names (--mean-of on the "
            "command line)."
        )
    chosen = options or Options(**option_values)  # checked before the long work, like columns and metric
    store = cache if cache is not None else cache_folder()
    data = _dataset(
        table,
        audio,
        reference,
        prediction,
        compare_with,
        id,
        start,
        end,
        format,
        folder,
        predictions,
        mean_of,
        store,
    )
    normalisation = name_of(normalisation)
    if mean_of is not None:
        metric = _mean_of(data, mean_of, higher_is_better, metric)
    elif metric is None:
        metric = usual_metric(data.reference, data.prediction)
    counted = once(partial(_costs, data, metric, normalisation, compare_with, threshold, store))
    group = group_column(data, group)
    report = preloading(progress or (lambda step, done, total: None), explain)
    context: dict[str, Any] = {"cache": store, "progress": report, "cancel": cancel}

    model = default_model(data) if model is None else model
    begun: list[Beside[Diagnosis]] = []
    with ExitStack() as stack:

        def begin_to_diagnose(
            data: Dataset, embeddings: Sequence[Embeddings], measured: Measurements
        ) -> None:
            def work() -> Diagnosis:
                with one_thread():
                    return diagnose_measured(data, embeddings[0], measured, counted(), normalisation, store)

            beside = Beside(work, cancel, threaded=worth_a_thread(len(data)))
            begun.append(stack.enter_context(beside))

        analysis = analyse(
            data,
            model,
            attributes=attributes,
            layout=None,
            measure=explain or measure,
            first=counted,
            measured=begin_to_diagnose if explain else None,
            cluster=on,
            **context,
        )
        _require_embeddings(analysis)
        data, costs, measurements = analysis.data, counted(), analysis.measurements
        scanner = scanner_of(analysis, costs, group, store)
        report(SCANNING, 0, 0)
        stack.enter_context(one_thread())
        with data.counting_rows():  # a metric of the user's is called for groups
            scan = scanner.scan(chosen)
        metadata_slices = scan_metadata(
            scan,
            data,
            measurements.table if measurements else None,
            groups=scanner.groups,
            copies=scanner.copies,
            cache=store,
        )
        diagnosis = begun[0].result().among(analysis.hierarchy, scanner.groups) if begun else None
        explanations = _explanations(diagnosis, scan, metadata_slices, report, cancel)
    return Result(
        data=data,
        embeddings=analysis.all_embeddings,
        scanner=scanner,
        scan=scan,
        metadata_slices=metadata_slices,
        measurements=measurements,
        explainer=diagnosis.explainer if diagnosis else None,
        explanations=explanations,
        wrong_references=diagnosis.wrong_references if diagnosis else None,
        metric=metric if isinstance(metric, str) else costs.name,
        normalisation=normalisation,
        attributes=tuple(attributes),
        group=group,
        time=datetime.now(UTC),
    )


def _dataset(
    table: str | Path | Dataset | Any,
    audio: str | None,
    reference: str | None,
    prediction: str | None,
    compare_with: str | None,
    id: str | None,
    start: str | None,
    end: str | None,
    format: str | None,
    folder: str | Path | None,
    predictions: PredictionFiles | None,
    mean_of: str | None,
    cache: Path,
) -> Dataset:
    if isinstance(table, Dataset):
        if any((audio, reference, prediction, id, start, end, format, folder, predictions)):
            raise TableError(
                f"The data set “{table.name}” has its columns already. Name them when it is read, or give its table."
            )
        return table
    if isinstance(prediction, list | tuple):
        raise TableError(
            f"One model is searched at a time, but there are {len(prediction)} columns of predictions. Name one, and "
            "another with compare_with=… to compare it with."
        )
    named = dict.fromkeys((prediction, compare_with))  # the same column twice is left to `costs_of` to refuse
    columns_of_models = tuple(named) if prediction and compare_with else prediction
    columns: dict[str, Any] = {
        "audio": audio,
        "reference": reference,
        "prediction": columns_of_models,
        "id": id,
        "start": start,
        "end": end,
    }
    columns |= {"format": format, "folder": folder, "predictions": predictions, "mean_of": mean_of}
    return read_cached(table, cache, **columns) if isinstance(table, str | Path) else read(table, **columns)


def _mean_of(data: Dataset, column: str, higher_is_better: bool, metric: str | Costs | None) -> Costs:
    if metric is not None:
        raise MetricError(
            "The metric is either one by its name or the mean of a column. Leave out metric or mean_of."
        )
    if column not in data.table:
        raise TableError(f"“{data.name}” has no column “{column}” to take the mean of.")
    with data.counting_rows():
        return metric_of_column(data.table[column], column, higher_is_better)


def _costs(
    data: Dataset,
    metric: str | Costs,
    normalisation: str,
    compare_with: str | None,
    threshold: float | None,
    cache: Path,
) -> Costs:
    if isinstance(metric, str):
        if metric == "wer" and data.roles.reference is not None:
            # The words of a large table are stored, for what counts them and for the next scan.
            with data.counting_rows():
                align_table(data.reference, data.prediction, normalisation, cache)
        return costs_of(data, metric, normalisation, compare_with, threshold)
    if threshold is not None:
        raise MetricError("A threshold needs the metric “detection” by its name.")
    if compare_with is not None:
        raise MetricError(
            "compare_with needs the name of a metric. Give slicecore.metrics.difference(…) of both models' costs "
            "instead."
        )
    if len(metric) != len(data):
        raise MetricError(f"The costs are of {len(metric)} clips, but the table has {len(data)}.")
    return metric


def _require_embeddings(analysis: Analysis) -> None:
    """Raise TableError, with the commonest reasons, where no clip has a vector in any embedding."""
    from slicecore.embedding import NONE

    if any(embeddings.valid.any() for embeddings in analysis.all_embeddings):
        return
    data, reasons = analysis.data, analysis.embeddings.reasons
    if analysis.embeddings.model == NONE:
        return
    counts = Counter(reasons.values()).most_common(_REASONS_NAMED)
    named = "; ".join(f"{reason} ({count})" for reason, count in counts)
    first = min(reasons)
    path = data.audio_paths[first]
    where = f" ({path})" if path else ""
    none, article = ("The only clip", "no") if len(data) == 1 else (f"None of the {clips(len(data))}", "an")
    raise TableError(
        f"{none} of “{data.name}” has {article} embedding: {named}. The first one is "
        f"{data.ids[first]}{where}. Without embeddings there are no clusters to look through; correct the table or "
        f"its files, name the folder where their paths start (folder=…, --folder), or search metadata alone "
        f'(model="{NONE}", --embedding {NONE}).'
    )


def _explanations(
    diagnosis: Diagnosis | None,
    scan: Scan,
    metadata_slices: Sequence[MetadataSlice],
    report: Progress,
    cancel: threading.Event | None,
) -> dict[str, Explanation]:
    if diagnosis is None:
        return {}
    explanations = {}
    for done, slice_ in enumerate(scan.slices):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        report(EXPLAINING, done, len(scan.slices))
        explanations[slice_.id] = explained(slice_, diagnosis.explainer, metadata_slices)
    report(EXPLAINING, len(scan.slices), len(scan.slices))
    return explanations
