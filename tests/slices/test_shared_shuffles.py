"""Permutations that share shuffles: each is one, no two are alike, and p is what it is with shuffles apart."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import slicecore as sc
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices import joint_dealing, node_maxima, shared_shuffles
from slicecore.slices.dealing import generator
from slicecore.slices.joint_dealing import JointDealing
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner
from slicecore.slices.shared_shuffles import SharedShuffles

N = 600


def of_parts(part):
    return sparse.csr_array((np.ones(len(part)), (part, np.arange(len(part)))))


def dealt(count=45, effects=None):
    """Weights, residuals, and (n, permutations) scores of the clips, beside the sums over parts of a second tree."""
    rng = np.random.default_rng(1)
    weight, residual = rng.uniform(1, 2, N), np.sort(rng.normal(size=N))
    trees = [of_parts(np.arange(N)), of_parts(np.sort(rng.integers(0, 40, N)))]
    blocks = list(JointDealing(residual, weight, trees, effects, seed=3).sums(count, generator(np.uint64(5))))
    scores, sums = (np.concatenate([block[i] for block in blocks], axis=1) for i in (0, 1))
    assert scores.shape[1] >= count
    return weight, residual, scores, sums, trees[1]


def test_every_permutation_deals_every_residual_once_and_no_two_are_alike():
    weight, residual, scores, _, _ = dealt()
    of_clips = scores / weight[:, None]
    assert np.sort(of_clips, axis=0) == pytest.approx(
        np.repeat(residual[:, None], of_clips.shape[1], axis=1), abs=1e-5
    )
    between = np.corrcoef(of_clips.T) - np.eye(of_clips.shape[1])
    assert np.abs(between).max() < 5 / np.sqrt(N)  # of 1,770 pairs


def test_sums_over_parts_are_those_of_their_clips():
    rng = np.random.default_rng(2)
    effects = rng.normal(size=30), rng.integers(0, 30, N), rng.uniform(0.5, 1, N)
    for known in (None, effects):
        _, _, scores, sums, parts = dealt(effects=known)
        assert sums == pytest.approx(parts @ scores, abs=1e-4)


def test_every_clip_counts_with_its_weight_in_its_part():
    rng = np.random.default_rng(7)
    weight, group = rng.uniform(1, 2, N), rng.integers(0, 3, N)  # clips of one group meet in a part
    parts = of_parts(np.sort(rng.integers(0, 40, N)))
    dealing = JointDealing(np.ones(N), weight, [parts], (np.zeros(3), group, np.ones(N)), seed=0)
    for (sums,) in dealing.sums(30, generator(np.uint64(0))):
        assert sums == pytest.approx(np.repeat((parts @ weight)[:, None], sums.shape[1], axis=1), rel=1e-5)


def test_effects_are_dealt_to_groups_and_anew_for_every_permutation():
    rng = np.random.default_rng(4)
    effect, group, sensitivity = rng.normal(size=30), np.arange(N) % 30, rng.uniform(0.5, 1, N)
    weight, _, both, _, _ = dealt(effects=(effect, group, sensitivity))
    _, _, own, _, _ = dealt()
    of_groups = ((both - own) / (weight * sensitivity)[:, None])[:30]
    # The shuffles of the clips after the first are others once effects were dealt.
    assert np.sort(of_groups[:, :20], axis=0) == pytest.approx(
        np.repeat(np.sort(effect)[:, None], 20, axis=1), abs=1e-4
    )
    assert len({tuple(column) for column in of_groups[:, :20].round(3).T}) == 20


@pytest.fixture(params=[False, True], ids=["clips", "groups"])
def p_values(request):
    """A function that scans clips, in groups or not, and gives p of every slice by its id."""
    rng = np.random.default_rng(6)
    place = rng.integers(0, 12, N)
    vectors = rng.normal(size=(12, 6))[place] * 3 + rng.normal(size=(N, 6))
    words = rng.integers(3, 12, N).astype(float)
    errors = rng.poisson(words * np.where(place < 4, 0.2, 0.12)).astype(float)
    groups = rng.integers(0, 40, N).astype(str) if request.param else None
    hierarchy = build_hierarchy(vectors.astype(np.float32))

    def scan():
        found = Scanner(hierarchy, Costs(errors, words), groups=groups).scan(Options(10, 0.01, rule="plain"))
        return {slice_.id: slice_.p_value for slice_ in found.slices}

    return scan


def test_p_does_not_depend_on_how_much_is_computed_at_once(p_values, monkeypatch):
    monkeypatch.setattr(shared_shuffles, "LARGE", 0)
    at_once = p_values()
    monkeypatch.setattr(joint_dealing, "CELLS_AT_ONCE", 7)
    monkeypatch.setattr(node_maxima, "NUMBERS_AT_ONCE", 50)
    assert p_values() == at_once


def test_p_is_that_of_shuffles_apart(p_values, monkeypatch):
    apart = p_values()
    monkeypatch.setattr(shared_shuffles, "LARGE", 0)
    together = p_values()
    assert apart.keys() == together.keys() and any(0.05 < p < 1 for p in apart.values())
    for id_, p in apart.items():
        assert together[id_] == pytest.approx(p, abs=0.06)


def test_blocks_of_clips_have_own_parts_and_effects_of_their_groups():
    rng = np.random.default_rng(8)
    weight, sensitivity = (rng.uniform(0.5, 2, N).astype(np.float32) for _ in range(2))
    own, effect, group = rng.normal(size=N), rng.normal(size=30) * 100, np.arange(N) % 30
    block = SharedShuffles(own, 16, seed=3).dealt(
        generator(np.uint64(1)), weight, (effect, group, sensitivity)
    )
    without = SharedShuffles(own, 16, seed=3).dealt(generator(np.uint64(1)), weight)
    of_groups = (block - without) / (weight * sensitivity)[:, None]
    assert np.sort(without / weight[:, None], axis=0) == pytest.approx(
        np.repeat(np.sort(own)[:, None], 16, axis=1), abs=1e-5
    )
    assert of_groups[:30] == pytest.approx(of_groups[30:60], abs=1e-3)  # clips of a group share its effect
    assert np.sort(of_groups[:30], axis=0) == pytest.approx(
        np.repeat(np.sort(effect)[:, None], 16, axis=1), abs=1e-3
    )


def weak_problem(seed):
    """A table in which one value of accent and device is a little worse, its scan and a speaker for every clip."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "sentence": "x",
            "prediction": "x",
            "accent": rng.choice(["american", "scottish", "irish"], N),
            "device": rng.choice(["phone", "headset", "laptop"], N),
            "age": rng.integers(18, 80, N),
        }
    )
    is_bad = (table.accent == "scottish") & (table.device == "phone")
    errors = rng.binomial(10, np.where(is_bad, 0.15, 0.1)).astype(float)
    speakers = rng.integers(0, 60, N).astype(str)
    data, hierarchy = sc.from_table(table, name="invented"), build_hierarchy(rng.normal(size=(N, 2)))
    costs = Costs(errors, np.full(N, 10.0))
    return sc.scan(hierarchy, costs, ids=data.ids, min_support=10, min_drop=0.01), data, speakers


def p_of_metadata(scan, data, groups):
    return {found.label: found.slice.p_value for found in scan_metadata(scan, data, groups=groups)}


@pytest.mark.parametrize("by_group", [False, True])
def test_p_of_metadata_is_that_of_shuffles_apart(by_group, monkeypatch):
    *table, speakers = weak_problem(14)
    groups = speakers if by_group else None
    apart = p_of_metadata(*table, groups)
    monkeypatch.setattr(shared_shuffles, "LARGE", 0)
    monkeypatch.setattr(shared_shuffles, "_NUMBERS_AT_ONCE", 5 * N)  # five permutations fit at once
    together = p_of_metadata(*table, groups)
    assert apart.keys() == together.keys() and any(0.02 < p < 0.05 for p in apart.values())
    for label, p in apart.items():
        assert together[label] == pytest.approx(p, abs=0.02 if p < 0.05 else 0.06)


def test_metadata_of_many_clips_that_cannot_be_confirmed_is_not_permuted_on(monkeypatch):
    scan, data, _ = weak_problem(13)
    draws, dealt = [], SharedShuffles.dealt
    monkeypatch.setattr(SharedShuffles, "dealt", lambda *rest: draws.append(rest) or dealt(*rest))
    apart = p_of_metadata(scan, data, None)
    assert not draws and min(apart.values()) > 0.2
    monkeypatch.setattr(shared_shuffles, "LARGE", 0)
    stopped = p_of_metadata(scan, data, None)
    assert 0 < len(draws) * 16 < 300  # of 999
    assert min(stopped.values()) > 0.2 and stopped.keys() == apart.keys()
