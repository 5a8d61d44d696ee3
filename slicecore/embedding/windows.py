"""Cutting a long clip into windows that overlap, each with the share of the clip that it speaks for."""

from __future__ import annotations

import numpy as np

OVERLAP = 0.1
"""Neighbouring windows share this part of a window."""


def windows(length: int, longest: int, *, fixed: bool) -> tuple[list[slice], np.ndarray]:
    """Cut a clip into as few windows as will do.

    Parameters
    ----------
    length, longest
        Samples of the clip, and of a window at most.
    fixed
        Whether a window costs the same whatever its length: then all are as long as can be, else as short as can be.

    Returns
    -------
    slices : list of slice
        Of the clip's samples. A clip no longer than `longest` is one window.
    shares : (windows,) float64
        Part of the clip that lies nearer to the window than to any other; adds up to 1. The mean of the windows'
        vectors with these weights is the mean over the clip's duration.
    """
    overlap = int(OVERLAP * longest)
    count = max(1, -(-(length - overlap) // (longest - overlap))) if length > longest else 1
    size = min(length, longest if fixed else -(-(length + (count - 1) * overlap) // count))
    starts = np.linspace(0, length - size, count).round().astype(int)
    edges = np.concatenate([[0], (starts[1:] + starts[:-1] + size) / 2, [length]])
    return [slice(start, start + size) for start in starts.tolist()], np.diff(edges) / max(length, 1)
