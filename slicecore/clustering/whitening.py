"""Views of the same vectors by whitening: distances in which groups show that the raw ones hide.

Raw distances are ruled by the few directions of largest variance. Dividing every principal component by its
standard deviation (whitening), or by the square root of it (half-way), lets the weaker directions speak. A tree on
each view has nodes for more of the real groups than one tree has.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class WhiteningSettings:
    """Constants of the views, chosen by `benchmarks/detection.py` (part "planted", docs/detection.md).

    Attributes
    ----------
    half_whitened : components of the half-whitened view.
    whitened : components of the whitened view.
    more_views_up_to : number of points up to which there are the following two views besides: with few points each
        tree misses more of the groups, and costs less.
    nearly_whitened : components of the view between these two.
    few_half_whitened : components of a second half-whitened view.
    smallest_variance : share of the largest variance below which a component is numerical dust and never whitened.
    clips_per_component : clips that there must be for every component.
    """

    half_whitened: int = 64
    whitened: int = 32
    more_views_up_to: int = 5000
    nearly_whitened: int = 48
    few_half_whitened: int = 32
    smallest_variance: float = 1e-6
    clips_per_component: int = 8


SETTINGS = WhiteningSettings()
_LARGEST = float(np.finfo(np.float16).max)


class Views(NamedTuple):
    """Views of distinct vectors.

    Attributes
    ----------
    tables : one, three or five arrays of n rows: the raw vectors; half-whitened first 64 components at unit length;
        whitened first 32 components. Where there are few points, also: first 48 components divided by their deviations
        to the power of 3/4; half-whitened first 32 at unit length.
    components : (n, k) float16 half-whitened components as they are, in which a shift of a clip is a shift whatever
        its place. Their unit is the deviation of the first. None (k = 0) where there are not at least two components.
    """

    tables: list[NDArray[np.float32]]
    components: NDArray[np.float16]


def views(points: NDArray[np.float32], weights: NDArray[np.float64]) -> Views:
    """Raw vectors, and views of them by whitening where there are at least two components.

    Parameters
    ----------
    points
        (n, d) distinct vectors.
    weights
        (n,) number of clips that have each.
    """
    raw_alone = Views([points], np.zeros((len(points), 0), dtype=np.float16))
    if min(points.shape) < 2:
        return raw_alone
    scores, variances = _principal_components(points, weights)
    if len(variances) < 2:
        return raw_alone
    deviation = np.sqrt(variances)

    def divided(count: int, power: float) -> NDArray[np.float64]:
        return scores[:, :count] / deviation[:count] ** power

    half = divided(SETTINGS.half_whitened, 0.5)
    components = np.clip(half / np.sqrt(deviation[0]), -_LARGEST, _LARGEST).astype(np.float16)
    of_components = [_unit(half), divided(SETTINGS.whitened, 1.0)]
    if len(points) <= SETTINGS.more_views_up_to:
        of_components += [
            divided(SETTINGS.nearly_whitened, 0.75),
            _unit(divided(SETTINGS.few_half_whitened, 0.5)),
        ]
    return Views([points, *(view.astype(np.float32) for view in of_components)], components)


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float64).tiny)


def _principal_components(
    points: NDArray[np.float32], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores (n, k) and variances (k,) of the components worth using, the largest variance first."""
    clips = weights.sum()
    centred = points.astype(np.float64) - weights @ points.astype(np.float64) / clips
    n, d = centred.shape
    if d <= n:
        variances, axes = np.linalg.eigh((centred.T * weights) @ centred / clips)
        variances, scores = variances[::-1], centred @ axes[:, ::-1]
    else:  # fewer points than dimensions: the same components from the inner products of the points
        root = np.sqrt(weights)[:, None]
        variances, vectors = np.linalg.eigh((root * centred) @ (root * centred).T / clips)
        variances, vectors = variances[::-1], vectors[:, ::-1]
        scores = vectors * np.sqrt(np.maximum(variances, 0) * clips) / root
    usable = int(np.count_nonzero(variances > SETTINGS.smallest_variance * variances[0]))
    k = min(usable, int(clips) // SETTINGS.clips_per_component)
    return scores[:, :k], variances[:k]
