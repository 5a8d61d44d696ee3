"""The public benchmark: data folder, files of slices, judge, tables; the hard cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slice_finding import answers, data_set, hard_cases
from slice_finding.data_set import DataSet
from slice_finding.held_out import held_out
from slice_finding.judging import judge, memberships
from slice_finding.scoreboard import Scores

from slicecore.metrics import Costs

GROUP = np.array([0] * 10 + [1] * 20 + [-1] * 70)


def rows(*parts):
    """Rows of a slice, from ranges."""
    return np.concatenate([np.arange(*part) for part in parts])


def small_set(name="a", kind="blobs", membership=None):
    rng = np.random.default_rng(1)
    costs = Costs(rng.poisson(1.0, size=100).astype(float), rng.integers(1, 9, size=100).astype(float))
    vectors = rng.normal(size=(100, 3)).astype(np.float32)
    membership = memberships(GROUP) if membership is None else membership
    return DataSet(name, kind, "v", vectors, costs, membership, 5, 0.1)


def test_slices_that_are_the_groups_are_right_in_every_respect():
    judged = judge([rows((0, 10)), rows((10, 30))], memberships(GROUP))
    assert (judged.found, judged.slices, judged.false, judged.merged, judged.again, judged.nested) == (
        2,
        2,
        0,
        0,
        0,
        0,
    )
    assert judged.overlap == judged.precision_10 == judged.precision_25 == 1


@pytest.mark.parametrize(
    ("slices", "expected"),
    [
        ([rows((50, 60))], {"found": 0, "false": 1}),
        ([rows((0, 4), (50, 55))], {"found": 0, "false": 1}),
        ([rows((0, 10), (10, 20))], {"found": 2, "false": 0, "merged": 1}),
        ([rows((10, 20)), rows((20, 30))], {"found": 1, "again": 1}),
        ([rows((10, 30)), rows((12, 20))], {"again": 1, "nested": 2}),
        ([rows((0, 4))], {"found": 0, "false": 0}),
        ([], {"found": 0, "slices": 0, "overlap": 0}),
    ],
)
def test_judgement_of_slices_that_miss(slices, expected):
    judged = judge(slices, memberships(GROUP))
    assert {name: getattr(judged, name) for name in expected} == expected


def test_precision_looks_at_the_first_clips_of_the_best_slice():
    judged = judge([rows((50, 55), (10, 30))], memberships(GROUP))
    assert judged.precision_10 == pytest.approx((0 + 5 / 10) / 2)
    assert judged.precision_25 == pytest.approx((0 + 20 / 20) / 2)


def test_clips_of_two_problems_count_for_both():
    membership = np.zeros((3, 100), dtype=bool)
    membership[0, :30], membership[1, 20:50], membership[2, 20:30] = True, True, True
    judged = judge([rows((0, 30)), rows((30, 50))], membership)
    assert (judged.found, judged.false, judged.merged, judged.again) == (2, 0, 0, 0)
    # A slice of the clips that have both is one of the smallest group that it fits, so it isn't said again.
    assert judge([rows((0, 20)), rows((20, 30))], membership).again == 0


def test_without_groups_every_slice_is_false():
    judged = judge([rows((0, 10))], np.zeros((0, 100), dtype=bool))
    assert (judged.false, judged.found) == (1, 0)
    assert np.isnan([judged.overlap, judged.precision_10]).all()


def test_data_folder_gives_back_what_was_written(tmp_path):
    overlapping = np.zeros((2, 100), dtype=bool)
    overlapping[0, :10], overlapping[1, 5:20] = True, True
    written = [small_set("a"), small_set("b", membership=overlapping), small_set("c", kind="other")]
    assert data_set.write(tmp_path, written) == 3
    for before, entry in zip(written, data_set.entries(tmp_path), strict=True):
        after = entry.load()
        assert (after.name, after.kind) == (before.name, before.kind)
        assert (after.min_support, after.min_drop) == (before.min_support, before.min_drop)
        for name in ("vectors", "membership"):
            np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
        np.testing.assert_array_equal(after.costs.numerator, before.costs.numerator)
        np.testing.assert_array_equal(after.costs.denominator, before.costs.denominator)
    assert [entry.name for entry in data_set.entries(tmp_path, each=1)] == ["a", "c"]
    assert [entry.name for entry in data_set.entries(tmp_path, ["[bc]"])] == ["b", "c"]


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=5, unique=True), max_size=3),
    )
)
def test_file_of_slices_gives_back_what_was_written(tmp_path_factory, slices):
    path = tmp_path_factory.mktemp("slices") / "method.csv"
    file = answers.Answers(path)
    for name, of_set in slices.items():
        file.add(name, [np.array(members) for members in of_set], 0.5)
    assert {n: [m.tolist() for m in of_set] for n, of_set in answers.read(path).items()} == slices
    assert answers.read_seconds(path) == dict.fromkeys(slices, 0.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set,rows\na,1\n", "row, slice"),
        ("set,slice,row\na,0,x\n", "line 2"),
        ("set,slice,row\na,0,100\n", "0 to 99"),
        ("set,slice,row\na,0,4\na,0,4\n", "twice"),
        ("set,slice,row\nz,0,4\n", "no such data set"),
    ],
)
def test_what_is_wrong_with_a_file_of_slices_is_named(tmp_path, text, message):
    data_set.write(tmp_path / "data", [small_set()])
    path = tmp_path / "method.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        Scores(tmp_path / "data", [path], common=False)


def test_tables_have_means_over_the_sets_that_were_tried(tmp_path):
    data_set.write(tmp_path / "data", [small_set("a"), small_set("b"), small_set("c")])
    for name, lines in {
        "mine": [f"a,0,{row}" for row in range(10)] + ["b,,"],
        "theirs": [f"a,7,{row}" for row in range(50, 60)],
    }.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(["set,slice,row", *lines]) + "\n")
    files = [tmp_path / "mine.csv", tmp_path / "theirs.csv"]
    table = Scores(tmp_path / "data", files, common=False).by_method("blobs")
    assert "| mine | 2 | 0.50 ± 0.50 | 0.50 | 0.00 ± 0.00 |" in table
    assert "| theirs | 1 | 0.00 | 1.00 | 1.00 |" in table
    assert "| mine | 1 | 1.00 | 1.00 |" in Scores(tmp_path / "data", files, common=True).by_method("blobs")


@pytest.mark.parametrize("case", hard_cases.CASES)
def test_hard_cases_are_what_they_say(case):
    data = hard_cases.make(case, 1, n=500)
    n = len(data.vectors)
    assert data.vectors.dtype == np.float32
    assert len(data.errors) == len(data.words) == len(data.group) == data.membership.shape[1] == n == 500
    assert data.membership.shape[0] == data.k == len(data.problem)
    for membership in (data.membership, data.problems):
        np.testing.assert_array_equal(membership.any(axis=0), data.group > 0)
    again = hard_cases.make(case, 1, n=500)
    np.testing.assert_array_equal(again.vectors, data.vectors)
    np.testing.assert_array_equal(again.errors, data.errors)


def test_groups_of_the_other_generator_are_as_large_as_said():
    data = held_out(1000, "hard", 3)
    assert np.bincount(data.group + 1)[1:].tolist() == [6, 10, 15, 25, 40]
