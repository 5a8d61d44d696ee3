import json

import numpy as np
import pandas as pd
import pytest
from command import run

from slicecore import __version__
from slicecore.explain.causes import CAUSES


def test_scan_writes_slices_clips_and_the_record_of_the_run(table, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    options = ("--min-support", 5, "--min-drop", 0.2, "--errors", "--out", out, "--tasks", out / "tasks.json")
    (tmp_path / "words.txt").write_text("two three\nwon\n")
    options += ("--tasks-of", "slices", "--words", tmp_path / "words.txt", "--word-classes")
    assert run(monkeypatch, "scan", table, *options) == 0
    assert pd.read_csv(out / "words.csv").recognised.tolist() == [30, 0]
    classes = pd.read_csv(out / "word_classes.csv", keep_default_na=False).set_index(["slice_id", "class"])
    assert classes.errors["", "number"] == 40 and "name" not in classes.index.levels[1]
    tasks = json.loads((out / "tasks.json").read_text())
    assert [task["data"]["clip_id"] for task in tasks] == [f"c{i}" for i in range(30, 40)]
    assert (out / "tasks.xml").exists()
    clips = pd.read_csv(out / "clips.csv", keep_default_na=False)
    errors = pd.read_csv(out / "errors.csv")
    assert len(errors) == clips.errors.sum() and set(errors.slice_id) == set(clips.slice_id) - {""}
    slices = pd.read_csv(out / "slices.csv")
    record = json.loads((out / "run.json").read_text())
    assert list(clips.id[clips.slice_id != ""]) == [f"c{i}" for i in range(30, 40)]
    assert list(slices.support) == [10]
    assert slices.value[0] == 1.0
    label = CAUSES[slices.causes[0].split(";")[0]].label
    assert slices.explanation[0].startswith(f"{label}: ")
    assert "in the rest" in slices.explanation[0]
    assert (out / "wrong_references.csv").exists()
    assert list(pd.read_csv(out / "metadata_slices.csv").columns)[:3] == ["slice_id", "slice", "same"]
    assert clips.errors.sum() / clips.words.sum() == pytest.approx(record["overall_value"])
    assert list(clips.columns) == [
        *(
            "id",
            "audio",
            "reference",
            "prediction",
            "errors",
            "words",
            "value",
            "slice_id",
            "also_explained_by",
            "room",
        ),
    ]
    assert list(slices.tier) == ["confirmed"]
    assert 0 < slices.p_value[0] <= 0.05
    assert slices.interval_low[0] == slices.interval_high[0] == 1.0
    assert record["min_drop"] == 0.2 and record["columns"]["reference"] == "sentence"
    assert record["clips_without_vector"] == {"c7": "File not found"}
    captured = capsys.readouterr()
    assert "1 of 40 clips has no embedding; run.json lists the reasons" in captured.err
    assert "10 tasks for Label Studio" in captured.err
    assert "“two three”: recall 75 % (30 of 40; 60 % to 86 %), precision 100 % (30 of 30;" in captured.err
    assert "“won”: recall –, precision 0 % (0 of 10; 0 % to 28 %)" in captured.err
    assert "Numbers: 25 % (40 of 160; 12 % to 39 %) wrong, 100 % of all errors" in captured.err
    assert "Names: unknown, no reference has a capital inside a sentence" in captured.err
    assert "WER 25.0 % over 40 clips" in captured.err
    assert "40/40" in captured.err and "?" not in captured.err
    assert captured.out == ""


def test_report_is_one_file_with_the_options_of_scan(table, tmp_path, monkeypatch, capsys):
    out = tmp_path / "new" / "report.html"
    given = ("--min-support", 5, "--min-drop", 0.2, "--no-explain", "-o", out)
    assert run(monkeypatch, "report", table, *given) == 0
    assert b"Problem slices of" in out.read_bytes()
    message = capsys.readouterr().err
    assert f"1 slice with 100 % of the errors, confirmed, written to {out}." in message
    assert f"{out} has 0." in message
    assert run(monkeypatch, "report", table, "--metric", "bleu", "-o", out) == 2
    assert "There is no metric “bleu”" in capsys.readouterr().err


def test_a_scan_that_finds_nothing_says_why(table, tmp_path, monkeypatch, capsys):
    frame = pd.read_csv(table)
    frame.assign(prediction=["one two three far", *["one two three four"] * 39]).to_csv(table, index=False)
    out = tmp_path / "out"
    assert run(monkeypatch, "scan", table, "--min-drop", 0.5, "--no-explain", "--out", out) == 0
    told = capsys.readouterr().err
    assert "above the overall WER of 0.6 %; the minimum drop is 50 pts." in told
    assert f"WER 0.6 % over 40 clips; no slices. Written to {out}." in told


def test_two_predictions_are_refused_where_one_model_is_searched(table, tmp_path, monkeypatch, capsys):
    pd.read_csv(table).assign(other="one").to_csv(table, index=False)
    both = ("--prediction", "prediction", "--prediction", "other")
    assert run(monkeypatch, "scan", table, *both, "--out", tmp_path / "out") == 2
    assert "--prediction is given 2 times" in capsys.readouterr().err
    assert run(monkeypatch, "embed", table, *both) == 0  # no model is searched


def test_empty_references_are_counted(table, tmp_path, monkeypatch, capsys):
    frame = pd.read_csv(table)
    frame.assign(sentence=["", "...", *frame.sentence[2:]]).to_csv(table, index=False)
    assert run(monkeypatch, "scan", table, "--no-explain", "--out", tmp_path / "out") == 0
    assert "2 clips have an empty reference: whatever the model writes" in capsys.readouterr().err


def test_scan_of_two_models_finds_where_one_is_worse_than_the_other(table, tmp_path, monkeypatch, capsys):
    frame = pd.read_csv(table)
    hard_for_both = ["one two"] * 10 + ["one two three four"] * 20
    frame["prediction"] = [*hard_for_both, *["won too"] * 10]
    frame["prediction_large"] = [*hard_for_both, *["one two three four"] * 10]
    frame.to_csv(table, index=False)
    out = tmp_path / "out"
    given = ("scan", table, "--min-support", 5, "--min-drop", 0.2, "--out", out)
    assert run(monkeypatch, *given, "--compare-with", "prediction_large") == 0
    clips, slices = pd.read_csv(out / "clips.csv", keep_default_na=False), pd.read_csv(out / "slices.csv")
    assert list(clips.id[clips.slice_id != ""]) == [f"c{i}" for i in range(30, 40)]
    assert slices[["metric", "model", "compared_with"]].values.tolist() == [
        ["WER difference", "prediction", "prediction_large"]
    ]
    assert slices[["value", "model_value", "other_value", "share"]].values.tolist() == [[1.0, 1.0, 0.0, 1.0]]
    assert clips.value.tolist() == [0.0] * 30 + [1.0] * 10
    assert clips.other_value.tolist() == [0.5] * 10 + [0.0] * 30
    assert clips.other_prediction.tolist() == frame["prediction_large"].tolist()
    assert json.loads((out / "run.json").read_text())["columns"]["compared_with"] == "prediction_large"
    message = capsys.readouterr().err
    assert "WER difference +25.0 pts (37.5 % vs. 12.5 %) over 40 clips" in message
    assert "100 % of the extra errors" in message
    assert run(monkeypatch, *given, "--compare-with", "prediction") == 2
    assert "compared with itself" in capsys.readouterr().err
    assert run(monkeypatch, *given, "--compare-with", "room") == 2
    assert "--prediction" in capsys.readouterr().err


def test_without_explanations_nothing_is_measured_unless_asked(table, tmp_path, monkeypatch):
    out = tmp_path / "out"
    np.save(tmp_path / "v.npy", np.repeat([0.0, 9.0], [30, 10])[:, None] + np.linspace(0, 1, 40)[:, None])
    given = ("scan", table, "--embedding", tmp_path / "v.npy", "--no-explain", "--out", out)
    assert run(monkeypatch, *given) == 0
    assert pd.read_csv(out / "slices.csv", keep_default_na=False).causes.tolist() == [""]
    assert not (out / "wrong_references.csv").exists()
    assert "peak" not in pd.read_csv(out / "clips.csv").columns
    assert run(monkeypatch, *given, "--measurements") == 0
    clips = pd.read_csv(out / "clips.csv")
    assert clips.peak[clips.audio == "7.wav"].isna().all()
    assert clips.peak[clips.audio == "31.wav"].item() == pytest.approx(20 * np.log10(0.5), abs=1)


def test_given_vectors_need_no_audio(table, tmp_path, monkeypatch):
    vectors = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    vectors[30:] += 50
    np.save(tmp_path / "vectors.npy", vectors)
    out = tmp_path / "out"
    assert run(monkeypatch, "scan", table, "--embedding", tmp_path / "vectors.npy", "--out", out) == 0
    assert list(pd.read_csv(out / "slices.csv").support) == [10]


def test_a_table_without_audio_is_searched_over_metadata(table, tmp_path, monkeypatch, capsys):
    frame = pd.read_csv(table).drop(columns="audio").assign(room=["a"] * 30 + ["b"] * 10)
    frame.to_csv(tmp_path / "texts.csv", index=False)
    out = tmp_path / "out"
    options = ("--out", out, "--definitions", tmp_path / "slices.yaml", "--define", "all")
    assert run(monkeypatch, "scan", tmp_path / "texts.csv", *options) == 0
    told = capsys.readouterr().err
    assert "names no audio files and no vectors are given, so no clusters were searched" in told
    assert "over 40 clips; 1 slice over metadata, confirmed, written to" in told
    assert "no embedding" not in told
    assert pd.read_csv(out / "metadata_slices.csv")["slice"].tolist() == ["room = b"]
    assert run(monkeypatch, "gate", tmp_path / "slices.yaml", tmp_path / "texts.csv") == 0
    assert "looked for in metadata only. The table names no audio files" in capsys.readouterr().out


def test_options_of_a_scan_are_taken_and_recorded(table, tmp_path, monkeypatch, capsys):
    vectors = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    vectors[30:] += 50
    np.save(tmp_path / "vectors.npy", vectors)
    arguments = ["scan", table, "--embedding", tmp_path / "vectors.npy", "--out", tmp_path / "out"]
    asked = {
        "min_support": 0.2,
        "min_drop": 0.5,
        "relative": True,
        "against": "rest",
        "rule": "plain",
        "shuffles": 99,
        "tier": "confirmed",
        "max_slices": 3,
        "order": "drop",
    }
    for name, value in asked.items():
        arguments += [f"--{name.replace('_', '-')}", *([] if value is True else [value])]
    assert run(monkeypatch, *arguments) == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert record["options"] == asked
    assert record["min_support"] == 8
    assert record["min_drop"] == pytest.approx(0.5 * record["overall_value"])
    (row,) = pd.read_csv(tmp_path / "out" / "slices.csv").itertuples()
    assert row.drop > 1 - record["overall_value"]
    assert row.p_value >= 0.01
    assert "; 1 slice with 80 % of the errors, confirmed" in capsys.readouterr().err


def test_several_embeddings_are_scanned_together(table, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    arguments = []
    for name, far in (("noise", slice(0, 0)), ("shown", slice(30, 40))):
        vectors = rng.normal(size=(40, 3)).astype(np.float32)
        vectors[far] += 50
        np.save(tmp_path / f"{name}.npy", vectors)
        arguments += ["--embedding", tmp_path / f"{name}.npy"]
    out = tmp_path / "out"
    assert run(monkeypatch, "scan", table, *arguments, "--out", out) == 0
    assert list(pd.read_csv(out / "slices.csv").support) == [10]
    assert json.loads((out / "run.json").read_text())["embeddings"] == [str(path) for path in arguments[1::2]]


def test_reasons_of_every_embedding_are_printed_and_recorded(table, tmp_path, monkeypatch, capsys):
    vectors = np.random.default_rng(0).normal(size=(40, 3))
    vectors[3] = np.nan
    np.save(tmp_path / "gap.npy", vectors)
    out = tmp_path / "out"
    models = ("--embedding", "signal", "--embedding", tmp_path / "gap.npy")
    assert run(monkeypatch, "scan", table, *models, "--no-explain", "--out", out) == 0
    assert "2 of 40 clips have no embedding in at least one of the models" in capsys.readouterr().err
    record = json.loads((out / "run.json").read_text())
    assert list(record["clips_without_vector"]) == ["c3", "c7"]
    assert record["clips_without_vector"]["c7"] == "Recording (signal): File not found"
    assert record["clips_without_vector"]["c3"].startswith("Vectors from gap.npy: ")
    assert len(record["made_by"]) == 2


def test_a_table_without_any_readable_file_ends_with_the_reasons(table, tmp_path, monkeypatch, capsys):
    for i in range(40):
        (tmp_path / f"{i}.wav").unlink(missing_ok=True)
    (tmp_path / "39.wav").touch()
    out = tmp_path / "out"
    assert run(monkeypatch, "scan", table, "--out", out) == 2
    error = capsys.readouterr().err
    assert (
        "None of the 40 clips of “clips” has an embedding: File not found (39); Empty file (0 bytes) (1)."
        in error
    )
    assert f"The first one is c0 ({tmp_path / '0.wav'})." in error
    assert "Traceback" not in error
    assert not out.exists()


def test_a_table_of_one_clip_that_is_missing_is_said_of_one(tmp_path, monkeypatch, capsys):
    path = tmp_path / "clips.csv"
    path.write_text("audio,text,pred\n0.wav,one two,one\n")
    assert run(monkeypatch, "embed", path) == 2
    assert "No clip of “clips” has a vector" in capsys.readouterr().err
    assert run(monkeypatch, "scan", path, "--out", tmp_path / "out") == 2
    assert "The only clip of “clips” has no embedding: File not found (1)." in capsys.readouterr().err


def test_a_run_that_fails_leaves_the_record_of_the_run_before(table, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert run(monkeypatch, "scan", table, "--embedding", "nothing.npy", "--out", out) == 2
    assert not (out / "run.json").exists()
    out.mkdir()
    (out / "run.json").write_text("{}")
    assert run(monkeypatch, "scan", table, "--embedding", "nothing.npy", "--out", out) == 2
    assert (out / "run.json").read_text() == "{}"


def test_a_folder_that_takes_no_results_is_refused_before_the_work(table, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    assert run(monkeypatch, "scan", table, "--out", tmp_path / "file" / "out") == 2
    error = capsys.readouterr().err
    assert "can't be written" in error and "--out" in error
    assert "Compute embeddings" not in error and "Traceback" not in error
    assert run(monkeypatch, "scan", table, "--out", tmp_path / ("x" * 300)) == 2
    assert "can't be written" in capsys.readouterr().err
    assert run(monkeypatch, "report", table, "--out", tmp_path) == 2
    error = capsys.readouterr().err
    assert "is a folder. Name the file of the report" in error and "Compute embeddings" not in error


def test_a_file_that_can_not_be_written_is_a_sentence_and_leaves_the_results_of_before(
    table, tmp_path, monkeypatch, capsys
):
    np.save(tmp_path / "v.npy", np.random.default_rng(0).normal(size=(40, 3)))
    out = tmp_path / "out"
    (out / "clips.csv").mkdir(parents=True)
    (out / "run.json").write_text("{}")
    given = ("--embedding", tmp_path / "v.npy", "--no-explain", "--out", out)
    assert run(monkeypatch, "scan", table, *given) == 2
    error = capsys.readouterr().err
    assert f"Results can't be written to {out}" in error and "Traceback" not in error
    assert [path.name for path in out.iterdir() if path.is_file()] == ["run.json"]
    assert (out / "run.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--reference", "sentense"], "sentence"),
        (["--metric", "bleu"], "wer, cer"),
        (["--metric", "mae"], "Row 2"),
        (["--normalisation", "french"], "none, basic, english"),
        (["--embedding", "nothing.npy"], "nothing.npy"),
        (["--min-support", "2.5"], "share between 0 and 1, not 2.5"),
        (["--rule", "other"], "best, plain"),
        (["--tier", "confirmed", "--shuffles", "0"], "Without shuffles"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(table, tmp_path, monkeypatch, capsys, arguments, sentence):
    assert run(monkeypatch, "scan", table, "--out", tmp_path / "out", *arguments) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert "Traceback" not in captured.err


def test_a_missing_table_is_named(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "scan", tmp_path / "no.csv") == 2
    assert "no.csv" in capsys.readouterr().err
    assert run(monkeypatch, "run", tmp_path / "no.csv") == 2
    assert "no.csv" in capsys.readouterr().err


def test_scan_says_whose_the_clips_are_and_which_are_copies(table, tmp_path, monkeypatch, capsys):
    frame = pd.read_csv(table)
    frame["speaker"] = [f"s{i % 4}" for i in range(30)] + ["s9"] * 10
    frame["sentence"] = [f"one two three {i}" for i in range(40)]
    frame["prediction"] = [*frame.sentence[:30], *["won too"] * 10]
    again = frame[:2].assign(id=["d0", "d1"])
    pd.concat([frame, again]).to_csv(table, index=False)
    vectors = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    vectors[30:] += 50
    np.save(tmp_path / "v.npy", np.concatenate([vectors, vectors[:2]]))
    given = ("scan", table, "--embedding", tmp_path / "v.npy", "--no-explain", "--out", tmp_path / "out")
    assert run(monkeypatch, *given) == 0
    message = capsys.readouterr().err
    assert "2 clips are in the table twice." in message
    assert "The clips are of 5 speakers (speaker); 1 slice is of one speaker." in message
    assert pd.read_csv(tmp_path / "out" / "slices.csv").largest_group.tolist() == ["s9"]
    assert run(monkeypatch, *given, "--group", "none") == 0
    assert "speaker" not in capsys.readouterr().err
    assert run(monkeypatch, *given, "--group", "talker") == 2
    assert "no column “talker” for the groups" in capsys.readouterr().err


def test_predictions_in_files_of_their_own_are_joined_and_what_is_missing_is_told(
    table, tmp_path, monkeypatch, capsys
):
    frame = pd.read_csv(table)
    frame[["id", "audio", "sentence"]].to_json(tmp_path / "ref.jsonl", orient="records", lines=True)
    texts = zip(frame.id[1:], frame.prediction[1:], strict=True)
    (tmp_path / "hyp.trn").write_text("".join(f"{text} ({name})\n" for name, text in texts))
    out = tmp_path / "out"
    options = ["--shuffles", 0, "--no-explain", "--min-support", 5, "--min-drop", 0.2, "--out", out]
    models = ["--predictions", tmp_path / "hyp.trn", "--predictions", f"csv={table}", "--prediction", "hyp"]
    assert run(monkeypatch, "scan", tmp_path / "ref.jsonl", "--format", "json", *models, *options) == 0
    told = capsys.readouterr().err
    assert (
        "slicecore: “hyp.trn” has no prediction for 1 of 40 clips, first c0; theirs count as empty.\n" in told
    )
    assert json.loads((out / "run.json").read_text())["columns"]["prediction"] == "hyp"
    assert list(pd.read_csv(out / "slices.csv").support) == [10]
    assert run(monkeypatch, "scan", table, "--predictions", "m=nowhere.trn") == 2
    assert "no file “nowhere.trn”" in capsys.readouterr().err


def test_the_program_says_its_version(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"slicecore {__version__}\n"


@pytest.mark.parametrize("command", ["scan", "report", "embed"])
def test_recordings_may_lie_in_another_folder_than_the_table(command, table, tmp_path, monkeypatch, capsys):
    """As for `slicecore run`: what was reviewed there is to be had here."""
    (tmp_path / "tables").mkdir()
    moved = table.rename(tmp_path / "tables" / "clips.csv")
    monkeypatch.chdir(tmp_path / "tables")
    options = () if command == "embed" else ("--no-explain", "--out", tmp_path / "out")
    assert run(monkeypatch, command, moved, *options) == 2
    assert run(monkeypatch, command, moved, *options, "--folder", "..") == 0
    if command == "embed":
        assert "39 of 40 clips" in capsys.readouterr().out


def test_corrected_references_of_such_a_table_keep_its_recordings(table, tmp_path, monkeypatch):
    (tmp_path / "tables").mkdir()
    moved = table.rename(tmp_path / "tables" / "clips.csv")
    export = [{"data": {"clip_id": "c1"}, "annotations": [{"result": [_text("one two")]}]}]
    (tmp_path / "export.json").write_text(json.dumps(export))
    corrected = tmp_path / "corrected.csv"
    options = ("--folder", tmp_path, "-o", corrected)
    assert run(monkeypatch, "relabel", tmp_path / "export.json", moved, *options) == 0
    frame = pd.read_csv(corrected)
    assert frame.sentence[1] == "one two" and (tmp_path / frame.audio[1]).is_file()


def _text(text):
    return {"from_name": "transcription", "to_name": "audio", "type": "textarea", "value": {"text": [text]}}
