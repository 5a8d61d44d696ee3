"""Clips beside a slice that belong to it: they lie on its side of the clips that are recognised well.

A cluster has seldom all clips of a problem: of an offset on whatever is said some lie in clusters that are mostly good.
Linear discriminant analysis between the clips of a slice and well recognised clips outside all slices (Fisher, The use
of multiple measurements in taxonomic problems, 1936) says of every other clip on which side it lies. Those on the side
of the slice are taken in together, good or bad as they are, and only where together they are worse than the clips
outside, by the minimum drop and with evidence of their own.
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
from slicecore.slices.selection import background, evidence_of_sums
from slicecore.thresholds import reaches

_CACHED_SETS = 64
_AT_ONCE = 16  # slices whose clips are sought in one pass over the table
_TINY = 1e-12


@dataclass(frozen=True)
class ExtensionSettings:
    """Constants of the extension, chosen by `benchmarks/detection.py` (part "joining", docs/detection.md).

    Attributes
    ----------
    shrinkage : part of the mean variance that is added to every variance of the discriminant.
    price : evidence that a slice must gain with the clips beside it.
    rounds : how often the discriminants are found, each time with the clips of the round before.
    members : clips of a slice that are looked at, at most.
    fewest_references : fewest well recognised clips outside the slices; with fewer nothing is extended.
    most_clips : clips of a table above which nothing is extended: it would slow every scan down.
    """

    shrinkage: float = 0.05
    price: float = 5.0
    rounds: int = 2
    members: int = 2048
    fewest_references: int = 100
    most_clips: int = 100_000


SETTINGS = ExtensionSettings()


class Extender:
    """Finds the clips beside slices of an embedding.

    Parameters
    ----------
    sample
        The clips.
    errors, words
        (n,) errors, not negative, and out of how many.
    """

    def __init__(self, sample: ClipSample, errors: NDArray[np.float64], words: NDArray[np.float64]) -> None:
        self._sample = sample
        self._errors, self._words = errors, words
        self._cached: LRUCache[tuple, list[NDArray[np.int64]]] = LRUCache(_CACHED_SETS)
        self._lock = threading.Lock()  # one server process scans for many people

    def beside(
        self, slices: Sequence[Sequence[NDArray[np.int64]]], taken: NDArray[np.bool_], min_drop: float
    ) -> list[NDArray[np.int64]]:
        """Rows of the clips beside every slice that belong to it, ascending; no clip to two.

        Parameters
        ----------
        slices
            Rows of the clusters of every slice.
        taken
            (n,) mask of the clips in any slice, of other embeddings too.
        min_drop
            By how much clips beside a slice must be worse than those outside, together.
        """
        nothing = [np.zeros(0, dtype=np.int64) for _ in slices]
        if not slices or not self._sample.has_components or len(taken) > SETTINGS.most_clips:
            return nothing
        key = (min_drop, digest(np.packbits(taken)), *(digest(part) for parts in slices for part in parts))
        with self._lock:
            if key not in self._cached:
                beside = nothing
                for _ in range(SETTINGS.rounds):
                    beside = self._round(slices, beside, taken, min_drop)
                    if not any(map(len, beside)):
                        break
                self._cached[key] = beside
            return self._cached[key]

    def _round(
        self,
        slices: Sequence[Sequence[NDArray[np.int64]]],
        beside: Sequence[NDArray[np.int64]],
        taken: NDArray[np.bool_],
        min_drop: float,
    ) -> list[NDArray[np.int64]]:
        sample, n = self._sample, len(taken)
        inside = taken.copy()
        inside[np.concatenate(beside)] = True
        references = sample.reference_points[~inside[sample.references]]
        if len(references) < SETTINGS.fewest_references:
            return [rows[:0] for rows in beside]
        side = [self._side(parts, rows, references, n) for parts, rows in zip(slices, beside, strict=True)]
        best = np.full(n, -1, dtype=np.int64)
        largest = np.zeros(n, dtype=np.float32)
        for begin in range(0, len(side), _AT_ONCE):
            block = side[begin : begin + _AT_ONCE]
            places = sample.all_points @ np.stack([direction for direction, _ in block], axis=1)
            for i, (_, least) in enumerate(block):
                odds = places[:, i] - np.float32(least)
                better = odds > largest  # not where there is no vector
                best[better], largest[better] = begin + i, odds[better]
        outside = (best < 0) & ~taken
        best[taken] = -1
        found = [np.flatnonzero(best == i) for i in range(len(slices))]
        return [
            rows if len(rows) and self._belongs(parts, rows, outside, inside, min_drop) else rows[:0]
            for parts, rows in zip(slices, found, strict=True)
        ]

    def _side(
        self,
        parts: Sequence[NDArray[np.int64]],
        beside: NDArray[np.int64],
        references: NDArray[np.float32],
        n: int,
    ) -> tuple[NDArray[np.float32], float]:
        """Direction of a slice, and the place on it beyond which a clip is more probably in it than not."""
        groups = [part for part in (*parts, beside) if len(part)]
        count = sum(map(len, groups))
        share = min(1.0, SETTINGS.members / count)
        points = [self._sample.points(group, math.ceil(share * len(group))) for group in groups]
        direction, middle = discriminant(references, points)
        return direction.astype(np.float32), middle + math.log(max(n - count, 1) / count)

    def _belongs(
        self,
        parts: Sequence[NDArray[np.int64]],
        rows: NDArray[np.int64],
        outside: NDArray[np.bool_],
        inside: NDArray[np.bool_],
        min_drop: float,
    ) -> bool:
        """True if clips beside a slice are bad themselves, and it gains evidence with them."""
        errors, words = self._errors, self._words
        rate, rate_outside = (
            float(errors[clips].sum() / max(words[clips].sum(), _TINY)) for clips in (rows, outside)
        )
        if not reaches(rate - rate_outside, min_drop):
            return False
        against = background(errors, words, ~inside)
        members = np.concatenate(parts)
        without, having = (
            float(evidence_of_sums(against.observed[clips].sum(), against.expected[clips].sum(), against)[0])
            for clips in (members, np.concatenate([members, rows]))
        )
        return having - without >= SETTINGS.price


def discriminant(
    references: NDArray[np.float32], groups: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float64], float]:
    """Direction from references to groups of clips, and the place on it half-way between them.

    The log of the odds that a clip is of the groups is its place on the direction less the middle, less the log of how
    many times more other clips there are.

    Parameters
    ----------
    references
        (r, k) points.
    groups
        Points of each group, which count together; their scatter is that within groups.
    """
    centre = references.mean(axis=0, dtype=np.float64)
    clips = np.concatenate(groups)
    away = clips.mean(axis=0, dtype=np.float64)
    within = _scatter(references, centre)
    for group in groups:
        within += _scatter(group, group.mean(axis=0, dtype=np.float64))
    within = shrunk(within / (len(references) + len(clips)))
    direction = np.linalg.solve(within, away - centre)
    return direction, float((away + centre) @ direction / 2)


def shrunk(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """A covariance with part of the mean variance added to every variance, so that it can be inverted."""
    added = SETTINGS.shrinkage * max(np.trace(covariance), _TINY) / len(covariance)
    return covariance + added * np.eye(len(covariance))


def _scatter(points: NDArray[np.float32], centre: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = points - centre
    return centred.T @ centred
