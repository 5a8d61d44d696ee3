"""Views of the same vectors by whitening: distances in which groups show that the raw ones hide.

Raw distances are ruled by the few directions of largest variance. Dividing every principal component by its
standard deviation (whitening), or by the square root of it (half-way), lets the weaker directions speak. A tree on
each view has nodes for more of the real groups than one tree has.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from slicecore.work_threads import in_threads


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
_ROWS_AT_ONCE = 1 << 15
"""Rows whose squares are summed at once, in 64 bits, those of a small table together. Another number changes the last
digits of the components."""
SCORES_AT_ONCE = 1 << 12
"""Rows whose scores are made at once, so few that their memory is used again instead of cleared anew."""


class Views(NamedTuple):
    """Views of distinct vectors.

    Attributes
    ----------
    tables : one, three or five arrays of n rows, each made when it is asked for: the raw vectors; half-whitened first
        64 components at unit length; whitened first 32 components. Where there are few points, also: first 48
        components divided by their deviations to the power of 3/4; half-whitened first 32 at unit length.
    components : (n, k) float16 half-whitened components as they are, in which a shift of a clip is a shift whatever
        its place. Their unit is the deviation of the first. None (k = 0) where there are not at least two components.
    """

    tables: Iterator[NDArray[np.float32]]
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
    raw_alone = Views(iter([points]), np.zeros((len(points), 0), dtype=np.float16))
    if min(points.shape) < 2:
        return raw_alone
    scores, variances = _principal_components(points, weights)
    if len(variances) < 2:
        return raw_alone
    deviation = np.sqrt(variances)

    def made(
        count: int,
        power: float,
        finish: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        kind: type[np.floating] = np.float32,
    ) -> NDArray[Any]:
        """First components of all points, over their deviations to a power."""
        view = np.empty((len(points), min(count, len(deviation))), dtype=kind)

        def look(begin: int) -> None:
            some = slice(begin, begin + SCORES_AT_ONCE)
            part = scores(some, count)
            part /= deviation[:count] ** power
            view[some] = finish(part)

        in_threads(look, range(0, len(points), SCORES_AT_ONCE))
        return view

    def in_first_deviations(part: NDArray[np.float64]) -> NDArray[np.float64]:
        part /= np.sqrt(deviation[0])
        return np.clip(part, -_LARGEST, _LARGEST, out=part)

    components = made(SETTINGS.half_whitened, 0.5, in_first_deviations, np.float16)

    def tables() -> Iterator[NDArray[np.float32]]:
        yield points
        yield made(SETTINGS.half_whitened, 0.5, _unit)
        yield made(SETTINGS.whitened, 1.0, _as_it_is)
        if len(points) <= SETTINGS.more_views_up_to:
            yield made(SETTINGS.nearly_whitened, 0.75, _as_it_is)
            yield made(SETTINGS.few_half_whitened, 0.5, _unit)

    return Views(tables(), components)


def _as_it_is(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return vectors


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float64).tiny)


def _principal_components(
    points: NDArray[np.float32], weights: NDArray[np.float64]
) -> tuple[Callable[[slice, int], NDArray[np.float64]], NDArray[np.float64]]:
    """Scores (rows, count) of some rows in the first components, and variances (k,) of those worth using.

    The largest variance comes first; the array of scores is the caller's own.
    """
    clips = weights.sum()
    n, d = points.shape
    blocks = [slice(begin, begin + _ROWS_AT_ONCE) for begin in range(0, n, _ROWS_AT_ONCE)]
    mean = sum(weights[some] @ points[some].astype(np.float64) for some in blocks) / clips

    def centred(some: slice) -> NDArray[np.float64]:
        part = points[some].astype(np.float64)
        part -= mean
        return part

    if d <= n:

        def squares(some: slice) -> NDArray[np.float64]:
            part = centred(some)
            return (part.T * weights[some]) @ part

        variances, axes = np.linalg.eigh(sum(map(squares, blocks)) / clips)
        variances, axes = variances[::-1], axes[:, ::-1]
    else:  # fewer points than dimensions: the same components from the inner products of the points
        root, all_centred = np.sqrt(weights)[:, None], centred(slice(None))
        variances, vectors = np.linalg.eigh((root * all_centred) @ (root * all_centred).T / clips)
        variances, vectors = variances[::-1], vectors[:, ::-1]
        of_points = vectors * np.sqrt(np.maximum(variances, 0) * clips) / root
    usable = int(np.count_nonzero(variances > SETTINGS.smallest_variance * variances[0]))
    k = min(usable, int(clips) // SETTINGS.clips_per_component)

    def scores(some: slice, count: int) -> NDArray[np.float64]:
        first = min(count, k)
        return centred(some) @ axes[:, :first] if d <= n else of_points[some, :first].copy()

    return scores, variances[:k]
