"""Clips of a slice that the problem of another slice explains as well: a clip may have noise and an accent.

Slices are disjoint, so a clip with two problems is in the slice of one of them. What the other does to a clip is
known from its own slice: it moves the vector away from the well recognised clips, along their discriminant (Fisher,
The use of multiple measurements in taxonomic problems, 1936). A clip is shared with another problem where it lies as
much farther along that direction than the rest of its own slice as that problem moves clips. Its place against the
well recognised clips would say less: problems of any kind lie on each other's side by chance, but then whole slices
do.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.clip_sample import ClipSample
from slicecore.slices.extension import SETTINGS as EXTENSION
from slicecore.slices.extension import shrunk
from slicecore.slices.result import Scan, SharedClips, Slice
from slicecore.wording import clips

_TINY = 1e-12
_SPREAD = 1.4826  # standard deviation of a normal distribution over its median absolute deviation


@dataclass(frozen=True)
class SharingSettings:
    """Constants of sharing, chosen by `benchmarks/detection.py` (part "sharing", docs/detection.md).

    Attributes
    ----------
    clips : clips of a slice from which on its direction says something of single other clips.
    least_odds : log of the odds that a clip has the problem, from which on it is shared.
    fewest : clips of a slice that are shared with another, at least; fewer are no overlap.
    rounds : how often shared clips are sought, each time without those of the round before in the centres of slices.
    """

    clips: int = 20
    least_odds: float = 5.0
    fewest: int = 2
    rounds: int = 2


SETTINGS = SharingSettings()


class Sharer:
    """Finds clips of other slices that the problems of slices of an embedding explain as well.

    Parameters
    ----------
    sample
        The clips.
    """

    def __init__(self, sample: ClipSample) -> None:
        self._sample = sample
        points = sample.reference_points.astype(np.float64)
        self._origin = points.mean(axis=0) if len(points) else np.zeros(points.shape[1])
        self._references = points - self._origin
        self._square = self._references.T @ self._references

    def shared(
        self, slices: Sequence[NDArray[np.int64]], explaining: Sequence[int]
    ) -> list[NDArray[np.int64]]:
        """Rows of the clips of other slices that the problem of a slice explains as well, ascending.

        Parameters
        ----------
        slices
            Rows of all slices, which are disjoint, those found by other embeddings included.
        explaining
            Positions of the slices whose shared clips are wanted: those of this embedding.

        Returns
        -------
        list of ndarray
            Per slice of `explaining`. Nothing where too few well recognised clips are outside the slices.
        """
        sample, n = self._sample, len(self._sample.components)
        nothing = [np.zeros(0, dtype=np.int64) for _ in explaining]
        if (
            len(slices) < 2
            or max((len(slices[i]) for i in explaining), default=0) < SETTINGS.clips
            or not sample.has_components
        ):
            return nothing
        rows = np.concatenate(slices)
        taken = np.zeros(n, dtype=bool)
        taken[rows] = True
        inside = taken[sample.references]
        if len(inside) - np.count_nonzero(inside) < EXTENSION.fewest_references:
            return nothing
        centre, covariance = self._outside(inside)
        points = sample.components[rows].astype(np.float32)
        known = np.isfinite(points[:, 0])
        points -= centre.astype(np.float32)
        points[~known] = 0
        ends = np.cumsum([len(members) for members in slices]).tolist()
        segments = [slice(*pair) for pair in itertools.pairwise([0, *ends])]
        shared = np.zeros((len(explaining), len(rows)), dtype=bool)
        for _ in range(SETTINGS.rounds):
            shared = _round(points, covariance, segments, explaining, shared, n) & known
            if not shared.any():
                return nothing
        return [np.sort(rows[mask]) for mask in shared]

    def _outside(self, inside: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and covariance of the well recognised clips that are in no slice: of all, less those in slices."""
        left_out = self._references[inside]
        count = len(inside) - len(left_out)
        centre = -left_out.sum(axis=0) / count
        covariance = (self._square - left_out.T @ left_out) / count - np.outer(centre, centre)
        return self._origin + centre, shrunk(covariance)


def _round(
    points: NDArray[np.float32],
    covariance: NDArray[np.float64],
    segments: Sequence[slice],
    explaining: Sequence[int],
    before: NDArray[np.bool_],
    n: int,
) -> NDArray[np.bool_]:
    """(s, m) mask of the clips that are shared with a slice.

    Parameters
    ----------
    points
        (m, k) clips of all slices less the middle of the well recognised clips.
    covariance
        (k, k), of the well recognised clips.
    segments
        Clips of every slice among the m.
    explaining
        Positions of the s slices.
    before
        (s, m) the mask by the round before: such clips say nothing of what slices are without them.
    n
        Clips of the table.
    """
    pure = np.ones(len(points), dtype=bool)
    pure[before.any(axis=0)] = False
    clips = [points[segments[i]][pure[segments[i]]] for i in explaining]
    count = np.array([max(1, len(own)) for own in clips])
    middle = np.array([own.sum(axis=0) for own in clips], dtype=np.float64) / count[:, None]
    direction = np.linalg.solve(covariance, middle.T).T
    length = np.maximum((middle * direction).sum(axis=1), _TINY)
    place = (direction / length[:, None]).astype(np.float32) @ points.T
    distance = (
        length - len(covariance) / count
    )  # the mean of so many well recognised clips is not at 0 either
    size = np.array([segments[i].stop - segments[i].start for i in explaining])
    least = SETTINGS.least_odds + np.log(np.maximum(n - size, 1) / size)
    tells = (count >= SETTINGS.clips) & (distance > 0)
    shared = np.zeros_like(before)
    for i, segment in enumerate(segments):
        here = place[:, segment]
        # A median is within a standard deviation of the mean: most pairs of slices need no closer look.
        reach = here.max(axis=1) - here.mean(axis=1) + here.std(axis=1)
        for j in np.flatnonzero(tells & ((reach - 0.5) * distance >= least)).tolist():
            if explaining[j] != i:
                is_shared = _odds(here[j], before[j, segment], distance[j]) >= least[j]
                if np.count_nonzero(is_shared) >= SETTINGS.fewest:
                    shared[j, segment] = is_shared
    return shared


def _odds(place: NDArray[np.float32], before: NDArray[np.bool_], distance: float) -> NDArray[np.floating]:
    """(c,) log of the likelihood of every clip of a slice if it is moved by another problem, over that if it is not.

    Parameters
    ----------
    place
        (c,) places on the direction of the other slice: 0 for well recognised clips, 1 for that slice.
    before
        (c,) mask of the clips that were shared in the round before.
    distance
        Squared distance of both, in deviations of the well recognised clips.
    """
    rest = place[~before]
    middle = float(np.median(rest))
    spread = _SPREAD * float(np.median(np.abs(rest - middle)))
    return (place - (middle + 0.5)) / max(1 / distance, spread**2)


def shared_text(scan: Scan) -> str:
    """Number of clips that two slices or more explain, as a sentence: "12 clips have …"; "" for none."""
    count = len({row for shared in scan.shared_clips for row in shared.rows.tolist()})
    have = "clip has" if count == 1 else "clips have"
    return f"{count:,} {have} the problems of two slices or more; their errors count in one." if count else ""


def shared_sentences(
    scan: Scan, slice_: Slice, name: Callable[[Slice], str]
) -> tuple[tuple[SharedClips, str], ...]:
    """Sentences about clips of a slice that another problem explains too, then about clips of other slices.

    Parameters
    ----------
    scan
        The scan.
    slice_
        One of its slices.
    name
        Names a slice in a sentence.

    Returns
    -------
    The shared clips, each with its sentence, such as "12 of its clips also have the problem of #2 Noise."
    """
    own, others = [], []
    for shared in scan.shared_clips:
        count = len(shared.rows)
        have = "has" if count == 1 else "have"
        if shared.home == slice_:
            own.append((shared, f"{count:,} of its clips also {have} the problem of {name(shared.other)}."))
        elif shared.other == slice_:
            others.append((shared, f"{clips(count)} of {name(shared.home)} {have} this problem, too."))
    return (*own, *others)
