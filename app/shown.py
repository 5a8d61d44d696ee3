"""What one run of the review page shows: one result from which every panel draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app import engine, state
from app.sources import Source
from app.state import MetricChoice, Pick
from slicecore.analysis import Analysis
from slicecore.dataset import Dataset
from slicecore.metrics import Costs
from slicecore.options import POSSIBLE
from slicecore.scan import Scan, Scanner, Slice
from slicecore.treemap import ClusterTree
from slicecore.verdicts import Judgement, Verdicts

WORST_POINTS = 90.0
"""Upper end of the colour scale, in percentage points."""


@dataclass(frozen=True)
class Problem:
    """A flagged slice with the number under which list, treemap and map show it."""

    number: int
    slice: Slice
    judgement: Judgement | None


@dataclass(frozen=True)
class Shown:
    """Everything on the review page. Made once per run; panels only read it."""

    source: Source
    data: Dataset
    prediction: str
    choice: MetricChoice
    costs: Costs
    analysis: Analysis
    scanner: Scanner
    found: Scan
    tree: ClusterTree
    verdicts: Verdicts
    judgements: dict[str, Judgement]
    problems: tuple[Problem, ...]
    pick: Pick | None

    @cached_property
    def picked_problem(self) -> Problem | None:
        """The flagged slice that is picked, None when nothing is or it is no flagged slice."""
        return self.problem(self.pick.key if self.pick and self.pick.kind == "slice" else None)

    @cached_property
    def clip_values(self) -> np.ndarray:
        """Value of every clip alone, (n,), NaN where there is none."""
        return self.costs.per_clip()

    @cached_property
    def clips(self) -> np.ndarray:
        """Rows of the picked clips in the order of the table: worst first, then most errors."""
        if self.pick is None:
            return np.array([], dtype=int)
        rows = self.pick.rows
        value = np.nan_to_num(self.clip_values[rows], nan=-np.inf)
        sign = -1 if self.costs.higher_is_better else 1
        return rows[np.lexsort((rows, -self.costs.numerator[rows], -sign * value))]

    @cached_property
    def playing(self) -> int | None:
        """The clip in the player: the one chosen, else the first of the picked ones."""
        row = state.playing()
        if row is not None and row in self.clips:
            return row
        return int(self.clips[0]) if len(self.clips) else None

    @property
    def counts_words(self) -> bool:
        """Whether the metric's denominator is the number of words."""
        return self.choice.metric == "wer"

    def problem(self, slice_id: str | None) -> Problem | None:
        """The flagged slice with an id; None for ids that are not flagged (those of an old page, say)."""
        return next((problem for problem in self.problems if problem.slice.id == slice_id), None)

    def pick_slice(self, slice_id: str) -> None:
        """Look at a flagged slice."""
        problem = self.problem(slice_id)
        if problem:
            state.pick(Pick("slice", slice_id, problem.slice.members, problem.slice))

    def drop(self, value: np.ndarray | float) -> np.ndarray | float:
        """Difference of a value to the whole, positive is worse."""
        return (self.found.overall - value) if self.costs.higher_is_better else (value - self.found.overall)

    @cached_property
    def _points_per_unit(self) -> float:
        if self.costs.is_rate:
            return 100.0
        # No natural range: the worst percent of the clips gets the end of the scale.
        drops = self.drop(self.clip_values[np.isfinite(self.clip_values)])
        worst = float(np.quantile(drops, 0.99)) if len(drops) else 0.0
        return WORST_POINTS / worst if worst > 0 else 1.0

    def points(self, drop: np.ndarray | float) -> np.ndarray | float:
        """A drop on the colour scale, where rates stand in percentage points."""
        return np.multiply(drop, self._points_per_unit)


def gather(source: Source, data: Dataset, analysis: Analysis) -> Shown:
    """Scan at the session's thresholds and put together what the page shows. Raises SlicecoreError."""
    chosen = state.choices()
    metric, normalisation = chosen.metric.metric, chosen.metric.normalisation
    costs = engine.costs(source, chosen.prediction, metric, normalisation)
    scanner = engine.scanner(source, chosen.model, chosen.prediction, metric, normalisation, analysis)
    key = (source, source.stamp, chosen.model, chosen.prediction, metric, normalisation)
    found, tree = engine.scan(key, scanner, chosen.options)
    verdicts = engine.verdicts(source)
    judgements = verdicts.current(chosen.prediction)
    ranked = _ranked(found, judgements, chosen.sort)
    return Shown(
        source=source,
        data=data.with_prediction(chosen.prediction),
        prediction=chosen.prediction,
        choice=chosen.metric,
        costs=costs,
        analysis=analysis,
        scanner=scanner,
        found=found,
        tree=tree,
        verdicts=verdicts,
        judgements=judgements,
        problems=tuple(Problem(i, one, judgements.get(one.id)) for i, one in enumerate(ranked, 1)),
        pick=_still_there(state.picked(), found),
    )


def _ranked(found: Scan, judgements: dict[str, Judgement], sort: str) -> list[Slice]:
    """Slices in the order of the list. Confirmed ones come first, but where the reader asks for what is left to do."""
    if sort == "unreviewed":
        return sorted(found.slices, key=lambda one: one.id in judgements)
    return sorted(found.slices, key=lambda one: (one.tier == POSSIBLE, -getattr(one, sort), one.id))


def _still_there(pick: Pick | None, found: Scan) -> Pick | None:
    """Keep looking at the same clips when the thresholds no longer flag them, or flag them now."""
    if pick is None or pick.kind == "lasso":
        return pick
    flagged = next((one for one in found.slices if np.array_equal(one.members, pick.rows)), None)
    if flagged:
        return Pick("slice", flagged.id, flagged.members, flagged)
    return Pick("cluster", pick.key, pick.rows, pick.found)
