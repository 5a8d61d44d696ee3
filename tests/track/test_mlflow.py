"""Results in MLflow, read back from a store in a folder."""

import re
import sys

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.cli.commands import main
from slicecore.errors import SlicecoreError
from slicecore.track.numbers import numbers_of
from slicecore.transfer.defining import NamedSlice

N = 60
BAD = np.arange(N) < 12


@pytest.fixture(scope="module")
def mlflow():
    return pytest.importorskip("mlflow", reason="MLflow is not installed", exc_type=ImportError)


@pytest.fixture
def client(mlflow, tmp_path, monkeypatch):
    """The client of an empty store."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.chdir(tmp_path)
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri((tmp_path / "store").as_uri())
    mlflow.set_experiment("calls")
    yield mlflow.MlflowClient()
    mlflow.set_tracking_uri(before)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """A search in which one slice is there: twelve clips of one room, with words that nobody spoke."""
    folder = tmp_path_factory.mktemp("calls")
    vectors = np.random.default_rng(0).normal(size=(N, 3))
    vectors[BAD] += 50
    np.save(folder / "vectors.npy", vectors)
    frame = pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(N)],
            "reference": ["a b c d e"] * N,
            "prediction": np.where(BAD, "a b c" + " x" * 12, "a b c d e"),
            "room": np.where(BAD, "hall", "desk"),
        }
    )
    frame.loc[40, "prediction"] = "a b c d f"
    frame.to_csv(folder / "calls.csv", index=False)
    return sc.find_slices(folder / "calls.csv", model=str(folder / "vectors.npy"), min_support=5, shuffles=99)


def defined(result, *names):
    slices = [NamedSlice(name, result.slices[0]) for name in names]
    return sc.define(slices, result.data, result.costs)


def test_numbers_parameters_and_files_are_read_back(client, result):
    tracked = sc.track.mlflow(result, name="v1", tags={"branch": "main"})
    run = client.get_run(tracked.run_id)
    (slice_,) = result.slices
    (first,) = tracked.slices.values()
    assert run.info.status == "FINISHED" and run.info.run_name == "v1"
    assert run.data.metrics == pytest.approx(tracked.metrics)
    assert run.data.metrics["overall/wer"] == pytest.approx(result.scan.overall)
    assert run.data.metrics["overall/wer_low"] < result.scan.overall < run.data.metrics["overall/wer_high"]
    measured = {name.rsplit("/", 1)[1]: value for name, value in tracked.metrics.items() if first in name}
    assert measured == pytest.approx(
        {
            "wer": slice_.value,
            "wer_low": slice_.interval[0],
            "wer_high": slice_.interval[1],
            "drop": slice_.drop,
            "support": 12,
            "share_of_errors": slice_.share,
        }
    )
    assert run.data.params["slicecore.metric"] == "wer" and run.data.params["slicecore.min_support"] == "5"
    assert run.data.params["slicecore.prediction"] == "prediction"
    assert run.data.tags["branch"] == "main"
    assert result.explanations[slice_.id].sentence in run.data.tags["slicecore.slices"]
    assert run.data.tags["mlflow.note.content"] == run.data.tags["slicecore.slices"]
    files = {file.path for file in client.list_artifacts(tracked.run_id, "slicecore")}
    names = ("report.html", "slices.csv", "metadata_slices.csv", "run.json")
    assert files == {f"slicecore/{name}" for name in names}


def test_an_active_run_goes_on_and_keeps_its_own(client, mlflow, result):
    with mlflow.start_run(run_name="training") as active:
        mlflow.log_param("metric", "loss")
        tracked = sc.track.mlflow(result, step=3, report=False)
        with pytest.raises(SlicecoreError, match="run “training” is active"):
            sc.track.mlflow(result, name="v1")
        assert tracked.run_id == active.info.run_id and mlflow.active_run() is not None
    history = client.get_metric_history(tracked.run_id, "overall/wer")
    assert [metric.step for metric in history] == [3]
    run = client.get_run(tracked.run_id)
    assert run.data.params["metric"] == "loss" and "mlflow.note.content" not in run.data.tags
    assert "slicecore/report.html" not in {
        f.path for f in client.list_artifacts(run.info.run_id, "slicecore")
    }


def test_what_mlflow_refuses_is_a_sentence(client, mlflow, result):
    with mlflow.start_run():
        mlflow.log_param("slicecore.metric", "cer")
        with pytest.raises(SlicecoreError, match=r"^MLflow \(.*\) refuses the result: .*param"):
            sc.track.mlflow(result, report=False)


def test_defined_slices_keep_their_names_and_collisions_are_told(client, result, tmp_path):
    defined(result, "Hall/loud", "Hall_loud", "Nothing else").save(tmp_path / "slices.yaml")
    tracked = sc.track.mlflow(result, definitions=tmp_path / "slices.yaml", experiment="b", report=False)
    again = sc.track.mlflow(result, definitions=tmp_path / "slices.yaml", experiment="b", report=False)
    assert again.slices == tracked.slices
    assert tracked.slices["Nothing else"] == "slices/Nothing else"
    assert re.fullmatch("slices/Hall_loud-[0-9a-f]{4}", tracked.slices["Hall/loud"])
    assert tracked.slices["Hall/loud"] != tracked.slices["Hall_loud"]
    assert "“Hall/loud” is Hall_loud-" in tracked.notes[0]
    assert tracked.metrics["slices/Nothing else/wer"] == pytest.approx(result.slices[0].value)
    assert not any(name.startswith("new/") for name in tracked.metrics), (
        "the slice of the scan is a defined one"
    )
    files = {file.path for file in client.list_artifacts(tracked.run_id, "slicecore")}
    assert "slicecore/slices.yaml" in files
    assert client.get_experiment_by_name("b") is not None


def test_a_confirmed_slice_without_definition_is_new(client, result):
    other = sc.define([NamedSlice("Desk", result.scanner.group(~BAD))], result.data, result.costs)
    tracked = sc.track.mlflow(result, definitions=other, report=False)
    (name,) = {name.split("/")[1] for name in tracked.metrics if name.startswith("new/")}
    assert tracked.metrics[f"new/{name}/support"] == 12


def test_runs_of_gates_are_steps(client, result, tmp_path):
    definitions = defined(result, "Hall")
    for version in ("v1", "v2"):
        gate = sc.gate.check(definitions, result.data, name=version)
        gate.run.save(tmp_path / "runs" / f"{version}.json")
    tracked = sc.track.mlflow(result, history=tmp_path / "runs", report=False)
    history = client.get_metric_history(tracked.run_id, "history/Hall/wer")
    assert [(metric.step, metric.value) for metric in history] == [
        (step, pytest.approx(result.slices[0].value)) for step in (0, 1)
    ]
    assert client.get_metric_history(tracked.run_id, "history/whole table/wer")[1].step == 1


def test_a_metric_has_a_name_of_its_own(result):
    options = {"model": str(result.data.path.with_name("vectors.npy")), "explain": False, "shuffles": 0}
    table = result.data.table.assign(large=result.data.reference)
    costs = sc.metrics.mean_of(np.where(BAD, 5.0, 1.0), "support")
    for more, name, value in (
        ({"metric": costs}, "support_value", 5),
        ({"compare_with": "large"}, "wer_difference", result.slices[0].value),
    ):
        found = sc.find_slices(table, prediction="prediction", **options, **more)
        numbers = {each.name: each.value for each in numbers_of(found, 0, None, None).numbers}
        of_slice = {
            key.rpartition("/")[2]: each for key, each in numbers.items() if key.startswith("slices/")
        }
        assert of_slice[name] == pytest.approx(value) and of_slice["support"] == 12
        assert f"overall/{name}_low" in numbers


def test_without_mlflow_the_extra_is_named(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(SlicecoreError, match=r"pip install 'slicecore\[track\]'"):
        sc.track.mlflow(result)


def test_the_command_logs_what_it_finds(client, result, monkeypatch, capsys):
    table = result.data.path
    options = ("--embedding", table.with_name("vectors.npy"), "--shuffles", 0, "--no-explain", "--no-report")
    arguments = ["slicecore", "track", table, *options, "--experiment", "nightly", "--name", "v2"]
    monkeypatch.setattr(sys, "argv", [*map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (None, 0)
    (run,) = client.search_runs([client.get_experiment_by_name("nightly").experiment_id])
    assert run.info.run_name == "v2" and run.data.metrics["overall/slices"] == 1
    assert f"to the MLflow run {run.info.run_id}" in capsys.readouterr().out
