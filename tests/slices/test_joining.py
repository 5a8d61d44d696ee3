"""Slices that are one problem, joined by the direction of their offset from good clips."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.display.treemap import cluster_tree
from slicecore.metrics import Costs
from slicecore.slices.clip_sample import ClipSample
from slicecore.slices.describer import Describer
from slicecore.slices.joining import Joiner, average_linkage, similarity
from slicecore.slices.options import Options
from slicecore.slices.result import Scan
from slicecore.slices.scanner import Scanner
from slicecore.slices.whole_problems import WholeProblems

CONTENTS, DIMENSIONS = 12, 24


class Table:
    """Clips of several contents, some of them moved by an offset per problem, each with more errors."""

    def __init__(self, seed: int, problems: int = 1, n: int = 900, share: float = 0.1) -> None:
        rng = np.random.default_rng(seed)
        centres = 3 * rng.normal(size=(CONTENTS, DIMENSIONS))
        content = rng.integers(CONTENTS, size=n)
        vectors = centres[content] + rng.normal(size=(n, DIMENSIONS))
        self.problem = np.zeros(n, dtype=int)
        for i in range(1, problems + 1):
            rows = rng.choice(np.flatnonzero(self.problem == 0), size=round(share * n), replace=False)
            vectors[rows] += 3.0 * rng.choice([-1, 1], size=DIMENSIONS)
            self.problem[rows] = i
        self.vectors = vectors.astype(np.float32)
        words = np.full(n, 20.0)
        self.costs = Costs(rng.poisson(words * np.where(self.problem > 0, 0.6, 0.1)).astype(float), words)
        self.hierarchy = build_hierarchy(self.vectors)

    def scan(self, **options: object) -> Scan:
        return Scanner(self.hierarchy, self.costs).scan(Options(**{"shuffles": 0, **options}))  # type: ignore[arg-type]

    def unjoined(self) -> Scan:
        return Scanner(replace(self.hierarchy, components=()), self.costs).scan(Options(shuffles=0))


@pytest.fixture(scope="module")
def noise() -> Table:
    return Table(0)


@pytest.fixture(scope="module")
def two() -> Table:
    return Table(1, problems=2)


def test_offset_on_whatever_is_said_is_one_slice(noise: Table) -> None:
    assert len(noise.unjoined().slices) > 3
    (slice_,) = noise.scan().slices
    inside = noise.problem[slice_.members] == 1
    assert inside.mean() > 0.95 and inside.sum() > 0.8 * (noise.problem == 1).sum()


def test_clips_that_no_cluster_has_are_taken_in() -> None:
    noise = Table(1)
    (slice_,) = noise.scan(min_support=8).slices
    assert slice_.beside > 0
    beside = slice_.parts[-1]
    assert (beside.tree, beside.support, beside.p_value) == (-1, slice_.beside, None)
    clusters = np.concatenate([part.members for part in slice_.clusters])
    assert not np.isin(beside.members, clusters).any()
    planted = np.flatnonzero(noise.problem)
    missing = np.setdiff1d(planted, clusters)
    assert np.isin(missing, beside.members).mean() > 0.9 and np.isin(beside.members, planted).mean() > 0.9


def test_joined_slice_consists_of_the_slices_there_were(noise: Table) -> None:
    (slice_,) = noise.scan().slices
    before = noise.unjoined().slices
    assert {part.id for part in slice_.clusters} <= {other.id for other in before}
    np.testing.assert_array_equal(
        slice_.members, np.sort(np.concatenate([part.members for part in slice_.parts]))
    )
    assert slice_.support == sum(part.support for part in slice_.parts) == len(set(slice_.members.tolist()))
    assert slice_.support == slice_.beside + sum(part.support for part in slice_.clusters)
    assert slice_.impact == pytest.approx(sum(part.impact for part in slice_.parts))
    assert slice_.id == Scanner(noise.hierarchy, noise.costs).group(slice_.members).id


def test_slices_stay_apart_where_the_whole_would_miss_the_minimum_drop() -> None:
    noise = Table(1)
    scanner = Scanner(replace(noise.hierarchy, components=()), noise.costs)
    clusters = scanner.scan(Options(8, shuffles=0)).slices
    problems = WholeProblems(noise.hierarchy, Describer(noise.costs))
    (whole,) = problems.of(clusters, 0.1, "whole")
    assert min(part.drop for part in whole.clusters) < whole.drop < max(part.drop for part in whole.clusters)
    apart = problems.of(clusters, whole.drop + 0.003, "whole")
    assert len(apart) == len(clusters) and all(len(slice_.clusters) == 1 for slice_ in apart)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_clips_with_which_a_slice_would_miss_the_minimum_drop_are_not_taken_in(seed: int) -> None:
    """They are worse than the clips outside by that drop, but these are better than the whole."""
    noise = Table(seed)
    clusters = (
        Scanner(replace(noise.hierarchy, components=()), noise.costs).scan(Options(8, shuffles=0)).slices
    )
    describer = Describer(noise.costs)
    problems = WholeProblems(noise.hierarchy, describer)
    (extended,) = problems.of(clusters, 0.1, "whole")
    without = describer.group(np.concatenate([part.members for part in extended.clusters]))
    assert extended.beside and extended.drop < without.drop
    (kept,) = problems.of(clusters, (extended.drop + without.drop) / 2, "whole")
    assert (kept.beside, kept.drop) == (0, without.drop)
    assert kept.members.tolist() == without.members.tolist()


def test_two_problems_stay_two(two: Table) -> None:
    slices = two.scan().slices
    joined = [slice_ for slice_ in slices if slice_.parts]
    assert len(two.unjoined().slices) > 2 * len(slices) and len(joined) == 2
    for slice_ in joined:
        assert np.bincount(two.problem[slice_.members]).max() > 0.95 * slice_.support


def test_nothing_is_taken_in_where_errors_are_anywhere() -> None:
    rng = np.random.default_rng(5)
    table = Table(2, problems=0)
    costs = Costs(rng.poisson(20 * rng.gamma(1.0, 0.2, size=900)).astype(float), np.full(900, 20.0))
    scan = Scanner(table.hierarchy, costs).scan(Options(shuffles=0))
    assert not any(slice_.parts for slice_ in scan.slices)


def test_p_is_the_smallest_of_the_parts(noise: Table) -> None:
    (slice_,) = noise.scan(shuffles=199).slices
    assert slice_.p_value == min(part.p_value for part in slice_.clusters if part.p_value is not None)
    assert slice_.tier == "confirmed"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), problems=st.integers(1, 3))
def test_slices_are_disjoint_and_meet_the_thresholds_whatever_is_joined(seed: int, problems: int) -> None:
    table = Table(seed, problems, n=500)
    scan, before = table.scan(), table.unjoined()
    members = np.concatenate([slice_.members for slice_ in scan.slices] or [np.zeros(0, int)])
    assert len(members) == len(np.unique(members))
    assert set(members.tolist()) >= {row for slice_ in before.slices for row in slice_.members.tolist()}
    for slice_ in scan.slices:
        assert slice_.support >= scan.min_support and slice_.drop >= scan.min_drop
        assert len(slice_.parts) != 1
        assert len({part.id for part in slice_.parts} | {slice_.id}) == len(slice_.parts) + 1


def test_order_of_rows_does_not_matter(two: Table) -> None:
    order = np.random.default_rng(0).permutation(len(two.vectors))
    costs = Costs(two.costs.numerator[order], two.costs.denominator[order])
    ids = [str(row) for row in order]
    shuffled = Scanner(build_hierarchy(two.vectors[order]), costs, ids).scan(Options(shuffles=0))
    assert [s.id for s in shuffled.slices] == [
        s.id for s in Scanner(two.hierarchy, two.costs).scan(Options(shuffles=0)).slices
    ]


def test_same_scan_twice_is_the_same(two: Table) -> None:
    assert [s.id for s in two.scan().slices] == [s.id for s in two.scan().slices]


def test_plain_rule_joins_nothing(noise: Table) -> None:
    assert not any(slice_.parts for slice_ in noise.scan(rule="plain").slices)


def test_hierarchy_from_a_file_joins_the_same(noise: Table) -> None:
    stored = Hierarchy.from_arrays(noise.hierarchy.to_arrays())
    assert Scanner(stored, noise.costs).scan(Options(shuffles=0)).slices == noise.scan().slices


def test_narrower_leads_to_a_part_and_back(noise: Table) -> None:
    scanner = Scanner(noise.hierarchy, noise.costs)
    scan = scanner.scan(Options(shuffles=0))
    (slice_,) = scan.slices
    assert scanner.widen(slice_, scan) is None and scanner.ancestors(slice_) == []
    assert scanner.children(slice_, scan) == list(slice_.clusters)
    part = scanner.narrow(slice_, scan)
    assert part is not None and part.impact == max(part.impact for part in slice_.clusters)
    assert scanner.widen(part, scan) == slice_


def test_treemap_has_a_tile_for_every_part(noise: Table) -> None:
    scan = noise.scan()
    tree = cluster_tree(noise.hierarchy, scan)
    (slice_,) = scan.slices
    tiles = np.flatnonzero(tree.slice == 0)
    assert {tree.key[tile] for tile in tiles} == {part.id for part in slice_.parts}
    assert tree.support[tiles].sum() == slice_.support
    assert len(set(tree.key)) == len(tree.key)


def test_frame_says_how_many_parts(noise: Table) -> None:
    scan = noise.scan()
    assert scan.to_frame()["parts"].tolist() == [len(scan.slices[0].parts)]


def test_few_references_join_nothing() -> None:
    rng = np.random.default_rng(0)
    joiner = Joiner(ClipSample(rng.normal(size=(30, 8)).astype(np.float16), np.arange(30) < 10, 100))
    assert joiner.groups([np.arange(10, 15), np.arange(15, 20)]) == [[0], [1]]


def test_vectors_without_components_join_nothing() -> None:
    joiner = Joiner(ClipSample(np.zeros((30, 0), np.float16), np.ones(30, bool), 100))
    assert joiner.groups([np.arange(5), np.arange(5, 10)]) == [[0], [1]]


def test_unreliable_offsets_are_like_no_other() -> None:
    offsets = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    alike = similarity(offsets, np.array([0.9, 0.5, 0.05]))
    assert alike[0, 1] == 1 and np.isneginf(alike[:, 2]).all()
    assert average_linkage(alike, 0.75) == [[0, 1], [2]]


def test_clips_with_both_problems_do_not_join_the_problems() -> None:
    noise, accent = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    offsets = np.array([noise, noise, accent, accent, (noise + accent) / np.sqrt(2)])
    groups = average_linkage(similarity(offsets, np.full(5, 0.95)), 0.75)
    assert groups == [[0, 1], [2, 3], [4]]
