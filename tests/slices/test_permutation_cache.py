"""p values from cached shuffles are the same, and nothing is shuffled for them."""

import dataclasses

import invented
import pytest

from slicecore import build_hierarchy
from slicecore.slices import cluster_null, permutation_cache
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner


@pytest.fixture(scope="module")
def table():
    """Three bad groups of different size: more than one round of shuffles."""
    vectors, costs, _ = invented.speech(bad=((40, 0.6), (20, 0.5), (12, 0.4)))
    return build_hierarchy(vectors), costs


def _answers(table, cache=None):
    return [(slice_.id, slice_.p_value, slice_.tier) for slice_ in Scanner(*table, cache=cache).scan().slices]


def test_the_second_scan_shuffles_nothing(table, tmp_path, monkeypatch):
    without = _answers(table)
    assert without
    assert _answers(table, tmp_path) == without

    def shuffled(*arguments):
        raise AssertionError("shuffled again")

    monkeypatch.setattr(cluster_null, "largest_standing", shuffled)
    assert _answers(table, tmp_path) == without


def test_other_errors_are_shuffled_anew(table, tmp_path):
    hierarchy, costs = table
    other = dataclasses.replace(costs, numerator=costs.numerator[::-1].copy())
    _answers(table, tmp_path)
    assert _answers((hierarchy, other), tmp_path) == _answers((hierarchy, other))


def test_other_constants_are_shuffled_anew(table, tmp_path, monkeypatch):
    _answers(table, tmp_path)
    before = set((tmp_path / "shuffles").iterdir())
    other = dataclasses.replace(cluster_null.SETTINGS, price_of_disagreement=1.0)
    monkeypatch.setattr(cluster_null, "SETTINGS", other)
    assert _answers(table, tmp_path) == _answers(table)
    assert set((tmp_path / "shuffles").iterdir()) > before


def test_a_damaged_file_is_made_again(table, tmp_path, caplog):
    without = _answers(table, tmp_path)
    for path in (tmp_path / "shuffles").iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert _answers(table, tmp_path) == without
    assert "damaged" in caplog.text
    caplog.clear()
    assert _answers(table, tmp_path) == without
    assert not caplog.text


def test_the_oldest_sets_go_but_never_that_of_all_clips(table, tmp_path, monkeypatch):
    monkeypatch.setattr(permutation_cache, "MOST_SETS", 1)
    scanner = Scanner(*table, cache=tmp_path)
    for support in (5, 10, 20, 30, 40):
        scanner.scan(Options(min_support=support))
    names = sorted(path.stem for path in (tmp_path / "shuffles").iterdir())
    assert len(names) == 2 and names[1].startswith(f"{names[0]}-")


def test_a_folder_that_can_not_be_written_is_no_failure(table, tmp_path, caplog):
    (tmp_path / "shuffles").write_text("a file where the folder should be")
    assert _answers(table, tmp_path) == _answers(table)
    assert "Nothing can be stored" in caplog.text
