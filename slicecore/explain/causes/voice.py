"""Likeness of the voices in a group of clips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.group_tests import mann_whitney
from slicecore.mapped_memory import let_go, taken
from slicecore.measurements.faults import FAULTS, spectral_holes, wind

_ALSO_OF_VOICES = frozenset(
    measurement.name for subject in (spectral_holes, wind) for measurement in subject.MEASUREMENTS
)
NOT_OF_VOICES = frozenset(
    (
        *("duration", "file_rate", "peak", "loudness", "flat_top_share", "speech_share"),
        *("lead_silence", "trail_silence"),
        *(measurement.name for measurement in FAULTS if measurement.name not in _ALSO_OF_VOICES),
    )
)
"""Measurements of sound that say nothing of who speaks. Noise and band are not among them: the voices of synthesisers
have a noise floor, edges and an upper end of their own, and a low voice rumbles."""

_SHARE = 0.75  # share of a group whose mean stands for its voice
_MOST = 4000  # clips of the group, and of the rest, that are compared


class Directions:
    """Embeddings around their mean, of unit length, as an array of which some rows at a time are made.

    Parameters
    ----------
    vectors
        (n, d) embeddings, NaN rows where there is none: zero then.
    """

    def __init__(self, vectors: NDArray) -> None:
        self._vectors = np.asarray(vectors, np.float32)
        known = np.isfinite(self._vectors).all(axis=1)
        self._mean = np.zeros(self._vectors.shape[1], np.float32)
        if known.any():
            self._mean = (self._vectors if known.all() else self._vectors[known]).mean(axis=0)
        let_go(self._vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        centred = taken(self._vectors, rows) - self._mean
        centred[~np.isfinite(centred).all(axis=1)] = 0
        directions: NDArray[np.float32] = centred / np.maximum(
            np.linalg.norm(centred, axis=1, keepdims=True), 1e-9
        )
        return directions


def voice_likeness(
    vectors: Directions | NDArray[np.floating], inside: NDArray[np.int64]
) -> tuple[float, float]:
    """Probability that a clip of a group is nearer to the group's voice than one of the rest.

    Similarity is the cosine to the mean of the group, without the clip itself and without the quarter of the group that
    is least like it, around the mean of all.

    Parameters
    ----------
    vectors
        (n, d) of unit length around the mean of all, zero rows where a clip has none.
    inside
        Rows of the group.

    Returns
    -------
    probability, p_value
        Results of the one-sided Mann-Whitney test; (0.5, 1) with fewer than five clips on either side.
    """
    outside = np.ones(len(vectors), dtype=bool)
    outside[inside] = False
    sampled = (rows[:: -(-len(rows) // _MOST) or 1] for rows in (np.flatnonzero(outside), inside))
    rest, own_rows = (rows[np.any(vectors[rows] != 0, axis=1)] for rows in sampled)
    group = vectors[own_rows]
    if len(group) < 5 or len(rest) < 5:
        return 0.5, 1.0
    weight = np.ones(len(group))
    for _ in range(2):
        similarity = _to_mean(group, weight)
        weight = (similarity >= np.quantile(similarity, 1 - _SHARE)).astype(np.float64)
    own, others = _to_mean(group, weight), vectors[rest] @ (weight @ group / weight.sum())
    statistic, p_value = mann_whitney(own, others, greater=True)
    return statistic / (len(own) * len(others)), p_value


def _to_mean(group: NDArray, weight: NDArray) -> NDArray:
    total = weight @ group
    own: NDArray = (group * (total - weight[:, None] * group)).sum(axis=1)
    return own / np.maximum(weight.sum() - weight, 1)
