"""Gate: whether the defined slices, or the whole, got worse from one run to the next by more than they may."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import DefinitionError, TableError
from slicecore.gate.result import BETTER, OK, SKIPPED, WORSE, Check, Gate, NewSlice
from slicecore.gate.run import Run, SliceOfRun, read_run
from slicecore.metrics import METRICS, Costs, mean_of
from slicecore.metrics.detection import DetectionCosts
from slicecore.metrics.intervals import value_interval
from slicecore.metrics.paired import Change, paired_change
from slicecore.slices.clip_groups import ClipGroups, each_in_a_group
from slicecore.table.dataset import Dataset, read
from slicecore.table.speakers import group_column, group_labels, group_noun
from slicecore.thresholds import reaches
from slicecore.transfer.applying import Applied, Members, apply
from slicecore.transfer.definition import WHOLE, Definitions
from slicecore.transfer.file import as_definitions
from slicecore.transfer.other_data import Progress
from slicecore.wording import clips, fixed, significant

if TYPE_CHECKING:
    from slicecore.embedding import Embeddings

_EVIDENCE = 0.05
_FEWEST_GROUPS = 5  # with fewer, drawing groups says little: clips are drawn
_KNOWN = 0.5  # share of a new slice that is in defined ones from which on it is none


def check(
    definitions: Definitions | str | Path,
    data: Dataset | str | Path | Any,
    baseline: Run | str | Path | None = None,
    *,
    name: str = "",
    by: str | Sequence[str] | None = None,
    group: str | None = None,
    embeddings: Embeddings | Sequence[Embeddings] = (),
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Gate:
    """Compare the defined slices of new data, and the whole, with a baseline.

    Something is worse if its value on the clips that both runs have is worse by more than its tolerance, and the paired
    bootstrap says so: one-sided, at 5 % for all checks together (Holm, A simple sequentially rejective multiple test
    procedure, 1979). Clips are drawn, or groups such as speakers where there are five or more.

    Parameters
    ----------
    definitions
        The slices, or their file.
    data
        The clips with the predictions to be checked; or their table, as `slicecore.read` takes it. Of a table with
        several models the column of the baseline (without one, that of the definitions) is checked, where it is there;
        of a `Dataset` the first.
    baseline
        The run to compare with, or its file; the values in the file of the definitions by default.
    name
        Of the version that is checked.
    by, embeddings, cache, progress, cancel
        As in `slicecore.apply`.
    group
        Column of the groups that clips come in, as `slicecore.find_slices` takes it.

    Raises
    ------
    DefinitionError
        A file can't be used, the metric is none of slicecore's own, or the baseline is of another one.
    TableError
        The table can't be read.

    Examples
    --------
    >>> definitions = result.definitions(verdicts=None)
    >>> before = sc.gate.check(definitions, clips).run
    >>> mended = clips.assign(prediction=clips["reference"])
    >>> sc.gate.check(definitions, mended, before).slices[0].status
    'better'
    >>> broken = clips.assign(prediction=clips["prediction"].where(clips["device"] == "phone", ""))
    >>> gate = sc.gate.check(definitions, broken, before)
    >>> gate.slices[0].status, gate.exit_code
    ('worse', 1)
    """
    definitions = as_definitions(definitions)
    if isinstance(baseline, str | Path):
        baseline = read_run(baseline)
    if definitions.metric not in METRICS and not definitions.is_mean:
        raise DefinitionError(
            f"The slices were defined with the metric “{definitions.metric}”, which is none of slicecore's own: "
            f"{', '.join(METRICS)}. Write one of these into the file."
        )
    if baseline is not None:
        _check_baseline(definitions, baseline)
    if not isinstance(data, Dataset):
        mean_of = definitions.metric if definitions.is_mean else None
        data = with_known_prediction(read(data, mean_of=mean_of), definitions, baseline)
    costs = _costs(definitions, data, baseline)
    applied = apply(
        definitions, data, by=by, embeddings=embeddings, cache=cache, progress=progress, cancel=cancel
    )
    group = group_column(data, group)
    groups = ClipGroups.of(group_labels(data, group), group_noun(group)) if group else None
    comparison = _Comparison(definitions, data, costs, baseline, groups)
    checks = _with_holm([comparison.whole(), *(comparison.of_slice(each) for each in applied.slices)], costs)
    run = _run(name, definitions, data, costs, applied)
    notes = _notes(run.prediction, _known_prediction(definitions, baseline))
    return Gate(tuple(checks), run, applied, comparison.baseline_text, notes=notes)


def _costs(definitions: Definitions, data: Dataset, baseline: Run | None) -> Costs:
    """The metric of the definitions; of a detector's scores at their threshold, else at that of the baseline."""
    if definitions.is_mean:
        if definitions.metric not in data.table:
            raise TableError(
                f"“{data.name}” has no column “{definitions.metric}”, whose mean the slices have."
            )
        with data.counting_rows():
            return mean_of(data.table[definitions.metric], definitions.metric, definitions.higher_is_better)
    metric, threshold = METRICS[definitions.metric], None
    if metric.has_threshold:
        threshold = definitions.threshold
        if threshold is None and baseline is not None:
            threshold = baseline.threshold
    with data.counting_rows():
        return metric(data.reference, data.prediction, definitions.normalisation, threshold)


def with_known_prediction(data: Dataset, definitions: Definitions, baseline: Run | None) -> Dataset:
    """The table with the column first whose predictions the baseline, else the definitions, are of; if it has it.

    Of several models it is then the same one that is checked, whichever stands first.
    """
    known = _known_prediction(definitions, baseline)
    return data.with_prediction(known) if known in data.roles.predictions else data


def new_slices(
    slices: Sequence[tuple[str, NDArray[np.int64]]], applied: Applied, costs: Costs
) -> tuple[NewSlice, ...]:
    """Slices of which no defined slice has half of the clips.

    Parameters
    ----------
    slices
        Names and rows of slices of the new data.
    applied
        The defined slices there.
    costs
        The metric.
    """
    new = []
    for name, rows in slices:
        shared = (np.isin(rows, members.rows).mean() for members in applied.slices)
        if max(shared, default=0.0) < _KNOWN:
            value = costs.value(rows)
            new.append(NewSlice(name, len(rows), value, float(costs.drop(value, costs.value()))))
    return tuple(new)


class _Comparison:
    """Comparison of groups of clips with a baseline."""

    def __init__(
        self,
        definitions: Definitions,
        data: Dataset,
        costs: Costs,
        baseline: Run | None,
        groups: ClipGroups | None,
    ) -> None:
        self._definitions, self._costs, self._groups = definitions, costs, groups
        self._baseline = baseline
        rows = [-1] * len(data)
        if baseline is not None:
            rows = [baseline.row_of_id.get(str(clip_id), -1) for clip_id in data.ids]
        self._row_then = np.array(rows, dtype=np.int64)

    @property
    def baseline_text(self) -> str:
        """The baseline in words."""
        run = self._baseline
        if run is None:
            return f"the values of {self._definitions.origin.table} in the file of the definitions"
        return f"{run.name or 'the run'} of {run.time}" if run.time else run.name or "the baseline"

    def whole(self) -> Check:
        """Check of all clips."""
        every = np.arange(len(self._costs))
        then = self._definitions.origin.value
        return self._check(WHOLE, every, then, self._definitions.tolerance_of_whole, "ids", 1.0, 1.0, ())

    def of_slice(self, members: Members) -> Check:
        """Check of a slice."""
        definition = members.definition
        tolerance = self._definitions.tolerance_of(definition)
        return self._check(
            members.name,
            members.rows,
            definition.value,
            tolerance,
            members.means,
            members.precision,
            members.recall,
            members.problems,
        )

    def _check(
        self,
        name: str,
        rows: NDArray[np.int64],
        value_then: float,
        tolerance: float,
        means: str,
        precision: float,
        recall: float,
        problems: Sequence[str],
    ) -> Check:
        paired = rows if self._baseline is None else rows[self._row_then[rows] >= 0]
        skipped = Check(name, SKIPPED, "", tolerance, len(rows), means, precision, recall)
        least = self._definitions.min_clips
        if not means:
            return replace(skipped, sentence=f"Its clips can't be recognised here. {' '.join(problems)}")
        if len(rows) < least:
            return replace(skipped, sentence=f"Only {clips(len(rows))} here; {least} are needed to compare.")
        if len(paired) < least:
            sentence = (
                f"Of its {clips(len(rows))} {f'only {len(paired)}' if len(paired) else 'none'} "
                f"{'is' if len(paired) < 2 else 'are'} in the baseline; {least} are needed."
            )
            return replace(skipped, sentence=sentence)
        after = self._some(paired)
        if self._baseline is not None:
            before = self._baseline.costs(self._row_then[paired])
        else:  # a run that has the value of the definition on every clip
            before = replace(after, numerator=value_then * after.denominator)
        units, noun = self._units(paired)
        change = paired_change(before, after, units)
        if math.isnan(change.worse):
            return replace(skipped, sentence="The metric has no value on these clips.")
        return replace(skipped, status=OK, change=change, sentence=_of_units(change, noun, self._costs))

    def _some(self, rows: NDArray[np.int64]) -> Costs:
        costs = self._costs
        return Costs(
            costs.numerator[rows],
            costs.denominator[rows],
            higher_is_better=costs.higher_is_better,
            name=costs.name,
            is_rate=costs.is_rate,
            unit=costs.unit,
        )

    def _units(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64] | None, str]:
        """Units that the bootstrap draws and their noun: groups where there are enough; None for clips."""
        if self._groups is None:
            return None, ""
        code = self._groups.code[rows]
        if len(np.unique(code[code >= 0])) < _FEWEST_GROUPS:
            return None, ""
        return each_in_a_group(code), self._groups.noun


def _of_units(change: Change, noun: str, costs: Costs) -> str:
    """Clips of a comparison in words, and the threshold of a detector."""
    text = f"over {clips(change.clips)}" + (f" of {change.units} {noun}s" if noun else "")
    threshold = _threshold(costs)
    return text if threshold is None else f"{text} at the score threshold {significant(threshold)}"


def _threshold(costs: Costs) -> float | None:
    return costs.threshold if isinstance(costs, DetectionCosts) else None


def _with_holm(checks: list[Check], costs: Costs) -> list[Check]:
    """The checks with their outcome, p corrected for all that were compared."""
    compared = [i for i, check in enumerate(checks) if check.change]
    worse = _holm([checks[i].change.p_worse for i in compared])  # type: ignore[union-attr]
    better = _holm([checks[i].change.p_better for i in compared])  # type: ignore[union-attr]
    for i, p_worse, p_better in zip(compared, worse, better, strict=True):
        checks[i] = _judged(checks[i], p_worse, p_better, costs)
    return checks


def _judged(check: Check, p_worse: float, p_better: float, costs: Costs) -> Check:
    change = check.change
    assert change is not None
    status, p = OK, p_worse if change.worse > 0 else p_better
    if not reaches(check.tolerance, abs(change.worse)) and p <= _EVIDENCE:
        status = WORSE if change.worse > 0 else BETTER
    low, high = change.interval
    moved = f"{costs.threshold_text(change.worse)} {'worse' if change.worse > 0 else 'better'}"
    # What definitions say was rounded when they were written: less than can be read is no change.
    is_same = costs.threshold_text(change.worse) == costs.threshold_text(0)
    sentence = (
        f"{costs.value_text(change.before)} before, {costs.value_text(change.after)} now {check.sentence}: "
        f"{'no change' if is_same else moved}, 95 % interval of the change "
        f"{costs.drop_text(low)} to {costs.drop_text(high)}, {_p_text(p)}; "
        f"tolerance {costs.threshold_text(check.tolerance)}."
    )
    return replace(check, status=status, p=p, sentence=sentence)


def _p_text(p: float) -> str:
    return "p under .001" if p < 0.001 else f"p = {fixed(p, 3).removeprefix('0')}"


def _holm(p_values: Sequence[float]) -> list[float]:
    """P values corrected for their number."""
    corrected, largest = [1.0] * len(p_values), 0.0
    for rank, i in enumerate(np.argsort(p_values, kind="stable").tolist()):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[i]))
        corrected[i] = largest
    return corrected


def _known_prediction(definitions: Definitions, baseline: Run | None) -> str:
    return definitions.origin.prediction if baseline is None else baseline.prediction


def _notes(prediction: str, known: str) -> tuple[str, ...]:
    """A sentence where the predictions are of another column than those that they are compared with."""
    if not known or prediction == known:
        return ()
    return (f"The predictions checked are in the column “{prediction}”, those before were in “{known}”.",)


def _check_baseline(definitions: Definitions, baseline: Run) -> None:
    for noun in ("metric", "normalisation"):
        mine, other = getattr(definitions, noun), getattr(baseline, noun)
        if mine != other:
            raise DefinitionError(
                f"The slices were defined with the {noun} “{mine}”, but the baseline has “{other}”. Save it anew with "
                "slicecore gate --save."
            )
    mine, other = definitions.threshold, baseline.threshold
    if None not in (mine, other) and mine != other:
        raise DefinitionError(
            f"The slices are defined at the score threshold {mine:g}, but the baseline is at {other:g}. Save it anew "
            "with slicecore gate --save."
        )


def _run(name: str, definitions: Definitions, data: Dataset, costs: Costs, applied: Applied) -> Run:
    nan = (math.nan, math.nan)
    slices = [
        SliceOfRun(
            members.name,
            len(members.rows),
            costs.value(members.rows),
            value_interval(costs, members.rows) if costs.denominator[members.rows].sum() > 0 else nan,
            members.means,
            float(costs.drop(members.definition.value, definitions.origin.value)),
        )
        for members in applied.slices
    ]
    every = np.arange(len(costs))
    return Run(
        name=name,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        table=data.name,
        prediction=data.roles.predictions[0],
        metric=definitions.metric,
        normalisation=definitions.normalisation,
        title=costs.name,
        is_rate=costs.is_rate,
        higher_is_better=costs.higher_is_better,
        threshold=_threshold(costs),
        value=costs.value(),
        interval=value_interval(costs, every) if costs.denominator.sum() > 0 else nan,
        slices=tuple(slices),
        ids=tuple(map(str, data.ids)),
        errors=costs.numerator,
        words=costs.denominator,
    )
