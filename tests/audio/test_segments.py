import re
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from tones import RATE, tone

from slicecore.audio import decoding
from slicecore.audio.clip import Clip
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.embedding import embed
from slicecore.errors import AudioError, NoDecoderError, TableError
from slicecore.metrics import wer
from slicecore.per_clip import preparation
from slicecore.report.tables import clips_table
from slicecore.slices.scanner import scan
from slicecore.table.dataset import from_table, read
from slicecore.table.roles import guess_roles

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="FFmpeg is not installed")


def noise(seconds, rate=RATE, channels=1, seed=0):
    shape = (round(seconds * rate), channels) if channels > 1 else round(seconds * rate)
    return np.random.default_rng(seed).normal(0, 0.05, shape)


def table_of(text, folder):
    path = folder / "t.csv"
    path.write_text(text)
    return path


# Columns ------------------------------------------------------------------------------------------------------
def test_columns_of_a_segment_are_guessed_together_and_are_no_metadata(tmp_path):
    data = read(
        table_of("audio,start,end,text,pred\na.wav,1.5,2,x,y\na.wav,,3,x,y\na.wav,4,,x,y\n", tmp_path)
    )
    assert (data.roles.start, data.roles.end) == ("start", "end")
    assert data.metadata == ()
    path = tmp_path / "a.wav"
    assert data.clips == [Clip(path, 1.5, 2.0), Clip(path, 0.0, 3.0), Clip(path, 4.0, None)]
    assert len(set(data.ids)) == 3
    assert guess_roles(["audio", "text", "pred", "start"]).start is None


def test_times_of_day_are_no_segment(tmp_path):
    text = "audio,start,end,text,pred\na.wav,10:15:00,10:16:00,x,y\nb.wav,10:17:00,10:18:00,x,y\n"
    data = read(table_of(text, tmp_path))
    assert data.roles.start is None
    assert data.metadata == ("start", "end")
    data = read(table_of("audio,start,end,text,pred\na.wav,1700000000,1700000005,x,y\n", tmp_path))
    assert data.roles.start is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a.wav,abc,2", "Row 3: “abc” in column “from” is not a time in seconds"),
        ("a.wav,-1,2", "Row 3: “-1” in column “from”"),
        ("a.wav,inf,2", "Row 3: “inf” in column “from”"),
        ("a.wav,2,2", r"Row 3: the end in column “to” \(2 s\) is not after the start \(2 s\)"),
        ("a.wav,1,nan", "Row 3: “nan” in column “to”"),
    ],
)
def test_a_bad_time_is_named_with_row_and_column(tmp_path, row, message):
    path = table_of(f"audio,from,to,text,pred\na.wav,0,1,x,y\n{row},x,y\n", tmp_path)
    with pytest.raises(TableError, match=message):
        read(path, start="from", end="to")


def test_exported_clips_say_their_part(tmp_path):
    data = read(
        table_of("audio,start,end,text,pred\n" + "a.wav,1.5,2,x,x\n" * 3 + "a.wav,4,,x,y\n", tmp_path)
    )
    costs = wer(data.reference, data.prediction)
    result = scan(
        build_hierarchy(np.random.default_rng(0).normal(size=(4, 3))), costs, min_support=2, ids=data.ids
    )
    table = clips_table(data, result)
    assert table["start"].tolist() == [1.5, 1.5, 1.5, 4.0]
    assert table["end"].tolist()[:3] == [2.0] * 3
    assert np.isnan(table["end"].tolist()[3])


def test_segments_need_an_audio_column(tmp_path):
    with pytest.raises(TableError, match="no audio column"):
        read(table_of("from,text,pred\n1,x,y\n", tmp_path), start="from")


# Decoding -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("ending", "tolerance"), [("wav", 0), ("flac", 0), ("ogg", 1e-3), ("mp3", 1e-3)])
def test_a_part_is_what_the_whole_has_there(tmp_path, ending, tolerance):
    path = tmp_path / f"a.{ending}"
    soundfile.write(path, noise(6, channels=2), RATE)
    whole = decoding.load(path)
    for start, end in ((0.0, 1.0), (2.25, 3.5), (5.0, None)):
        part = decoding.load(path, start=start, end=end)
        expected = whole[round(start * RATE) : None if end is None else round(end * RATE)]
        assert len(part) == len(expected)
        # Lossy decoders need some frames before the part to swing in.
        assert np.abs(part - expected)[RATE // 10 :].max() <= tolerance
        assert decoding.info(path, start=start, end=end).duration == pytest.approx(len(part) / RATE, abs=1e-3)


@given(st.floats(0, 2.9), st.floats(0.01, 1))
def test_any_part_has_its_length(tmp_path_factory, start, length):
    path = tmp_path_factory.getbasetemp() / "three.wav"
    if not path.exists():
        soundfile.write(path, noise(3), RATE)
    end = min(start + length, 3.0)
    assert len(decoding.load(path, start=start, end=end)) == pytest.approx((end - start) * RATE, abs=1)


def test_a_part_beyond_the_end_says_how_long_the_recording_is(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(seconds=2), RATE)
    with pytest.raises(AudioError, match=r"starts at 3 s, but the recording has only 2\.0 s"):
        decoding.load(tmp_path / "a.wav", start=3)
    with pytest.raises(AudioError, match=r"ends at 2\.5 s, but the recording has only 2\.0 s"):
        decoding.load(tmp_path / "a.wav", start=1, end=2.5)
    # No number of a frame is as large as these.
    with pytest.raises(AudioError, match=r"starts at 1e\+305 s, but the recording has only 2\.0 s"):
        decoding.load(tmp_path / "a.wav", start=1e305)
    with pytest.raises(AudioError, match=r"ends at 1e\+305 s, but the recording has only 2\.0 s"):
        decoding.load(tmp_path / "a.wav", end=1e305)
    assert len(decoding.load(tmp_path / "a.wav", start=1, end=2.01)) == RATE  # rounded times are no reason


def test_sound_before_a_break_can_be_decoded(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(4), RATE)
    path.write_bytes(path.read_bytes()[: 44 + 2 * 2 * RATE])
    assert len(decoding.load(path, start=0.5, end=1.5)) == RATE
    for start, end in ((1.5, 2.5), (3.0, 3.5)):
        with pytest.raises(AudioError, match=r"Breaks off after 2\.0 of 4\.0 s"):
            decoding.load(path, start=start, end=end)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 48000, 96000])
@pytest.mark.parametrize("ending", ["wav", "flac"])
def test_rates(tmp_path, rate, ending):
    path = tmp_path / f"a.{ending}"
    soundfile.write(path, tone(seconds=2, rate=rate), rate)
    part = decoding.load(path, start=0.5, end=1.5)
    assert len(part) == pytest.approx(RATE, abs=2)
    spectrum = np.abs(np.fft.rfft(part[:RATE] * np.hanning(len(part[:RATE]))))
    assert np.argmax(spectrum) == pytest.approx(1000, abs=2)


# With FFmpeg --------------------------------------------------------------------------------------------------
def encoded(folder, ending, seconds=3.0, rate=44100):
    source, target = folder / "source.wav", folder / f"a.{ending}"
    soundfile.write(source, np.stack([tone(seconds=seconds, rate=rate)] * 2, axis=1), rate)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, target], check=True)
    return target


@needs_ffmpeg
@pytest.mark.parametrize("ending", ["m4a", "webm", "aac"])
def test_what_only_ffmpeg_reads(tmp_path, ending):
    path = encoded(tmp_path, ending)
    whole = decoding.load(path)
    assert len(whole) / RATE == pytest.approx(3, abs=0.15)
    part = decoding.load(path, start=1, end=2)
    assert len(part) == pytest.approx(RATE, abs=RATE // 20)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    assert np.argmax(spectrum) * RATE / len(part) == pytest.approx(1000, abs=3)
    assert decoding.info(path).channels == 2


@needs_ffmpeg
def test_m4a_that_is_damaged_broken_off_or_too_short(tmp_path):
    path = encoded(tmp_path, "m4a")
    with pytest.raises(AudioError, match=r"starts at 5 s, but the recording has only 3\.0 s"):
        decoding.load(path, start=5)
    with pytest.raises(AudioError, match="ends at 5 s"):
        decoding.load(path, start=1, end=5)
    path.write_bytes(path.read_bytes()[:9000])  # its table of contents is at the end
    with pytest.raises(AudioError, match="FFmpeg can't decode: moov atom not found"):
        decoding.load(path)
    webm = encoded(tmp_path, "webm")
    webm.write_bytes(webm.read_bytes()[: webm.stat().st_size // 2])
    with pytest.raises(AudioError, match=r"Breaks off after 1\.\d of 3\.0 s"):
        decoding.load(webm)


def test_without_ffmpeg_the_reason_says_what_to_do_and_is_not_kept(tmp_path, monkeypatch):
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x18ftypM4A " + b"\0" * 90)
    data = from_table(
        pd.DataFrame({"audio": ["a.m4a"], "text": ["x"], "pred": ["y"]}), name="t", folder=tmp_path
    )
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "without FFmpeg. Install it, or convert" in embed(data, cache=tmp_path / "cache").reasons[0]
    monkeypatch.undo()
    if shutil.which("ffmpeg"):
        assert "FFmpeg can't decode" in embed(data, cache=tmp_path / "cache").reasons[0]


# Embedding ----------------------------------------------------------------------------------------------------
def test_segments_have_the_vectors_of_files_cut_there(tmp_path):
    samples = (noise(4) * np.repeat([1, 4, 2, 8], RATE)).astype(np.float32)
    soundfile.write(tmp_path / "long.wav", samples, RATE, "FLOAT")
    for number in range(4):
        part = samples[number * RATE : (number + 1) * RATE]
        soundfile.write(tmp_path / f"{number}.wav", part, RATE, "FLOAT")
    frame = pd.DataFrame({"text": "x", "pred": "y"}, index=range(4))
    cut = from_table(frame.assign(audio=[f"{n}.wav" for n in range(4)]), name="cut", folder=tmp_path)
    parts = from_table(
        frame.assign(audio="long.wav", start=range(4), end=range(1, 5)), name="parts", folder=tmp_path
    )
    of_files, of_parts = (embed(data, cache=tmp_path / "cache") for data in (cut, parts))
    assert of_parts.valid.all()
    assert np.allclose(of_files.vectors, of_parts.vectors, atol=1e-5)


def test_a_long_recording_is_embedded_in_pieces(tmp_path, monkeypatch):

    path = tmp_path / "long.flac"
    soundfile.write(path, noise(10), RATE)
    lengths = []

    def mean(samples, rate):
        lengths.append(len(samples))
        return [samples.mean()]

    frame = pd.DataFrame(
        {"audio": ["long.flac"] * 2, "text": "x", "pred": "y", "start": [0, 1], "end": [None, 9.0]}
    )
    data = from_table(frame, name="t", folder=tmp_path, start="start", end="end")
    monkeypatch.setattr(preparation, "LONGEST_S", 4.0)
    run = embed(data, mean, cache=tmp_path / "cache")
    assert run.valid.all()
    assert max(lengths) <= 4 * RATE
    assert sum(lengths) == 18 * RATE
    assert lengths.count(4 * RATE) == 2


def test_a_break_in_a_long_recording_is_noticed(tmp_path, monkeypatch):

    path = tmp_path / "long.wav"
    soundfile.write(path, noise(10), RATE)
    path.write_bytes(path.read_bytes()[: 44 + 2 * 7 * RATE])
    frame = pd.DataFrame({"audio": ["long.wav"], "text": "x", "pred": "y"})
    monkeypatch.setattr(preparation, "LONGEST_S", 2.0)
    run = embed(from_table(frame, name="t", folder=tmp_path), cache=tmp_path / "cache")
    assert run.reasons == {0: "Breaks off after 7.0 of 10.0 s"}


@pytest.mark.parametrize("mark", [b"\xff\xf0", b"\xff\xf1", b"\xff\xf8", b"\xff\xf9"])
def test_aac_is_known_with_and_without_checksums(tmp_path, monkeypatch, mark):
    (tmp_path / "a.aac").write_bytes(mark + bytes(100))
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(NoDecoderError, match="AAC can't be decoded without FFmpeg"):
        decoding.load(tmp_path / "a.aac")


def test_libsndfile_tells_how_many_bytes_a_header_promises(tmp_path):
    """Only its log tells; were it worded otherwise, WAV files that break off would pass as whole."""
    soundfile.write(tmp_path / "whole.wav", noise(2), RATE)
    (tmp_path / "half.wav").write_bytes((tmp_path / "whole.wav").read_bytes()[: RATE * 2 + 44])
    with pytest.raises(AudioError, match=r"Breaks off after 1\.0 of 2\.0 s"):
        decoding.load(tmp_path / "half.wav")
    with soundfile.SoundFile(tmp_path / "half.wav") as sound:
        assert re.search(r"data : \d+ \(should be \d+\)", sound.extra_info), soundfile.__libsndfile_version__
