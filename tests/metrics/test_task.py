"""Kinds of task, recognised by references and predictions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import slicecore as sc
from slicecore.metrics import Task, task_of, usual_metric

SENTENCES = ["turn the lights off", "what time is it", "play some music", "stop"] * 10
HEARD = ["turn the light off", "what time is", "play some music", "stop it"] * 10
WORDS = ["yes", "no", "stop", "go"] * 10
RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("reference", "prediction", "task", "metric"),
    [
        (SENTENCES, HEARD, Task.TRANSCRIPTS, "wer"),
        ([f"{i} apples" for i in range(40)], [f"{i} apple" for i in range(40)], Task.TRANSCRIPTS, "wer"),
        (["今天天气很好", "我们去公园吧"] * 8, ["今天天气好", "我们公园吧"] * 8, Task.TRANSCRIPTS, "cer"),
        (WORDS, WORDS[::-1], Task.LABELS, "error_rate"),
        (WORDS, ["YES "] * 40, Task.LABELS, "error_rate"),
        (WORDS, ["yes", "no", "stop it", "go"] * 10, Task.TRANSCRIPTS, "wer"),
        (["3", "1", "4", "1"] * 10, ["3", "1", "4", "2"] * 10, Task.LABELS, "error_rate"),
        (["3.5", "2.25"] * 10, ["3.1", "2"] * 10, Task.SCORES, "mae"),
        (list(range(100)), list(range(1, 101)), Task.SCORES, "mae"),
        (["0", "1"] * 20, [f"{value:.3f}" for value in RANDOM.uniform(size=40)], Task.DETECTION, "detection"),
        (["no", "Yes"] * 20, RANDOM.normal(size=40).tolist(), Task.DETECTION, "detection"),
        (["spoof", "bonafide"] * 20, [f"{value:.0f}" for value in range(40)], Task.DETECTION, "detection"),
        (["0", "1"] * 20, ["0", "1", "1", "0"] * 10, Task.LABELS, "error_rate"),
        (["right", "left"] * 20, RANDOM.normal(size=40).tolist(), Task.TRANSCRIPTS, "wer"),
        ([], [], Task.TRANSCRIPTS, "wer"),
        (["", None, float("nan")], ["a", "b", "c"], Task.TRANSCRIPTS, "wer"),
    ],
)
def test_the_kind_of_task_and_its_metric(reference, prediction, task, metric):
    assert task_of(reference, prediction) == task
    assert usual_metric(reference, prediction) == metric


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.randoms())
def test_numbers_are_never_transcripts(numbers, random):
    shuffled = random.sample(numbers, len(numbers))
    assert task_of(list(map(str, numbers)), list(map(repr, shuffled))) != Task.TRANSCRIPTS


def test_a_table_of_labels_is_searched_by_the_error_rate(tmp_path):
    wrong = np.arange(60) < 12
    frame = pd.DataFrame(
        {
            "label": ["yes", "no", "stop"] * 20,
            "prediction": np.where(wrong, "no", ["yes", "no", "stop"] * 20),
            "device": np.where(wrong, "phone", "headset"),
        }
    )
    result = sc.find_slices(frame, reference="label", prediction="prediction", explain=False, shuffles=19)
    assert result.metric == "error_rate"
    assert [each.label for each in result.metadata_slices] == ["device = phone"]
    result.save(tmp_path)
    written = pd.read_csv(tmp_path / "labels.csv", keep_default_na=False).set_index(["slice_id", "label"])
    assert written.loc[("", "yes"), ["clips", "errors", "taken_for"]].tolist() == [20, 4, "no"]
    cells = pd.read_csv(tmp_path / "confusion.csv", keep_default_na=False)
    cells = cells[cells["slice_id"] == ""].set_index(["reference", "prediction"])
    assert cells.loc[("yes", "no"), ["clips", "share_of_reference"]].tolist() == [4, 0.2]
    assert cells["clips"].sum() == 60


def test_a_table_of_detection_is_searched_at_a_threshold(tmp_path):
    wrong = np.arange(60) < 12
    targets = np.arange(60) % 2
    frame = pd.DataFrame(
        {
            "label": targets,
            "prediction": np.where(wrong, 1 - targets, targets) * 0.8 + np.linspace(0, 0.1, 60),
            "device": np.where(wrong, "phone", "headset"),
        }
    )
    result = sc.find_slices(frame, reference="label", prediction="prediction", explain=False, shuffles=19)
    assert result.metric == "detection" and 0.1 < result.record()["threshold"] == result.threshold < 0.8
    assert [each.label for each in result.metadata_slices] == ["device = phone"]
    result.save(tmp_path)
    written = pd.read_csv(tmp_path / "detection.csv", keep_default_na=False).set_index("slice_id")
    counts = ["nontargets", "false_accepts", "targets", "false_rejects"]
    assert written.loc["", counts].tolist() == [30, 6, 30, 6]
    assert written["false_accept_rate_low"].tolist()[0] == pytest.approx(0.095, abs=0.001)
    everything = sc.find_slices(frame, threshold=0, metric="detection", explain=False, shuffles=0)
    assert everything.scan.overall == 0.5
