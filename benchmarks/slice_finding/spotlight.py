"""Spotlight (d'Eon et al. 2022): spheres in the space of the vectors that hold much loss, one after the other.

Written after the public code: the weight of a clip falls with its distance from a centre as a Gaussian of one width;
centre and width climb to the largest mean loss by Adam, under a barrier that keeps the total weight above a share of
the clips. Before the next spotlight, losses are lowered where the earlier ones shine. A slice are the clips with more
than half of the largest weight, the brightest first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slice_finding.domino import clip_errors
from slicecore.metrics import Costs

PATIENCE, DECAY, LEAST_CHANGE = 20, 0.5, 1e-4


@dataclass(frozen=True)
class SpotlightOptions:
    """Settings, tuned on seeds 100 to 102 (12 settings)."""

    principal: int = 32
    share: float = 0.02
    rate: float = 0.1
    spotlights: int = 5
    steps: int = 1000


def spotlights(
    vectors: NDArray[np.float32], costs: Costs, options: SpotlightOptions
) -> list[NDArray[np.int64]]:
    """Rows of every spotlight, in the order in which they were found."""
    from sklearn.decomposition import PCA

    principal = min(options.principal, *vectors.shape)
    x = PCA(principal, random_state=0).fit_transform(vectors.astype(np.float64))
    loss = clip_errors(costs)
    slices = []
    for _ in range(options.spotlights):
        weight = _climb(x, loss, options)
        order = np.argsort(-weight, kind="stable")
        slices.append(order[: np.count_nonzero(weight > weight.max() / 2)])
        loss = loss * (1 - weight / weight.max())
    return slices


def _climb(
    x: NDArray[np.float64], loss: NDArray[np.float64], options: SpotlightOptions
) -> NDArray[np.float64]:
    """Weights (n,) of the clips in the best spotlight."""
    n, d = x.shape
    least = options.share * n
    parameters = np.zeros(d + 1)  # centre, and logarithm of the precision
    parameters[d] = np.log(1e-4)
    squares = (x**2).sum(axis=1)
    first, second = np.zeros((2, d + 1))
    rate, best, waited = options.rate, np.inf, 0
    weight = np.ones(n)
    for step, barrier in enumerate(np.geomspace(n - least, 0.05 * least, options.steps), start=1):
        centre, precision = parameters[:d], np.exp(parameters[d])
        distance = squares - 2 * x @ centre + centre @ centre
        weight = np.exp(-precision * distance / 2)
        total = weight.sum()
        mean = weight @ loss / total
        below = min(total - least - barrier, 0.0)
        objective = mean - below**2 / barrier**2
        slope = weight * ((loss - mean) / total - 2 * below / barrier**2)
        gradient = np.append(
            precision * (slope @ x - slope.sum() * centre), -precision / 2 * slope @ distance
        )
        first = 0.9 * first - 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        parameters -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        # The rate falls where the objective has not risen for some steps, and the count starts anew.
        better = np.isinf(best) or -objective < best - LEAST_CHANGE * abs(best)
        best, waited = (-objective, 0) if better else (best, waited + 1)
        if waited > PATIENCE:
            rate, best, waited = rate * DECAY, np.inf, 0
    return weight
