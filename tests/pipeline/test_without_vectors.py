"""Tables without recordings and without vectors: slices over metadata alone, with everything that follows a search."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml

import slicecore as sc
from slicecore.embedding import NONE
from slicecore.errors import ModelError, SlicecoreError, TableError
from slicecore.track.numbers import numbers_of

BAD = np.arange(60) >= 48
SENTENCE = "The table names no audio files and no vectors are given, so no clusters were searched"


@pytest.fixture(scope="module")
def frame():
    return pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(60)],
            "reference": "turn left at the lights",
            "prediction": np.where(BAD, "burn left at delights", "turn left at the lights"),
            "device": np.where(BAD, "headset", "phone"),
            "speaker": [f"s{i % 13}" for i in range(60)],
        }
    )


@pytest.fixture(scope="module")
def result(frame, tmp_path_factory):
    return sc.find_slices(sc.from_table(frame, name="calls"), cache=tmp_path_factory.mktemp("cache"))


def test_slices_over_metadata_need_neither_sound_nor_vectors(result):
    assert repr(result) == "Result(calls, no clusters: 1 slice over metadata; WER 0.12 over 60 clips)"
    assert result.slices == () and len(result.to_frame()) == 0
    (described,) = result.metadata_slices
    assert (described.label, described.slice.support) == ("device = headset", 12)
    assert described.slice.tier == "confirmed" and described.slice.groups.count == 12
    assert result.all_slices == (described.slice,)
    assert result.scan.has_clusters is False


def test_no_sentence_claims_that_anything_was_heard(result):
    explanation = result.explain(result.all_slices[0])
    assert explanation.causes == ()
    assert "nothing could be listened to: the table names no audio files" in explanation.sentence
    assert str(result.recipe(result.all_slices[0])) == "No sound: None of the clips could be listened to."


def test_files_reports_and_notebooks_have_the_slices_over_metadata(result, tmp_path):
    result.save(tmp_path)
    assert pd.read_csv(tmp_path / "metadata_slices.csv")["slice"].tolist() == ["device = headset"]
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (record["embeddings"], record["metadata_slices"]) == ([NONE], 1)
    assert record["clips_without_vector"] == {} and record["errors_explained"] is None
    result.report(tmp_path / "report.html")
    for page in ((tmp_path / "report.html").read_text(encoding="utf-8"), result._repr_html_()):
        assert SENTENCE in page and "device = headset" in page
        assert "1 slice over metadata, confirmed." in page
        assert "any cluster" not in page and "Errors explained" not in page
    for draw in (result.treemap, result.map, result.waterfall):
        with pytest.raises(SlicecoreError, match="names no audio files"):
            draw()


def test_definitions_and_numbers_are_those_of_the_slices_over_metadata(result, tmp_path):
    result.definitions(None).save(tmp_path / "slices.yaml")
    (defined,) = yaml.safe_load((tmp_path / "slices.yaml").read_text(encoding="utf-8"))["slices"]
    assert defined["name"] == "device = headset"
    assert defined["rule"]["all_of"] == [{"column": "device", "is": "=", "value": "headset"}]
    numbers = {number.name: number.value for number in numbers_of(result, 0, None, None).numbers}
    assert numbers["slices/device _ headset/wer"] == pytest.approx(0.6)
    assert numbers["overall/confirmed_slices"] == 1 and "overall/share_of_errors_in_slices" not in numbers


def test_files_that_are_lost_are_an_error_that_names_the_way_on(frame):
    lost = frame.assign(audio="gone.wav")
    with pytest.raises(TableError, match=r'or search metadata alone \(model="none"'):
        sc.find_slices(lost, explain=False)
    found = sc.find_slices(lost, model=NONE, explain=False, shuffles=0)
    assert [each.label for each in found.metadata_slices] == ["device = headset"]
    assert "No clip has a vector, so no clusters were searched" in found._repr_html_()


def test_no_embedding_stands_alone(frame):
    for models in (["none", "none"], ["none", "column:device"], "none+column:device"):
        with pytest.raises(ModelError, match="“none”"):
            sc.find_slices(frame, model=models, explain=False)
    with pytest.raises(ModelError, match="has no audio column"):
        sc.find_slices(frame, model="signal", explain=False)


@pytest.mark.parametrize("with_speaker", [False, True])
def test_a_cluster_of_vectors_without_sound_is_not_called_a_voice(frame, with_speaker):
    vectors = np.random.default_rng(0).normal(size=(60, 8)) + 6 * BAD[:, None]
    table = frame.assign(vector=list(vectors), speaker=np.where(BAD, "s9", frame["speaker"]))
    table = table if with_speaker else table.drop(columns="speaker")
    result = sc.find_slices(table, model="column:vector", shuffles=19)
    explanation = result.explain(result.slices[0])
    assert result.explainer.context.vectors is None
    assert "nothing could be listened to: the table names no audio files" in explanation.sentence
    assert [cause.name for cause in explanation.causes] == ["one_speaker"] * with_speaker
    assert explanation.title == ("One speaker" if with_speaker else "")
    everything = " ".join([*map(str, result.to_frame().iloc[0]), result._repr_html_()])
    assert "A voice" not in everything and "recording fault" not in everything
