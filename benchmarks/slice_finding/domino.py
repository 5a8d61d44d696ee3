"""Domino (Eyuboglu et al. 2022): a Gaussian mixture over vectors and predictions, after the public DominoSlicer.

Its classes are right and wrong: the target of every clip is "right", its prediction the clip's error, cut at 1. A clip
belongs to the component that most probably made it; components come with the largest gap between target and
prediction first, the clips of one by their probability.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from slicecore.metrics import Costs

REGULARISED = 1e-6  # added to variances, as in scikit-learn
TOLERANCE, ITERATIONS = 1e-3, 100
NOISE = 1e-3  # of the start from the confusion matrix


@dataclass(frozen=True)
class DominoOptions:
    """Settings; the defaults are those of DominoSlicer."""

    components: int = 25
    weight: float = 1.0
    principal: int = 128
    start: str = "confusion"


TUNED = DominoOptions(components=100, weight=3.0, principal=32, start="k-means")
"""Found best on seeds 100 to 102 by the study that the benchmark began with (102 settings)."""


def domino(vectors: NDArray[np.float32], costs: Costs, options: DominoOptions) -> list[NDArray[np.int64]]:
    """Rows of every component, those with the most errors first."""
    from sklearn.decomposition import PCA

    principal = min(options.principal, *vectors.shape)
    x = PCA(principal, random_state=0).fit_transform(vectors.astype(np.float64))
    wrong = clip_errors(costs)
    predicted = np.column_stack([1 - wrong, wrong])
    responsibility = _start(x, predicted, options)
    bound = -np.inf
    for _ in range(ITERATIONS):
        weight, mean, variance, share = _maximise(x, predicted, responsibility)
        log = _log_density(x, weight, mean, variance)
        log += options.weight * np.log(predicted @ share.T + np.finfo(float).eps)
        normal = logsumexp(log, axis=1)
        responsibility = np.exp(log - normal[:, None])
        if abs(normal.mean() - bound) < TOLERANCE:
            break
        bound = normal.mean()
    component = responsibility.argmax(axis=1)
    slices = []
    for i in np.argsort(-share[:, 1], kind="stable"):
        members = np.flatnonzero(component == i)
        slices.append(members[np.argsort(-responsibility[members, i], kind="stable")])
    return [members for members in slices if len(members)]


def clip_errors(costs: Costs) -> NDArray[np.float64]:
    """Error rate of every clip, cut at 1."""
    return np.clip(costs.numerator / np.maximum(costs.denominator, 1), 0, 1)


def _start(
    x: NDArray[np.float64], predicted: NDArray[np.float64], options: DominoOptions
) -> NDArray[np.float64]:
    n, k = len(x), options.components
    if options.start == "k-means":
        from sklearn.cluster import KMeans

        label = KMeans(k, n_init=1, random_state=0).fit_predict(x)
        return (label[:, None] == np.arange(k)).astype(np.float64)
    # A component for every cell of the confusion matrix in turn; the cells with the target "wrong" are empty.
    cells = np.hstack([predicted, np.zeros((n, 2))])
    responsibility = np.tile(cells, -(-k // 4))[:, :k]
    responsibility /= responsibility.sum(axis=1, keepdims=True)
    responsibility += NOISE * np.random.default_rng(0).random((n, k))
    return responsibility / responsibility.sum(axis=1, keepdims=True)


def _maximise(
    x: NDArray[np.float64], predicted: NDArray[np.float64], responsibility: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    size = responsibility.sum(axis=0) + 10 * np.finfo(float).eps
    mean = responsibility.T @ x / size[:, None]
    variance = np.maximum(responsibility.T @ x**2 / size[:, None] - mean**2, 0) + REGULARISED
    return size / len(x), mean, variance, responsibility.T @ predicted / size[:, None]


def _log_density(
    x: NDArray[np.float64],
    weight: NDArray[np.float64],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
) -> NDArray[np.float64]:
    precision = 1 / variance
    distance = (mean**2 * precision).sum(axis=1) - 2 * x @ (mean * precision).T + x**2 @ precision.T
    constant = np.log(weight) - 0.5 * (np.log(variance).sum(axis=1) + x.shape[1] * np.log(2 * np.pi))
    return constant - 0.5 * distance
