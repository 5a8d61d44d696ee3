"""One state of a table that this process has open, and everything that was computed for it, shared by all sessions."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from slicecore.audio import decoding
from slicecore.cached_properties import cached_property
from slicecore.carry_over.carrying import CarriedOver
from slicecore.carry_over.known_tables import KnownTables
from slicecore.display.treemap import ClusterTree, cluster_tree, top_cluster_of_clip
from slicecore.embedding import Cancelled, Embeddings
from slicecore.embedding.labels import label_columns
from slicecore.errors import AudioError
from slicecore.filtering.clip_filter import SearchTexts, search_texts
from slicecore.filtering.columns import Column, columns_of, measured_columns
from slicecore.measurements import Measurements
from slicecore.metrics import (
    Costs,
)
from slicecore.pipeline import Analysis, analyse, cached_positions, scanner_of
from slicecore.pipeline.preload import preloading
from slicecore.slices.examples import nearest_good, typical_clip
from slicecore.slices.options import Options
from slicecore.slices.result import Slice
from slicecore.slices.scanner import Scan, Scanner
from slicecore.storage.home import cache_folder
from slicecore.storage.verdicts import Workspace, verdicts_of
from slicecore.table.dataset import Dataset
from slicecore.tallies import add
from slicecore_app.server.jobs import Job, Jobs
from slicecore_app.server.memo import Memo
from slicecore_app.server.metrics_offered import MetricChoice
from slicecore_app.server.scoring import Scoring
from slicecore_app.server.sources import Source

if TYPE_CHECKING:
    from slicecore.storage.verdicts import Verdicts

MOST_TILES = 200
"""Clusters on the page: more than a treemap of its size shows, and each costs time at every move of a slider."""
QUICK_S = 0.4
"""A job that ends within this time is not announced: cached starts come up without a flicker."""
ANALYSES, MEASURED, EXPLAINED, DESCRIBED, CARRIED, REPORTS, LIKE, PLACES = (
    "analyses",
    "measured",
    "explained",
    "described",
    "carried",
    "reports",
    "more like a slice",
    "places",
)
"""Groups of jobs."""
MOST_JOBS = {
    ANALYSES: 8,
    MEASURED: 4,
    EXPLAINED: 32,
    DESCRIBED: 32,
    CARRIED: 2,
    REPORTS: 2,
    LIKE: 4,
    PLACES: 4,
}
"""Results of jobs that are kept: what goes comes back from the cache on the disk."""
MOST_CHOICES = 16
"""Combinations of models and metrics whose costs, columns and scanners are kept."""
MOST_SCANS = 128
MOST_CLIPS_OF_SCANS = 1 << 23
"""Clips of all scans that are kept, as each takes 16 bytes a clip: 83 scans of 100,000 clips, 8 of a million."""
LEAST_SCANS = 4
MOST_SLICES = 512
"""Slices whose good and typical clip are kept."""
(
    OUTLINES,
    CONDITIONS,
    COLUMN_KINDS,
    COLOURS,
    EMPTY_PREDICTIONS,
    SEARCHED,
    CLIP_VALUES,
    CLIP_LISTS,
    SIGNS,
    WORDS,
    AROUND,
    IF_FIXED,
    CLIP_IDS,
    PACKED_CLIPS,
    COPIED,
    DIGESTS,
) = (
    "outlines",
    "describing conditions",
    "kinds of columns",
    "colours",
    "empty predictions",
    "searched columns",
    "values of clips",
    "lists of clips",
    "signs of wrong references",
    "words of slices",
    "clusters around slices",
    "values if fixed",
    "ids of the clips of slices",
    "rows of the clips of slices as texts",
    "clips that are there several times",
    "digests of the clips of lists",
)
"""Kinds of things that pages work out, and that are the same for all sessions."""
MOST_SHARED = {
    COPIED: 4,
    DIGESTS: 256,
    OUTLINES: 2048,
    CONDITIONS: 512,
    COLUMN_KINDS: 16,
    COLOURS: 16,
    EMPTY_PREDICTIONS: 16,
    SEARCHED: 2,
    CLIP_VALUES: 4,
    CLIP_LISTS: 8,
    SIGNS: 4,
    WORDS: 512,
    AROUND: 512,
    IF_FIXED: 512,
    CLIP_IDS: 128,
    PACKED_CLIPS: 128,
}
"""Of each kind as many are kept. Colours take a byte per clip, values eight, searched columns mostly one per clip and
column."""
Shared = TypeVar("Shared")


class Columns(dict[str, Column]):
    """Columns of clips by name; what was made of them is found again by this object (`memo.Same`)."""


Describe = Callable[[int, str | None], Mapping[str, object]]
"""Describes the clip of a row for the player; with a text, as it would be with that as its reference."""
CausesOf = Callable[[int], Sequence[str]]
"""Names of the causes that are marked in the clip of a row."""


def most_scans(clips: int) -> int:
    """Scans of a table of so many clips, at other thresholds each, that are kept."""
    return max(LEAST_SCANS, min(MOST_SCANS, MOST_CLIPS_OF_SCANS // max(1, clips)))


class OpenTable:
    """A table as it was read at one moment.

    Parameters
    ----------
    data
        The table.
    source
        Its place and its columns.
    stamp
        Of its files when it was read: another one is another state.
    at_rest
        Called when the last of its jobs has ended.
    """

    def __init__(
        self,
        data: Dataset,
        source: Source,
        stamp: tuple[tuple[str, int], ...],
        at_rest: Callable[[], object] = lambda: None,
    ) -> None:
        self.data = data
        self.source = source
        self.stamp = stamp
        self.jobs = Jobs(MOST_JOBS, at_rest)
        self.scoring = Scoring(data)
        self._opening_verdicts = threading.Lock()
        self._verdicts: Verdicts | None = None
        self._data: Memo[Dataset] = Memo(MOST_CHOICES)
        self._shared: dict[str, Memo[Any]] = {what: Memo(most) for what, most in MOST_SHARED.items()}
        self._texts: Memo[SearchTexts] = Memo(MOST_CHOICES)
        self._columns: Memo[Columns] = Memo(MOST_CHOICES)
        self._scanners: Memo[Scanner] = Memo(MOST_CHOICES)
        self._scans: Memo[tuple[Scan, ClusterTree]] = Memo(most_scans(len(data)))
        self._top_clusters: Memo[np.ndarray] = Memo(MOST_CHOICES)
        self._compared_clips: Memo[tuple[int | None, int | None]] = Memo(MOST_SLICES)
        self._carried: Memo[CarriedOver] = Memo(MOST_CHOICES)
        self._durations: dict[int, float | None] = {}
        self._describers: Memo[Describe] = Memo(MOST_CHOICES)
        self._causes: Memo[CausesOf] = Memo(MOST_SLICES)

    def close(self) -> None:
        """Stop all work: another state of the table has taken the place of this one."""
        self.jobs.cancel()

    @cached_property
    def token(self) -> str:
        """The name by which browsers ask for the clips."""
        digest = hashlib.sha256(f"{self.data.path}\n{self.data.ids.dtype}\n".encode())
        digest.update(np.ascontiguousarray(self.data.ids).view(np.uint8).data)
        return digest.hexdigest()[:16]

    def verdicts(self) -> Verdicts:
        """The judgements of reviewers. Raises StorageError."""
        with self._opening_verdicts:
            if self._verdicts is None:
                self._verdicts = verdicts_of(self.source.path)
            return self._verdicts

    def shared(self, what: str, of: Hashable, compute: Callable[[], Shared]) -> Shared:
        """Thing of a kind (`MOST_SHARED`), the same for every session; computed where there is none."""
        value: Shared = self._shared[what].get(of, compute)
        return value

    # -----------------------------------------------------------------------------------------------------------
    # Columns
    def data_of(self, prediction: str) -> Dataset:
        """The table with the predictions of a model first. Raises TableError."""
        return self._data.get(prediction, lambda: self.data.with_prediction(prediction))

    def search_texts(self, prediction: str) -> SearchTexts:
        """The texts in which the words of a filter are looked for, per clip."""
        return self._texts.get(prediction, lambda: search_texts(self.data_of(prediction)))

    def columns(
        self, prediction: str, choice: MetricChoice, measured: Measurements | None, compared: str = ""
    ) -> Columns:
        """All columns of the clips by name, with labels that models gave them beside their vectors."""
        labelled = [
            job for job in self.analysis_jobs() if job.state == "done" and job.result.embeddings.labels
        ]

        def compute() -> Columns:
            more = dict(measured_columns(measured.table)) if measured else {}
            for job in labelled:
                labels = label_columns(job.result.embeddings)
                more |= {name: (np.asarray(values), "") for name, values in labels.items()}
            costs = self.scoring.costs(prediction, choice, compared)
            return Columns(columns_of(self.data_of(prediction), costs, more))

        models = tuple(job.name for job in labelled)
        return self._columns.get((prediction, choice, compared, measured is not None, models), compute)

    # -----------------------------------------------------------------------------------------------------------
    # Embeddings
    def analysis_job(self, model: str, wait: float = QUICK_S) -> Job:
        """Embed and cluster in the background; the job's result is an `Analysis`. Waits so long for its end.

        After it failed or was cancelled it starts again when it was forgotten (`forget_analysis`).
        """

        def work(job: Job) -> Analysis:
            report = preloading(job.report, explain=False)
            return analyse(self.data, model, layout=None, progress=report, cancel=job.cancel)

        job = self.jobs.start(_key(model), work, Cancelled, group=ANALYSES, name=model)
        job.wait(wait)
        return job

    def analysis_jobs(self) -> list[Job]:
        """The jobs of embeddings, whichever tab asked for them; their names are the models."""
        return self.jobs.of(ANALYSES)

    def analysis(self, model: str) -> Job | None:
        """The job of an embedding, if it was started."""
        return self.jobs.get(_key(model))

    def forget_analysis(self, model: str) -> None:
        """Let the next `analysis_job` begin anew."""
        self.jobs.forget(_key(model))

    def places_job(self, model: str, analysis: Analysis, layout: str, wait: float = QUICK_S) -> Job:
        """Lay the clips out in the background; the job's result are their places, (n, 2) float32."""

        def work(job: Job) -> np.ndarray:
            return cached_positions(analysis.embeddings.vectors, analysis.hierarchy, cache_folder(), layout)

        job = self.jobs.start(f"{layout} of {_key(model)}", work, Cancelled, group=PLACES, name=layout)
        job.wait(wait)
        return job

    def top_clusters(self, model: str, analysis: Analysis) -> np.ndarray:
        """Number of the top cluster of every clip, -1 for none."""
        return self._top_clusters.get(model, lambda: top_cluster_of_clip(analysis.hierarchy))

    # -----------------------------------------------------------------------------------------------------------
    # Slices
    def scanner(
        self,
        model: str,
        prediction: str,
        choice: MetricChoice,
        analysis: Analysis,
        compared: str = "",
        group: str | None = None,
    ) -> Scanner:
        """The part of a scan that does not depend on the thresholds. Raises MetricError."""

        def compute() -> Scanner:
            costs = self.scoring.costs(prediction, choice, compared)
            return scanner_of(analysis, costs, group, cache_folder())

        return self._scanners.get((model, prediction, choice, compared, group), compute)

    def scan(self, scanner: Scanner, options: Options) -> tuple[Scan, ClusterTree]:
        """Flagged slices with these options, and the tree that the screen shows."""

        def compute() -> tuple[Scan, ClusterTree]:
            started = time.monotonic()
            scan = scanner.scan(options)
            add("scans")
            add("scan_seconds", time.monotonic() - started)
            return scan, cluster_tree(scanner.hierarchy, scan, MOST_TILES)

        return self._scans.get((scanner, options), compute)

    def carried_over(
        self, tables: KnownTables, known: Workspace, slices: Sequence[Slice], judged: str
    ) -> CarriedOver:
        """Judgements of other times, models and tables on slices; `judged` is the model, or comparison, of these."""
        ids = tuple(slice_.id for slice_ in slices)
        return self._carried.get(
            (tables, known.newest, ids, judged), lambda: tables.carry_over(known, slices, judged)
        )

    def clips_to_compare(
        self, slice_: Slice, choice: MetricChoice, prediction: str, embeddings: Embeddings, costs: Costs
    ) -> tuple[int | None, int | None]:
        """The well recognised clip that is nearest to a slice, and its most typical clip; None where there is none."""

        def compute() -> tuple[int | None, int | None]:
            good = nearest_good(slice_, embeddings.vectors, costs.model_costs, 1)
            return (int(good[0]) if len(good) else None), typical_clip(slice_, embeddings.vectors)

        return self._compared_clips.get((choice, prediction, embeddings.model, slice_.id), compute)

    # -----------------------------------------------------------------------------------------------------------
    # Clips
    def durations(self, rows: Iterable[int]) -> list[float | None]:
        """Lengths of clips in seconds from the heads of their files, None where there is none."""
        return [self._duration(int(row)) for row in rows]

    def _duration(self, row: int) -> float | None:
        if row not in self._durations:
            clip = self.data.clips[row]
            try:
                length = decoding.info(clip.path, start=clip.start, end=clip.end).duration if clip else None
            except AudioError:
                length = None
            self._durations[row] = length
        return self._durations[row]

    def open_clips(self, choices: str, make_describe: Callable[[], Describe]) -> str:
        """Let pages ask for a clip as the player takes it; the same choices, the same name to ask by."""
        name = self._name(choices)
        self._describers.get(name, make_describe)
        return name

    def describe(self, name: str, row: int, reference: str | None = None) -> Mapping[str, object] | None:
        """A clip as the player takes it; None if there is no such clip or nobody has opened these.

        With a `reference` as it would be with that in the place of its own. Raises MetricError where that is none.
        """
        describe = self._describers.known(name)
        return describe(row, reference) if describe is not None and row < len(self.data) else None

    def open_causes(self, choices: str, causes_of: CausesOf) -> str:
        """Let pages ask for the marks of the causes of a clip; the same choices, the same name to ask by."""
        name = self._name(choices)
        self._causes.get(name, lambda: causes_of)
        return name

    def causes(self, name: str, row: int) -> Sequence[str] | None:
        """Names of the causes that are marked in a clip; None if there is no such clip or nobody has opened these."""
        causes_of = self._causes.known(name)
        return causes_of(row) if causes_of is not None and row < len(self.data) else None

    def _name(self, choices: str) -> str:
        return f"{self.token}-{hashlib.sha256(choices.encode()).hexdigest()[:16]}"


def _key(model: str) -> str:
    return f"analyse {model}"
