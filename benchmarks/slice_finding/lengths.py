"""Clips whose length follows the clusters, at one error rate: how often something is confirmed all the same."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.scanner import Scanner

N, CLUSTERS, DIMENSIONS = 1000, 20, 64
BASE_RATE = 0.15
DROPS = (0.02, 0.05, 0.1)
MIN_SUPPORT, SHUFFLES = 5, 199


def _long_and_short(rng: np.random.Generator, cluster: NDArray[np.int64]) -> NDArray[np.float64]:
    """Half of the clusters 25 to 40 words, the others 2 to 4."""
    long = rng.permutation(CLUSTERS)[cluster] % 2 == 0
    return np.where(long, rng.integers(25, 41, size=N), rng.integers(2, 5, size=N)).astype(np.float64)


def _few_long(rng: np.random.Generator, cluster: NDArray[np.int64]) -> NDArray[np.float64]:
    """Two clusters of 40 to 80 words, the others 3 to 8."""
    long = rng.permutation(CLUSTERS)[cluster] < 2
    return np.where(long, rng.integers(40, 81, size=N), rng.integers(3, 9, size=N)).astype(np.float64)


def _few_short(rng: np.random.Generator, cluster: NDArray[np.int64]) -> NDArray[np.float64]:
    """Two clusters of single words, the others 8 to 20."""
    short = rng.permutation(CLUSTERS)[cluster] < 2
    return np.where(short, 1, rng.integers(8, 21, size=N)).astype(np.float64)


def _graded(rng: np.random.Generator, cluster: NDArray[np.int64]) -> NDArray[np.float64]:
    """Clusters of every mean length from 2 to 60 words."""
    mean = np.geomspace(2, 60, CLUSTERS)[rng.permutation(CLUSTERS)][cluster]
    return 1.0 + rng.poisson(np.maximum(mean - 1, 0.1) * rng.gamma(4, 1 / 4, size=N))


LENGTHS: dict[str, Callable] = {
    "half 25 to 40 words, half 2 to 4": _long_and_short,
    "a tenth 40 to 80, the others 3 to 8": _few_long,
    "a tenth single words, the others 8 to 20": _few_short,
    "every mean from 2 to 60": _graded,
}

DISPERSIONS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "alike": lambda words: np.full(len(words), 0.8),
    "long ones vary less": lambda words: np.clip(8 / words, 0.1, 3.0),
    "long ones vary more": lambda words: np.clip(words / 10, 0.1, 3.0),
}
"""Variance of the error rate of a clip over its squared mean, by length."""


def data_set(lengths: str, dispersion: str, seed: int) -> tuple[NDArray[np.float32], Costs]:
    """Vectors in clusters, and WER of one rate."""
    rng = np.random.default_rng([seed, list(LENGTHS).index(lengths), list(DISPERSIONS).index(dispersion)])
    cluster = rng.choice(CLUSTERS, size=N, p=rng.dirichlet(np.full(CLUSTERS, 4.0)))
    deviation = 1 / np.sqrt(np.arange(1, DIMENSIONS + 1))
    vectors = (
        rng.normal(size=(CLUSTERS, DIMENSIONS))[cluster] + 0.6 * rng.normal(size=(N, DIMENSIONS))
    ) * deviation
    words = LENGTHS[lengths](rng, cluster)
    spread = DISPERSIONS[dispersion](words)
    errors = rng.poisson(BASE_RATE * words * rng.gamma(1 / spread, spread)).astype(np.float64)
    return vectors.astype(np.float32), Costs(errors, words, name="WER")


def table(sets: int, first_seed: int) -> str:
    """A row per distribution of lengths and of rates: shares of the data sets with a confirmed slice."""
    lines = [
        "| lengths of the clusters | rates of clips | "
        + " | ".join(f"minimum drop {drop:g}" for drop in DROPS)
        + " |",
        "|---" * (2 + len(DROPS)) + "|",
    ]
    for lengths in LENGTHS:
        for dispersion in DISPERSIONS:
            confirmed = np.zeros((len(DROPS), sets), dtype=bool)
            for i in range(sets):
                vectors, costs = data_set(lengths, dispersion, first_seed + i)
                scanner = Scanner(build_hierarchy(vectors), costs)
                for j, drop in enumerate(DROPS):
                    slices = scanner.scan(Options(MIN_SUPPORT, drop, shuffles=SHUFFLES)).slices
                    confirmed[j, i] = any(slice_.tier == CONFIRMED for slice_ in slices)
            cells = " | ".join(f"{share:.1%}" for share in confirmed.mean(axis=1))
            lines.append(f"| {lengths} | {dispersion} | {cells} |")
    return "\n".join(lines)
