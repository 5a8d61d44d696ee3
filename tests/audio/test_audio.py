import numpy as np
import pytest
import soundfile
from tones import RATE, tone

from slicecore.audio import decoding
from slicecore.errors import AudioError


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_formats_rates_and_channels(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    left = tone(rate=44100, seconds=0.5)
    soundfile.write(path, np.stack([left, np.zeros_like(left)], axis=1), 44100)
    samples = decoding.load(path)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(8000, abs=1500 if ending == "mp3" else 2)
    middle = samples[2000:6000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * RATE / len(middle) == pytest.approx(1000, abs=5)
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)
    facts = decoding.info(path)
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
        decoding.load(cut(tmp_path, ending))
    assert float(str(caught.value).split()[3]) <= 1.5


def test_wav_of_unknown_length_is_fine(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), RATE)
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert len(decoding.load(path)) == RATE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"Empty file \(0 bytes\)"),
        (b"<!doctype html>\n<html><body>Not found", "Not audio: starts with “<!doctype html> <html><b”"),
        (bytes(range(128, 255)) * 9, "Not audio: starts with the bytes 80 81 82 83 84 85"),
        (b"RIFF\x10\0\0\0WAVE" + b"\0" * 90, "header is damaged"),
    ],
)
def test_files_that_are_no_audio(tmp_path, content, message):
    path = broken(tmp_path, "a.wav", content)
    for read in (decoding.load, decoding.info):
        with pytest.raises(AudioError, match=message):
            read(path)


def test_missing_empty_and_not_finite(tmp_path):
    with pytest.raises(AudioError, match=r"^File not found$"):
        decoding.load(tmp_path / "none.wav")
    with pytest.raises(AudioError, match="folder"):
        decoding.load(tmp_path)
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
    with pytest.raises(AudioError, match=r"^No samples$"):
        decoding.load(tmp_path / "none.wav")
    samples = tone()
    samples[8000] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, RATE, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"NaN.* 0\.5 s"):
        decoding.load(tmp_path / "nan.wav")


@pytest.mark.parametrize("channels", [1, 2])
def test_samples_beyond_any_scale_are_no_sound(tmp_path, channels):
    """Sums of such samples overflow: the mean of two channels, and a filter of another rate."""
    samples = np.full((8000, channels), 3e38, np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 8000, "FLOAT")
    with pytest.raises(AudioError, match=r"beyond any scale, first after 0.0 s"):
        decoding.load(tmp_path / "a.wav")


def test_samples_at_the_scale_of_integers_are_sound(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone() * 2**31, RATE, "FLOAT")
    assert np.isfinite(decoding.load(tmp_path / "a.wav", 8000)).all()


@pytest.mark.parametrize("rate", [1, 50, 999])
def test_a_rate_at_which_nothing_is_heard_takes_no_memory(tmp_path, rate):
    soundfile.write(tmp_path / "a.wav", np.zeros(300_000), rate)
    for read in (decoding.load, decoding.info):
        with pytest.raises(
            AudioError, match=rf"^Its sampling rate is {rate} Hz; below 1000 Hz nothing is heard$"
        ):
            read(tmp_path / "a.wav")
