"""Judgement of slices where the planted groups are known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PURE = 0.8


@dataclass(frozen=True)
class Judgement:
    """Slices against planted groups.

    Attributes
    ----------
    found : groups for which some slice has precision and recall of at least .5.
    slices : all of them.
    false : slices that have more clips of no group than of any one group.
    merged : other slices of which less than 80 % is one group.
    again : slices that are mostly a group which an earlier slice is mostly of, too.
    nested : slices that contain another or lie in one.
    overlap : mean over the groups of the best intersection over union with a slice.
    """

    found: int
    slices: int
    false: int
    merged: int
    again: int
    nested: int
    overlap: float


def judge(slices: Sequence[NDArray[np.int64]], group: NDArray[np.int64]) -> Judgement:
    """Judge slices, given as rows, by the group of every clip, -1 for none."""
    groups = int(group.max(initial=-1)) + 1
    size = np.bincount(group + 1, minlength=groups + 1)[1:]
    best, hits, false, merged, tops = np.zeros(groups), set(), 0, 0, []
    for members in slices:
        common = np.bincount(group[members] + 1, minlength=groups + 1)
        outside, common = common[0], common[1:]
        top = int(common.max(initial=0))
        false += outside > top or groups == 0
        merged += outside <= top < PURE * len(members)
        if groups and outside <= top:
            tops.append(int(common.argmax()))
        best = np.maximum(best, common / (len(members) + size - common))
        hits |= set(np.flatnonzero((2 * common >= len(members)) & (2 * common >= size)).tolist())
    return Judgement(
        found=len(hits),
        slices=len(slices),
        false=int(false),
        merged=int(merged),
        again=len(tops) - len(set(tops)),
        nested=_nested(slices),
        overlap=float(best.mean()) if groups else float("nan"),
    )


def _nested(slices: Sequence[NDArray[np.int64]]) -> int:
    sets = [frozenset(members.tolist()) for members in slices]
    return sum(any(i != j and (a <= b or b <= a) for j, b in enumerate(sets)) for i, a in enumerate(sets))
