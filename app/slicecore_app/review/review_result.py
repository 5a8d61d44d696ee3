"""The result of one run of the review page, from which every panel draws."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicecore.cached_properties import cached_property
from slicecore.carry_over.carrying import NOTHING, Carried, CarriedOver
from slicecore.display.colour_scale import points_per_unit
from slicecore.display.treemap import ClusterTree
from slicecore.errors import MetricError, SlicecoreError
from slicecore.explain.clip_lists import ClipList, clip_lists, empty_predictions
from slicecore.explain.wrong_references import WrongReference
from slicecore.filtering.clip_filter import ClipFilter, SearchTexts
from slicecore.filtering.columns import measured_columns
from slicecore.metrics import Costs, DetectionTable
from slicecore.pipeline import Analysis
from slicecore.slices.examples import worst_first
from slicecore.slices.scanner import Scan, Scanner, Slice
from slicecore.storage.verdicts import (
    OWN_REASON,
    Judgement,
    Newest,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Workspace,
    name_of_comparison,
)
from slicecore.table.dataset import Dataset
from slicecore_app import wording
from slicecore_app.review.column_kinds import describe_columns
from slicecore_app.server import registry
from slicecore_app.server.carrying import Carrying
from slicecore_app.server.memo import Same
from slicecore_app.server.open_table import (
    CLIP_LISTS,
    CLIP_VALUES,
    COLUMN_KINDS,
    EMPTY_PREDICTIONS,
    SIGNS,
    Columns,
    OpenTable,
)
from slicecore_app.server.reasons import Reasons
from slicecore_app.server.sources import Source
from slicecore_app.session.selection import Pick
from slicecore_app.session.settings import MetricChoice

if TYPE_CHECKING:
    from slicecore.storage.verdicts import Verdicts

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
    newest: Newest
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
        return judgements_carried(self.table, self.carrying, known, slices, self.judged)

    @cached_property
    def clip_values(self) -> np.ndarray:
        """Value of every clip alone, (n,), NaN where there is none."""
        return self.table.shared(CLIP_VALUES, Same(self.costs), self.costs.per_clip)

    @cached_property
    def costs_of_models(self) -> dict[str, Costs]:
        """The metric of every model on every clip, by its predictions, the model on the page first.

        Raises
        ------
        MetricError
            The metric can't be computed of one of them.
        """
        models = dict.fromkeys((self.prediction, *self.data.predictions))
        return {model: self.table.scoring.costs(model, self.choice) for model in models}

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
            return self.table.scoring.corrected_costs(
                self.prediction, self.choice, self.compared, self.corrected
            )
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
        if not self.clip_filter:  # the texts of a million clips take seconds to prepare
            return np.ones(len(self.data), dtype=bool), ""
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
    def columns(self) -> Columns:
        """All columns of the clips that are known by now, by name."""
        measured = self.reasons.measured
        measurements = measured.measurements if measured else None
        return self.table.columns(self.prediction, self.choice, measurements, self.compared)

    @cached_property
    def columns_token(self) -> str:
        """Token by which the browser finds the columns that there are."""
        columns = self.columns
        described = self.table.shared(
            COLUMN_KINDS, Same(columns), lambda: json.dumps(describe_columns(columns.values())).encode()
        )
        return registry.publish(described)

    def edits(self, rows: Iterable[int]) -> list[str]:
        """Alignment of clips with the prediction on the page, as JSON."""
        return self.table.scoring.edits_as_json(self.prediction, self.choice, rows)

    def compared_edits(self, rows: Iterable[int]) -> list[str]:
        """Alignment of clips with the prediction of the model that is compared, as JSON."""
        return self.table.scoring.edits_as_json(self.compared, self.choice, rows)

    @property
    def source(self) -> Source:
        """Place of the table."""
        return self.table.source

    @property
    def judged(self) -> str:
        """The subject of verdicts: the model, or that it is worse than the one that it is compared with."""
        return model_judged(self.prediction, self.compared)

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
        return self.table.scoring.detection(self.prediction) if self.choice.has_threshold else None

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
        marked, corrected = self.marked_rows, self.corrected_rows
        return self.table.shared(
            CLIP_LISTS,
            (self.prediction, has_texts, Same(measured), marked.tobytes(), corrected.tobytes()),
            lambda: clip_lists(
                self.data,
                measured.measurements.table if measured and has_texts else None,
                measured.wrong_references if measured else (),
                marked,
                corrected,
                self.empty_predictions,
            ),
        )

    @property
    def empty_predictions(self) -> np.ndarray:
        """Rows of the clips of which nothing was recognised."""
        return self.table.shared(EMPTY_PREDICTIONS, self.prediction, lambda: empty_predictions(self.data))

    @cached_property
    def wrong_references(self) -> dict[int, WrongReference]:
        """Probably wrong references by row, none until the clips are measured."""
        measured = self.reasons.measured
        return {wrong.row: wrong for wrong in (measured.wrong_references if measured else ())}

    @cached_property
    def signs(self) -> dict[int, list[tuple[str, str]]]:
        """Signs that the reference of a clip is wrong, by row: what it is in a word or two, and what was seen."""
        return self.table.shared(
            SIGNS,
            Same(self.reasons.measured),
            lambda: {
                row: [(wording.SIGNS[reason.name], reason.text) for reason in wrong.reasons]
                for row, wrong in self.wrong_references.items()
            },
        )

    def durations(self, rows: Sequence[int] | np.ndarray) -> Sequence[float | None]:
        """Lengths of clips in seconds: as measured, or from the heads of the files as long as that is not done."""
        if self.reasons.measured is None:
            return self.table.durations(rows)
        return self.reasons.measured.measurements.table["duration"].to_numpy()[rows].tolist()

    def points(self, drop: np.ndarray | float) -> np.ndarray | float:
        """A drop on the colour scale, where rates stand in percentage points."""
        return np.multiply(drop, self._points_per_unit)


def model_judged(prediction: str, compared: str) -> str:
    """Name under which verdicts on a model, or on the difference of two, are stored."""
    return name_of_comparison(prediction, compared) if compared else prediction


def judgements_carried(
    table: OpenTable, elsewhere: Carrying, known: Workspace, slices: list[Slice], judged: str
) -> CarriedOver:
    """Judgements on other clips, models or tables that hold for these slices, or are hints; none while read."""
    return table.carried_over(elsewhere.known, known, slices, judged) if elsewhere.known else NOTHING
