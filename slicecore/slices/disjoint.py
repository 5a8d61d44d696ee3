"""Disjoint slices of several embeddings, none of which shares a clip with another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slicecore.slices.describer import Describer
from slicecore.slices.result import Slice
from slicecore.thresholds import reaches


@dataclass(frozen=True)
class OverlapSettings:
    """Constants of the choice, set by `benchmarks/embedding_choice.py` (docs/embedding-choice.md).

    Attributes
    ----------
    most : share of a cluster's clips and evidence that must be left where slices of another embedding have some of its
        clips.
    inside : share of a slice of another embedding that must lie in a slice to be one of its parts.
    part : share of a slice that such a part must be.
    together : share of a slice that its parts must be together to take its place.
    """

    most: float = 0.7
    inside: float = 0.8
    part: float = 0.2
    together: float = 0.8


SETTINGS = OverlapSettings()


def disjoint_slices(
    by_embedding: Sequence[Sequence[Slice]],
    describer: Describer,
    min_support: int,
    min_drop: float,
    against: str,
) -> list[Slice]:
    """Slices of every embedding, so that no two share a clip.

    Speakers and rooms cross: a bad speaker and a bad room share clips, and both are problems. The one with more
    evidence has the clips that they share; the other keeps the rest if that is most of it and still bad. But if another
    embedding splits a slice into parts, the parts win: a disturbed voice sounds the same to a speaker model whatever
    disturbs it.

    Parameters
    ----------
    by_embedding
        Disjoint slices of each embedding.
    describer
        Describes what is left of a slice.
    min_support, min_drop, against
        Thresholds that it must meet, and its comparison.
    """
    if len(by_embedding) == 1:
        return list(by_embedding[0])
    slices = [
        slice_
        for i, slices in enumerate(by_embedding)
        for slice_ in slices
        if not any(_is_split(slice_, others) for j, others in enumerate(by_embedding) if j != i)
    ]
    slices.sort(key=lambda s: (-rounded(s.evidence), s.tree, s.node))
    free = np.ones(describer.n, dtype=bool)
    disjoint = []
    for whole in slices:
        part, rest = whole, whole.members[free[whole.members]]
        if len(rest) < max(min_support, SETTINGS.most * whole.support):
            continue
        if len(rest) < whole.support:
            part = describer.part(whole.tree, whole.node, rest, against)
        if reaches(part.drop, min_drop) and part.evidence >= SETTINGS.most * whole.evidence:
            disjoint.append(part)
            free[part.members] = False
    return disjoint


def rounded(number: float) -> float:
    """A number by which slices are ranked: equal ones must rank equal whatever order the rows were added up in."""
    return float(f"{number:.9g}")


def _is_split(slice_: Slice, others: Sequence[Slice]) -> bool:
    """True if two or more of the disjoint slices of another embedding are the parts of a slice."""
    inside = [len(np.intersect1d(slice_.members, other.members, assume_unique=True)) for other in others]
    parts = [
        count
        for count, other in zip(inside, others, strict=True)
        if count >= max(SETTINGS.inside * other.support, SETTINGS.part * slice_.support)
    ]
    return len(parts) > 1 and sum(parts) >= SETTINGS.together * slice_.support
