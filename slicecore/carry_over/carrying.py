"""Judgements of this and other tables and models on the slices of a scan: those that hold, hints, and those without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.carry_over.clips_then import ClipsThen, PresentClips
from slicecore.carry_over.matching import LIMITS, JudgedClips, Match, match, overlap
from slicecore.slices.result import Slice
from slicecore.storage.verdicts import Judgement, Origin, OwnSlice, Refusal, is_comparison
from slicecore.storage.verdicts.elsewhere import JudgedElsewhere
from slicecore.storage.verdicts.rows_of_ids import RowsOfIds


@dataclass(frozen=True, eq=False)
class JudgedTable:
    """The judgements of a table, and its clips as the present table has them.

    Attributes
    ----------
    workspace, table : names of the folder of its workspace, and of the table; `table` is "" for the present one.
    judgements : latest of every slice and model.
    named : slices to which people gave a name, by id.
    clips : its clips.
    """

    workspace: str
    table: str
    judgements: tuple[Judgement, ...]
    named: Mapping[str, OwnSlice]
    clips: ClipsThen


@dataclass(frozen=True, eq=False)
class Judged:
    """A judgement with its clips in the present table.

    Attributes
    ----------
    judgement : as it was given.
    workspace, table : names of the folder of its workspace, and of its table; `table` is "" for the present one.
    named : the slice, if a person gave it a name.
    rows : its clips that the present table has, sorted.
    known : (n,) clips of the present table that its table had when it was given; None: all.
    """

    judgement: Judgement
    workspace: str
    table: str
    named: OwnSlice | None
    rows: NDArray[np.int64]
    known: NDArray[np.bool_] | None

    @property
    def key(self) -> tuple[str, str, str]:
        """Workspace, model and slice."""
        return self.workspace, self.judgement.model, self.judgement.slice_id


@dataclass(frozen=True, eq=False)
class Carried:
    """A judgement of other clips, another model or another table on a slice.

    Attributes
    ----------
    judged : the judgement.
    members : rows of the slice's clips.
    overlap : Jaccard index of its clips and the slice's among those that both tables have.
    shared : clips of the slice that were judged.
    holds : True if it holds for the slice, False if it is a hint.
    ties : ids of other slices that it overlaps as much with.
    others : judgements of other models or tables on the same slice, the nearest first.
    """

    judged: Judged
    members: NDArray[np.int64]
    overlap: float
    shared: int
    holds: bool
    ties: tuple[str, ...] = ()
    others: tuple[Judged, ...] = ()

    @property
    def support(self) -> int:
        """Clips of the slice."""
        return len(self.members)

    @property
    def judgement(self) -> Judgement:
        """The judgement as it was given."""
        return self.judged.judgement

    @property
    def origin(self) -> Origin:
        """The judgement as the one that confirms it notes it."""
        judgement = self.judgement
        return Origin(
            self.judged.workspace,
            self.judged.table,
            judgement.model,
            judgement.slice_id,
            judgement.number,
            round(self.overlap, 6),
        )


@dataclass(frozen=True, eq=False)
class CarriedOver:
    """Judgements carried over by slice id, and those that fit no slice, the newest of each group of clips."""

    by_slice: Mapping[str, Carried]
    unmatched: tuple[Judged, ...]

    @property
    def all_holding(self) -> dict[str, Carried]:
        """The judgements that hold, by slice id."""
        return {slice_id: carried for slice_id, carried in self.by_slice.items() if carried.holds}

    def holding(self, slice_id: str) -> Carried | None:
        """The judgement that holds for a slice."""
        carried = self.by_slice.get(slice_id)
        return carried if carried and carried.holds else None


NOTHING = CarriedOver({}, ())


def other_table(present: PresentClips, other: JudgedElsewhere) -> JudgedTable | None:
    """The judgements of another table; None where it has no judged clip that the present one has."""
    ids = {clip_id for each in other.judgements for clip_id in each.clip_ids}
    clips = ClipsThen(present, other.log(ids), is_same_table=False)
    if not any(len(clips.rows(each.clip_ids, each.number)) for each in other.judgements):
        return None
    every = ClipsThen(present, other.log(None), is_same_table=False)
    return JudgedTable(other.workspace, other.table, other.judgements, named(other.own_slices), every)


def judged_clips(tables: Iterable[JudgedTable]) -> list[Judged]:
    """The judgements of tables that have a clip of the present one, or are its own."""
    return [
        Judged(
            judgement,
            table.workspace,
            table.table,
            table.named.get(judgement.slice_id),
            table.clips.rows(judgement.clip_ids, judgement.number),
            table.clips.known(judgement.number),
        )
        for table in tables
        for judgement in table.judgements
    ]


def carry_over(
    judged: Sequence[Judged],
    slices: Sequence[Slice],
    n: int,
    *,
    workspace: str,
    model: str,
    row_of_id: RowsOfIds,
    refusals: Iterable[Refusal] = (),
) -> CarriedOver:
    """Carry judgements over to slices that have none of their own.

    A judgement of a difference between two models is one of neither model alone: it is carried over to differences
    only, and the others are not. A judgement of one part of a slice of several is a hint for the slice. A judgement of
    exactly such a slice, in this workspace and for this model, goes before all others. Of several judgements on a slice
    those that hold go first, then those of the nearest table and model, the largest overlap, the newest.

    Parameters
    ----------
    judged
        The judgements of this and other tables.
    slices
        Slices of the present scan, flagged and own ones.
    n
        Number of clips.
    workspace, model
        Name of the folder of the present workspace, and the model (or comparison) whose slices these are.
    row_of_id
        Row of every clip by id.
    refusals
        Judgements that reviewers did not want, with the slice for which they did not.
    """
    judged = [each for each in judged if is_comparison(each.judgement.model) == is_comparison(model)]
    confirmed = {
        each.judgement.origin.key
        for each in judged
        if _is_own(each, workspace, model) and each.judgement.origin
    }
    judged = [each for each in judged if each.key not in confirmed]
    refused = _refused(refusals, slices, row_of_id)
    groups = [_group(each, workspace, model, refused, n) for each in judged]
    found = match(groups, [(slice_.id, slice_.members) for slice_ in slices], n)
    own = {each.judgement.slice_id for each in judged if _is_own(each, workspace, model)}
    settled = {each.judged for each in found.matches} | found.replaced.keys()
    settled |= {i for i, each in enumerate(judged) if each.key in refused}
    of_parts = _of_parts(groups, [i for i in range(len(judged)) if i not in settled], slices, n)
    by_slice: dict[int, list[tuple[Match, Judged]]] = defaultdict(list)
    for each in (*found.matches, *of_parts):
        by_slice[each.slice].append((each, judged[each.judged]))
    carried = {}
    for i, candidates in by_slice.items():
        if slices[i].id in own:
            continue
        candidates.sort(key=lambda pair: _rank(pair[0], pair[1], workspace, model), reverse=True)
        (best, first), *others = candidates
        ties = tuple(slices[i].id for i in best.ties)
        rest = tuple(each for _, each in others)
        carried[slices[i].id] = Carried(
            first, slices[i].members, best.overlap, best.shared, best.holds, ties, rest
        )
    settled |= {each.judged for each in of_parts}
    left = [each for i, each in enumerate(judged) if i not in settled]
    return CarriedOver(carried, _unmatched(left, workspace, model))


def named(own_slices: Mapping[str, OwnSlice]) -> dict[str, OwnSlice]:
    """The slices to which people gave a name, by id."""
    return {slice_id: own for slice_id, own in own_slices.items() if own.is_named}


def _is_own(judged: Judged, workspace: str, model: str) -> bool:
    return judged.workspace == workspace and judged.judgement.model == model


def _group(
    judged: Judged, workspace: str, model: str, refused: Mapping[tuple[str, str, str], set[str]], n: int
) -> JudgedClips:
    judgement, known = judged.judgement, judged.known
    if known is not None and not known[judged.rows].all():
        known = known.copy()
        known[judged.rows] = True
    return JudgedClips(
        "\n".join(judged.key),
        (judged.workspace, judgement.model),
        judged.rows,
        known,
        judgement.slice_id if _is_own(judged, workspace, model) else "",
        (judgement.time, judgement.number),
        refused.get(judged.key, ()),
    )


def _of_parts(
    groups: Sequence[JudgedClips], left: Sequence[int], slices: Sequence[Slice], n: int
) -> list[Match]:
    """Judgements of a part of a slice that fit no slice as a whole: hints for the slice that the part is of."""
    parts = [(i, part) for i, slice_ in enumerate(slices) for part in slice_.parts]
    found = match([groups[i] for i in left], [(part.id, part.members) for _, part in parts], n).matches
    hints = []
    for each in found:
        group, whole = groups[left[each.judged]], parts[each.slice][0]
        known = None if group.known is None else np.flatnonzero(group.known).tolist()
        share = overlap(group.rows.tolist(), slices[whole].members.tolist(), known)
        hints.append(Match(left[each.judged], whole, share, each.shared, holds=False))
    return hints


def _rank(match: Match, judged: Judged, workspace: str, model: str) -> tuple:
    nearness = 2 * (judged.workspace == workspace) + (judged.judgement.model == model)
    judgement = judged.judgement
    return match.holds, nearness, match.overlap, judgement.time, judgement.number, judged.key


def _refused(
    refusals: Iterable[Refusal], slices: Sequence[Slice], row_of_id: RowsOfIds
) -> dict[tuple[str, str, str], set[str]]:
    """Slices by judgement for which it was refused: the same clips, or half of them."""
    refused: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for refusal in refusals:
        rows = row_of_id.rows(refusal.clip_ids)
        rows = rows[rows >= 0]
        refused[refusal.origin] |= {
            slice_.id
            for slice_ in slices
            if slice_.id == refusal.slice_id or overlap(rows.tolist(), slice_.members.tolist()) >= LIMITS.hint
        }
    return refused


def _unmatched(left: Sequence[Judged], workspace: str, model: str) -> tuple[Judged, ...]:
    """Judgements without a slice, one for each group of clips: the nearest, then the newest.

    Those of other tables are of no interest where the present table has less than half of the clips.
    """
    nearest: dict[bytes, Judged] = {}
    order = sorted(
        left,
        key=lambda each: (
            each.workspace == workspace,
            each.judgement.model == model,
            each.judgement.time,
            each.key,
        ),
        reverse=True,
    )
    for each in order:
        if not each.table or 2 * len(each.rows) >= len(each.judgement.clip_ids):
            # Those of which no clip is left have nothing but their own id in common.
            nearest.setdefault(each.rows.tobytes() or repr(each.key).encode(), each)
    return tuple(nearest.values())
