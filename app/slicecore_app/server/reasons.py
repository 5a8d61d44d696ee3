"""Why slices are bad, worked out beside the page: it is usable before, and says how far the work is.

Three jobs: measuring the clips (once per table and prediction), explaining what a scan has flagged, and, when the
sliders rest, looking for slices over metadata. What they give comes to the page as `Reasons`, whose parts are None as
long as they are not known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from slicecore.embedding import Cancelled
from slicecore_app.server import engine, warm
from slicecore_app.server.jobs import Job
from slicecore_app.server.sources import Source
from slicecore_app.session.settings import MetricChoice

if TYPE_CHECKING:
    from slicecore.explain.explainer import Explainer, Explanation
    from slicecore.explain.wrong_references import WrongReference
    from slicecore.measurements import Measurements
    from slicecore.metrics import Costs
    from slicecore.pipeline import Analysis
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.result import Slice
    from slicecore.slices.scanner import Scan
    from slicecore.table.dataset import Dataset

MEASURING = "Measuring"
EXPLAINING = "Explaining"
DESCRIBING = "Looking through metadata"
QUICK_S = 0.25
"""Work that ends within this time is waited for, so that known reasons are there at once."""
REST_S = 1.5
"""How long the sliders rest before slices over metadata are looked for: that takes the processor for seconds."""
KEPT_JOBS = 64


@dataclass(frozen=True, eq=False)
class Measured:
    """What is known of every clip, and what explains any group of them."""

    measurements: Measurements
    explainer: Explainer
    wrong_references: tuple[WrongReference, ...]
    explanations: dict[str, Explanation] = field(default_factory=dict)

    def explain(self, one: Slice) -> Explanation:
        """Explain a slice; the second time at once."""
        if one.id not in self.explanations:
            self.explanations[one.id] = self.explainer.explain(one)
        return self.explanations[one.id]


@dataclass(frozen=True, eq=False)
class Reasons:
    """What one run of the page knows of the reasons.

    Attributes
    ----------
    measured : of the clips, None until they are.
    explanations : of flagged slices by id; not all of them while the work goes on.
    metadata : slices over metadata and measurements, None until they are looked for.
    job : the work under way, None when nothing is left to do.
    """

    measured: Measured | None
    explanations: Mapping[str, Explanation]
    metadata: tuple[MetadataSlice, ...] | None
    job: Job | None

    def of(self, one: Slice | None) -> Explanation | None:
        """Why a slice is bad, worked out now if it is not flagged; None while the clips are not measured."""
        if one is None or self.measured is None or not len(one.members):
            return None
        return self.measured.explain(one)

    def cause(self, one: Slice) -> str:
        """What a slice is called by its most probable cause, "" where none is known."""
        known = self.explanations.get(one.id)
        return known.cause.label if known and known.cause else ""

    @property
    def describes(self) -> bool:
        """Whether slices over metadata are still to come: also where the job has ended since the run asked for it."""
        return self.metadata is None and not self.problem

    @property
    def problem(self) -> str:
        """Why there are none, "" in the usual case."""
        return self.job.error if self.job and self.job.state == "failed" else ""


def reasons(
    source: Source,
    data: Dataset,
    model: str,
    choice: MetricChoice,
    analysis: Analysis,
    found: Scan,
    compared: str = "",
) -> Reasons:
    """What is known by now; begins with what is not. `data` has the prediction that is looked at.

    Where that is `compared` with another one, `found` differs, but what is measured and said of the clips does not.
    """
    prediction = data.roles.predictions[0]
    base = f"{source!r} {source.stamp} {prediction} {choice} {model}"
    first = _measuring(base, data, choice, analysis, found.costs)
    if first.state != "done":
        return Reasons(None, {}, None, first)
    measured: Measured = first.result
    key = f"{base} {compared} {found.options}"
    second = _explaining(key, measured, found)
    known = {one.id: measured.explanations[one.id] for one in found.slices if one.id in measured.explanations}
    if second.state != "done":
        return Reasons(measured, known, None, second)
    third = _describing(key, data, measured, found)
    if third.state != "done":
        return Reasons(measured, known, None, third)
    return Reasons(measured, known, third.result, None)


def _measuring(base: str, data: Dataset, choice: MetricChoice, analysis: Analysis, costs: Costs) -> Job:
    def work(job: Job) -> Measured:
        warm.first_page_is_out.wait()

        from slicecore.explain.explainer import Explainer
        from slicecore.explain.wrong_references import find_wrong_references
        from slicecore.measurements import measure

        measurements = measure(
            data, progress=lambda done, total: job.report(MEASURING, done, total), cancel=job.cancel
        )
        job.report(EXPLAINING, 0, 0)
        explainer = Explainer(
            data,
            measurements,
            costs,
            vectors=analysis.embeddings.vectors,
            hierarchy=analysis.hierarchy,
            normalisation=choice.normalisation,
        )
        explainer.words_of(top=1)  # normalises all texts once: a pick would have to wait for it
        return Measured(measurements, explainer, find_wrong_references(data, measurements))

    job = engine.jobs().start(f"measure {base}", work, Cancelled)
    if warm.first_page_is_out.is_set():
        job.ended.wait(QUICK_S)
    return job


def _explaining(key: str, measured: Measured, found: Scan) -> Job:
    missing = [one for one in found.slices if one.id not in measured.explanations]

    def work(job: Job) -> None:
        for done, one in enumerate(missing):
            job.report(EXPLAINING, done, len(missing))
            measured.explain(one)

    job = _recent.start(f"explain {key}", work)
    if missing:
        job.ended.wait(QUICK_S)
    return job


def _describing(key: str, data: Dataset, measured: Measured, found: Scan) -> Job:
    def work(job: Job) -> tuple[MetadataSlice, ...]:
        from slicecore.slices.metadata_slices import scan_metadata

        if job.cancel.wait(REST_S):
            raise Cancelled
        job.report(DESCRIBING, 0, 0)
        return scan_metadata(found, data, measured.measurements.table)

    return _recent.start(f"describe {key}", work)


class _Recent:
    """Jobs that depend on the thresholds: the newest are kept, and one that still rests gives way to its page's next.

    Not to that of another page: two with other thresholds would take turns in beginning anew.
    """

    def __init__(self) -> None:
        self._keys: deque[str] = deque()

    def start(self, key: str, work: Callable[[Job], Any]) -> Job:
        jobs = engine.jobs()
        job = jobs.get(key)
        if job is not None and job.state == "cancelled":
            jobs.forget(key)
        if job is None:
            if before := jobs.get(st.session_state.get("newest_job", "")):
                before.cancel.set()
            st.session_state["newest_job"] = key
            self._keys.append(key)
            while len(self._keys) > KEPT_JOBS:
                jobs.forget(self._keys.popleft())
        return jobs.start(key, work, Cancelled)


_recent = _Recent()
