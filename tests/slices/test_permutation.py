"""Number of permutations that a search can afford."""

import pytest

from slicecore.slices.permutation import within_work


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
