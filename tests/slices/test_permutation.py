"""Number of permutations that a search can afford."""

import numpy as np
import pytest

from slicecore.metrics import Costs
from slicecore.slices.options import Options
from slicecore.slices.permutation import within_work
from slicecore.slices.result import Scan


@pytest.mark.parametrize(
    ("asked", "clips", "drawn"),
    [
        (999, 2_000_000, 999),
        (999, 4_000_000, 500),
        (999, 10_000_000, 200),
        (999, 10**9, 199),
        (99, 10**9, 99),
        (0, 5, 0),
    ],
)
def test_very_many_clips_are_permuted_less_often_but_199_times_if_asked(asked, clips, drawn):
    assert within_work(asked, clips, 2e9) == drawn


@pytest.mark.parametrize(
    ("asked", "clips", "taken"), [(999, 1000, 999), (99, 1000, 99), (999, 10_000_000, 200)]
)
def test_a_scan_says_how_many_permutations_were_taken(asked, clips, taken):
    one = np.broadcast_to(np.ones(1), clips)
    scan = Scan((), 1.0, Costs(one, one), 5, 0.1, 0.0, None, Options(shuffles=asked))
    assert scan.shuffles == taken
