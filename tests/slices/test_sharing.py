"""Clips of a slice that the problem of another one explains as well."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.options import Options
from slicecore.slices.result import Scan
from slicecore.slices.scanner import Scanner
from slicecore.slices.sharing import shared_sentences, shared_text

CONTENTS, DIMENSIONS = 12, 48


class Overlap:
    """Clips of several contents; noise moves some of them by an offset, an accent others, and some have both."""

    def __init__(self, seed: int, both: float = 0.03, n: int = 900) -> None:
        rng = np.random.default_rng(seed)
        vectors = 2 * rng.normal(size=(CONTENTS, DIMENSIONS))[rng.integers(CONTENTS, size=n)]
        vectors += rng.normal(size=(n, DIMENSIONS))
        draw = rng.permutation(n)
        sizes = np.cumsum([round(0.09 * n), round(0.09 * n), round(both * n)])
        noise, accent, with_both = np.split(draw, sizes)[:3]
        self.noise, self.accent, self.both = (np.zeros(n, dtype=bool) for _ in range(3))
        self.noise[noise] = self.accent[accent] = True
        self.both[with_both] = self.noise[with_both] = self.accent[with_both] = True
        for problem in (self.noise, self.accent):
            vectors[problem] += 3.0 * rng.choice([-1, 1], size=DIMENSIONS)
        words = np.full(n, 20.0)
        rate = np.where(self.noise | self.accent, 0.6, 0.1)
        self.costs = Costs(rng.poisson(words * rate).astype(float), words)
        self.hierarchy = build_hierarchy(vectors.astype(np.float32))

    def scan(self, **options: object) -> Scan:
        return Scanner(self.hierarchy, self.costs).scan(Options(**{"shuffles": 0, **options}))  # type: ignore[arg-type]

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Problem that a slice is mostly of, (n,) bool."""
        return max(self.noise, self.accent, key=lambda problem: problem[rows].sum())


@pytest.fixture(scope="module")
def overlap() -> Overlap:
    return Overlap(4)


def test_clips_of_two_problems_are_in_one_slice_and_shared_with_the_other(overlap: Overlap) -> None:
    scan = overlap.scan()
    assert len(scan.slices) == 2
    for slice_, rows in zip(scan.slices, scan.shared, strict=True):
        problem = overlap.of(slice_.members)
        assert problem[rows].all()
        missing = np.setdiff1d(np.flatnonzero(overlap.both), slice_.members)
        assert len(missing) and np.isin(missing, rows).mean() > 0.8


def test_problems_without_common_clips_share_none() -> None:
    scan = Overlap(1, both=0).scan()
    assert len(scan.slices) == 2 and not any(map(len, scan.shared))


def test_shared_clips_go_by_home_and_other_slice(overlap: Overlap) -> None:
    scan = overlap.scan()
    first, second = scan.slices
    assert {(shared.home, shared.other) for shared in scan.shared_clips} == {(first, second), (second, first)}
    for shared in scan.shared_clips:
        assert np.isin(shared.rows, shared.home.members).all()
    assert scan.to_frame()["shared"].tolist() == [len(rows) for rows in scan.shared]
    assert shared_text(scan).startswith(f"{sum(map(len, scan.shared))} clips have the problems of two slices")
    assert shared_text(replace(scan, slices=())) == ""


def test_sentences_say_which_clips_a_slice_shares_those_of_its_own_first(overlap: Overlap) -> None:
    scan = overlap.scan()
    first, second = scan.slices
    rows_of = {shared.home: shared.rows for shared in scan.shared_clips}
    names = {first: "Noise", second: "Accent"}
    (own, own_text), (others, others_text) = shared_sentences(scan, first, names.__getitem__)
    assert (own.home, others.home) == (first, second)
    assert own_text == f"{len(rows_of[first])} of its clips also have the problem of Accent."
    assert others_text == f"{len(rows_of[second])} clips of Accent have this problem, too."
    assert shared_sentences(replace(scan, slices=()), first, names.__getitem__) == ()


def test_slices_that_chance_explains_explain_no_clips_of_others(overlap: Overlap) -> None:
    scan = overlap.scan()
    possible = [slice_.with_p(0.5) for slice_ in scan.slices]
    assert not any(map(len, replace(scan, slices=tuple(possible)).shared))
    assert any(map(len, replace(scan, slices=(possible[0], scan.slices[1])).shared))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), both=st.sampled_from([0.0, 0.03, 0.06]))
def test_shared_clips_are_of_other_slices_and_count_once(seed: int, both: float) -> None:
    table = Overlap(seed, both, n=500)
    scan = table.scan()
    assert len(scan.shared) == len(scan.slices)
    every = np.concatenate([slice_.members for slice_ in scan.slices] or [np.zeros(0, int)])
    for slice_, rows in zip(scan.slices, scan.shared, strict=True):
        assert np.isin(rows, every).all() and not np.isin(rows, slice_.members).any()
        assert (np.diff(rows) > 0).all()
    numbers = np.array([[slice_.impact, slice_.share] for slice_ in scan.slices]).reshape(-1, 2)
    if len(every):
        union = Scanner(table.hierarchy, table.costs).group(every)
        np.testing.assert_allclose(numbers.sum(axis=0), [union.impact, union.share])
