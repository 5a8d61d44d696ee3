"""Predictions in files of their own, joined to the clips of a table."""

import pandas as pd
import pytest
from little_table import PREDICTIONS, ROWS, json_lines
from test_speech_formats import IDS, hyp_by_file, hyp_frame, hyp_trn

from slicecore.errors import TableError
from slicecore.table.dataset import read
from slicecore.table.predictions import named_files


def test_several_models_are_joined_and_named(tmp_path):
    first = "MODEL_openai-whisper-tiny_DATASET_x_test.jsonl"
    hyp_by_file(tmp_path).rename(tmp_path / first)
    table = pd.DataFrame(ROWS)
    data = read(table, predictions=[tmp_path / first, hyp_frame(tmp_path)])
    assert data.roles.predictions == ("pred_text", "openai-whisper-tiny", "predictions 2")
    assert all(texts.tolist() == PREDICTIONS for texts in data.predictions.values())
    data = read(table, prediction="b", predictions={"a": hyp_frame(tmp_path), "b": hyp_trn(tmp_path)})
    assert data.roles.predictions == ("b", "a")


def test_parts_of_one_file_are_joined_by_their_starts(tmp_path):
    rows = [{"audio_filepath": "a.wav", "offset": at, "duration": 1, "text": f"t{at}"} for at in (0, 1, 2.5)]
    (tmp_path / "ref.jsonl").write_text(json_lines(rows))
    (tmp_path / "h.jsonl").write_text(json_lines([row | {"pred_text": row["text"]} for row in rows[::-1]]))
    data = read(tmp_path / "ref.jsonl", predictions=tmp_path / "h.jsonl")
    assert data.prediction.tolist() == ["t0", "t1", "t2.5"]


def test_a_column_of_the_same_name_is_a_key_where_nothing_else_is():
    table = pd.DataFrame({"text": ["a", "b"], "utt": [1, 2], "device": ["x", "x"]})
    other = pd.DataFrame({"hyp": ["b", "a"], "utt": [2, 1], "device": ["x", "x"]})
    assert read(table, predictions={"m": other}).prediction.tolist() == ["a", "b"]


def test_predictions_without_a_clip_and_clips_without_one_are_told(tmp_path):
    (tmp_path / "hyp.trn").write_text("x (anna-1)\ny (nobody-1)\nz (nobody-2)\n")
    with pytest.warns(UserWarning) as told:
        data = read(pd.DataFrame(ROWS), predictions=[tmp_path / "hyp.trn"])
    assert [str(warning.message) for warning in told] == list(data.notes)
    assert data.notes == (
        "“hyp.trn” has no prediction for 5 of 6 clips, first bob-0, bob-2, anna-3; theirs count as empty.",
        "Left out: 2 predictions of “hyp.trn” for no clip, first nobody-1, nobody-2.",
    )


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"m": pd.DataFrame({"id": ["x"], "hyp": ["y"]})},
            r"No prediction of “m” belongs.*id “bob-0”.*id “x”",
        ),
        ({"m": pd.DataFrame({"id": [IDS[0]] * 2, "hyp": ["y", "z"]})}, "several predictions for “bob-0”"),
        (
            {"m": pd.DataFrame({"id": IDS, "other": IDS})},
            r"no column of predictions\. Its columns are id, other",
        ),
        ({"speaker": hyp_frame(None)}, "has a column “speaker” already"),
        (["/nowhere/a.trn"], "no file"),
        (["/x/a.trn", "/y/a.trn"], "called “a”"),
        ({" ": hyp_frame(None)}, "empty name"),
        (5, "not int"),
        (pd.DataFrame({"id": ["x"], "hyp": ["y"]}), "No prediction of “predictions 1” belongs"),
    ],
)
def test_faults_of_predictions_are_named(files, message):
    with pytest.raises(TableError, match=message):
        read(pd.DataFrame(ROWS), predictions=files)


@pytest.mark.parametrize("entry", ["base=", "=base.trn", "", "="])
def test_a_name_without_a_file_of_predictions_is_refused(entry):
    with pytest.raises(TableError, match="Write NAME=FILE, or FILE alone"):
        named_files([entry])
    assert named_files(["m=" + "x" * 400]) == {"m": "x" * 400}


def test_a_column_that_is_not_there_is_named_before_anything_is_joined(tmp_path):
    with pytest.raises(TableError, match="There is no column “nope”"):
        read(pd.DataFrame(ROWS), id="nope", predictions=[hyp_trn(tmp_path)])
    parts = pd.DataFrame({"utt": ["a"], "text": ["x"], "start": [0.0], "end": [1.0]})
    (tmp_path / "words.ctm").write_text("a 1 0.1 0.2 x\n")
    with pytest.raises(TableError):
        read(parts, id="utt", start="start", end="end", predictions=[tmp_path / "words.ctm"])
