"""Clips in groups, with positions and values, for the pages that show map and treemap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LABELS = ("Overdriven", "Sample rate", "Hum", "Quiet", "HF noise", "Voices", "Foreign")
OVERALL = 32.9
BASIS = ["table", "embedding", "metric", "scan"]
PAIRED = (3, 5)  # groups that have a cluster of their own above them

_SIZES = np.array([35, 35, 35, 35, 35, 35, 8, 184, 79, 70, 48, 40, 33])
_MEANS = np.array([84.8, 86.5, 67.6, 63.3, 53.7, 51.9, 122.7, 17.8, 9.1, 23.6, 7.0, 23.9, 16.7])
_CENTRES = np.array(
    [
        *((5, -2), (-6, 1), (-4, -1), (7, 0), (8, 1.5), (3, -2), (0, 0.5)),
        *((0, 0), (-1, 1), (2, 2), (4, 1.5), (-3, 2), (1, -1)),
    ]
)


@dataclass(frozen=True)
class Invented:
    """`positions` (n, 2) float32, `group` (n,) and `value` (n,) in percent; the first seven groups are bad ones."""

    positions: np.ndarray
    group: np.ndarray
    value: np.ndarray

    def flagged(self, min_drop: float) -> list[int]:
        """Bad groups at least `min_drop` points above the whole."""
        present = [group for group in range(len(LABELS)) if (self.group == group).any()]
        return [
            group for group in present if np.nanmean(self.value[self.group == group]) - OVERALL >= min_drop
        ]


def invent(n: int = 672) -> Invented:
    """Always the same clips for the same number; one of them has no position and one no value."""
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(len(_SIZES)), np.maximum(2, _SIZES * n // _SIZES.sum()))[:n]
    group = np.concatenate([group, np.full(n - len(group), 7)])
    spread = np.where(np.isin(group, [7, 8, 9])[:, None], [1.4, 0.8], [0.35, 0.25])
    positions = (_CENTRES[group] + rng.normal(0, 1, (n, 2)) * spread).astype(np.float32)
    value = np.clip(_MEANS[group] * rng.gamma(3, 1 / 3, n), 0, 160)
    positions[5:6], value[9:10] = np.nan, np.nan
    return Invented(positions, group, value)
