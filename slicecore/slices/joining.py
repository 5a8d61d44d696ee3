"""Slices that are one problem: their clips differ from good clips like them in the same direction.

Noise, a room, a channel or a codec move the vector of a clip by much the same offset whatever is said. The clips then
lie beside the good clips of the same content, in as many clusters as there are contents, and every one of these is
flagged for itself. Errors can't tell such parts from separate problems; offsets can. The offset of a slice is the mean
over its clips of the clip less its nearest well recognised clips outside all slices, in the half-whitened components of
the vectors. Slices are joined by average linkage where the cosines between their offsets come near to what the
reliability of the offsets allows.
"""

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from slicecore.groups import digest
from slicecore.slices.clip_sample import ClipSample
from slicecore.slices.extension import discriminant

_CACHED_SLICES = 256  # 20 KiB each
_TINY = 1e-12
_FAR = 1e9  # no average with it comes near a bound


@dataclass(frozen=True)
class JoinSettings:
    """Constants of joining, chosen by `benchmarks/detection.py` (part "joining", docs/detection.md).

    Attributes
    ----------
    neighbours : well recognised clips with which a clip is compared.
    least_reliability : cosine of the offsets of the two halves of a slice below which it is not joined.
    least_cosine : cosine of two offsets below which they count as not alike.
    deviations : the same, in deviations of the cosine of random directions: in few dimensions many are alike.
    least_corrected : mean of the cosines, each over the largest that the reliability of both offsets allows, from which
        on slices are joined.
    clips : clips of a slice that are looked at, at most.
    references : well recognised clips that are looked at, at most.
    fewest_references : fewest such clips outside all slices; with fewer nothing is joined.
    reach : references of which every clip knows the order by distance.
    """

    neighbours: int = 5
    least_reliability: float = 0.2
    least_cosine: float = 0.4
    deviations: float = 2.5
    least_corrected: float = 0.75
    clips: int = 32
    references: int = 1024
    fewest_references: int = 20
    reach: int = 64


SETTINGS = JoinSettings()


class Joiner:
    """Finds slices of one problem among those of an embedding.

    Parameters
    ----------
    sample
        Its clips; slices and well recognised clips are looked at in samples of a fixed size.
    """

    def __init__(self, sample: ClipSample) -> None:
        self._sample = sample
        self._references = sample.references
        self._points = sample.reference_points
        self._squares = (self._points**2).sum(axis=1)
        self._least_cosine = max(SETTINGS.least_cosine, SETTINGS.deviations * _random_cosine(self._points))
        self._slices: LRUCache[bytes, _SliceSample] = LRUCache(_CACHED_SLICES)
        self._lock = threading.Lock()  # one server process scans for many people

    def groups(self, slices: Sequence[NDArray[np.int64]]) -> list[list[int]]:
        """Positions of the slices that are one problem, each slice in one group.

        Parameters
        ----------
        slices
            Rows of the clips of disjoint slices, ascending.
        """
        alone = [[i] for i in range(len(slices))]
        if len(slices) < 2 or not self._sample.has_components:
            return alone
        with self._lock:
            samples = [self._of_slice(members) for members in slices]
        free = self._free(slices)
        groups = self._groups(samples, free)
        if groups is None or max(map(len, groups)) < 2:
            return alone
        # Clips of the problem that no slice has lie among the references: without them offsets are truer.
        return self._groups(samples, free & ~self._like_any(samples, groups, free)) or groups

    def similarity(self, slices: Sequence[NDArray[np.int64]]) -> NDArray[np.float64] | None:
        """(s, s) similarities of the slices; None where there are too few references. See `similarity`."""
        with self._lock:
            samples = [self._of_slice(members) for members in slices]
        return self._similarity(samples, self._free(slices))

    def _free(self, slices: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
        """Mask of the references that are in no slice."""
        outside = np.ones(len(self._sample.components), dtype=bool)
        outside[np.concatenate(slices)] = False
        return outside[self._references]

    def _groups(self, samples: Sequence["_SliceSample"], free: NDArray[np.bool_]) -> list[list[int]] | None:
        alike = self._similarity(samples, free)
        return None if alike is None else average_linkage(alike, SETTINGS.least_corrected)

    def _similarity(
        self, samples: Sequence["_SliceSample"], free: NDArray[np.bool_]
    ) -> NDArray[np.float64] | None:
        if np.count_nonzero(free) < SETTINGS.fewest_references:
            return None
        offsets = [sample.offsets(self._points, self._squares, free) for sample in samples]
        mean = _unit(np.array([offset.mean(axis=0) for offset in offsets]))
        reliability = np.array(
            [_half_cosine(offset, sample.half) for offset, sample in zip(offsets, samples, strict=True)]
        )
        return similarity(mean, reliability, self._least_cosine)

    def _like_any(
        self, samples: Sequence["_SliceSample"], groups: list[list[int]], free: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Mask of the references that lie on the side of a problem of several slices, by linear discriminant."""
        like = np.zeros(len(free), dtype=bool)
        outside = self._points[free]
        for group in groups:
            if len(group) > 1:
                direction, middle = discriminant(outside, [samples[i].points for i in group])
                like |= self._points @ direction > middle
        return like

    def _of_slice(self, members: NDArray[np.int64]) -> "_SliceSample":
        key = digest(members)
        if key not in self._slices:
            points = self._sample.points(members, SETTINGS.clips)
            self._slices[key] = _SliceSample.of(points, self._points, self._squares)
        return self._slices[key]


@dataclass(frozen=True, eq=False)
class _SliceSample:
    """Clips of a slice, and the references in order of their distance.

    Attributes
    ----------
    points : (c, k) components of the clips.
    nearest : (c, reach) positions of the nearest references, the nearest first.
    half : (c,) mask of one half of the clips, split across the direction in which they differ most.
    """

    points: NDArray[np.float32]
    nearest: NDArray[np.int16]
    half: NDArray[np.bool_]

    @classmethod
    def of(
        cls, points: NDArray[np.float32], references: NDArray[np.float32], squares: NDArray[np.float32]
    ) -> "_SliceSample":
        nearest = _nearest(points, references, squares, SETTINGS.reach)
        half = np.zeros(len(points), dtype=bool)
        if len(points) > 1:
            centred = points - points.mean(axis=0)
            along = np.linalg.eigh(centred @ centred.T)[1][:, -1]
            half[np.argsort(along, kind="stable")[: len(points) // 2]] = True
        return cls(points, nearest.astype(np.int16), half)

    def offsets(
        self, references: NDArray[np.float32], squares: NDArray[np.float32], free: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """(c, k) every clip less the mean of its nearest references that are free."""
        allowed = free[self.nearest]
        count = np.cumsum(allowed, axis=1)
        wanted = min(SETTINGS.neighbours, int(np.count_nonzero(free)))
        if len(count) and count[:, -1].min() >= wanted:
            nearest = self.nearest[allowed & (count <= wanted)].reshape(-1, wanted)
            return self.points - references[nearest].mean(axis=1)
        left = np.flatnonzero(free)
        farther = left[_nearest(self.points, references[left], squares[left], wanted)]
        return self.points - references[farther].mean(axis=1)


def _nearest(
    points: NDArray[np.float32], references: NDArray[np.float32], squares: NDArray[np.float32], count: int
) -> NDArray[np.int64]:
    """(c, count) positions of the references nearest to every point, the nearest first."""
    distance = squares - 2 * (points @ references.T)  # less the square of the point, which changes no order
    if count < len(references):
        nearest = np.argpartition(distance, count, axis=1)[:, :count]
        distance = np.take_along_axis(distance, nearest, axis=1)
        return np.take_along_axis(nearest, np.argsort(distance, axis=1), axis=1)
    return np.argsort(distance, axis=1)


def _half_cosine(offsets: NDArray[np.floating], half: NDArray[np.bool_]) -> float:
    """Cosine of the offsets of both halves of a slice; 0 where there is no half."""
    if not half.any():
        return 0.0
    return float(_unit(offsets[half].mean(axis=0)) @ _unit(offsets[~half].mean(axis=0)))


def _random_cosine(references: NDArray[np.float32]) -> float:
    """Standard deviation of the cosine of two random offsets, by how references differ from those nearest to them.

    In d dimensions of equal variance it is 1 / √d; of unequal ones, d is the square of the sum of the variances over
    the sum of their squares.
    """
    some, others = np.split(references, [len(references) // 4])
    if len(some) < 2:
        return 1.0
    nearest = _nearest(some, others, (others**2).sum(axis=1), min(SETTINGS.neighbours, len(others)))
    offsets = some - others[nearest].mean(axis=1)
    covariance = np.atleast_2d(np.cov(offsets.T, dtype=np.float64))
    total = float(np.trace(covariance))
    return math.sqrt(float((covariance**2).sum())) / total if total > 0 else 1.0


def similarity(
    offsets: NDArray[np.floating],
    reliability: NDArray[np.float64],
    least_cosine: float = SETTINGS.least_cosine,
) -> NDArray[np.float64]:
    """(s, s) cosines between offsets over the largest that their reliability allows; -inf where one is unreliable.

    An offset of few clips, or in an embedding that hardly hears the problem, is noisy. The cosine of both halves of a
    slice says how much: by the formula of Spearman and Brown the whole has the reliability 2r / (1 + r), and two noisy
    measures of one direction are expected to have the root of the product of their reliabilities as cosine (Spearman,
    The proof and measurement of association between two things, 1904).

    Parameters
    ----------
    offsets
        (s, k) at unit length.
    reliability
        (s,) cosine of the offsets of both halves of every slice.
    least_cosine
        A cosine below it, which chance may give, counts as none.
    """
    cosine = offsets @ offsets.T
    half = np.maximum(reliability, SETTINGS.least_reliability)
    allowed = np.sqrt(2 * half / (1 + half))
    corrected = np.minimum(cosine / np.outer(allowed, allowed), 1)
    corrected = np.where(cosine >= least_cosine, corrected, np.minimum(cosine, 0))
    unreliable = reliability < SETTINGS.least_reliability
    corrected[unreliable] = corrected[:, unreliable] = -np.inf
    return corrected


def average_linkage(similarity: NDArray[np.float64], least: float) -> list[list[int]]:
    """Groups of mean similarity of at least a bound between the two that are joined last, the first member first.

    Single linkage would join noise with accent through the clips that have both.

    Parameters
    ----------
    similarity
        (s, s) symmetric.
    least
        The bound.
    """
    count = len(similarity)
    above = similarity[np.triu_indices(count, 1)]
    if not (above >= least).any():
        return [[i] for i in range(count)]

    from scipy.cluster.hierarchy import fcluster, linkage

    distance = np.where(np.isfinite(above), 1 - above, _FAR)
    label = fcluster(linkage(distance, "average"), 1 - least, "distance")
    groups: dict[int, list[int]] = {}
    for i, name in enumerate(label.tolist()):
        groups.setdefault(name, []).append(i)
    return list(groups.values())


def _unit(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), _TINY)
