"""Slices of a report in words: flagged and user-defined ones, and those that metadata describe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from slicecore.display.colour_scale import points_per_unit
from slicecore.display.palette import DROP_POINTS
from slicecore.report.html.content import DescribedText, Listing, SliceText
from slicecore.report.html.evidence import cause_texts, distributions, value_texts, word_lists
from slicecore.report.html.example_clips import Sounds, examples
from slicecore.report.html.plots import Axis, axis_of, colour_step, span_of
from slicecore.report.html.task_plots import TaskPlotting
from slicecore.report.html.verdicts import verdict_on
from slicecore.slices.impact import value_if_fixed
from slicecore.slices.sharing import shared_sentences
from slicecore.storage.verdicts import OWN_REASON
from slicecore.wording import clips, fixed, p_value, rate

if TYPE_CHECKING:
    from slicecore.explain.explainer import Explanation
    from slicecore.metrics import Costs
    from slicecore.report.html.findings import Findings
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.result import Slice
    from slicecore.storage.verdicts import OwnSlice

CHOSEN = "Chosen clips"
"""Name of a group of clips that nobody named and nothing explains."""


class SliceTexts:
    """Makes the texts of slices; what is the same for all of them is worked out once.

    Parameters
    ----------
    findings
        The clips and slices.

    Attributes
    ----------
    axis : of the values of all slices.
    plotting : plots by the kind of task.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.axis = _axis(findings)
        self.plotting = TaskPlotting(findings)
        costs = findings.scan.costs
        self._evidence: dict[str, SliceText] = {}
        self._explanations: dict[str, Explanation | None] = {}
        self._points = points_per_unit(costs, findings.scan.overall, DROP_POINTS[-1])

    def name(self, number: int, slice_: Slice) -> str:
        """Name of a slice: as somebody calls it, else by its cause, else its number."""
        reviews = self._findings.reviews
        own = reviews.names.get(slice_.id)
        if own is None and (carried := reviews.carried.holding(slice_.id)):
            own = carried.judged.named
        if own is not None and (own.is_named or not number):
            return own.name
        explanation = self._explanation(slice_)
        return (explanation.title if explanation else "") or (f"Slice {number}" if number else CHOSEN)

    def row(self, number: int, slice_: Slice) -> SliceText:
        """The numbers of a slice, without evidence and examples."""
        findings = self._findings
        costs = findings.scan.costs
        explanation = self._explanation(slice_)
        own = findings.reviews.names.get(slice_.id)
        tested = slice_.p_value is not None
        return SliceText(
            number=number,
            id=slice_.id,
            name=self.name(number, slice_),
            reason=explanation.sentence if explanation else "",
            defined=f"Chosen by a reviewer: {own.reason.removeprefix(OWN_REASON)}"
            if own and not number
            else "",
            value=costs.value_text(slice_.value),
            interval=interval_text(slice_.interval, costs),
            drop=costs.drop_text(slice_.drop),
            against=f"the {findings.scan.options.against}",
            support=clips(slice_.support),
            share=rate(slice_.share),
            fixed=costs.value_text(value_if_fixed(costs, slice_.members)),
            both=both_text(costs, slice_.members),
            who=slice_.groups.text if slice_.groups else "",
            parts=f"in {len(slice_.clusters)} clusters" if len(slice_.clusters) > 1 else "",
            tier=slice_.tier or "",
            p=p_value(slice_.p_value) if tested and slice_.p_value is not None else "",
            colour=self._colour(slice_),
            span=span_of(slice_.value, slice_.interval, self.axis),
            causes=(),
            distributions=(),
            values=(),
            words=(),
            shared=(),
            verdict=verdict_on(slice_, findings.reviews),
            examples=(),
            in_full=False,
        )

    def full(self, number: int, slice_: Slice, rows: Sequence[int], sounds: Sounds) -> SliceText:
        """Everything about a slice; `rows` are its example clips."""
        if slice_.id not in self._evidence:
            self._evidence[slice_.id] = self._with_evidence(self.row(number, slice_), slice_)
        found = examples(self._findings, slice_, rows, sounds)
        return replace(self._evidence[slice_.id], examples=found, in_full=True)

    def _with_evidence(self, text: SliceText, slice_: Slice) -> SliceText:
        findings = self._findings
        explanation, explainer = self._explanation(slice_), findings.explainer
        if explanation is not None and explainer is not None:
            text = replace(
                text,
                causes=cause_texts(explanation),
                distributions=distributions(explanation, explainer, slice_),
                values=value_texts(explanation),
                words=word_lists(explainer, slice_),
            )
        return replace(text, shared=self._shared(slice_), task=self.plotting.of(slice_))

    def _shared(self, slice_: Slice) -> tuple[str, ...]:
        """Sentences about clips that a flagged slice shares with others."""
        number = {each.id: place for place, each in numbered(self._findings)}

        def name(each: Slice) -> str:
            return f"“{self.name(number[each.id], each)}”"

        return tuple(text for _, text in shared_sentences(self._findings.scan, slice_, name))

    def all_described(self, most: int) -> Listing:
        """The slices that metadata or measurements describe, the first ones."""
        slices = self._findings.metadata_slices
        rows = tuple(self.described(each) for each in slices[:most])
        return Listing(rows, not_listed(len(slices), most, "slices"))

    def described(self, described: MetadataSlice) -> DescribedText:
        """A slice that metadata or measurements describe."""
        slice_, costs = described.slice, self._findings.scan.costs
        return DescribedText(
            label=described.label,
            same="; ".join(map(str, described.same)),
            value=costs.value_text(slice_.value),
            interval=interval_text(slice_.interval, costs),
            drop=costs.drop_text(slice_.drop),
            support=fixed(slice_.support),
            who=slice_.groups.text if slice_.groups else "",
            tier=slice_.tier or "",
            p=p_value(slice_.p_value) if slice_.p_value is not None else "",
            colour=self._colour(slice_),
            span=span_of(slice_.value, slice_.interval, self.axis),
        )

    def _explanation(self, slice_: Slice) -> Explanation | None:
        if slice_.id not in self._explanations:
            self._explanations[slice_.id] = self._findings.explanation(slice_)
        return self._explanations[slice_.id]

    def _colour(self, slice_: Slice) -> int:
        return colour_step(float(np.multiply(slice_.drop, self._points)))


def not_listed(count: int, most: int, noun: str) -> str:
    """The sentence below a list that has only the first of so many things; "" where it has all."""
    if count <= most:
        return ""
    return f"The first {fixed(most)} of {fixed(count)} {noun} are listed; the exported table has all of them."


def numbered(findings: Findings) -> list[tuple[int, Slice]]:
    """The slices of the scan with their rank."""
    return list(enumerate(findings.scan.slices, 1))


def owned(findings: Findings) -> list[tuple[OwnSlice, Slice]]:
    """The user-defined slices that are not flagged as well."""
    flagged = {slice_.id for slice_ in findings.scan.slices}
    return [(own, slice_) for own, slice_ in findings.reviews.own if slice_.id not in flagged]


def _axis(findings: Findings) -> Axis:
    scan = findings.scan
    slices = [*scan.slices, *(each.slice for each in findings.metadata_slices)]
    slices += [slice_ for _, slice_ in findings.reviews.own]
    numbers = [number for slice_ in slices for number in (slice_.value, *slice_.interval)]
    return axis_of(numbers, scan.costs, scan.overall)


def interval_text(interval: tuple[float, float], costs: Costs) -> str:
    """The 95 % interval of a value: "58.1 to 71.2 %"; "" where there is none."""
    low, high = (costs.value_text(bound) for bound in interval)
    unit = next((unit for unit in ("\u202f%", "\u202fpts") if low.endswith(unit) and high.endswith(unit)), "")
    return f"{low.removesuffix(unit)} to {high}"


def both_text(costs: Costs, members: Sequence[int] | np.ndarray) -> str:
    """The values of two models that are compared: "small 71.7 %, large 24.6 %"; "" for one model."""
    return ", ".join(f"{name} {model.value_text(model.value(members))}" for name, model in costs.compared)
