"""Gathering of a report: findings to everything that stands in the file, as much of it as the file may hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from slicecore.errors import Cancelled
from slicecore.report.html import methods
from slicecore.report.html.content import Listing, Report, SliceText, WrongText
from slicecore.report.html.example_clips import Sounds, example, example_rows
from slicecore.report.html.extent import LADDER, LIMITS, Extent, Limits, sentence
from slicecore.report.html.headline import Headline
from slicecore.report.html.past import past_caption, past_texts
from slicecore.report.html.slice_texts import SliceTexts, not_listed, numbered, owned
from slicecore.report.html.sound import length_of
from slicecore.report.html.verdicts import given
from slicecore.wording import fixed

if TYPE_CHECKING:
    from slicecore.report.html.findings import Findings, Reviews
    from slicecore.slices.result import Slice

WRITING = "Write up the slices"
GATHERING = "Gather the example clips"
"""Steps that the progress names."""

Progress = Callable[[str, int, int], None]


class Gathering:
    """Gathers what stands in a report.

    Parameters
    ----------
    findings
        What was found.
    limits
        Limits of the report.
    progress
        Called with step, done and total.
    cancel
        Set it to stop.
    """

    def __init__(
        self,
        findings: Findings,
        limits: Limits = LIMITS,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        self._findings, self._limits = findings, limits
        self._progress = progress or (lambda step, done, total: None)
        self._cancel = cancel
        self._headline = Headline(findings)
        self._texts = SliceTexts(findings)
        self._slices = numbered(findings)[: limits.slices]
        self._own = owned(findings)
        self._rows: list[list[int]] = [
            example_rows(findings, slice_)
            for slice_ in (*self._full_slices, *(each for _, each in self._own))
        ]
        self._wrong_rows = _wrong_rows(findings)
        self._sounds: dict[float, Sounds] = {}

    @property
    def durations(self) -> list[list[float | None]]:
        """Seconds of the clips that would be heard, by slice; probably wrong references as one more."""
        lists = [*self._rows, self._wrong_rows[: LADDER[0].examples]]
        clips = self._findings.data.clips
        return [
            [self._findings.duration(row) or length_of(clip) for row in rows if (clip := clips[row])]
            for rows in lists
        ]

    def report(self, extent: Extent) -> Report:
        """The whole report, with so many example clips.

        Raises
        ------
        Cancelled
            If it was to stop.
        """
        findings, headline = self._findings, self._headline
        sounds = self._sounds.setdefault(extent.seconds, Sounds(findings, extent.seconds))
        step, steps = GATHERING if extent.examples else WRITING, len(self._rows) + 1
        full: list[SliceText] = []
        for (number, slice_), rows in zip(self._in_full(), self._rows, strict=True):
            self._report_progress(step, len(full), steps)
            full.append(self._texts.full(number, slice_, rows[: extent.examples], sounds))
        self._report_progress(step, len(full), steps)
        wrong = self._wrong(extent, sounds)
        self._report_progress(step, steps, steps)
        flagged = len(self._slices)
        scan = findings.scan
        return Report(
            title=headline.title,
            subtitle=f"slicecore, {findings.time.day} {findings.time:%B %Y}",
            metric=scan.costs.name,
            lead=headline.lead(),
            figures=headline.figures(),
            reduced=self._reduced(extent, sounds),
            waterfall=headline.bars(self._texts),
            fixed=headline.fixed(),
            causes=headline.causes(),
            task=self._texts.plotting.of(),
            axis=self._texts.axis,
            slices=self._listing(full[:flagged]),
            own=tuple(full[flagged:]),
            described=self._texts.all_described(self._limits.described),
            wrong=wrong,
            past=self._past(),
            has_groups=findings.groups is not None,
            has_test=bool(scan.options.shuffles),
            has_verdicts=any(text.verdict for text in full),
            nothing=headline.nothing(),
            steps=methods.steps(findings),
            settings=methods.settings(findings),
            versions=methods.versions(findings),
            glossary=methods.glossary(findings),
        )

    @property
    def _full_slices(self) -> list[Slice]:
        return [slice_ for _, slice_ in self._slices]

    def _in_full(self) -> list[tuple[int, Slice]]:
        return [*self._slices, *((0, slice_) for _, slice_ in self._own)]

    def _listing(self, full: Sequence[SliceText]) -> Listing:
        every = numbered(self._findings)
        others = [self._texts.row(number, slice_) for number, slice_ in every[len(full) :]]
        left_out = (
            f"The first {len(full)} slices are shown in full; of the other {fixed(len(others))} this table has the "
            "numbers."
            if others
            else ""
        )
        return Listing((*full, *others), left_out)

    def _wrong(self, extent: Extent, sounds: Sounds) -> Listing:
        findings, most = self._findings, self._limits.wrong
        reasons = {each.row: each.text for each in findings.wrong_references or ()}
        rows = []
        for place, row in enumerate(self._wrong_rows[:most]):
            rows.append(
                WrongText(
                    row=fixed(findings.data.numbers[row]),
                    reason=reasons.get(row, ""),
                    marked=_reviewed(findings.reviews, str(findings.data.ids[row])),
                    example=example(findings, row, sounds if place < extent.examples else None),
                )
            )
        return Listing(tuple(rows), not_listed(len(self._wrong_rows), most, "clips"))

    def _past(self) -> Listing:
        past = self._findings.past
        return Listing(past_texts(past), past_caption(past)) if past else Listing(())

    def _reduced(self, extent: Extent, sounds: Sounds) -> tuple[str, ...]:
        most = max((len(rows) for rows in self._rows), default=0)
        has_sound = any(self._findings.data.clips[row] for rows in self._rows for row in rows)
        lists = [*self._rows, self._wrong_rows[: self._limits.wrong]]
        shortened = sounds.shortened(row for rows in lists for row in rows[: extent.examples])
        text = sentence(extent, shortened, most if has_sound else 0, self._limits.bytes)
        return (text,) if text else ()

    def _report_progress(self, step: str, done: int, total: int) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled
        self._progress(step, done, total)


def _reviewed(reviews: Reviews, clip: str) -> str:
    """What reviewers say of the reference of a clip, "" for nothing: "Corrected to “good day” by Anna on 3 January"."""
    correction, mark = reviews.corrections.get(clip), reviews.marks.get(clip)
    if correction:
        text = f"Corrected to “{correction.text}” {given(correction.reviewer, correction.time)}"
    else:
        text = f"Called wrong {given(mark.reviewer, mark.time)}" if mark else ""
    return text.strip()


def _wrong_rows(findings: Findings) -> list[int]:
    """Rows of the clips whose reference is probably wrong, the surest first, then those that only reviewers name."""
    rows = [each.row for each in findings.wrong_references or ()]
    row_of = findings.data.row_of_id
    reviewed = {**findings.reviews.marks, **findings.reviews.corrections}
    marked = [row_of[clip] for clip in reviewed if clip in row_of]
    return [*rows, *sorted(set(marked) - set(rows))]
