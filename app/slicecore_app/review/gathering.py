"""The result of one run of the review page, put together at the thresholds of the session."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from slicecore.carry_over.carrying import CarriedOver
from slicecore.display.treemap import ClusterTree
from slicecore.metrics import Costs
from slicecore.pipeline import Analysis
from slicecore.pipeline.verdicts import slices_of_reviewers
from slicecore.slices.options import POSSIBLE
from slicecore.slices.scanner import Scan, Scanner, Slice
from slicecore.storage.verdicts import OWN_REASON, Judgement, Workspace
from slicecore.table.dataset import Dataset
from slicecore_app.review.review_result import Problem, ReviewResult, judgements_carried, model_judged
from slicecore_app.server.carrying import carrying
from slicecore_app.server.open_table import OpenTable
from slicecore_app.server.reasons import reasons
from slicecore_app.session import selection, settings, tested_before
from slicecore_app.session.reviews import review_session
from slicecore_app.session.scan_options import chosen_options
from slicecore_app.session.selection import Pick


def chosen_costs(table: OpenTable) -> Costs:
    """The metric of every clip as the head has it. Raises MetricError."""
    return table.scoring.costs(settings.value("prediction"), settings.metric(), settings.value("compared"))


def gather(table: OpenTable, analysis: Analysis) -> ReviewResult:
    """Scan at the session's thresholds and put together what the page shows. Raises SlicecoreError."""
    prediction, compared, model = map(settings.value, ("prediction", "compared", "model"))
    choice, data = settings.metric(), table.data
    group = settings.group(data)
    scanner = table.scanner(model, prediction, choice, analysis, compared, group)
    scan, tree = table.scan(scanner, chosen_options())
    verdicts = table.verdicts()
    reviews = review_session(verdicts, model_judged(prediction, compared))
    known = reviews.named(reviews.read())
    judgements = known.judgements
    own = _own(known, data, scanner, scan)
    data = table.data_of(prediction)
    why = reasons(table, data, model, choice, analysis, scan, compared, group, scanner.groups, scanner.copies)
    elsewhere = carrying(table, why.measured is not None)
    mine = [problem.slice for problem in own]
    carried = judgements_carried(
        table, elsewhere, known, [*scan.slices, *mine], model_judged(prediction, compared)
    )
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

    def has_verdict(slice_: Slice) -> bool:
        held = carried.holding(slice_.id)
        judgement = judgements.get(slice_.id) or (held.judgement if held else None)
        return judgement is not None and judgement.verdict is not None

    if sort == "unreviewed":
        return sorted(scan.slices, key=has_verdict)
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
