"""Clips that are in the table several times."""

import numpy as np
import pytest

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.copies import copies_text, find_copies
from slicecore.slices.scanner import scan

OFTEN = {2: "twice", 5: "five times", 10: "10 times"}


def repeated(times, jitter=0.0, seed=0, different=120):
    """Vectors, costs and texts of clips of which a tenth are in the table so many times, in any order."""
    rng = np.random.default_rng(seed)
    centre = rng.normal(scale=2, size=(6, 8))[rng.integers(6, size=different)]
    vectors = centre + rng.normal(size=(different, 8))
    errors = rng.poisson(rng.gamma(1.0, 1.5, size=different)).astype(float)
    again = rng.choice(different, size=different // 10, replace=False)
    rows = rng.permutation(np.concatenate([np.arange(different), np.tile(again, times - 1)]))
    moved = vectors[rows] + jitter * rng.normal(size=(len(rows), 8))
    return moved.astype(np.float32), Costs(errors[rows], np.full(len(rows), 10.0)), rows


def copies_of(vectors, texts):
    return find_copies([vectors], build_hierarchy(vectors), texts)


@pytest.mark.parametrize("jitter", [0.0, 0.01])
@pytest.mark.parametrize("times", [2, 5, 10])
def test_copies_are_those_that_there_are(times, jitter):
    vectors, _, rows = repeated(times, jitter)
    copies = copies_of(vectors, rows.astype(str))
    assert len(np.unique(copies)) == 120
    assert (rows[copies] == rows).all()
    assert copies_text(copies) == f"12 clips are in the table {OFTEN[times]}."


def test_equal_sounds_with_other_texts_are_no_copies():
    vectors, _, rows = repeated(3)
    assert copies_of(vectors, np.arange(len(rows)).astype(str)) is None


def test_clips_without_copies_have_none():
    vectors, _, rows = repeated(1)
    assert copies_of(vectors, ["yes" if row % 2 else "no" for row in rows]) is None
    assert copies_text(None) == ""


def test_categories_are_no_copies():
    vectors = np.eye(5, dtype=np.float32)[np.arange(200) % 5]
    assert copies_of(vectors, ["yes" if row % 3 else "no" for row in range(200)]) is None


def test_rows_that_are_alike_in_a_few_columns_are_no_copies():
    rng = np.random.default_rng(0)
    columns = np.stack([rng.integers(0, 30, 400), rng.integers(0, 4, 400)], axis=1).astype(np.float32)
    labels = np.where(rng.random(400) < 0.3 + 0.1 * columns[:, 1], "yes", "no")
    assert copies_of(columns, labels) is None


def test_clips_without_a_vector_have_no_copies():
    vectors, _, rows = repeated(2)
    vectors[:20] = np.nan
    copies = copies_of(vectors, rows.astype(str))
    assert (copies[:20] == np.arange(20)).all()


def test_copies_are_no_slice_and_confirm_nothing():
    alarms = {False: 0, True: 0}
    for seed in range(40):
        vectors, costs, rows = repeated(5, seed=seed)
        hierarchy = build_hierarchy(vectors)
        for known in alarms:
            copies = find_copies([vectors], hierarchy, rows.astype(str)) if known else None
            result = scan(hierarchy, costs, copies=copies, shuffles=99)
            alarms[known] += any(slice_.tier == "confirmed" for slice_ in result.slices)
            if known:
                assert all(len(set(rows[slice_.members])) >= result.min_support for slice_ in result.slices)
    assert alarms[True] <= 5
    assert alarms[False] > 20


def test_a_problem_is_found_with_copies_as_without():
    rng = np.random.default_rng(1)
    bad = np.arange(200) < 20
    vectors = (rng.normal(size=(200, 8)) + 8 * bad[:, None]).astype(np.float32)
    costs = Costs(rng.poisson(np.where(bad, 6, 1)).astype(float), np.full(200, 10.0))
    rows = np.concatenate([np.arange(200), np.arange(10), np.arange(10)])
    hierarchy = build_hierarchy(vectors[rows])
    copies = find_copies([vectors[rows]], hierarchy, rows.astype(str))
    costs = Costs(costs.numerator[rows], costs.denominator[rows])
    (slice_,) = scan(hierarchy, costs, copies=copies).slices
    assert (slice_.support, slice_.tier) == (40, "confirmed")


def test_which_of_the_copies_stands_for_them_does_not_matter():
    vectors, costs, rows = repeated(5, 0.01, seed=3)
    bad = vectors[:, 0] > np.quantile(vectors[:, 0], 0.8)
    costs = Costs(costs.numerator + 4 * bad, costs.denominator)
    answers = []
    for order in (np.arange(len(rows)), np.random.default_rng(0).permutation(len(rows))):
        hierarchy = build_hierarchy(vectors[order])
        copies = find_copies([vectors[order]], hierarchy, rows[order].astype(str))
        numbers = Costs(costs.numerator[order], costs.denominator[order])
        result = scan(
            hierarchy,
            numbers,
            ids=order.astype(str),
            copies=copies,
            min_support=3,
            min_drop=0.02,
            shuffles=99,
        )
        answers.append([(slice_.id, slice_.p_value) for slice_ in result.slices])
    assert answers[0] == answers[1] != []


@pytest.mark.parametrize(("times", "are_copies"), [(5, True), (20, False)])
def test_where_nearly_every_clip_would_be_a_copy_none_is(times, are_copies):
    vectors = np.repeat(np.random.default_rng(0).normal(size=(30, 6)), times, axis=0).astype(np.float32)
    texts = np.repeat([f"sentence {number}" for number in range(30)], times)
    copies = find_copies([vectors], build_hierarchy(vectors), texts)
    assert (copies is not None) == are_copies
