import numpy as np
import pandas as pd
import pytest
import soundfile
from synthetic import noise, tone

import slicecore as sc
from slicecore.embedding import Cancelled
from slicecore.explain.explainer import Explainer
from slicecore.measurements import CATALOGUE, clip_sound, measure
from slicecore.measurements.sound_catalogue import SOUND
from slicecore.measurements.sound_work import columns_of
from slicecore.metrics import wer
from slicecore.per_clip import preparation
from slicecore.per_clip.outcome_rows import rows_of
from slicecore.storage.outcome import Outcome


@pytest.fixture
def data(tmp_path):
    for name, wave in {"a": tone(level=-20), "b": noise(-40), "c": tone(level=-60)}.items():
        soundfile.write(tmp_path / f"{name}.wav", wave, 16000)
    (tmp_path / "broken.wav").write_bytes(b"no sound at all")
    table = pd.DataFrame(
        {
            "audio": ["a.wav", "broken.wav", "b.wav", "", "c.wav", "a.wav"],
            "sentence": "hello",
            "prediction": "hello",
        }
    )
    return sc.from_table(table, name="invented", folder=tmp_path)


def test_a_row_per_clip_and_reasons_for_those_that_cannot_be_measured(data, tmp_path):
    measured = measure(data, cache=tmp_path / "cache")
    assert list(measured.table.columns) == list(CATALOGUE)
    assert (measured.table.dtypes == np.float64).all()
    assert measured.table["level"].round(1).tolist()[0::2] == [-20, -40, -60]
    assert set(measured.reasons) == {1, 3}
    assert measured.table.loc[[1, 3], "level"].isna().all()
    assert measured.timbre.shape == (6, 60)
    assert measured.detector.startswith(("silero-vad", "level"))


def test_measurements_of_the_sound_are_kept(data, tmp_path, monkeypatch):
    first = measure(data, cache=tmp_path / "cache")
    monkeypatch.setattr(clip_sound, "measure_sound", lambda recording: pytest.fail("measured again"))
    again = measure(data, cache=tmp_path / "cache")
    pd.testing.assert_frame_equal(first.table, again.table)
    assert again.reasons == first.reasons


def test_progress_and_cancel(data, tmp_path):
    import threading

    steps = []
    measure(data, cache=tmp_path / "one", progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (6, 6)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        measure(data, cache=tmp_path / "two", cancel=stop)


def test_a_table_without_audio_has_measurements_of_its_texts_alone(tmp_path):
    table = pd.DataFrame({"sentence": ["hello"], "prediction": ["hello"]})
    measured = measure(sc.from_table(table, name="texts"), cache=tmp_path)
    assert np.isnan(measured.table["level"][0])


def test_a_long_recording_is_measured_in_pieces_as_one(tmp_path, monkeypatch):

    samples = np.random.default_rng(0).normal(0, 0.01, 16000 * 9)
    samples[16000 * 5] = 0.9
    soundfile.write(tmp_path / "a.wav", samples, 16000)
    (tmp_path / "a.csv").write_text("audio,text,pred\na.wav,a b,a c\n")
    data = sc.read(tmp_path / "a.csv")
    whole = measure(data, cache=tmp_path / "one").table.iloc[0]
    monkeypatch.setattr(preparation, "LONGEST_S", 3.5)
    pieces = measure(data, cache=tmp_path / "two").table.iloc[0]
    assert pieces["duration"] == pytest.approx(9.0)
    for name in ("peak", "file_rate"):
        assert pieces[name] == pytest.approx(whole[name], rel=1e-4)
    for name in ("noise_floor", "centroid"):
        assert pieces[name] == pytest.approx(whole[name], rel=0.03)
    assert np.isnan(pieces["channel_imbalance"])


def test_nothing_is_written_outside_the_given_cache(make_data, cache, tmp_path):
    data = make_data(3)
    explainer = Explainer(data, measure(data, cache=cache), wer(data.reference, data.prediction))
    assert explainer.words_of([0]).words == 2
    assert list((cache / "counts").iterdir())
    assert not (tmp_path / "home").exists()


def test_what_is_alike_in_all_clips_of_a_large_table_is_kept_once():
    rng = np.random.default_rng(0)
    first = rng.normal(size=len(SOUND) + 60).astype(np.float32)
    second = first.copy()
    second[0] += 1
    outcomes = [Outcome(first), Outcome(second)] * 50_000
    columns, timbre = columns_of(rows_of(outcomes))
    assert columns[SOUND[0].name].tolist() == [float(first[0]), float(second[0])] * 50_000
    for at, measurement in enumerate(SOUND[1:], 1):
        column = columns[measurement.name]
        assert column.strides == (0,) and column[-1] == first[at]
    assert timbre.strides == (0, 4) and np.array_equal(timbre[-1], first[len(SOUND) :])


def test_measurements_of_a_small_table_can_be_written_to():
    columns, timbre = columns_of(rows_of([Outcome(np.ones(len(SOUND) + 60, np.float32))] * 3))
    assert all(column.flags.writeable for column in columns.values()) and timbre.flags.writeable
