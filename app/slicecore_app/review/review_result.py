"""The result of one run of the review page, from which every panel draws."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from slicecore.carry_over.carrying import NOTHING, Carried, CarriedOver
from slicecore.display.colour_scale import points_per_unit
from slicecore.display.treemap import ClusterTree
from slicecore.errors import MetricError, SlicecoreError
from slicecore.explain.clip_lists import ClipList, clip_lists
from slicecore.explain.wrong_references import WrongReference
from slicecore.filtering.clip_filter import ClipFilter, SearchTexts
from slicecore.filtering.columns import Column, measured_columns
from slicecore.metrics import Costs, DetectionTable
from slicecore.pipeline import Analysis
from slicecore.pipeline.verdicts import slices_of_reviewers
from slicecore.slices.examples import worst_first
from slicecore.slices.options import POSSIBLE
from slicecore.slices.scanner import Scan, Scanner, Slice
from slicecore.storage.verdicts import (
    OWN_REASON,
    Judgement,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Verdicts,
    Workspace,
    name_of_comparison,
)
from slicecore.table.dataset import Dataset
from slicecore_app import wording
from slicecore_app.review.column_kinds import describe_columns
from slicecore_app.server import registry
from slicecore_app.server.carrying import Carrying, carrying
from slicecore_app.server.open_table import OpenTable
from slicecore_app.server.reasons import Reasons, reasons
from slicecore_app.server.sources import Source
from slicecore_app.session import selection, settings, tested_before
from slicecore_app.session.reviews import review_session
from slicecore_app.session.selection import Pick
from slicecore_app.session.settings import MetricChoice

WORST_POINTS = 90.0
"""Upper end of the colour scale, in percentage points."""


@dataclass(frozen=True)
class Problem:
    """A slice to be judged: a flagged one with the number under which list, treemap and map show it, or one's own.

    `number` is 0 for a slice of one's own. `own` is what the workspace knows of it, `draft` is true as long as it is
    not kept there: a selection or a cluster becomes a slice of one's own when it is judged. `cause` is the most
    probable one in words, "" while none is known. `carried` is a judgement of other clips, another model or another
    table that holds for it or is a hint, where it has none of its own; `name` is what somebody called it.
    """

    number: int
    slice: Slice
    judgement: Judgement | None
    own: OwnSlice | None = None
    draft: bool = False
    cause: str = ""
    carried: Carried | None = None
    name: str = ""


@dataclass(frozen=True)
class ReviewResult:
    """Everything on the review page: made once a run from the settings and the selection of its beginning.

    Panels only read it. What takes long is worked out when it is first asked for.
    """

    table: OpenTable
    data: Dataset
    prediction: str
    compared: str
    model: str
    choice: MetricChoice
    costs: Costs
    analysis: Analysis
    scanner: Scanner
    scan: Scan
    tree: ClusterTree
    verdicts: Verdicts
    judgements: dict[str, Judgement]
    opinions: dict[str, tuple[Judgement, ...]]
    marked: dict[str, ReferenceMark]
    corrections: dict[str, ReferenceCorrection]
    newest: tuple[int, ...]
    problems: tuple[Problem, ...]
    own: tuple[Problem, ...]
    pick: Pick | None
    clip_filter: ClipFilter
    everywhere: bool  # whether the filter looks at all clips rather than at the picked ones
    chosen_clip: int | None  # to be played; None where the page chooses
    reasons: Reasons
    carrying: Carrying
    carried: CarriedOver
    no_longer_confirmed: Mapping[str, str]  # slice id -> why other thresholds confirmed it and these do not

    @cached_property
    def picked_problem(self) -> Problem | None:
        """The flagged slice that is picked, None when nothing is or it is no flagged slice."""
        return self.problem(self.pick.key) if self.pick and self.pick.kind == "slice" else None

    @cached_property
    def subject(self) -> Problem | None:
        """The slice that a verdict goes to: the picked one, flagged or own, or a draft; None: nothing is picked."""
        if self.pick is None:
            return None
        if self.pick.kind in ("slice", "own"):
            return self.problem(self.pick.key)
        group = self.scanner.group(self.pick.rows, self.scan.options.against)
        return self.problem(group.id) or self._draft(group, self.pick)

    def _draft(self, group: Slice, pick: Pick) -> Problem:
        reason = pick.reason or f"cluster of {wording.clips(group.support)}"
        own = OwnSlice(group.id, reason[:1].upper() + reason[1:], OWN_REASON + reason, "", "", ())
        return Problem(0, group, self.judgements.get(group.id), own, draft=True)

    def carried_over(self, known: Workspace) -> CarriedOver:
        """The judgements carried over to the slices of the page, with what is current in the workspace by now."""
        slices = [*self.scan.slices, *(problem.slice for problem in self.own)]
        return _carried_over(self.table, self.carrying, known, slices, self.judged)

    @cached_property
    def clip_values(self) -> np.ndarray:
        """Value of every clip alone, (n,), NaN where there is none."""
        return self.costs.per_clip()

    @cached_property
    def costs_of_models(self) -> dict[str, Costs]:
        """The metric of every model on every clip, by its predictions, the model on the page first.

        Raises
        ------
        MetricError
            The metric can't be computed of one of them.
        """
        models = dict.fromkeys((self.prediction, *self.data.predictions))
        return {model: self.table.costs(model, self.choice) for model in models}

    @cached_property
    def marked_rows(self) -> np.ndarray:
        """Rows of the clips whose reference somebody called wrong, sorted."""
        row_of = self.data.row_of_id if self.marked else {}
        return np.array(sorted(row_of[clip] for clip in self.marked if clip in row_of), dtype=int)

    @cached_property
    def corrected(self) -> dict[int, str]:
        """References that somebody has corrected, by row, as far as the table has others."""
        if not self.corrections or self.data.roles.reference is None:
            return {}
        row_of, references = self.data.row_of_id, self.data.reference
        rows = {row_of[clip]: each.text for clip, each in self.corrections.items() if clip in row_of}
        return {row: text for row, text in rows.items() if text is not None and text != references[row]}

    @property
    def corrected_rows(self) -> np.ndarray:
        """Rows of the clips whose reference somebody has corrected, sorted."""
        return np.array(sorted(self.corrected), dtype=int)

    @cached_property
    def corrected_costs(self) -> Costs | None:
        """The metric with the corrected references; None where there are none, or where it takes none of them."""
        if not self.corrected:
            return None
        try:
            return self.table.corrected_costs(self.prediction, self.choice, self.compared, self.corrected)
        except MetricError:  # one was corrected under another metric
            return None

    @cached_property
    def clips(self) -> np.ndarray:
        """Rows of the clips in the order of the table, those that meet the filter: worst first, then most errors.

        Of the list of probably wrong references those first that are surest.
        """
        rows = self.worst_first(self.scope[self.filter_mask[self.scope]])
        if not self.lists_wrong_references:
            return rows
        return rows[np.argsort([-self.wrong_references[row].score for row in rows.tolist()], kind="stable")]

    @cached_property
    def lists_wrong_references(self) -> bool:
        """True where the table lists the clips whose reference is probably wrong."""
        return (
            self.pick is not None
            and not self.everywhere
            and 0 < len(self.wrong_references) == len(self.pick.rows)
            and self.pick.rows.tolist() == sorted(self.wrong_references)
        )

    @cached_property
    def scope(self) -> np.ndarray:
        """Rows that the filter looks at: the picked clips, or all where it looks everywhere or nothing is picked."""
        if self.clip_filter and (self.everywhere or self.pick is None):
            return np.arange(len(self.data))
        return np.array([], dtype=int) if self.pick is None else self.pick.rows

    @cached_property
    def filter_mask(self) -> np.ndarray:
        """Clips that meet the filter, wherever they are, (n,) bool; all where it does not fit this table."""
        return self._filtered[0]

    @property
    def filter_problem(self) -> str:
        """A sentence about a filter that does not fit this table; empty where it does."""
        return self._filtered[1]

    @cached_property
    def _filtered(self) -> tuple[np.ndarray, str]:
        try:
            return self.clip_filter.matches(self.texts, self.columns), ""
        except SlicecoreError as error:
            waits = self.reasons.measured is None and any(
                condition.column in measured_columns() for condition in self.clip_filter.conditions
            )
            problem = "The filter waits until the clips are measured." if waits else str(error)
            return np.ones(len(self.data), dtype=bool), problem

    @cached_property
    def texts(self) -> SearchTexts:
        """The texts in which the words of a filter are looked for."""
        return self.table.search_texts(self.prediction)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """All columns of the clips that are known by now, by name."""
        measured = self.reasons.measured
        measurements = measured.measurements if measured else None
        return self.table.columns(self.prediction, self.choice, measurements, self.compared)

    @cached_property
    def columns_token(self) -> str:
        """Token by which the browser finds the columns that there are."""
        return registry.publish(json.dumps(describe_columns(self.columns.values())).encode())

    def edits(self, rows: Iterable[int]) -> list[list[list[str]]]:
        """Alignment of clips with the prediction on the page."""
        return self.table.edits(self.prediction, self.choice, rows)

    def compared_edits(self, rows: Iterable[int]) -> list[list[list[str]]]:
        """Alignment of clips with the prediction of the model that is compared."""
        return self.table.edits(self.compared, self.choice, rows)

    @property
    def source(self) -> Source:
        """Place of the table."""
        return self.table.source

    @property
    def judged(self) -> str:
        """The subject of verdicts: the model, or that it is worse than the one that it is compared with."""
        return _judged(self.prediction, self.compared)

    def worst_first(self, rows: np.ndarray) -> np.ndarray:
        """Put clips into the order of the table."""
        return worst_first(self.costs, self.clip_values, rows)

    @cached_property
    def playing(self) -> int | None:
        """The clip in the player: the one chosen, which the table need not show, else the first in the table."""
        row = self.chosen_clip
        if row is not None and 0 <= row < len(self.data):
            return row
        if len(self.clips):
            return int(self.clips[0])
        # Nothing meets the filter: the worst of the picked clips stays.
        return int(self.worst_first(self.pick.rows)[0]) if self.pick and len(self.pick.rows) else None

    @property
    def detection(self) -> DetectionTable | None:
        """The scores of a detector; None where the metric has no threshold."""
        return self.table.detection(self.prediction) if self.choice.has_threshold else None

    @property
    def counts_words(self) -> bool:
        """True if the metric's denominator is the number of words."""
        return self.costs.unit == "words"

    def problem(self, slice_id: str | None) -> Problem | None:
        """The flagged or own slice with an id; None for others (those of an old page, say)."""
        every = (*self.problems, *self.own)
        return next((problem for problem in every if problem.slice.id == slice_id), None)

    def judgeable(self, slice_id: str) -> Problem | None:
        """The slice with an id, also if it is only selected and not kept yet."""
        problem = self.problem(slice_id)
        if problem is None and self.subject and self.subject.slice.id == slice_id:
            return self.subject
        return problem

    def drop(self, value: np.ndarray | float) -> np.ndarray | float:
        """Difference of a value to the whole, positive is worse."""
        return self.costs.drop(value, self.scan.overall)

    @cached_property
    def _points_per_unit(self) -> float:
        return points_per_unit(self.costs, self.scan.overall, WORST_POINTS)

    @cached_property
    def clip_lists(self) -> tuple[ClipList, ...]:
        """Lists of clips that deserve a look whatever their cluster."""
        measured, has_texts = self.reasons.measured, not self.costs.model_costs.compares_values
        return clip_lists(
            self.data,
            measured.measurements.table if measured and has_texts else None,
            measured.wrong_references if measured else (),
            self.marked_rows,
            self.corrected_rows,
        )

    @cached_property
    def wrong_references(self) -> dict[int, WrongReference]:
        """Probably wrong references by row, none until the clips are measured."""
        measured = self.reasons.measured
        return {wrong.row: wrong for wrong in (measured.wrong_references if measured else ())}

    @cached_property
    def signs(self) -> dict[int, list[tuple[str, str]]]:
        """Signs that the reference of a clip is wrong, by row: what it is in a word or two, and what was seen."""
        return {
            row: [(wording.SIGNS[reason.name], reason.text) for reason in wrong.reasons]
            for row, wrong in self.wrong_references.items()
        }

    def durations(self, rows: Sequence[int] | np.ndarray) -> Sequence[float | None]:
        """Lengths of clips in seconds: as measured, or from the heads of the files as long as that is not done."""
        if self.reasons.measured is None:
            return self.table.durations(rows)
        return self.reasons.measured.measurements.table["duration"].to_numpy()[rows].tolist()

    def points(self, drop: np.ndarray | float) -> np.ndarray | float:
        """A drop on the colour scale, where rates stand in percentage points."""
        return np.multiply(drop, self._points_per_unit)


def _judged(prediction: str, compared: str) -> str:
    return name_of_comparison(prediction, compared) if compared else prediction


def chosen_costs(table: OpenTable) -> Costs:
    """The metric of every clip as the head has it. Raises MetricError."""
    return table.costs(settings.value("prediction"), settings.metric(), settings.value("compared"))


def gather(table: OpenTable, analysis: Analysis) -> ReviewResult:
    """Scan at the session's thresholds and put together what the page shows. Raises SlicecoreError."""
    prediction, compared, model = map(settings.value, ("prediction", "compared", "model"))
    choice, data = settings.metric(), table.data
    group = settings.group(data)
    scanner = table.scanner(model, prediction, choice, analysis, compared, group)
    scan, tree = table.scan(scanner, settings.options())
    verdicts = table.verdicts()
    reviews = review_session(verdicts, _judged(prediction, compared))
    known = reviews.read()
    judgements = known.judgements
    own = _own(known, data, scanner, scan)
    data = data.with_prediction(prediction)
    why = reasons(table, data, model, choice, analysis, scan, compared, group, scanner.groups, scanner.copies)
    elsewhere = carrying(table, why.measured is not None)
    mine = [problem.slice for problem in own]
    carried = _carried_over(table, elsewhere, known, [*scan.slices, *mine], _judged(prediction, compared))
    own = tuple(replace(problem, carried=carried.by_slice.get(problem.slice.id)) for problem in own)
    ranked = _ranked(scan, judgements, carried, settings.value("sort"))
    tested = (table.source.token, prediction, compared, model, choice, group)
    tested_before.take_note(tested, scan)
    return ReviewResult(
        table=table,
        data=data,
        prediction=prediction,
        compared=compared,
        model=model,
        choice=choice,
        costs=scan.costs,
        analysis=analysis,
        scanner=scanner,
        scan=scan,
        tree=tree,
        verdicts=verdicts,
        judgements=judgements,
        opinions=known.opinions,
        marked=known.marked_references,
        corrections=reviews.corrections(known),
        newest=known.newest,
        problems=tuple(
            _flagged(number, slice_, known, carried, why.cause(slice_))
            for number, slice_ in enumerate(ranked, 1)
        ),
        own=own,
        pick=_still_there(selection.picked(), scan, tree, own),
        clip_filter=settings.clip_filter(),
        everywhere=selection.everywhere(),
        chosen_clip=selection.playing(),
        reasons=why,
        carrying=elsewhere,
        carried=carried,
        no_longer_confirmed=tested_before.no_longer_confirmed(tested, scan),
    )


def _carried_over(
    table: OpenTable, elsewhere: Carrying, known: Workspace, slices: list[Slice], judged: str
) -> CarriedOver:
    return table.carried_over(elsewhere.known, known, slices, judged) if elsewhere.known else NOTHING


def _flagged(number: int, slice_: Slice, known: Workspace, carried: CarriedOver, cause: str) -> Problem:
    found, own = carried.by_slice.get(slice_.id), known.own_slices.get(slice_.id)
    if own is None and found and found.holds:
        own = found.judged.named
    name = own.name if own and own.is_named else ""
    return Problem(number, slice_, known.judgements.get(slice_.id), cause=cause, carried=found, name=name)


def _own(known: Workspace, data: Dataset, scanner: Scanner, scan: Scan) -> tuple[Problem, ...]:
    """Slices of one's own, as far as their clips are in the table, but for those that are flagged by now."""
    if not known.own_slices:
        return ()
    flagged = {slice_.id for slice_ in scan.slices}
    mine = {
        slice_id: own
        for slice_id, own in known.own_slices.items()
        if slice_id not in flagged and (own.is_named or not own.was_found)
    }
    return tuple(
        Problem(0, slice_, known.judgements.get(own.slice_id), own)
        for own, slice_ in slices_of_reviewers(mine, data, scanner, scan.options.against)
    )


def _ranked(scan: Scan, judgements: dict[str, Judgement], carried: CarriedOver, sort: str) -> list[Slice]:
    """Slices in the order of the list. Confirmed ones come first, but where the reader asks for what is left to do."""
    if sort == "unreviewed":
        return sorted(
            scan.slices, key=lambda slice_: slice_.id in judgements or carried.holding(slice_.id) is not None
        )
    return sorted(
        scan.slices, key=lambda slice_: (slice_.tier == POSSIBLE, -getattr(slice_, sort), slice_.id)
    )


def _still_there(pick: Pick | None, scan: Scan, tree: ClusterTree, own: tuple[Problem, ...]) -> Pick | None:
    """Keep looking at the same clips when the thresholds, or the embedding, no longer flag them, or flag them now."""
    if pick is None:
        return None
    flagged = next((slice_ for slice_ in scan.slices if np.array_equal(slice_.members, pick.rows)), None)
    if flagged:
        return Pick("slice", flagged.id, flagged.members, flagged)
    mine = next((problem for problem in own if np.array_equal(problem.slice.members, pick.rows)), None)
    if mine and mine.own:
        return Pick("own", mine.slice.id, mine.slice.members, pick.slice, mine.own.reason)
    if pick.kind == "own":  # removed
        return replace(pick, kind="selection", key="", reason=pick.reason.removeprefix(OWN_REASON))
    if pick.kind == "slice":
        return replace(pick, kind="cluster")
    return _in_tree(pick, tree) if pick.kind == "cluster" else pick


def _in_tree(pick: Pick, tree: ClusterTree) -> Pick:
    """A cluster that was picked in the tree of another embedding, by its name in the present one, if it has one."""
    node = None if pick.key or pick.slice else tree.node_of(pick.rows)
    return pick if node is None else replace(pick, key=tree.key[node])
