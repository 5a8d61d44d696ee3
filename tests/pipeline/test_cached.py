"""Trees and maps of a data set come from the cache that is given, and a cache that can't be written is no failure."""

from dataclasses import replace

import numpy as np
import pytest

from slicecore.clustering import neighbours
from slicecore.pipeline import analyse


@pytest.fixture
def data(make_data):
    return make_data(40, seconds=0.1)


def same(first, second):
    trees = zip(first.hierarchy.trees, second.hierarchy.trees, strict=True)
    return np.array_equal(first.positions, second.positions, equal_nan=True) and all(
        np.array_equal(tree.order, other.order) and np.array_equal(tree.end, other.end)
        for tree, other in trees
    )


def test_the_second_analysis_builds_and_lays_out_nothing(data, cache, monkeypatch):
    first = analyse(data, cache=cache)
    for builder in ("clustering.hierarchy.build_hierarchy", "display.projection.project"):
        monkeypatch.setattr(f"slicecore.{builder}", lambda *_, **__: pytest.fail("made again"))
    assert same(analyse(data, cache=cache), first)


def test_other_constants_make_another_tree_and_map(data, cache, monkeypatch):
    analyse(data, cache=cache)
    monkeypatch.setattr(neighbours, "SETTINGS", replace(neighbours.SETTINGS, aim=0.99))
    analyse(data, cache=cache)
    for folder in ("trees", "maps"):
        assert len(list((cache / folder).iterdir())) == 2


def test_folders_that_can_not_be_written_are_no_failure(data, cache, caplog):
    cache.mkdir()
    for name in ("trees", "maps"):
        (cache / name).write_text("a file where the folder should be")
    assert analyse(data, cache=cache).positions.shape == (40, 2)
    assert "Nothing can be stored" in caplog.text
