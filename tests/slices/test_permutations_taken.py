"""Permutations that a test takes, and how many of them its p is the share of."""

import numpy as np
import pytest

from slicecore.slices.permutation import PermutationMaxima


def maxima(permutations=100):
    """Maxima of 1.0 for every permutation."""
    return PermutationMaxima(lambda count, seed: np.ones((count, 1)), permutations, batch=10)


@pytest.mark.parametrize(
    ("statistic", "stops", "p", "count"),
    [
        (2.0, False, 1 / 101, 100),
        (2.0, True, 1 / 101, 100),  # it may still be confirmed
        (0.5, False, 1.0, 100),
        (0.5, True, 1.0, 10),  # it can't any more
    ],
)
def test_p_comes_with_the_number_of_permutations_it_is_of(statistic, stops, p, count):
    assert maxima().tested(statistic, stop_early=stops) == (pytest.approx(p), count)
    assert maxima().p(statistic, stop_early=stops) == pytest.approx(p)
