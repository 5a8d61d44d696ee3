"""Judgement of slices where the planted groups are known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PURE = 0.8


@dataclass(frozen=True)
class Judgement:
    """Slices against planted groups, which may overlap.

    Attributes
    ----------
    found : groups for which some slice has precision and recall of at least .5.
    slices : all of them.
    false : slices that have more clips of no group than of any one group.
    merged : other slices of which less than 80 % is one group.
    again : slices that are mostly a group which an earlier slice is mostly of, too.
    nested : slices that contain another or lie in one.
    overlap : mean over the groups of the best intersection over union with a slice; NaN without groups.
    precision_10, precision_25 : mean over the groups of the best precision among the first 10 or 25 clips of a slice
        (Eyuboglu et al. 2022), over as many clips as there could be: at most those of the group. NaN without groups.
    """

    found: int
    slices: int
    false: int
    merged: int
    again: int
    nested: int
    overlap: float
    precision_10: float
    precision_25: float


def memberships(group: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Memberships (k, n) of groups that do not overlap: 0 to k - 1 for every clip, -1 for none."""
    return group == np.arange(int(group.max(initial=-1)) + 1)[:, None]


def judge(slices: Sequence[NDArray[np.int64]], membership: NDArray[np.bool_]) -> Judgement:
    """Judge slices.

    Parameters
    ----------
    slices
        Rows of every slice; the order matters for precision at 10 and 25 alone.
    membership
        (k, n), a row per planted group.
    """
    groups = len(membership)
    size = membership.sum(axis=1)
    by_size = np.argsort(
        size, kind="stable"
    )  # of groups that a slice has as many clips of, the smallest counts
    best, hits, false, merged, tops = np.zeros(groups), set(), 0, 0, []
    for members in slices:
        common = membership[:, members].sum(axis=1)
        outside = len(members) - int(membership[:, members].any(axis=0).sum()) if groups else len(members)
        top = int(common.max(initial=0))
        false += outside > top or groups == 0
        merged += outside <= top < PURE * len(members)
        if groups and outside <= top:
            tops.append(int(by_size[common[by_size].argmax()]))
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
        precision_10=_precision(slices, membership, 10),
        precision_25=_precision(slices, membership, 25),
    )


def _precision(slices: Sequence[NDArray[np.int64]], membership: NDArray[np.bool_], first: int) -> float:
    if not len(membership):
        return float("nan")
    best = np.zeros(len(membership))
    possible = np.clip(membership.sum(axis=1), 1, first)
    for members in slices:
        best = np.maximum(best, membership[:, members[:first]].sum(axis=1) / possible)
    return float(best.mean())


def _nested(slices: Sequence[NDArray[np.int64]]) -> int:
    sets = [frozenset(members.tolist()) for members in slices]
    return sum(any(i != j and (a <= b or b <= a) for j, b in enumerate(sets)) for i, a in enumerate(sets))
