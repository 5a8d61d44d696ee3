"""Steps of an analysis beside one another: the same results, and an end where it was asked for."""

import threading

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import Cancelled, MetricError
from slicecore.pipeline import CLUSTERING, analysis, search
from slicecore.slices import cluster_null


@pytest.fixture
def frame():
    """Clips of which those in one place are badly recognised."""
    rng = np.random.default_rng(0)
    bad = np.arange(400) < 60
    return pd.DataFrame(
        {
            "id": np.arange(400),
            "sentence": ["one two three four"] * 400,
            "prediction": np.where(bad | (rng.random(400) < 0.1), "one too three", "one two three four"),
            "speaker": rng.integers(0, 40, 400).astype(str),
            "device": np.where(bad, "phone", rng.choice(["phone", "headset"], 400)),
            "vector": list(rng.normal(size=(400, 6)) + 5 * bad[:, None]),
        }
    )


def found(frame, cache):
    return sc.find_slices(frame, model="column:vector", cache=cache, shuffles=299)


@pytest.fixture
def beside(monkeypatch):
    """Clips of any number are worth a thread."""
    for module in (analysis, search, cluster_null):
        monkeypatch.setattr(module, "worth_a_thread", lambda clips: True)


def test_steps_beside_one_another_give_what_they_give_in_turn(frame, tmp_path, request):
    in_turn = found(frame, tmp_path / "turn")
    request.getfixturevalue("beside")
    result = found(frame, tmp_path / "beside")
    assert len(result.slices) == 1
    pd.testing.assert_frame_equal(result.to_frame(), in_turn.to_frame())
    assert [each.label for each in result.metadata_slices] == [each.label for each in in_turn.metadata_slices]
    assert result.explanations == in_turn.explanations
    assert result.wrong_references == in_turn.wrong_references
    pd.testing.assert_frame_equal(result.measurements.table, in_turn.measurements.table)


def test_an_error_in_the_texts_comes_out_whatever_the_trees_do(frame, tmp_path, beside, monkeypatch):
    def fail(*_):
        raise MemoryError("texts")

    monkeypatch.setattr("slicecore.measurements.measuring.measure_text", fail)
    with pytest.raises(MemoryError, match="texts"):
        found(frame, tmp_path)


def test_costs_that_can_not_be_counted_end_the_trees(frame, tmp_path, beside):
    with pytest.raises(MetricError, match="threshold"):
        sc.find_slices(frame, model="column:vector", cache=tmp_path, metric="wer", threshold=0.5)
    assert not list(tmp_path.rglob("counts/*"))  # no text was measured
    assert not [each for each in threading.enumerate() if each.name.startswith(("beside", "parts"))]


@pytest.mark.parametrize("measure", [True, False])
def test_errors_are_counted_once_and_first(frame, tmp_path, measure):
    data, calls = sc.read(frame, prediction="prediction"), []

    def first():
        calls.append(list(tmp_path.rglob("*.arrays")))

    analysis.analyse(data, "column:vector", layout=None, measure=measure, cache=tmp_path, first=first)
    assert calls == [[]]


@pytest.mark.parametrize("measure", [True, False])
def test_clustering_ends_where_it_was_asked_to(frame, tmp_path, measure):
    cancel = threading.Event()

    def progress(step, done, total):
        if step == CLUSTERING:
            cancel.set()

    data = sc.read(frame, prediction="prediction")
    with pytest.raises(Cancelled):
        analysis.analyse(
            data,
            "column:vector",
            layout=None,
            measure=measure,
            cache=tmp_path,
            progress=progress,
            cancel=cancel,
        )
    again = analysis.analyse(data, "column:vector", layout=None, measure=measure, cache=tmp_path)
    assert again.hierarchy.n == 400
