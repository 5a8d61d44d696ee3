"""Matching of judged groups of clips to slices by their overlap: plain data in and out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True)
class MatchLimits:
    """Bounds of the overlap, chosen with `benchmarks/detection.py --part verdicts`.

    Attributes
    ----------
    holds : overlap from which on a judgement holds for the slice.
    hint : overlap from which on it is offered as a hint.
    share_to_hold : a judgement holds only if so large a share of the slice's clips was judged with it.
    share_for_hint : the same for a hint.
    """

    holds: float = 0.9
    hint: float = 0.5
    share_to_hold: float = 0.5
    share_for_hint: float = 0.1


LIMITS = MatchLimits()


@dataclass(frozen=True, eq=False)
class JudgedClips:
    """A judged group of clips, as far as the present table has them.

    Attributes
    ----------
    key : name of the judgement, by which equals are put in order.
    source : the table and model that it is of. A slice takes at most one judgement of each.
    rows : its clips in the present table, each once.
    known : (n,) bool, the clips of the present table that the judged table had too; None for all. Contains `rows`.
    exact : id of the slice that was judged itself, which overlaps with it by 1; "" for none.
    newness : of judgements that overlap as much, the one with the larger number goes first.
    refused : ids of slices for which it was refused.
    """

    key: str
    source: Hashable
    rows: NDArray[np.int64]
    known: NDArray[np.bool_] | None = None
    exact: str = ""
    newness: tuple[str, int] = ("", 0)
    refused: Collection[str] = ()


@dataclass(frozen=True)
class Match:
    """A judgement and its slice, by their positions.

    Attributes
    ----------
    judged, slice : positions.
    overlap : Jaccard index of both among the clips that both tables have.
    shared : clips of the slice that were judged.
    holds : whether that is enough for the judgement to hold; else it is a hint.
    ties : positions of other slices that the judgement overlaps as much with.
    """

    judged: int
    slice: int
    overlap: float
    shared: int
    holds: bool
    ties: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matching:
    """The matches, in the order of the judgements, and the judgements whose slice a better one of their source has.

    `replaced` gives the position of the better one by that of the other.
    """

    matches: tuple[Match, ...]
    replaced: dict[int, int]


def overlap(a: Collection[int], b: Collection[int], known: Collection[int] | None = None) -> float:
    """Jaccard index of two groups of clips among known ones; 0 where neither has any of these."""
    first, second = set(a), set(b)
    if known is not None:
        first, second = first & set(known), second & set(known)
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def match(
    judged: Sequence[JudgedClips],
    slices: Sequence[tuple[str, NDArray[np.int64]]],
    n: int,
    limits: MatchLimits = LIMITS,
) -> Matching:
    """Match judgements to slices, the largest overlap first: one slice each, and per source one judgement a slice.

    Where overlaps are equal, the slice that was judged itself goes first, then the newest judgement, then names decide,
    so that the order of the input does not matter.

    Parameters
    ----------
    judged
        The judgements.
    slices
        Id and rows of each slice. They may share clips.
    n
        Number of clips of the present table.
    limits
        Bounds of the overlap.
    """
    shared, overlaps = _overlaps(judged, [rows for _, rows in slices], n)
    for i, group in enumerate(judged):
        for j, (slice_id, rows) in enumerate(slices):
            if group.exact == slice_id:
                shared[i, j], overlaps[i, j] = len(rows), 1.0
            elif slice_id in group.refused:
                overlaps[i, j] = 0.0
    support = np.array([len(rows) for _, rows in slices])
    pairs = [(int(i), int(j)) for i, j in np.argwhere(overlaps >= limits.hint)]
    pairs = [(i, j) for i, j in pairs if shared[i, j] >= limits.share_for_hint * support[j]]
    # The sort is stable: by name, then the newest, then the judged slice itself, then by overlap.
    pairs.sort(key=lambda pair: (judged[pair[0]].key, slices[pair[1]][0]))
    pairs.sort(key=lambda pair: judged[pair[0]].newness, reverse=True)
    pairs.sort(key=lambda pair: judged[pair[0]].exact != slices[pair[1]][0])
    pairs.sort(key=lambda pair: -overlaps[pair])
    matches: dict[int, Match] = {}
    taken: dict[tuple[Hashable, int], int] = {}
    possible = set(pairs)
    for i, j in pairs:
        place = (judged[i].source, j)
        if i in matches or place in taken:
            continue
        taken[place] = i
        ties = tuple(
            k
            for k in range(len(slices))
            if k != j and (i, k) in possible and overlaps[i, k] == overlaps[i, j]
        )
        holds = overlaps[i, j] >= limits.holds and shared[i, j] >= limits.share_to_hold * support[j]
        matches[i] = Match(i, j, float(overlaps[i, j]), int(shared[i, j]), bool(holds), ties)
    replaced = {i: taken[judged[i].source, j] for i, j in reversed(pairs) if i not in matches}
    return Matching(tuple(matches[i] for i in sorted(matches)), replaced)


def _overlaps(
    judged: Sequence[JudgedClips], slices: Sequence[NDArray[np.int64]], n: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Clips that each judgement and slice share, and their Jaccard index, both (judgements, slices)."""
    inside = _indicator(slices, n)
    shared = (_indicator([group.rows for group in judged], n) @ inside.T).toarray()
    sizes = {id(group.known): _sizes(inside, group.known) for group in judged}
    known = np.array([sizes[id(group.known)] for group in judged]).reshape(shared.shape)
    own = np.array([len(group.rows) for group in judged], dtype=np.int64)
    union = own[:, None] + known - shared
    return shared, shared / np.maximum(union, 1)


def _sizes(inside: sparse.csr_array, known: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    every = np.ones(inside.shape[1], dtype=np.int64) if known is None else known.astype(np.int64)
    return inside @ every


def _indicator(groups: Sequence[NDArray[np.int64]], n: int) -> sparse.csr_array:
    from scipy import sparse

    ends = np.cumsum([0, *(len(rows) for rows in groups)])
    rows = (
        np.concatenate([np.asarray(rows, dtype=np.int64) for rows in groups])
        if groups
        else np.zeros(0, np.int64)
    )
    return sparse.csr_array((np.ones(len(rows), dtype=np.int64), rows, ends), shape=(len(groups), n))
