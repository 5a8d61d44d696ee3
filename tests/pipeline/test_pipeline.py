"""The search for slices as one call: what goes in, and what comes out."""

import json
import sys
import threading
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
import soundfile

import slicecore as sc
from slicecore.errors import MetricError, ModelError, SlicecoreError, StorageError, TableError
from slicecore.pipeline import CLUSTERING, EMBEDDING, MEASURING

RATE = 16_000
CLIPS = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Clips of noise; the last eight are a hum and badly recognised. Their table, their vectors and a cache."""
    folder = tmp_path_factory.mktemp("clips")
    rng = np.random.default_rng(1)
    seconds = np.arange(RATE // 2) / RATE
    for i in range(CLIPS):
        samples = 0.05 * rng.normal(size=len(seconds))
        if i >= 16:
            samples = 0.01 * samples + 0.5 * np.sin(2 * np.pi * 50 * seconds)
        soundfile.write(folder / f"{i}.wav", samples, RATE)
    frame = pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(CLIPS)],
            "audio": [str(folder / f"{i}.wav") for i in range(CLIPS)],
            "sentence": ["one two three four"] * CLIPS,
            "prediction": ["one two three four"] * 16 + ["won too"] * 8,
            "prediction_large": ["one two three four"] * 20 + ["won too"] * 4,
            "room": ["a", "b"] * (CLIPS // 2),
        }
    )
    frame.to_csv(folder / "calls.csv", index=False)
    vectors = rng.normal(size=(CLIPS, 3))
    vectors[16:] += 50
    np.save(folder / "vectors.npy", vectors)
    return folder


@pytest.fixture
def frame(folder):
    return pd.read_csv(folder / "calls.csv")


@pytest.fixture
def search(folder):
    """A quick search: by ready-made vectors, with few permutations, without explanations."""

    def call(table, **given):
        quick = {
            "model": str(folder / "vectors.npy"),
            "prediction": "prediction",
            "explain": False,
            **({} if "options" in given else {"shuffles": 99}),
        }
        return sc.find_slices(table, **{**quick, **given})

    return call


@pytest.fixture(scope="module")
def explained(folder):
    """A whole search with measurements, in a cache of its own."""
    return sc.find_slices(folder / "calls.csv", prediction="prediction", shuffles=99, cache=folder / "cache")


def test_a_path_a_frame_and_a_data_set_give_the_same_slices(search, folder, frame):
    (slice_,) = search(folder / "calls.csv").slices
    assert slice_.members.tolist() == list(range(16, CLIPS))
    assert search(str(folder / "calls.csv")).slices == search(frame).slices == (slice_,)
    data = sc.read(folder / "calls.csv", prediction="prediction")
    assert search(data, prediction=None).slices == (slice_,)
    with pytest.raises(TableError, match="One model is searched at a time, but there are 2 columns"):
        search(frame, prediction=["prediction", "large"])
    with pytest.raises(TableError, match="has its columns already"):
        search(data)


def test_a_result_has_everything_that_was_found(explained):
    (slice_,) = explained.slices
    assert explained.slices == explained.scan.slices
    assert explained.costs is explained.scan.costs and explained.options.shuffles == 99
    assert [embeddings.model for embeddings in explained.embeddings] == ["signal"]
    assert list(explained.explanations) == [slice_.id]
    assert len(explained.measurements.table) == CLIPS
    assert isinstance(explained.wrong_references, tuple) and isinstance(explained.metadata_slices, tuple)
    with pytest.raises(FrozenInstanceError):
        explained.metric = "cer"


def test_any_group_of_clips_can_be_explained(explained):
    (slice_,) = explained.slices
    assert explained.explain(slice_) is explained.explanations[slice_.id]
    own = explained.explain(explained.scanner.group(range(17, CLIPS)))
    assert own.cause.name == explained.explanations[slice_.id].cause.name


def test_without_explanations_nothing_is_measured(search, frame):
    result = search(frame)
    assert (result.measurements, result.wrong_references, result.explanations) == (None, None, {})
    with pytest.raises(SlicecoreError, match="explain=True"):
        result.explain(result.scanner.group([1, 2]))
    assert len(search(frame, measure=True).measurements.table) == CLIPS
    loud = search(frame, model=lambda samples, rate: [float(abs(samples).mean()), len(samples) / rate])
    assert loud.embeddings[0].model.startswith("function:")


def test_a_result_prints_as_a_line_and_shows_as_a_table(explained, search, frame):
    assert (
        repr(explained)
        == "Result(calls, Recording (signal): Scan(1 slice with 100% of the errors; WER 0.333 over 24 clips))"
    )
    page = explained._repr_html_()
    assert "<table" in page and explained.slices[0].id in page
    assert len(page) < 10_000
    frame["room"] = ["<script>alert(1)</script>"] * 16 + ["<img src=x>"] * 8
    page = search(frame, measure=True)._repr_html_()
    assert "<script>" not in page and "<img" not in page


def test_the_table_of_a_result_is_that_of_the_file(explained, tmp_path):
    explained.save(tmp_path / "out")
    written = pd.read_csv(tmp_path / "out" / "slices.csv")
    table = explained.to_frame()
    assert list(table.columns) == list(written.columns)
    assert table.explanation.tolist() == written.explanation.tolist() and table.explanation[0]
    assert table.slice_id.tolist() == [slice_.id for slice_ in explained.slices]


def test_saved_files_are_those_of_one_run(explained, search, frame, tmp_path):
    out = tmp_path / "out"
    explained.save(out, measurements=True)
    names = {"slices.csv", "clips.csv", "metadata_slices.csv", "wrong_references.csv", "run.json"}
    assert {path.name for path in out.iterdir()} == names
    assert "peak" in pd.read_csv(out / "clips.csv").columns
    quick = search(frame)
    quick.save(out)
    assert {path.name for path in out.iterdir()} == names - {"wrong_references.csv"}
    assert "peak" not in pd.read_csv(out / "clips.csv").columns
    assert json.loads((out / "run.json").read_text()) == quick.record()


def test_a_folder_that_can_not_be_written_to_is_an_error_of_slicecore(search, frame, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="can't be written"):
        search(frame).save(tmp_path / "file")


def test_the_record_names_the_packages_that_were_used(explained, search, frame):
    record = explained.record()
    assert record["columns"]["prediction"] == "prediction" and record["clips"] == CLIPS
    assert record["embeddings"] == ["signal"] and record["options"]["min_drop"] == 0.1
    versions = record["versions"]
    assert versions["slicecore"] == sc.__version__ and versions["numpy"] == np.__version__
    assert "pyloudnorm" in versions and "finch-clust" not in versions
    assert ("transformers" in versions) == ("transformers" in sys.modules)
    assert search(frame).record()["table"] == "table"


def test_two_models_are_compared(search, frame):
    result = search(frame, compare_with="prediction_large", min_drop=0.05, min_support=3)
    assert result.compared_with == "prediction_large"
    assert result.scan.overall == pytest.approx(4 / CLIPS)
    assert search(frame).compared_with is None
    with pytest.raises(TableError, match="compared with itself"):
        search(frame, compare_with="prediction")
    with pytest.raises(TableError, match="not recognised"):
        search(frame, prediction=None, compare_with="room")


def test_costs_of_the_users_own_stand_for_a_metric(search, frame):
    wrong = sc.metrics.custom(
        lambda references, predictions: np.mean(
            [a != b for a, b in zip(references, predictions, strict=True)]
        ),
        frame["sentence"].tolist(),
        frame["prediction"].tolist(),
        False,
        "share wrong",
    )
    result = search(frame, metric=wrong)
    assert result.slices[0].value == 1.0
    assert result.record()["metric"] == "share wrong"
    with pytest.raises(MetricError, match="24 clips"):
        search(frame.iloc[:20], model="signal", metric=wrong)
    with pytest.raises(MetricError, match="name of a metric"):
        search(frame, metric=wrong, compare_with="prediction_large")
    with pytest.raises(MetricError, match="wer, cer"):
        search(frame, metric="bleu")


def test_options_are_given_as_keywords_or_as_one_object(search, frame):
    assert search(frame, min_support=0.25).options.min_support == 0.25
    assert search(frame, min_support=0.25).scan.min_support == 6
    assert search(frame, options=sc.Options(min_drop=0.3)).options.min_drop == 0.3
    with pytest.raises(SlicecoreError, match="share between 0 and 1"):
        search(frame, min_support=2.5)
    with pytest.raises(SlicecoreError, match="Leave out min_drop, or options"):
        search(frame, min_drop=0.2, options=sc.Options())


def test_what_would_be_ignored_is_an_error(search, frame):
    with pytest.raises(MetricError, match="mean_of"):
        search(frame, higher_is_better=True)
    with pytest.raises(ModelError, match="Name an embedding model"):
        search(frame, model=[])


def test_no_embedding_at_all_is_an_error_with_the_commonest_reasons(frame, folder, tmp_path):
    frame["audio"] = [str(tmp_path / f"{i}.wav") for i in range(CLIPS)]
    frame.loc[0, "audio"] = ""
    with pytest.raises(TableError) as raised:
        sc.find_slices(frame, prediction="prediction")
    assert "File not found (23); No audio path in the table (1)" in str(raised.value)
    # One embedding of two is enough to go on.
    result = sc.find_slices(
        frame, prediction="prediction", model=["signal", str(folder / "vectors.npy")], explain=False
    )
    assert len(result.slices) == 1


def test_progress_comes_step_by_step_and_a_search_can_be_cancelled(frame, tmp_path):
    steps = []
    sc.find_slices(
        frame,
        prediction="prediction",
        shuffles=0,
        cache=tmp_path / "cache",
        progress=lambda step, done, total: steps.append(step),
    )
    order = list(dict.fromkeys(steps))
    # Clips are measured in the pass in which they are embedded.
    assert order[:2] == [EMBEDDING, CLUSTERING] and MEASURING not in order and len(order) == 4
    stop = threading.Event()
    stop.set()
    with pytest.raises(sc.embedding.Cancelled):
        sc.find_slices(frame, prediction="prediction", cache=tmp_path / "new", cancel=stop)


def test_later_steps_are_preloaded_only_while_clips_are_computed(frame, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "slicecore.pipeline.preload.load", lambda explain, ready: (asked.append(explain), ready.set())
    )
    for _ in range(2):
        sc.find_slices(frame, prediction="prediction", shuffles=0, cache=tmp_path / "cache")
    assert asked == [True]


def test_parts_of_a_search_can_be_made_again_from_its_result(search, frame):
    result = search(frame)
    again = result.scanner.scan(sc.Options(min_drop=0.9))
    assert again.slices == () and result.slices


def test_slices_say_who_is_in_them(search, frame):
    frame["speaker"] = [f"s{i % 4}" for i in range(16)] + ["s9"] * 8
    result = search(frame)
    (slice_,) = result.slices
    assert (result.group, slice_.groups.count, slice_.groups.largest) == ("speaker", 1, "s9")
    assert slice_.groups.text == "One speaker: s9"
    table = result.to_frame()
    assert list(table.groups) == [1] and list(table.largest_group_clips) == [1.0]
    assert result.record()["columns"]["group"] == "speaker"
    without = search(frame, group="none")
    assert without.group is None and "groups" not in without.to_frame()
    by_room = search(frame, group="room")
    assert by_room.slices[0].groups.text == "2 rooms; one has 50 % of the errors"
    with pytest.raises(TableError, match="no column “hall”"):
        search(frame, group="hall")


def test_one_speaker_is_a_name_of_its_own(folder, frame):
    frame["speaker"] = [f"s{i % 4}" for i in range(16)] + ["s9"] * 8
    result = sc.find_slices(frame, model=str(folder / "vectors.npy"), shuffles=19, cache=folder / "cache")
    assert result.explainer.groups is result.scanner.groups
    explanation = result.explain(result.slices[0])
    assert "voice" not in [cause.name for cause in explanation.causes]
