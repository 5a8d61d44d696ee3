import json

import checkpoints
import numpy as np
import pytest
import soundfile

import slicecore as sc
from slicecore.errors import ModelError
from slicecore.pipeline import LABELLING, analyse


@pytest.fixture(scope="module")
def accents(tmp_path_factory):
    return checkpoints.waveform(tmp_path_factory.mktemp("models") / "my-accent-model")


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    random = np.random.default_rng(0)
    lines = ["audio,sentence,prediction,place"]
    for number in range(8):
        soundfile.write(tmp_path / f"{number}.wav", random.normal(0, 0.1, 4000 + 500 * number), 16000)
        lines.append(f"{number}.wav,a b,a {'bx'[number % 2]},here")
    (tmp_path / "clips.csv").write_text("\n".join([*lines, "none.wav,a,b,there"]))
    return tmp_path / "clips.csv"


def test_labels_of_a_classifier_become_columns(table, accents):
    data = sc.read(table)
    columns = sc.attributes(data, accents)
    assert list(columns) == ["predicted_accent", "predicted_accent_probability"]
    assert set(columns["predicted_accent"][:8]) <= set(checkpoints.CLASSES)
    assert columns["predicted_accent"][8] == ""
    assert columns["predicted_accent_probability"][:8].between(1 / 3, 1).all()
    labels = sc.embed(data, accents).labels
    assert [labels[row][0].name for row in range(8)] == columns["predicted_accent"][:8].tolist()
    assert all(len(seen) == 3 for seen in labels.values())


def test_a_data_set_with_attributes_is_the_same_clips(table, accents):
    data = sc.read(table)
    more = sc.with_attributes(data, [f"voice={accents}"])
    assert more.metadata == ("place", "predicted_voice", "predicted_voice_probability")
    assert (more.ids == data.ids).all()
    assert list(data.table.columns) == ["audio", "sentence", "prediction", "place"]
    with pytest.raises(ModelError, match=r"“predicted_voice” already.*another name"):
        sc.with_attributes(more, [f"voice={accents}"])


def test_analysis_takes_them_along(table, accents):
    steps = []
    analysis = analyse(
        sc.read(table), attributes=[accents], layout=None, progress=lambda step, *at: steps.append(step)
    )
    assert "predicted_accent" in analysis.data.metadata
    assert steps[0] == LABELLING


def test_command_line(table, accents, tmp_path):
    from typer.testing import CliRunner

    from slicecore.cli.commands import cli

    out = tmp_path / "out"
    arguments = [
        "scan",
        str(table),
        "--attributes",
        accents,
        "--min-support",
        "2",
        "--out",
        str(out),
        "--no-explain",
    ]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert "predicted_accent" in (out / "clips.csv").read_text().splitlines()[0]
    assert json.loads((out / "run.json").read_text())["attributes"] == [accents]


def test_models_without_labels_are_refused_before_the_work(table, tmp_path):
    data = sc.read(table)
    with pytest.raises(ModelError, match="“signal” has no classification head"):
        sc.attributes(data, "signal")
    whisper = checkpoints.whisper(tmp_path / "whisper")
    with pytest.raises(ModelError, match="no classification head"):
        sc.attributes(data, whisper)
    number = checkpoints.waveform(
        tmp_path / "regression", num_labels=1, id2label={0: "arousal"}, label2id={"arousal": 0}
    )
    with pytest.raises(ModelError, match="it predicts a number"):
        sc.attributes(data, number)
