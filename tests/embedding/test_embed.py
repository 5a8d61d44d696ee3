import threading

import numpy as np
import pytest
import soundfile

from slicecore.audio.decoding import Recording
from slicecore.embedding import SUGGESTED, Cancelled, embed, label, signal
from slicecore.errors import ModelError


def test_vectors_are_standardised_descriptors(make_data, cache):
    data = make_data(5)
    run = embed(data, cache=cache)
    raw = np.stack(
        [
            signal.describe(Recording(soundfile.read(path, dtype="float32", always_2d=True)[0], 16000))
            for path in data.audio_paths
        ]
    )
    assert np.allclose(run.vectors, signal.standardise(raw), atol=1e-5)
    assert run.valid.all()
    assert run.reasons == {}
    assert (run.model, run.label) == ("signal", "Recording (signal)")
    assert run.vectors.dtype == np.float32


def test_second_run_computes_nothing(make_data, cache, described):
    data = make_data(5)
    first = embed(data, cache=cache)
    second = embed(data, cache=cache)
    assert described["clips"] == 5
    assert np.array_equal(first.vectors, second.vectors)


def test_content_is_what_counts(make_data, cache, described, tmp_path):
    data = make_data(3)
    first = embed(data, cache=cache)
    # Same content under a new time: hashed again, not computed again.
    (tmp_path / "clip_0.wav").touch()
    content = (tmp_path / "clip_1.wav").read_bytes()
    (tmp_path / "copy.wav").write_bytes(content)
    again = embed(make_data(3, rows=["copy.wav,x,y"]), cache=cache)
    assert described["clips"] == 3
    assert np.array_equal(again.vectors[1], again.vectors[3])
    # New content under an old name: computed.
    soundfile.write(tmp_path / "clip_2.wav", np.zeros(5000), 16000)
    changed = embed(data, cache=cache)
    assert described["clips"] == 4
    assert not np.array_equal(changed.vectors[2], first.vectors[2])


def test_broken_clips_have_reasons_and_no_vector(make_data, cache, described, tmp_path):
    (tmp_path / "page.wav").write_text("<!doctype html>")
    (tmp_path / "sub").mkdir()
    rows = ["none.wav,a,b", "page.wav,a,b", ",a,b", "sub,a,b", "none.wav,a,b"]
    data = make_data(3, rows=rows)
    for _ in range(2):
        seen = []
        run = embed(data, cache=cache, progress=lambda *at, seen=seen: seen.append(at))
        assert run.valid.tolist() == [True] * 3 + [False] * 5
        assert np.isnan(run.vectors[3:]).all()
        assert set(run.reasons) == {3, 4, 5, 6, 7}
        assert run.reasons[3] == "File not found"
        assert run.reasons[4].startswith("Not audio")
        assert run.reasons[5] == "No audio path in the table"
        assert "folder" in run.reasons[6]
        assert seen[-1] == (8, 8)
    assert described["clips"] == 3
    # Once the file is there, it gets its vector.
    (tmp_path / "none.wav").write_bytes((tmp_path / "clip_0.wav").read_bytes())
    assert embed(data, cache=cache).valid.tolist() == [True] * 4 + [False] * 3 + [True]


def test_no_clip_at_all_decodes(make_data, cache):
    run = embed(make_data(0, rows=["a.wav,x,y"]), cache=cache)
    assert run.vectors.shape == (1, 215)
    assert not run.valid.any()


def test_cancelled_work_is_kept(make_data, cache, described):
    data = make_data(150, seconds=0.05)
    cancel, seen = threading.Event(), []

    def progress(done, total):
        seen.append((done, total))
        if done:
            cancel.set()

    with pytest.raises(Cancelled):
        embed(data, cache=cache, progress=progress, cancel=cancel)
    assert [total for _, total in seen] == [150, 150]
    stored = seen[-1][0]
    assert 0 < stored < 150
    seen.clear()
    run = embed(data, cache=cache, progress=lambda *at: seen.append(at))
    assert seen[0] == (stored, 150)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert run.valid.all()


def test_two_runs_at_once_share_a_cache(make_data, cache):
    data = make_data(100, seconds=0.05)
    results = []
    threads = [threading.Thread(target=lambda: results.append(embed(data, cache=cache))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert all(np.array_equal(run.vectors, results[0].vectors) for run in results)


def test_default_cache_lies_in_the_home_folder(make_data, tmp_path, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    embed(make_data(2))
    assert list((tmp_path / "home" / "cache").glob("*.sqlite"))


def test_table_without_audio(tmp_path, cache):
    from slicecore.table.dataset import read

    (tmp_path / "a.csv").write_text("label,pred\na,b\n")
    with pytest.raises(ModelError, match="no audio column"):
        embed(read(tmp_path / "a.csv"), cache=cache)


def test_labels(tmp_path):
    assert [label(suggestion.model) for suggestion in SUGGESTED] == [
        suggestion.label for suggestion in SUGGESTED
    ]
    assert label("some/model") == "some/model"
    assert label("/somewhere/own.npy") == "Vectors from own.npy"
    assert label(str(tmp_path)) == tmp_path.name
