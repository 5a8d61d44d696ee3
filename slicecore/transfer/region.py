"""Regions: the place of a slice in an embedding, by which its clips are recognised in other data.

A cluster has no border of its own. What sets a slice apart from all other clips is a direction (linear discriminant
analysis: Fisher, The use of multiple measurements in taxonomic problems, 1936). From which place on a clip is in says
the largest F1 of clips that the direction was not found with (cross-validation), which also says how sure it is. Far
beyond the radius of the slice, where its definition had no clip, nothing is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.extension import discriminant

_TINY = 1e-12
_ROUNDED = 9  # significant digits of the numbers in a file


@dataclass(frozen=True)
class RegionSettings:
    """Constants of regions, chosen by `benchmarks/transfer.py` (docs/gate.md).

    Attributes
    ----------
    components : principal components in which the direction is sought.
    clips_per_component : clips that there must be for every component.
    smallest_variance : share of the largest variance below which a component is numerical dust.
    folds : parts of the cross-validation.
    most_others : clips outside the slice that are looked at, at most, drawn at random.
    most_members : the same of the slice.
    radius_quantile : share of the members within the radius.
    reach : radii beyond which nothing is in.
    neighbours : clips outside the slice that are named, the nearest.
    fewest : clips of a slice with a region.
    least_precision, least_recall : below which a region is of no use.
    """

    components: int = 64
    clips_per_component: int = 8
    smallest_variance: float = 1e-6
    folds: int = 5
    most_others: int = 8192
    most_members: int = 2048
    radius_quantile: float = 0.95
    reach: float = 2.0
    neighbours: int = 5
    fewest: int = 5
    least_precision: float = 0.3
    least_recall: float = 0.3


SETTINGS = RegionSettings()


@dataclass(frozen=True, eq=False)
class Region:
    """Place of a slice in the standardised vectors of an embedding.

    Attributes
    ----------
    model : name of the embedding.
    precision, recall : share of the clips in the region that are in the slice, and of the slice's clips that are in the
        region, of clips that its direction was not found with.
    centroid : (d,) mean of the members.
    radius : distance from it within which 95 % of them lie.
    direction : (d,) at unit length, from other clips to the slice.
    threshold : least place on the direction.
    neighbours : ids of the nearest clips that are not in the slice.
    """

    model: str
    precision: float
    recall: float
    centroid: NDArray[np.float32]
    radius: float
    direction: NDArray[np.float32]
    threshold: float
    neighbours: tuple[str, ...] = ()

    def contains(self, vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Mask of the clips in the region, (n,); a clip without a vector is not.

        Parameters
        ----------
        vectors
            (n, d) as `Space.standard` gives them.
        """
        with np.errstate(invalid="ignore"):
            ahead = vectors @ self.direction >= self.threshold
            return ahead & (self.distance(vectors) <= SETTINGS.reach)

    def distance(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Distance of clips from the middle of the slice, (n,) in radii; NaN where there is no vector."""
        away = np.linalg.norm(vectors - self.centroid, axis=1).astype(np.float64)
        return away / max(self.radius, _TINY)

    def likeness(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Order of clips by how surely they are of the slice, (n,), the largest first; NaN where there is no vector.

        The place on the direction says it best, less the distance in radii, since far beyond the slice nothing was
        known of the direction (`benchmarks/more_like.py`, docs/more_like.md).
        """
        ahead = (vectors @ self.direction).astype(np.float64) - self.threshold
        return ahead - self.distance(vectors)


class RegionSearch:
    """Search for the regions of slices in an embedding.

    Parameters
    ----------
    model
        Name of the embedding.
    vectors
        (n, d) standardised vectors of all clips, NaN where there is none.
    ids
        Ids of the clips.
    """

    def __init__(self, model: str, vectors: NDArray[np.float32], ids: Sequence[str]) -> None:
        self._model, self._vectors, self._ids = model, vectors, ids
        self._known = np.flatnonzero(np.isfinite(vectors).all(axis=1))
        self._rng = np.random.default_rng(0)
        drawn = self._drawn(self._known, SETTINGS.most_others)
        self._axes = principal_axes(vectors[drawn]) if len(drawn) > 1 else np.zeros((vectors.shape[1], 0))

    def region(self, members: NDArray[np.int64]) -> Region | None:
        """The region of a slice; None where it has too few clips, or none that tells them from the others.

        Parameters
        ----------
        members
            Rows of its clips.
        """
        inside = np.intersect1d(members, self._known)
        outside = np.setdiff1d(self._known, inside)
        if len(inside) < SETTINGS.fewest or len(outside) < SETTINGS.fewest or not self._axes.shape[1]:
            return None
        centroid = self._vectors[inside].mean(axis=0, dtype=np.float64)
        away = np.linalg.norm(self._vectors[inside] - centroid, axis=1)
        nearest = self._nearest(outside, centroid)
        weight = len(outside)  # all of them, of which not all are looked at
        inside = self._drawn(inside, SETTINGS.most_members)
        outside = self._drawn(outside, SETTINGS.most_others)
        rows = np.concatenate([inside, outside])
        points = (self._vectors[rows] @ self._axes).astype(np.float32)
        is_inside = np.arange(len(rows)) < len(inside)
        places = self._places(points, is_inside)
        share = np.where(
            is_inside, len(np.intersect1d(members, self._known)) / len(inside), weight / len(outside)
        )
        threshold, precision, recall = best_threshold(places, is_inside, share)
        direction, middle = discriminant(points[~is_inside], [points[is_inside]])
        along = self._axes @ direction
        length = max(float(np.linalg.norm(along)), _TINY)
        region = Region(
            self._model,
            precision,
            recall,
            centroid.astype(np.float32),
            _rounded(float(np.quantile(away, SETTINGS.radius_quantile))),
            (along / length).astype(np.float32),
            _rounded((threshold + middle) / length),
            tuple(str(self._ids[row]) for row in nearest),
        )
        good = precision >= SETTINGS.least_precision and recall >= SETTINGS.least_recall
        return region if good else None

    def _places(self, points: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Place of every clip, less the middle, on the direction that was found without it and others."""
        places = np.empty(len(points))
        fold = np.empty(len(points), dtype=np.int64)
        for side in (inside, ~inside):
            fold[side] = self._rng.permutation(np.count_nonzero(side)) % SETTINGS.folds
        for i in range(SETTINGS.folds):
            left, out = fold != i, fold == i
            direction, middle = discriminant(points[left & ~inside], [points[left & inside]])
            places[out] = points[out] @ direction - middle
        return places

    def _nearest(self, outside: NDArray[np.int64], centroid: NDArray[np.float64]) -> NDArray[np.int64]:
        distance = np.linalg.norm(self._vectors[outside] - centroid, axis=1)
        return outside[np.argsort(distance, kind="stable")[: SETTINGS.neighbours]]

    def _drawn(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        return rows if len(rows) <= count else np.sort(self._rng.choice(rows, count, replace=False))


def principal_axes(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Axes (d, k) of the principal components, half-whitened: each divided by the root of its deviation.

    Parameters
    ----------
    vectors
        (n, d) standardised, all finite.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    if centred.shape[1] <= len(centred):
        variances, columns = np.linalg.eigh(centred.T @ centred / len(centred))
        deviation, axes = np.sqrt(np.maximum(variances[::-1], 0)), columns.T[::-1]
    else:
        _, singular, axes = np.linalg.svd(centred, full_matrices=False)
        deviation = singular / np.sqrt(len(centred))
    usable = int(np.count_nonzero(deviation**2 > SETTINGS.smallest_variance * max(deviation[0] ** 2, _TINY)))
    k = min(usable, SETTINGS.components, len(vectors) // SETTINGS.clips_per_component)
    return axes[:k].T / np.sqrt(deviation[:k])


def best_threshold(
    places: NDArray[np.float64], inside: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Threshold with the largest F1, and the precision and recall there.

    Parameters
    ----------
    places
        (n,) from which on a clip is taken in.
    inside
        (n,) clips that should be.
    weights
        (n,) number of clips for which each stands.
    """
    order = np.argsort(-places, kind="stable")
    hits = np.cumsum(np.where(inside, weights, 0.0)[order])
    taken = np.cumsum(weights[order])
    total = float(hits[-1])
    last = np.append(np.flatnonzero(np.diff(places[order]) < 0), len(order) - 1)  # equal places go together
    f1 = 2 * hits[last] / (taken[last] + total)
    at = int(last[np.argmax(f1)])
    below = places[order[at + 1]] if at + 1 < len(order) else places[order[at]] - 1
    threshold = (places[order[at]] + below) / 2
    return float(threshold), float(hits[at] / taken[at]), float(hits[at] / max(total, _TINY))


def _rounded(number: float) -> float:
    return float(f"{number:.{_ROUNDED}g}")
