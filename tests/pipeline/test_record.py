"""Record of a run: what was searched and how, and reasons of clips without a vector."""

import json
import platform
from dataclasses import asdict
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.embedding import Embeddings, labels
from slicecore.pipeline.record import reasons_without_vector


def embeddings(label, reasons):
    vectors = np.ones((4, 2), dtype=np.float32)
    vectors[list(reasons)] = np.nan
    return Embeddings(
        vectors=vectors, valid=np.isfinite(vectors).all(axis=1), reasons=reasons, model=label, label=label
    )


@pytest.mark.parametrize(
    ("of_signal", "of_speaker", "reasons"),
    [
        ({1: "no such file"}, {1: "no such file"}, {1: "no such file"}),
        ({}, {2: "under 0.5 s of sound"}, {2: "speaker: under 0.5 s of sound"}),
        (
            {1: "breaks off"},
            {1: "under 0.5 s of sound", 0: "silent"},
            {0: "speaker: silent", 1: "signal: breaks off; speaker: under 0.5 s of sound"},
        ),
    ],
)
def test_a_reason_stands_alone_where_all_embeddings_have_it(of_signal, of_speaker, reasons):
    found = reasons_without_vector([embeddings("signal", of_signal), embeddings("speaker", of_speaker)])
    assert found == reasons
    assert list(found) == sorted(found)


N = 60
BAD = np.arange(N) < 15


def table(**columns):
    return pd.DataFrame(
        {
            "name": [f"c{i}" for i in range(N)],
            "said": "one two three four",
            "small": np.where(BAD, "won too three four", "one two three four"),
            "large": np.where(np.arange(N) < 3, "one two three", "one two three four"),
            "device": np.where(BAD, "phone", "desk"),
            "speaker": [f"s{i % 9}" for i in range(N)],
            **columns,
        }
    )


def saved(result, folder):
    """The record as a saved run has it, which is JSON for any reader."""
    result.save(folder)

    def refuse(name):
        pytest.fail(f"{name} is no JSON")

    return json.loads((folder / "run.json").read_text(), parse_constant=refuse)


def test_a_record_says_what_was_compared_and_how_it_was_searched(tmp_path):
    path = tmp_path / "calls.csv"
    table().to_csv(path, index=False)
    options = {"min_support": 0.1, "min_drop": 0.5, "relative": True, "against": "rest", "shuffles": 19}
    result = sc.find_slices(
        path,
        reference="said",
        prediction="small",
        compare_with="large",
        id="name",
        group="speaker",
        model="none",
        metric="cer",
        normalisation="none",
        explain=False,
        **options,
    )
    record = saved(result, tmp_path / "out")
    assert record["table"] == str(path)
    assert {name: column for name, column in record["columns"].items() if column} == {
        "reference": "said",
        "prediction": "small",
        "compared_with": "large",
        "id": "name",
        "group": "speaker",
    }
    assert record["columns"].keys() >= {"audio", "start", "end"}
    assert (record["metric"], record["normalisation"]) == ("cer", "none")
    assert (record["threshold"], record["is_mean"], record["higher_is_better"]) == (None, False, False)
    assert record["options"] == asdict(sc.Options(**options))
    assert record["min_support"] == 6
    assert record["min_drop"] == pytest.approx(0.5 * result.costs.model_costs.value()) == result.scan.min_drop
    assert record["clips"] == N
    assert record["overall_value"] == pytest.approx(result.costs.value())
    assert record["slices"] == 0 and record["errors_explained"] is None, "there are no clusters"
    assert record["metadata_slices"] == len(result.metadata_slices) > 0
    assert datetime.fromisoformat(record["time"]) == result.time.replace(microsecond=0)
    assert record["versions"]["python"] == platform.python_version()


@pytest.mark.parametrize("models", [("org/voices", "org/accents"), ()])
def test_a_record_names_the_models_that_labelled_the_clips(tmp_path, monkeypatch, models):
    asked = []
    monkeypatch.setattr(labels, "with_attributes", lambda data, names, **_: asked.extend(names) or data)
    result = sc.find_slices(
        table(),
        reference="said",
        prediction="small",
        model="none",
        attributes=models,
        explain=False,
        shuffles=0,
    )
    assert saved(result, tmp_path / "out")["attributes"] == asked == list(models)


def test_a_record_of_clusters_says_what_they_explain(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(N, 3)) + 20 * BAD[:, None]
    vectors[40] = np.nan
    frame = table(vector=list(vectors)).rename(columns={"said": "reference", "small": "prediction"})
    data = sc.from_table(frame, name="in memory", id="name")
    result = sc.find_slices(data, model="column:vector", explain=False, shuffles=0, min_support=5)
    record = saved(result, tmp_path / "out")
    assert record["table"] == "in memory"
    assert record["columns"]["prediction"] == result.data.roles.predictions[0]
    assert record["embeddings"] == ["column:vector"] and len(record["made_by"]) == 1
    assert record["slices"] == len(result.slices) == 1
    assert record["errors_explained"] == pytest.approx(result.scan.explained)
    assert list(record["clips_without_vector"]) == ["c40"] and record["clips_without_vector"]["c40"]


@pytest.mark.parametrize("threshold", [0.5, 0.6])
def test_a_record_has_the_threshold_of_a_detector(tmp_path, threshold):
    is_target = np.arange(N) % 2
    scores = np.where(BAD, 1 - is_target, is_target) * 0.6 + 0.2
    frame = table(said=is_target, small=scores).drop(columns="large")
    result = sc.find_slices(
        frame,
        reference="said",
        prediction="small",
        model="none",
        threshold=threshold,
        explain=False,
        shuffles=0,
    )
    record = saved(result, tmp_path / "out")
    assert (record["metric"], record["threshold"], record["is_mean"]) == ("detection", threshold, False)


def test_a_record_says_which_way_a_mean_goes(tmp_path):
    frame = table(mos=np.where(BAD, 2.0, 4.0))[["name", "mos", "device"]]
    result = sc.find_slices(
        frame, mean_of="mos", higher_is_better=True, model="none", explain=False, shuffles=0, min_drop=0.5
    )
    record = saved(result, tmp_path / "out")
    assert (record["metric"], record["is_mean"], record["higher_is_better"]) == ("mos", True, True)
    assert record["overall_value"] == 3.5


def test_what_is_no_number_is_none_in_a_record(tmp_path):
    frame = table(said="").drop(columns="large")
    result = sc.find_slices(
        frame, reference="said", prediction="small", metric="wer", model="none", explain=False, shuffles=0
    )
    record = saved(result, tmp_path / "out")
    assert record["overall_value"] is None
