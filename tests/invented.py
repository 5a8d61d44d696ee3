"""Clips made up for the tests of scanning."""

import numpy as np

from slicecore.metrics import Costs


def speech(n=600, bad=(), harmless=4, seed=0, dimensions=40):
    """Vectors and errors of clips in a broad cloud and some groups; `bad` lists clips and error rate of bad groups."""
    rng = np.random.default_rng(seed)
    sizes = [clips for clips, _ in bad] + [n // 20] * harmless
    rates = [rate for _, rate in bad] + [0.1] * harmless
    group = np.full(n, -1)
    group[: sum(sizes)] = np.repeat(np.arange(len(sizes)), sizes)
    scale = 3 / np.sqrt(np.arange(1, dimensions + 1))
    vectors = rng.normal(size=(n, dimensions)) * scale
    centres = rng.normal(size=(len(sizes), dimensions)) * scale * 3
    for i, centre in enumerate(centres):
        members = group == i
        vectors[members] = centre + vectors[members] * 0.5
    rate = np.array([*rates, 0.1])[group]
    words = rng.integers(3, 20, size=n).astype(float)
    errors = rng.poisson(words * rate * rng.gamma(1.5, 1 / 1.5, size=n)).astype(float)
    return vectors.astype(np.float32), Costs(errors, words, name="WER"), group


def hard_case(rng, n, dimensions):
    """Vectors of any shape, some missing, and 0 to 7 words per clip with hardly any or nearly all wrong."""
    vectors = rng.normal(size=(n, dimensions)) * rng.integers(1, 5, size=(n, 1))
    vectors[rng.random(n) < 0.05] = np.nan
    words = rng.integers(0, 8, size=n).astype(float)
    words[0] = 1
    errors = np.minimum(rng.poisson(words * rng.choice([0.05, 0.9], size=n)), words).astype(float)
    return vectors, errors, words
