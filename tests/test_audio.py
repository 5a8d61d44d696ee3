import io
import time

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from slicecore import audio
from slicecore.errors import AudioError

RATE = audio.SAMPLING_RATE


def tone(frequency=1000.0, seconds=1.0, rate=RATE, level=0.5):
    return (level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_formats_rates_and_channels(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    left = tone(rate=44100, seconds=0.5)
    soundfile.write(path, np.stack([left, np.zeros_like(left)], axis=1), 44100)
    samples = audio.load(path)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(8000, abs=1500 if ending == "mp3" else 2)
    middle = samples[2000:6000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * RATE / len(middle) == pytest.approx(1000, abs=5)
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)
    facts = audio.info(path)
    assert (facts.sampling_rate, facts.channels) == (44100, 2)
    assert facts.duration == pytest.approx(0.5, abs=0.1)


def broken(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def cut(folder, ending):
    path = folder / f"whole.{ending}"
    noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE)
    soundfile.write(path, noise, RATE)
    content = path.read_bytes()
    return broken(folder, f"cut.{ending}", content[: len(content) // 4])


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3"])
def test_files_that_break_off(tmp_path, ending):
    with pytest.raises(AudioError, match=r"^Breaks off after \d\.\d of 4\.\d s$") as caught:
        audio.load(cut(tmp_path, ending))
    assert float(str(caught.value).split()[3]) <= 1.5


def test_wav_of_unknown_length_is_fine(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), RATE)
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert len(audio.load(path)) == RATE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"Empty file \(0 bytes\)"),
        (b"<!doctype html>\n<html><body>Not found", "Not audio: starts with “<!doctype html> <html><b”"),
        (bytes(range(128, 255)) * 9, "Not audio: starts with the bytes 80 81 82 83 84 85"),
        (b"\0\0\0\x18ftypM4A " + b"\0" * 90, "MP4 or M4A can't be decoded. .*ffmpeg"),
        (b"RIFF\x10\0\0\0WAVE" + b"\0" * 90, "header is damaged"),
    ],
)
def test_files_that_are_no_audio(tmp_path, content, message):
    path = broken(tmp_path, "a.wav", content)
    for read in (audio.load, audio.info):
        with pytest.raises(AudioError, match=message):
            read(path)


def test_missing_empty_and_not_finite(tmp_path):
    with pytest.raises(AudioError, match=r"^File not found$"):
        audio.load(tmp_path / "none.wav")
    with pytest.raises(AudioError, match="folder"):
        audio.load(tmp_path)
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
    with pytest.raises(AudioError, match=r"^No samples$"):
        audio.load(tmp_path / "none.wav")
    samples = tone()
    samples[8000] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, RATE, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"NaN.* 0\.5 s"):
        audio.load(tmp_path / "nan.wav")


@pytest.mark.parametrize("frequency", [300, 1000, 4000])
def test_a_tone_lies_where_the_axis_says(frequency):
    picture = audio.mel_picture(tone(frequency))
    assert picture.dtype == np.uint8
    assert picture.shape[0] == audio.MEL_BANDS
    row = picture.mean(axis=1).argmax()
    ((_, place),) = audio.mel_axis(ticks=[frequency])
    assert row + 0.5 == pytest.approx(place * audio.MEL_BANDS, abs=1)
    assert picture.max() == 255


def test_axis_leaves_out_what_is_not_on_the_picture():
    places = audio.mel_axis(8000)
    assert [tick for tick, _ in places] == [250, 500, 1000, 2000]
    assert [place for _, place in places] == sorted((place for _, place in places), reverse=True)


def test_levels_of_the_picture_are_decibels_below_its_loudest_spot():
    picture = audio.mel_picture(np.concatenate([tone(level=0.5), tone(level=0.005)]))
    row = picture.mean(axis=1).argmax()
    loud, soft = picture[row, 20], picture[row, -20]
    assert (int(loud) - int(soft)) / 255 * 80 == pytest.approx(40, abs=1)


@given(st.integers(1, 3000), st.integers(1, 50), st.floats(-1, 1))
def test_pictures_of_any_length(length, points, value):
    samples = np.full(length, value, np.float32)
    assert audio.mel_picture(samples, width=20).shape[1] <= 20
    peaks = audio.waveform_peaks(samples, points)
    assert peaks.shape == (min(length, points), 2)
    assert (peaks == np.float32(value)).all()


def test_peaks_are_the_extremes():
    peaks = audio.waveform_peaks(np.array([0, 1, -2, 3, 4], np.float32), 2)
    assert peaks.tolist() == [[0, 1], [-2, 4]]
    assert audio.waveform_peaks(np.zeros(0, np.float32), 5).shape == (0, 2)


def test_silence_is_black():
    assert audio.mel_picture(np.zeros(RATE, np.float32)).max() == 0


def test_ten_minutes_are_drawn_quickly_and_no_short_event_is_lost():
    samples = np.random.default_rng(0).normal(0, 1e-4, 600 * RATE).astype(np.float32)
    at = 123 * RATE
    samples[at : at + RATE // 10] += tone(seconds=0.1)
    start = time.perf_counter()
    content = audio.mel_png(samples)
    assert time.perf_counter() - start < 2
    picture = np.asarray(Image.open(io.BytesIO(content)))
    assert picture.shape == (audio.MEL_BANDS, audio.MEL_WIDTH)
    assert picture.max(axis=0).argmax() == pytest.approx(123 / 600 * audio.MEL_WIDTH, abs=2)
