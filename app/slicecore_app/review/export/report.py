"""The report in the menu of exports: one HTML file, made beside the page with the verdicts of the moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from slicecore.embedding import Cancelled
from slicecore.wording import fixed
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.jobs import Job
from slicecore_app.server.open_table import REPORTS
from slicecore_app.session import settings
from slicecore_app.wording import escaped

if TYPE_CHECKING:
    from slicecore.pipeline import Result
    from slicecore.report.html.findings import Reviews

REFRESH_S = 0.5
_UNSAFE = r"[^\w.-]+"


@dataclass(frozen=True)
class MadeReport:
    """A report that is ready: the file, and when it was begun, which is when the verdicts were read."""

    content: bytes
    time: datetime


def report(result: ReviewResult) -> None:
    """Draw the part of the menu: a button, the progress, or the file to download."""
    st.caption("Report")
    key = _key(result)
    job = result.table.jobs.get(key)
    if job is not None and job.state == "running":
        st.fragment(_progress, run_every=REFRESH_S)(job)
    elif job is not None and job.state == "done":
        _download(result, job.result)
        _button("Make it anew", result, key)
    else:
        if job is not None and job.error:
            st.text(job.error)
        _button("Make a report (one HTML file)", result, key)


def _button(text: str, result: ReviewResult, key: str) -> None:
    waits = not _is_explained(result)
    st.button(
        text,
        key="make report",
        width="stretch",
        disabled=waits,
        help="It follows when the causes are worked out." if waits else None,
        on_click=_start,
        args=(result, key),
    )


def _download(result: ReviewResult, made: MadeReport) -> None:
    time = made.time.astimezone()
    st.download_button(
        f"Report of {time:%H:%M}, {fixed(len(made.content) / 1e6, 1)} MB",
        data=made.content,
        file_name=f"{re.sub(_UNSAFE, '_', result.source.name)}_report.html",
        mime="text/html",
        on_click="ignore",
        width="stretch",
        type="primary",
        key="download report",
    )


def _progress(job: Job) -> None:
    if job.state != "running":
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    st.progress(share, text=f"{escaped(job.step) or 'Begins'} …")
    st.button("Cancel", key="cancel report", width="stretch", on_click=job.cancel.set)


def _is_explained(result: ReviewResult) -> bool:
    reasons = result.reasons
    return reasons.measured is not None and (reasons.metadata is not None or bool(reasons.problem))


def _key(result: ReviewResult) -> str:
    choices = (result.judged, result.choice, result.model, settings.group(result.data), result.scan.options)
    return f"report {' '.join(map(str, choices))}"


def _start(result: ReviewResult, key: str) -> None:
    """Begin to make the report, with all verdicts that were given by now."""
    from slicecore.gate.past import past_beside
    from slicecore.report.html.rendering import report_html

    found, reviews, table = _found(result), _reviews(result), Path(result.source.path)

    def work(job: Job) -> MadeReport:
        findings = found.findings(reviews, past_beside(table))
        return MadeReport(report_html(findings, progress=job.report, cancel=job.cancel), found.time)

    result.table.jobs.forget(key)
    result.table.jobs.start(key, work, Cancelled, group=REPORTS)


def _found(result: ReviewResult) -> Result:
    """Result of a search with the contents of the page."""
    from slicecore.pipeline import Result

    measured = result.reasons.measured
    return Result(
        data=result.data,
        embeddings=result.analysis.all_embeddings,
        scanner=result.scanner,
        scan=result.scan,
        metadata_slices=result.reasons.metadata or (),
        measurements=measured.measurements if measured else None,
        explainer=measured.explainer if measured else None,
        explanations=result.reasons.explanations,
        wrong_references=measured.wrong_references if measured else None,
        metric=result.choice.metric,
        normalisation=result.choice.normalisation,
        attributes=(),
        group=settings.group(result.data),
        time=datetime.now(UTC),
    )


def _reviews(result: ReviewResult) -> Reviews:
    from slicecore.report.html.findings import Reviews

    known = result.verdicts.workspace(result.judged)
    own = [(problem.own, problem.slice) for problem in result.own if problem.own]
    carried = result.carried_over(known)
    return Reviews(
        known.judgements, carried, own, known.own_slices, known.marked_references, known.corrections
    )
