"""Headline of a report: what was found in a few sentences, its numbers, and what would be left if it were fixed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from slicecore.errors import SlicecoreError
from slicecore.explain.cause_costs import cost_by_cause
from slicecore.metrics.intervals import value_interval
from slicecore.report.glossary import explain
from slicecore.report.html.content import CauseCostText, Figure
from slicecore.report.html.plots import Bar, waterfall_bars
from slicecore.report.html.slice_texts import SliceTexts, both_text, interval_text, numbered
from slicecore.report.html.verdicts import verdict_on
from slicecore.slices.empty_scan import nearest_miss, no_clusters, why_empty
from slicecore.slices.impact import Waterfall, waterfall
from slicecore.slices.options import CONFIRMED
from slicecore.storage.home import table_name
from slicecore.wording import UNKNOWN, clips, counted, fixed, how_many, rate

if TYPE_CHECKING:
    from slicecore.report.html.findings import Findings
    from slicecore.slices.result import Slice

_NOTHING = {
    "no reference": "No clip has a reference, so nothing can be scored.",
    "no error": "No clip has an error.",
    "no difference": "Both models are equal on every clip.",
    "same value": "Every clip has the same value: no group of clips is worse than the others.",
}

_NEAREST = {
    "thresholds": "No cluster of clips meets both thresholds.",
    "chance": "No cluster of clips stands out from chance.",
}


class Headline:
    """The parts of a report about the table as a whole.

    Parameters
    ----------
    findings
        The clips and slices.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._scan, self._costs = findings.scan, findings.scan.costs
        self._waterfall, self._why_none = _waterfall(findings)
        self._interval = _overall_interval(findings)
        self._slices: Sequence[Slice] = self._scan.slices
        if not self._scan.has_clusters:
            self._slices = [each.slice for each in findings.metadata_slices]
        self._confirmed = sum(slice_.tier == CONFIRMED for slice_ in self._slices)

    @property
    def subject(self) -> str:
        """Subject of the report: the model, or that it is worse than another one."""
        model = f"“{self._findings.data.roles.predictions[0]}”"
        if not self._costs.compared:
            return model
        return f"{model} against “{self._costs.compared[1][0]}”"

    @property
    def title(self) -> str:
        """Title of the report."""
        data = self._findings.data
        table = table_name(data.path) if data.path else data.name
        if not self._costs.compared:
            return f"Problem slices of {self.subject} on {table}"
        (model, _), (other, _) = self._costs.compared
        return f"Where “{model}” is worse than “{other}” on {table}"

    def lead(self) -> tuple[str, ...]:
        """Summary of the findings in a few sentences."""
        scan, costs = self._scan, self._costs
        sentences = [self._overall_sentence()]
        if not scan.has_clusters and self._slices:
            sentences.append(self._described_sentence())
        if not scan.slices:
            return (*sentences, self.nothing())
        sentences.append(self._slices_sentence())
        if self._waterfall is not None:
            sentences.append(
                f"If they were as good as all other clips, the {costs.name} would be "
                f"{costs.value_text(self._waterfall.rest)}."
            )
        return tuple(sentences)

    def nothing(self) -> str:
        """Why there is no slice; "" where there is one."""
        if self._scan.slices:
            return ""
        reason = why_empty(self._scan)
        if reason == "no clusters":
            return no_clusters(self._findings.data)
        return _NOTHING.get(reason) or f"{_NEAREST[reason]} {nearest_miss(self._scan)}"

    def figures(self) -> tuple[Figure, ...]:
        """The numbers of the head."""
        findings, scan, costs = self._findings, self._scan, self._costs
        tested = bool(scan.options.shuffles)
        term = "confirmed" if tested else "problems"
        if not scan.has_clusters:
            term = "confirmed_described" if tested else "described"
        possible = f"and {fixed(len(self._slices) - self._confirmed)} possible" if tested else "not tested"
        slices = Figure(
            "Confirmed slices" if tested else "Slices",
            fixed(self._confirmed if tested else len(self._slices)),
            possible if scan.has_clusters else f"{possible}, over metadata",
            explain(term),
        )
        figures = [
            Figure(f"Overall {costs.name}", costs.value_text(scan.overall), self._interval, ""),
            Figure("Clips", fixed(len(findings.data)), _hours(findings.seconds), ""),
            slices,
        ]
        if scan.has_clusters:
            share = rate(scan.explained) if math.isfinite(scan.overall) else UNKNOWN
            figures.append(
                Figure("Errors explained", share, "lie in these slices", explain("explained", costs))
            )
        judged = sum(verdict_on(slice_, findings.reviews) is not None for slice_ in scan.slices)
        if judged:
            figures.append(Figure("Judged", f"{judged} of {len(scan.slices)}", "by reviewers"))
        return tuple(figures)

    def bars(self, texts: SliceTexts) -> tuple[Bar, ...]:
        """The waterfall; empty where there is none."""
        if self._waterfall is None:
            return ()
        every = numbered(self._findings)
        names = {slice_.id: texts.name(number, slice_) for number, slice_ in every}
        numbers = {slice_.id: number for number, slice_ in every}
        return waterfall_bars(self._waterfall, self._costs, names, numbers)

    def fixed(self) -> str:
        """The sentence above the waterfall, or the reason why there is none."""
        if self._waterfall is None:
            return self._why_none
        return (
            f"Each step takes the clips of one slice to be as good as the clips outside all slices. Of the overall "
            f"{self._costs.name} of {self._costs.value_text(self._waterfall.overall)}, "
            f"{self._costs.value_text(self._waterfall.rest)} would be left."
        )

    def causes(self) -> tuple[CauseCostText, ...]:
        """Cost of the slices of each cause; empty where nothing was explained or there is no waterfall."""
        findings, costs = self._findings, self._costs
        if self._waterfall is None or not findings.explanations:
            return ()
        return tuple(
            CauseCostText(
                label=row.label or "No cause found",
                slices=fixed(row.slices),
                clips=fixed(row.clips),
                share=rate(row.share),
                change=costs.drop_text(row.points),
                without=costs.value_text(self._scan.overall + row.points),
            )
            for row in cost_by_cause(self._scan, findings.explanations)
        )

    def _overall_sentence(self) -> str:
        findings, costs = self._findings, self._costs
        hours = _hours(findings.seconds)
        length = f" ({hours})" if hours else ""
        both = both_text(costs, np.arange(len(costs)))
        values = f"{both}; " if both else ""
        return (
            f"{self.subject}: {costs.name} {costs.value_text(self._scan.overall)} ({values}95 % interval "
            f"{self._interval}) on {clips(len(findings.data))}{length}."
        )

    def _described_sentence(self) -> str:
        """Number of the slices over metadata, which may share clips: shares of errors would count these twice."""
        count = len(self._slices)
        tested = f", {how_many(self._confirmed, count, 'confirmed')}" if self._scan.options.shuffles else ""
        return f"{counted(count, 'slice')} over metadata{tested}."

    def _slices_sentence(self) -> str:
        scan = self._scan
        count, confirmed = len(scan.slices), self._confirmed
        extra = "extra " if self._costs.compared else ""
        slices = counted(count, "slice")
        verb = "holds" if count == 1 else "hold"
        tested = f", {how_many(confirmed, count, 'confirmed')}," if scan.options.shuffles else ""
        members = np.unique(np.concatenate([slice_.members for slice_ in scan.slices]))
        share = rate(len(members) / len(self._findings.data))
        return (
            f"{slices}{tested} with {share} of the clips {verb} {rate(scan.explained)} of the {extra}errors."
        )


def _waterfall(findings: Findings) -> tuple[Waterfall | None, str]:
    if not findings.scan.slices:
        return None, "Nothing is flagged with these thresholds: there is nothing to fix."
    try:
        return waterfall(findings.scan), ""
    except SlicecoreError as error:
        return None, str(error)


def _overall_interval(findings: Findings) -> str:
    costs = findings.scan.costs
    if not math.isfinite(findings.scan.overall):
        return UNKNOWN
    return interval_text(value_interval(costs, np.arange(len(costs))), costs)


def _hours(seconds: float | None) -> str:
    """Length of the clips in words: "3.4 hours", "25 minutes"; "" where it is not known."""
    if not seconds:
        return ""
    if seconds >= 3600:
        return f"{fixed(seconds / 3600, 1)} hours"
    return f"{fixed(max(1, seconds / 60))} minutes"
