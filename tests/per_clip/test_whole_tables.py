"""Outcomes of whole tables as files: the same numbers, and never those of recordings that have changed."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from slicecore.audio.clip import Clip
from slicecore.audio.decoding import RecordingPart
from slicecore.embedding import embed, embed_and_measure, embed_raw
from slicecore.measurements import measure
from slicecore.per_clip import recordings
from slicecore.per_clip.outcome_rows import rows_of
from slicecore.per_clip.recordings import recordings_now
from slicecore.per_clip.whole_tables import (
    labels_of,
    reasons_of,
    shaped_outcomes,
    with_reasons,
)
from slicecore.storage import cache_admin
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Label, Outcome
from slicecore.table.dataset import from_table, read

ODD_ROWS = ["broken.wav,a,b", "none.wav,a,b", ",a,b"]


@pytest.fixture(autouse=True)
def small_tables_count(monkeypatch):
    monkeypatch.setattr(recordings, "FROM", 3)


@pytest.fixture
def decoded(monkeypatch):
    """Parts of recordings that were decoded."""
    parts, decode = [], RecordingPart.decode

    def noting(self, *arguments):
        parts.append(self)
        return decode(self, *arguments)

    monkeypatch.setattr(RecordingPart, "decode", noting)
    return parts


@pytest.fixture
def data(make_data, tmp_path):
    """Five clips, of which three can't be measured."""
    (tmp_path / "broken.wav").write_text("no sound")
    return make_data(2, rows=ODD_ROWS)


def files(cache):
    return sorted((cache / "outcomes").glob("*"))


def same(a, b):
    pd.testing.assert_frame_equal(a.table, b.table, check_exact=True)
    np.testing.assert_array_equal(a.timbre, b.timbre)
    assert a.reasons == b.reasons


def test_what_lies_in_a_file_is_what_was_measured_and_the_store_is_not_asked(data, cache):
    first = measure(data, cache=cache)
    assert len(files(cache)) == 1
    second = measure(data, cache=cache)
    with Store(cache) as store:
        store.clear()
    seen = []
    third = measure(data, cache=cache, progress=lambda *at: seen.append(at))
    assert seen == [(5, 5)]
    same(first, second)
    same(first, third)
    assert sorted(first.reasons) == [2, 3, 4]
    with Store(cache) as store:
        assert store.sizes() == []


def test_vectors_reasons_and_labels_are_those_of_the_pass(data, cache):
    runs = [embed_and_measure(data, ["signal", "speaker"], cache=cache) for _ in range(3)]
    assert len(files(cache)) == 3
    (first, *_), measured = runs[0]
    for (again, *_), measured_again in runs[1:]:
        np.testing.assert_array_equal(first.vectors, again.vectors)
        np.testing.assert_array_equal(first.valid, again.valid)
        assert (first.reasons, first.labels) == (again.reasons, again.labels)
        same(measured, measured_again)
    raw, embeddings = embed_raw(data, cache=cache), embed(data, cache=cache)
    np.testing.assert_array_equal(embeddings.vectors, first.vectors)
    with Store(cache) as store:
        store.clear()
    np.testing.assert_array_equal(embed_raw(data, cache=cache).vectors, raw.vectors)


@pytest.fixture
def segments(data, tmp_path):
    """Parts of recordings, whole ones, one under two names and one twice, and three rows that can't be measured."""
    (tmp_path / "copy.wav").write_bytes((tmp_path / "clip_0.wav").read_bytes())
    names = ["clip_0.wav", "clip_1.wav", "clip_0.wav", "copy.wav", "clip_1.wav", "broken.wav", "none.wav", ""]
    table = pd.DataFrame(
        {"audio": names, "end": [0.1, 0.2, "", "", 0.2, "", "", ""], "text": "a", "pred": "b"}
    )
    table.to_csv(tmp_path / "segments.csv", index=False)
    return read(tmp_path / "segments.csv", end="end")


def test_rows_without_a_recording_among_others_take_nothing_from_their_neighbours(
    make_data, cache, tmp_path, decoded
):
    make_data(3)
    names = ["", "clip_0.wav", "none.wav", "clip_1.wav", "", "clip_2.wav"]
    pd.DataFrame({"audio": names, "reference": "a", "prediction": "b"}).to_csv(
        tmp_path / "gaps.csv", index=False
    )
    for chosen in (slice(1, 4), slice(None)):  # the first has as many outcomes as rows
        table = pd.read_csv(tmp_path / "gaps.csv").iloc[chosen]
        table.to_csv(tmp_path / "some.csv", index=False)
        data = read(tmp_path / "some.csv")
        (first,), measured = embed_and_measure(data, ["signal"], cache=cache)
        for file in files(cache):
            file.unlink()
        del decoded[:]
        (again,), measured_again = embed_and_measure(data, ["signal"], cache=cache)
        assert not decoded and files(cache)
        np.testing.assert_array_equal(first.vectors, again.vectors)
        assert first.reasons == again.reasons
        same(measured, measured_again)


def test_outcomes_of_the_store_are_those_of_the_pass(segments, cache, decoded):
    models = ["signal", "speaker"]
    (first, *_), measured = embed_and_measure(segments, models, cache=cache)
    for file in files(cache):
        file.unlink()
    del decoded[:]
    seen = []
    (again, *_), measured_again = embed_and_measure(
        segments, models, cache=cache, progress=lambda *at: seen.append(at)
    )
    assert not decoded and set(seen) == {(8, 8)} and len(files(cache)) == 3
    np.testing.assert_array_equal(first.vectors, again.vectors)
    assert (first.reasons, first.labels) == (again.reasons, again.labels) and sorted(first.reasons) == [
        5,
        6,
        7,
    ]
    same(measured, measured_again)


@pytest.mark.parametrize("change", ["content", "appears", "goes", "part"])
def test_a_recording_that_has_changed_is_measured_anew(data, cache, tmp_path, decoded, change):
    before = measure(data, cache=cache)
    del decoded[:]
    if change == "content":
        soundfile.write(tmp_path / "clip_0.wav", np.zeros(4000), 16_000)
    elif change == "appears":
        soundfile.write(tmp_path / "none.wav", np.zeros(4000), 16_000)
    elif change == "goes":
        (tmp_path / "clip_1.wav").unlink()
    else:
        ends = pd.Series([0.1, 0.2, 0.2, 0.2, 0.2])
        table = data.table.assign(end=ends).rename(columns={"text": "reference", "pred": "prediction"})
        table.to_csv(tmp_path / "parts.csv", index=False)
        data = read(tmp_path / "parts.csv", end="end")
    after = measure(data, cache=cache)
    assert len(decoded) == {"content": 1, "appears": 1, "goes": 0, "part": 2}[change]
    assert not before.table.equals(after.table)
    assert (1 in after.reasons) == (change == "goes")
    assert (3 in after.reasons) == (change != "appears")


def test_a_recording_that_has_changed_takes_no_room_beside_what_it_was(data, cache, tmp_path):
    measure(data, cache=cache)
    soundfile.write(tmp_path / "clip_0.wav", np.zeros(4000), 16_000)
    measure(data, cache=cache)
    assert len(files(cache)) == 1


def test_recordings_in_memory_have_no_file(data, cache):
    table = pd.DataFrame(
        {
            "audio": [{"bytes": Path(path).read_bytes()} for path in data.audio_paths[:2]] * 2,
            "reference": ["a", "b", "c", "d"],
            "prediction": ["a", "b", "c", "e"],
        }
    )
    measured = measure(from_table(table, name="calls"), cache=cache)
    assert not measured.reasons and files(cache) == []


def test_a_damaged_file_is_made_again(data, cache):
    first = measure(data, cache=cache)
    (path,) = files(cache)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    os.replace(path, path.with_suffix(".old"))  # it may be mapped: another file takes its name
    path.write_bytes(content)
    same(first, measure(data, cache=cache))
    assert path.read_bytes() != content


def test_files_go_with_the_results_of_their_model(data, cache):
    measure(data, cache=cache)
    held = {entry.name: entry for entry in cache_admin.contents(cache)}
    assert held["outcomes"].entries == 1
    cache_admin.clear(cache, "sound")
    assert files(cache) == []


def test_there_are_none_of_clips_behind_urls_of_small_tables_and_of_few_recordings(data, monkeypatch):
    assert recordings_now(data.clips) is not None
    assert recordings_now([*data.clips, Clip("s3://calls/a.wav")]) is None
    first = data.clips[0]
    assert recordings_now([first] * 5) is None
    assert recordings_now([Clip(first.path, float(second)) for second in range(1, 5)]) is not None
    odd = [Clip(Path(name)) for name in ("\ud800.wav", "\udc80.wav", "\0.wav", "a\nb.wav")]
    assert recordings_now(odd) is not None
    monkeypatch.setattr(recordings, "FROM", 6)
    assert recordings_now(data.clips) is None


def test_what_might_be_otherwise_next_time_is_not_stored(data, cache):
    class Work:
        key = "lengths"

    def shape(outcomes):
        return {"count": np.array([len(outcomes.which)])}

    outcomes = [Outcome(np.ones(1, np.float32)), Outcome(None, "No decoder")]
    now = recordings_now(data.clips)
    for are_final, count in ((False, 0), (True, 1)):
        (made,) = shaped_outcomes(now, [(Work(), shape)], cache, lambda works, f=are_final: ([outcomes], f))
        assert made["count"].tolist() == [2] and reasons_of(made).tolist() == ["", "No decoder"]
        assert len(files(cache)) == count


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.text()),
            st.lists(st.tuples(st.text(), st.floats(0, 1)).map(lambda label: Label(*label)), max_size=2),
        )
    )
)
def test_reasons_and_labels_are_read_as_they_were_written(clips):
    outcomes = [
        Outcome(np.ones(1, np.float32) if reason is None else None, reason or "", tuple(labels))
        for reason, labels in clips
    ]
    arrays = with_reasons({}, rows_of(outcomes))
    assert reasons_of(arrays).tolist() == [outcome.reason for outcome in outcomes]
    expected = {row: outcome.labels for row, outcome in enumerate(outcomes) if outcome.labels}
    assert labels_of(arrays) == expected
