"""Reasons of bad slices, worked out beside the page: it is usable before, and says how far the work is.

Three jobs: measuring the clips (once per table and prediction), explaining what a scan has flagged, and, when the
sliders rest, looking for slices over metadata. What they give comes to the page as `Reasons`, whose parts are None as
long as they are not known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import streamlit as st

from slicecore.embedding import Cancelled
from slicecore.explain.one_group import with_one_group
from slicecore.storage.home import cache_folder
from slicecore_app.server import warm
from slicecore_app.server.jobs import Job
from slicecore_app.server.memo import Memo, Same
from slicecore_app.server.metrics_offered import MetricChoice
from slicecore_app.server.open_table import DESCRIBED, EXPLAINED, MEASURED, SEARCHED, OpenTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from slicecore.explain.explainer import Explanation
    from slicecore.metrics import Costs
    from slicecore.pipeline import Analysis
    from slicecore.pipeline.diagnosis import Diagnosis
    from slicecore.slices.clip_groups import ClipGroups
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.result import Slice
    from slicecore.slices.scanner import Scan
    from slicecore.table.dataset import Dataset

EXPLAINING = "Explaining"
DESCRIBING = "Looking through metadata"
NO_CAUSES = "The causes can't be told."
NO_DESCRIPTIONS = "The metadata can't be looked through."
QUICK_S = 0.25
"""Work that ends within this time is waited for, so that known reasons are there at once."""
REST_S = 1.5
"""Seconds that the sliders rest before slices over metadata are looked for: that takes the processor for seconds."""
MOST_EXPLANATIONS = 1024
"""Most explanations of groups of clips that are remembered: every lasso is a group."""

MOST_GROUPINGS = 4
"""Most ways to put clips into groups whose explanations are remembered."""


class Measured:
    """Measurements of every clip, and the explanations of any group of clips."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis
        self.measurements = diagnosis.measurements
        self.explainer = diagnosis.explainer
        self.wrong_references = diagnosis.wrong_references
        self._explanations: Memo[Explanation] = Memo(MOST_EXPLANATIONS)
        self._last_s = 0.0
        self._in_groups: Memo[Measured] = Memo(MOST_GROUPINGS)

    def in_groups(self, name: str | None, groups: ClipGroups | None) -> Measured:
        """The same clips in other groups, which `name` names; without groups where there are none."""
        if groups is None:
            return self

        def compute() -> Measured:
            return Measured(replace(self._diagnosis, explainer=self.explainer.in_groups(groups)))

        return self._in_groups.get(name, compute)

    def explain(self, slice_: Slice) -> Explanation:
        """Explain a slice; the second time at once."""

        def compute() -> Explanation:
            started = time.monotonic()
            explanation = self.explainer.explain(slice_)
            self._last_s = time.monotonic() - started
            return explanation

        return with_one_group(self._explanations.get(_key(slice_), compute), slice_)

    def seconds_for(self, slices: Sequence[Slice]) -> float:
        """Seconds that it takes to explain slices, by the last one that was explained; those explained take none."""
        unknown = sum(self._explanations.known(_key(slice_)) is None for slice_ in slices)
        return unknown * self._last_s

    def known(self, slices: Iterable[Slice]) -> dict[str, Explanation]:
        """The explanations of slices by id, as far as they are worked out."""
        explained = ((slice_, self._explanations.known(_key(slice_))) for slice_ in slices)
        return {
            slice_.id: with_one_group(explanation, slice_)
            for slice_, explanation in explained
            if explanation is not None
        }


def _key(slice_: Slice) -> str:
    """Name of an explanation: the same clips may be worse in a comparison of models and not worse with one."""
    return f"{slice_.id} {slice_.drop > 0}"


@dataclass(frozen=True, eq=False)
class Reasons:
    """The reasons as far as one run of the page knows them.

    Attributes
    ----------
    measured : of the clips, None until they are.
    explanations : of flagged slices by id; not all of them while the work goes on.
    metadata : slices over metadata and measurements, None until they are looked for.
    job : the work under way, None when nothing is left to do.
    problem : why there are none, "" in the usual case. It is what this run of the page knows: where the work has failed
        since, the page is made again.
    """

    measured: Measured | None
    explanations: Mapping[str, Explanation]
    metadata: tuple[MetadataSlice, ...] | None
    job: Job | None
    problem: str = ""

    @classmethod
    def so_far(cls, measured: Measured | None, explanations: Mapping[str, Explanation], job: Job) -> Self:
        """The reasons of a run for which `job` was not done."""
        return cls(measured, explanations, None, job, job.error if job.state == "failed" else "")

    def of(self, slice_: Slice | None) -> Explanation | None:
        """The reason why a slice is bad, worked out now if it is not flagged; None while the clips are not measured."""
        if slice_ is None or self.measured is None or not len(slice_.members):
            return None
        return self.measured.explain(slice_)

    def cause(self, slice_: Slice) -> str:
        """The name of a slice by its most probable cause, "" where none is known."""
        known = self.explanations.get(slice_.id)
        return known.title if known else ""

    @property
    def describes(self) -> bool:
        """True if slices over metadata are still to come: also where the job has ended since the run asked for it."""
        return self.metadata is None and not self.problem

    def refusal(self, what: str) -> str:
        """Text in the place of what could not be worked out, which `what` says; "" if nothing went wrong."""
        return f"{what} {self.problem} Reload the page to try again." if self.problem else ""


def reasons(
    table: OpenTable,
    data: Dataset,
    model: str,
    choice: MetricChoice,
    analysis: Analysis,
    scan: Scan,
    compared: str = "",
    group: str | None = None,
    groups: ClipGroups | None = None,
    copies: NDArray[np.int64] | None = None,
) -> Reasons:
    """The reasons as far as they are known by now; begins with what is not. `data` has the prediction on the page.

    Where that is `compared` with another one, or clips come in other groups (`group` names them), `scan` differs, but
    not what is measured of the clips.
    """
    base = f"{data.roles.predictions[0]} {choice} {model}"
    key = f"describe {base} {compared} {group} {scan.options}"
    _make_way(table, key)
    first = _measuring(table, f"measure {base}", data, choice, analysis, scan.costs)
    if first.state != "done":
        return Reasons.so_far(None, {}, first)
    measured: Measured = first.result.in_groups(group, groups)
    second = _explaining(table, f"explain {base} {compared} {group} {scan.options}", measured, scan)
    if second.state != "done":
        return Reasons.so_far(measured, measured.known(scan.slices), second)
    third = _describing(table, key, data, measured, scan, groups, copies)
    if third.state != "done":
        return Reasons.so_far(measured, second.result, third)
    return Reasons(measured, second.result, third.result, None)


def _begun(table: OpenTable, key: str, work: Callable[[Job], Any], group: str) -> Job:
    """Work of this page, begun if it was not; once more if it failed, and had begun before the page was loaded."""
    loaded = st.session_state.setdefault("work_since", time.monotonic())
    before = table.jobs.get(key)
    if before is not None and before.state == "failed" and before.started < loaded:
        table.jobs.forget(key)
    return table.jobs.start(key, work, Cancelled, group=group)


def _measuring(
    table: OpenTable, key: str, data: Dataset, choice: MetricChoice, analysis: Analysis, costs: Costs
) -> Job:
    def work(job: Job) -> Measured:
        warm.first_page_is_out.wait()

        from slicecore.pipeline.diagnosis import diagnose

        diagnosis = diagnose(
            data,
            analysis,
            costs,
            choice.normalisation,
            cache=cache_folder(),
            progress=job.report,
            cancel=job.cancel,
        )
        job.report(EXPLAINING, 0, 0)
        diagnosis.explainer.words_of(top=1)  # normalises all texts once: a pick would have to wait for it
        diagnosis.explainer.word_classes_of([])
        return Measured(replace(diagnosis, measurements=diagnosis.measurements.without_timbre()))

    job = _begun(table, key, work, MEASURED)
    if warm.first_page_is_out.is_set():
        job.wait_while_new(QUICK_S)
    return job


def _explaining(table: OpenTable, key: str, measured: Measured, scan: Scan) -> Job:
    def work(job: Job) -> dict[str, Explanation]:
        explanations = {}
        for done, slice_ in enumerate(scan.slices):
            job.report(EXPLAINING, done, len(scan.slices))
            explanations[slice_.id] = measured.explain(slice_)
        return explanations

    job = _begun(table, key, work, EXPLAINED)
    if measured.seconds_for(scan.slices) <= QUICK_S:
        job.wait_while_new(QUICK_S)
    return job


def _describing(
    table: OpenTable,
    key: str,
    data: Dataset,
    measured: Measured,
    scan: Scan,
    groups: ClipGroups | None,
    copies: NDArray[np.int64] | None,
) -> Job:
    def work(job: Job) -> tuple[MetadataSlice, ...]:
        from slicecore.slices.metadata_slices import scan_metadata, searched_columns

        if job.cancel.wait(REST_S):
            raise Cancelled
        job.report(DESCRIBING, 0, 0)
        numbers = measured.measurements.table
        columns = table.shared(
            SEARCHED,
            (scan.min_support, Same(scan.costs), Same(numbers), Same(copies)),
            lambda: searched_columns(scan, data, numbers, copies),
        )
        return scan_metadata(
            scan, data, numbers, groups=groups, copies=copies, cache=cache_folder(), columns=columns
        )

    before = table.jobs.get(key)
    if before is not None and before.cancel.is_set() and before.state != "done":
        table.jobs.forget(key)  # it gave way to other thresholds, and these are wanted again
    return _begun(table, key, work, DESCRIBED)


def _make_way(table: OpenTable, key: str) -> None:
    """Stop the search over metadata of this page's thresholds of before: that takes the processor for seconds.

    Not that of another page: two with other thresholds would take turns in beginning anew.
    """
    before = st.session_state.get("metadata_search")
    if before is not None and before != (table, key):
        old_table, old_key = before
        if job := old_table.jobs.get(old_key):
            job.cancel.set()
    st.session_state["metadata_search"] = (table, key)
