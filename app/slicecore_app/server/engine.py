"""The engine's objects, each computed once per server process and shared by all sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import streamlit as st

from slicecore.audio import decoding
from slicecore.display.treemap import ClusterTree, cluster_tree, top_cluster_of_clip
from slicecore.embedding import Cancelled, Embeddings
from slicecore.embedding.labels import label_columns
from slicecore.errors import AudioError
from slicecore.filtering.clip_filter import search_texts as search_texts_of
from slicecore.filtering.columns import Column, columns_of, measured_columns
from slicecore.measurements import Measurements
from slicecore.metrics import Costs, WordErrors, align_all, difference
from slicecore.metrics.cached_counts import cached_word_errors
from slicecore.pipeline import Analysis, analyse
from slicecore.slices.examples import nearest_good, typical_clip
from slicecore.slices.options import Options
from slicecore.slices.result import Slice
from slicecore.slices.scanner import Scan, Scanner
from slicecore.storage.home import cache_folder, workspace_folder
from slicecore.storage.verdicts import Verdicts
from slicecore.table.dataset import Dataset
from slicecore_app.server import sources
from slicecore_app.server.jobs import Job, Jobs
from slicecore_app.server.metrics_offered import offered
from slicecore_app.server.sources import Source
from slicecore_app.session.settings import MetricChoice

MOST_TILES = 200
"""Clusters on the page: more than a treemap of its size shows, and each costs time at every move of a slider."""
QUICK_S = 0.4
"""A job that ends within this time is not announced: cached starts come up without a flicker."""


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The process's background jobs."""
    return Jobs()


@st.cache_resource(show_spinner=False, max_entries=8)
def _dataset(source: Source, stamp: int) -> Dataset:
    return source.read()


def dataset(source: Source) -> Dataset:
    """The table, read again when the file has changed. Raises TableError."""
    return _dataset(source, source.stamp)


@st.cache_resource(show_spinner=False, max_entries=32)
def _word_errors(source: Source, stamp: int, prediction: str, normalisation: str) -> WordErrors:
    data = _dataset(source, stamp)
    return cached_word_errors(
        data.reference, data.predictions[prediction], normalisation, cache=cache_folder()
    )


def word_errors(source: Source, prediction: str, normalisation: str) -> WordErrors:
    """Word errors of every clip by kind."""
    return _word_errors(source, source.stamp, prediction, normalisation)


@st.cache_resource(show_spinner=False, max_entries=32)
def _costs(
    source: Source, stamp: int, prediction: str, metric: str, normalisation: str, compared: str = ""
) -> Costs:
    if compared:
        both = (_costs(source, stamp, name, metric, normalisation, "") for name in (prediction, compared))
        return difference(*both, (prediction, compared))
    if metric == "wer":  # the counts by kind are shown as well: work them out once
        return _word_errors(source, stamp, prediction, normalisation).costs
    data = _dataset(source, stamp)
    return offered()[metric].compute(data, prediction, normalisation)


def costs(source: Source, prediction: str, metric: str, normalisation: str, compared: str = "") -> Costs:
    """The metric of every clip, or how much it is more than that of the model `compared`. Raises MetricError."""
    return _costs(source, source.stamp, prediction, metric, normalisation, compared)


@st.cache_resource(show_spinner=False, max_entries=8)
def _search_texts(source: Source, stamp: int, prediction: str) -> list[str]:
    return search_texts_of(_dataset(source, stamp).with_prediction(prediction))


def search_texts(source: Source, prediction: str) -> list[str]:
    """What the words of a filter are looked for in, per clip."""
    return _search_texts(source, source.stamp, prediction)


@st.cache_resource(show_spinner=False, max_entries=8)
def _columns(
    source: Source,
    stamp: int,
    prediction: str,
    metric: str,
    normalisation: str,
    compared: str,
    is_measured: bool,
    labelled: tuple[str, ...],
    _measured: Measurements | None,
) -> dict[str, Column]:
    data = _dataset(source, stamp).with_prediction(prediction)
    costs = _costs(source, stamp, prediction, metric, normalisation, compared)
    found = dict(measured_columns(_measured.table)) if _measured else {}
    for job in jobs().of(_analyses_of(source)):
        if job.name in labelled:
            found |= {name: (values, "") for name, values in label_columns(job.result.embeddings).items()}
    return columns_of(data, costs, found)


def columns(
    source: Source, prediction: str, choice: MetricChoice, measured: Measurements | None, compared: str = ""
) -> dict[str, Column]:
    """All that is known of every clip, by name; also what models heard on the way that were asked for vectors."""
    key = (source, source.stamp, prediction, choice.metric, choice.normalisation, compared)
    labelled = tuple(
        job.name for job in analysis_jobs(source) if job.state == "done" and job.result.embeddings.labels
    )
    return _columns(*key, measured is not None, labelled, measured)


def job_key(source: Source, model: str) -> str:
    """Under which the embedding of a table by a model runs."""
    return f"{_analyses_of(source)} {model}"


def analysis_job(source: Source, model: str, wait: float = QUICK_S) -> Job:
    """Embed, cluster and lay out in the background; the job's result is an `Analysis`. Waits so long for its end."""
    data = dataset(source)

    def work(job: Job) -> Analysis:
        return analyse(data, model, progress=job.report, cancel=job.cancel)

    job = jobs().start(job_key(source, model), work, Cancelled, group=_analyses_of(source), name=model)
    job.ended.wait(wait)
    return job


def analysis_jobs(source: Source) -> list[Job]:
    """The jobs for a table in this process, whichever tab asked for them; their names are the models."""
    return jobs().of(_analyses_of(source))


def look_again(source: Source) -> None:
    """Look at all clips of a table anew; those whose files are as they were come from the cache."""
    before = {job_key(source, job.name): job for job in analysis_jobs(source)}
    sources.look_again(source)
    for key, job in before.items():
        jobs().forget(key)
        if job.state == "running":
            job.cancel.set()
            analysis_job(source, job.name, wait=0)


def _analyses_of(source: Source) -> str:
    return f"{source!r} {source.stamp}"


@st.cache_resource(show_spinner=False, max_entries=32)
def _scanner(key: tuple, _make: Callable[[], Scanner]) -> Scanner:
    return _make()


@st.cache_resource(show_spinner=False, max_entries=256)
def _scan(key: tuple, _make: Callable[[], tuple[Scan, ClusterTree]]) -> tuple[Scan, ClusterTree]:
    return _make()


def scanner(
    source: Source,
    model: str,
    prediction: str,
    metric: str,
    normalisation: str,
    analysis: Analysis,
    compared: str = "",
) -> Scanner:
    """Everything about a scan that does not depend on the thresholds."""
    key = (source, source.stamp, model, prediction, metric, normalisation, compared)
    numbers = costs(source, prediction, metric, normalisation, compared)
    return _scanner(key, lambda: Scanner(analysis.hierarchy, numbers, analysis.data.ids, cache_folder()))


def scan(key: tuple, scanner: Scanner, options: Options) -> tuple[Scan, ClusterTree]:
    """Flagged slices with these options, and the tree that the screen shows. `key` names the scanner."""

    def make() -> tuple[Scan, ClusterTree]:
        found = scanner.scan(options)
        return found, cluster_tree(scanner.hierarchy, found, MOST_TILES)

    return _scan((key, options), make)


@st.cache_resource(show_spinner=False, max_entries=8)
def _top_clusters(source: Source, stamp: int, model: str, _analysis: Analysis) -> np.ndarray:
    return top_cluster_of_clip(_analysis.hierarchy)


def top_clusters(source: Source, model: str, analysis: Analysis) -> np.ndarray:
    """Number of the top cluster of every clip, -1 for none."""
    return _top_clusters(source, source.stamp, model, analysis)


@st.cache_resource(show_spinner=False, max_entries=512)
def _to_compare(
    key: tuple, _make: Callable[[], tuple[int | None, int | None]]
) -> tuple[int | None, int | None]:
    return _make()


def to_compare(
    source: Source, choice: MetricChoice, prediction: str, embeddings: Embeddings, one: Slice, costs: Costs
) -> tuple[int | None, int | None]:
    """The well recognised clip that is nearest to a slice, and its most typical clip; None where there is none."""

    def make() -> tuple[int | None, int | None]:
        good = nearest_good(one, embeddings.vectors, costs.model_costs, 1)
        return (int(good[0]) if len(good) else None), typical_clip(one, embeddings.vectors)

    key = (source, source.stamp, choice, prediction, embeddings.model, one.id)
    return _to_compare(key, make)


@st.cache_resource(show_spinner=False, max_entries=32)
def _verdicts(path: Path) -> Verdicts:
    return Verdicts(path)


def verdicts(source: Source) -> Verdicts:
    """What reviewers said about this table. Raises StorageError."""
    return _verdicts(workspace_folder(Path(source.path)) / "verdicts.sqlite")


@st.cache_resource(show_spinner=False, max_entries=16)
def _edits_so_far(
    source: Source, stamp: int, prediction: str, normalisation: str, by_words: bool
) -> dict[int, list[list[str]]]:
    return {}


def edits(source: Source, data: Dataset, choice: MetricChoice, rows: Iterable[int]) -> list[list[list[str]]]:
    """Alignment of clips, each as [kind, word of the reference, word of the prediction], made when first asked for."""
    by_words = offered()[choice.metric].aligns_words
    known = _edits_so_far(source, source.stamp, data.roles.predictions[0], choice.normalisation, by_words)
    wanted = [int(row) for row in rows]
    new = [row for row in wanted if row not in known]
    said, heard = data.reference.iloc[new].tolist(), data.prediction.iloc[new].tolist()
    if by_words:
        for row, steps in zip(new, align_all(said, heard, choice.normalisation), strict=True):
            known[row] = [[step.kind, step.reference, step.prediction] for step in steps]
    else:
        for row, one, other in zip(new, said, heard, strict=True):
            known[row] = [["equal" if one == other else "substitute", one, other]]
    return [known[row] for row in wanted]


@st.cache_resource(show_spinner=False, max_entries=8)
def _durations_so_far(source: Source, stamp: int) -> dict[int, float | None]:
    return {}


def durations(source: Source, data: Dataset, rows: Iterable[int]) -> list[float | None]:
    """Lengths of clips in seconds from the heads of their files, None where there is none."""
    known = _durations_so_far(source, source.stamp)
    return [_duration(known, data, int(row)) for row in rows]


def _duration(known: dict[int, float | None], data: Dataset, row: int) -> float | None:
    if row not in known:
        clip = data.clips[row]
        try:
            known[row] = decoding.info(clip.path, start=clip.start, end=clip.end).duration if clip else None
        except AudioError:
            known[row] = None
    return known[row]
