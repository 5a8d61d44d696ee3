import contextlib
import io
import json
import os
import shutil
import subprocess
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from slicecore.audio import decoding, spectrogram
from slicecore.audio.clip import Clip
from slicecore_app.server import marks, media, registry
from slicecore_app.server.routes import routes
from slicecore_app.server.sources import Source

RATE = 22_050
FILES = {
    "tone.wav": ("WAV", "PCM_16"),
    "tone.flac": ("FLAC", "PCM_16"),
    "tone.ogg": ("OGG", "VORBIS"),
    "tone.mp3": ("MP3", "MPEG_LAYER_III"),
    "tone.aiff": ("AIFF", "PCM_16"),
    "double.wav": ("WAV", "DOUBLE"),
}
NAMES = [*FILES, "text.wav", "missing.wav", ""]


def open_token(table: pd.DataFrame, path: Path) -> str:
    """Write a table and open it; its token."""
    table.to_csv(path, index=False)
    return registry.open_table(Source(str(path))).token


def tone(seconds: float = 1.0) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * RATE)) / RATE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for name, (kind, encoding) in FILES.items():
        soundfile.write(folder / name, tone(), RATE, encoding, format=kind)
    (folder / "text.wav").write_text("no audio at all")
    return folder


@pytest.fixture(scope="module")
def token(folder) -> str:
    table = pd.DataFrame({"audio": NAMES, "reference": "a", "prediction": "b"})
    return open_token(table, folder / "clips.csv")


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def url(token: str, name: str, kind: str) -> str:
    return media.clip_urls(token, NAMES.index(name))[kind]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("tone.wav", "audio/wav"),
        ("tone.flac", "audio/flac"),
        ("tone.ogg", "audio/ogg"),
        ("tone.mp3", "audio/mpeg"),
    ],
)
def test_what_browsers_play_is_sent_as_it_is(client, token, folder, name, kind):
    answer = client.get(url(token, name, "audio"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"].startswith("private")
    assert answer.content == (folder / name).read_bytes()


@pytest.mark.parametrize("name", ["tone.aiff", "double.wav"])
def test_what_browsers_cannot_play_is_sent_as_wav(client, token, name):
    answer = client.get(url(token, name, "audio"))
    assert answer.headers["content-type"] == "audio/wav"
    samples, rate = soundfile.read(io.BytesIO(answer.content))
    assert rate == RATE
    np.testing.assert_allclose(samples, tone(), atol=1e-3)
    assert soundfile.info(io.BytesIO(answer.content)).subtype == "PCM_16"


def test_any_file_is_sent_as_wav_on_request(client, token):
    answer = client.get(url(token, "tone.ogg", "audio") + "?as=wav")
    assert answer.headers["content-type"] == "audio/wav"
    assert soundfile.info(io.BytesIO(answer.content)).frames == len(tone())


@pytest.mark.parametrize("name", ["tone.wav", "tone.aiff"])
def test_a_range_is_answered_with_that_range(client, token, name):
    whole = client.get(url(token, name, "audio")).content
    part = client.get(url(token, name, "audio"), headers={"Range": "bytes=1000-1099"})
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes 1000-1099/{len(whole)}"
    assert part.content == whole[1000:1100]


def test_the_picture_is_grey_with_low_frequencies_at_the_bottom(client, token):
    answer = client.get(url(token, "tone.wav", "picture"))
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.mode == "L"
    rows = np.asarray(picture).mean(axis=1)
    assert rows.argmax() > len(rows) * 0.75  # 440 Hz


def test_the_numbers_tell_what_the_player_draws(client, token):
    sound = client.get(url(token, "double.wav", "sound")).json()
    assert sound["duration"] == pytest.approx(1.0, abs=0.01)
    assert sound["sampling_rate"] == RATE
    assert sound["channels"] == 1
    peaks = np.array(sound["peaks"])
    assert peaks.shape == (media.WAVEFORM_POINTS, 2)
    assert peaks.max() == pytest.approx(0.3, abs=0.01)
    assert -20 < sound["loudness"] < -10
    places = [place for _, place in sound["ticks"]]
    assert places == sorted(places, reverse=True)
    assert all(0 <= place <= 1 for place in places)


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.zeros(20), np.ones(1)])
def test_silence_and_a_click_have_a_picture_too(client, folder, samples):
    name = f"short{len(samples)}.wav"
    soundfile.write(folder / name, samples, RATE)
    table = pd.DataFrame({"audio": [name], "reference": "a", "prediction": "b"})
    token = open_token(table, folder / f"{name}.csv")
    assert client.get(media.clip_urls(token, 0)["picture"]).status_code == 200
    assert len(client.get(media.clip_urls(token, 0)["sound"]).json()["peaks"]) <= len(samples)


@pytest.mark.parametrize("kind", ["audio", "picture", "sound"])
def test_what_cannot_be_decoded_is_refused_with_the_reason(client, token, kind):
    answer = client.get(url(token, "text.wav", kind))
    assert answer.status_code == 415
    assert "Not audio" in answer.json()["reason"]


@pytest.mark.parametrize("name", ["missing.wav", ""])
@pytest.mark.parametrize("kind", ["audio", "picture", "sound"])
def test_a_clip_without_a_file_is_not_found(client, token, name, kind):
    answer = client.get(url(token, name, kind))
    assert answer.status_code == 404
    assert answer.json()["reason"]


def test_a_row_or_data_set_nobody_opened_is_not_found(client, token):
    assert client.get(media.clip_urls(token, len(NAMES))["audio"]).status_code == 404
    assert client.get(media.clip_urls("0" * 16, 0)["audio"]).status_code == 404
    assert client.get(f"/api/clips/{token}/-1/audio").status_code == 404


@pytest.mark.parametrize("attempt", ["..", "%2e%2e", "..%2f..%2fetc", "%2Fetc%2Fpasswd", "/etc/passwd"])
def test_a_token_that_looks_like_a_path_reads_nothing(client, token, folder, attempt):
    secret = folder.parent / "audio"
    secret.write_text("secret")
    for address in (f"/api/clips/{attempt}/0/audio", f"/api/clips/{token}/{attempt}/audio"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "secret" not in answer.text
        assert "root:" not in answer.text


def test_a_file_is_decoded_once_for_picture_and_numbers(client, folder, monkeypatch):
    soundfile.write(folder / "once.wav", tone(2.0), RATE)
    table = pd.DataFrame({"audio": ["once.wav"], "reference": "a", "prediction": "b"})
    token = open_token(table, folder / "once.csv")
    decoded = []
    opened = decoding.opened
    monkeypatch.setattr(decoding, "opened", lambda *part: decoded.append(part) or opened(*part))
    addresses = [media.clip_urls(token, 0)[kind] for kind in ("picture", "sound", "picture", "sound")]
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(client.get, addresses))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len(decoded) == 1
    assert len(json.loads(answers[1].content)["peaks"]) == media.WAVEFORM_POINTS


def test_the_marks_of_a_clip_are_those_of_the_causes_that_a_page_has_opened(client, folder, monkeypatch):
    time = np.arange(2 * RATE) / RATE
    hum = sum(np.sin(2 * np.pi * 50 * k * time) for k in range(1, 6)) / 20
    wave = np.where(time % 1 < 0.1, np.clip(8 * tone(2.0), -0.5, 0.5), 0.1 * tone(2.0)) + 0.1 * hum
    soundfile.write(folder / "faults.wav", wave, RATE)
    table = pd.DataFrame({"audio": ["faults.wav", "text.wav"], "reference": "a", "prediction": "b"})
    table.to_csv(folder / "faults.csv", index=False)
    open_ = registry.open_table(Source(str(folder / "faults.csv")))
    address = media.marks_url(open_.open_causes("these", lambda row: ["hum", "overdriven", "voice"]))
    found = client.get(address.format(row=0)).json()
    labels = {mark["label"] for mark in found["marks"]}
    assert labels == {"Mains hum", "Overdriven"}
    assert found["more"] == 0
    for mark in found["marks"]:
        assert mark["start"] is None or 0 <= mark["start"] <= mark["end"] <= 2
        assert mark["top"] is None or 0 <= mark["top"] <= mark["bottom"] <= 1
    monkeypatch.setattr(marks, "MOST_DRAWN", 3)
    fewer = media.marks_url(open_.open_causes("those", lambda row: ["overdriven", "hum"]))
    counted = client.get(fewer.format(row=0)).json()
    assert (len(counted["marks"]), counted["more"]) == (3, len(found["marks"]) - 3)
    none = media.marks_url(open_.open_causes("none", lambda row: []))
    assert client.get(none.format(row=0)).json() == {"marks": [], "more": 0}
    assert client.get(address.format(row=1)).status_code == 415
    assert client.get(address.format(row=2)).status_code == 404
    assert client.get(media.marks_url(f"{open_.token}-0").format(row=0)).status_code == 404


def test_a_file_that_changed_is_read_again(client, folder):
    soundfile.write(folder / "changing.wav", tone(0.5), RATE)
    table = pd.DataFrame({"audio": ["changing.wav"], "reference": "a", "prediction": "b"})
    token = open_token(table, folder / "changing.csv")
    address = media.clip_urls(token, 0)["sound"]
    before = client.get(address).json()["duration"]
    soundfile.write(folder / "changing.wav", tone(1.5), RATE)
    assert client.get(address).json()["duration"] == pytest.approx(before + 1.0, abs=0.02)


def test_decoded_recordings_do_not_pile_up(client, folder):
    count = media.MOST_RECORDINGS + 3
    names = [f"many{i}.aiff" for i in range(count)]
    for i, name in enumerate(names):
        soundfile.write(folder / name, tone(0.05 + i / 1000), RATE)
    table = pd.DataFrame({"audio": names, "reference": "a", "prediction": "b"})
    token = open_token(table, folder / "many.csv")
    for row in range(count):
        assert client.get(media.clip_urls(token, row)["audio"]).status_code == 200
    again = client.get(media.clip_urls(token, 0)["audio"])  # thrown away meanwhile, decoded anew
    assert again.status_code == 200


def parts(folder, name, times):
    frame = pd.DataFrame({"audio": name, "reference": "a", "prediction": "b"}, index=range(len(times)))
    frame["start"], frame["end"] = zip(*times, strict=True)
    return open_token(frame, folder / f"parts {name}.csv")


@pytest.mark.parametrize("name", ["steps.wav", "steps.flac"])
def test_a_part_of_a_file_sounds_and_looks_like_a_clip_of_its_own(client, folder, name):
    steps = np.concatenate([tone(1.0) * level for level in (0.1, 1.0, 0.3)])
    soundfile.write(folder / name, steps, RATE)
    token = parts(folder, name, [(1.0, 2.0), (2.0, None)])
    for row, level in ((0, 0.3), (1, 0.09)):
        urls = media.clip_urls(token, row)
        sound = client.get(urls["sound"]).json()
        assert sound["duration"] == pytest.approx(1.0, abs=0.001)
        assert np.max(sound["peaks"]) == pytest.approx(level, abs=0.02)
        assert client.get(urls["picture"]).status_code == 200
        answer = client.get(urls["audio"], headers={"Range": "bytes=0-3"})
        assert answer.headers["content-type"] == "audio/wav"
        assert answer.content == b"RIFF"
        samples, rate = soundfile.read(io.BytesIO(client.get(urls["audio"]).content))
        assert (len(samples), rate) == (RATE, RATE)
        assert np.abs(samples).max() == pytest.approx(level, abs=0.02)


def test_a_part_beyond_the_end_is_refused(client, folder):
    soundfile.write(folder / "two.wav", tone(2.0), RATE)
    token = parts(folder, "two.wav", [(3.0, 4.0)])
    for kind in ("audio", "picture", "sound"):
        answer = client.get(media.clip_urls(token, 0)[kind])
        assert answer.status_code == 415
        assert "only 2.0 s" in answer.json()["reason"]


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="FFmpeg is not installed")
def test_m4a_has_a_picture_and_plays_as_it_is(client, folder):
    soundfile.write(folder / "source.wav", tone(2.0), RATE)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", folder / "source.wav", folder / "a.m4a"], check=True)
    table = pd.DataFrame({"audio": ["a.m4a"], "reference": "a", "prediction": "b"})
    urls = media.clip_urls(open_token(table, folder / "m4a.csv"), 0)
    assert client.get(urls["audio"]).headers["content-type"] == "audio/mp4"
    assert client.get(urls["picture"]).headers["content-type"] == "image/png"
    assert client.get(urls["sound"]).json()["duration"] == pytest.approx(2.0, abs=0.1)
    assert client.get(urls["audio"] + "?as=wav").content[:4] == b"RIFF"


def test_a_remote_recording_plays(client, folder):
    system = fsspec.filesystem("memory")
    system.pipe_file("/far/tone.wav", (folder / "tone.wav").read_bytes())
    table = pd.DataFrame({"audio": ["memory://far/tone.wav"], "reference": "a", "prediction": "b"})
    urls = media.clip_urls(open_token(table, folder / "far.csv"), 0)
    assert soundfile.read(io.BytesIO(client.get(urls["audio"]).content))[1] == RATE
    assert client.get(urls["picture"]).status_code == 200
    system.rm_file("/far/tone.wav")
    assert client.get(urls["picture"]).status_code == 404


def test_the_first_requests_at_once_all_get_their_sound(client, folder, monkeypatch):
    names = [f"first{i}.aiff" for i in range(6)]
    for name in names:
        soundfile.write(folder / name, tone(0.1), RATE)
    table = pd.DataFrame({"audio": names, "reference": "a", "prediction": "b"})
    token = open_token(table, folder / "first.csv")
    make, together = media.tempfile.TemporaryDirectory, threading.Barrier(2)

    def slow(**how):  # as on a busy machine: both first requests come to the folder before there is one
        made = make(**how)
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(0.5)
        return made

    monkeypatch.setattr(media.tempfile, "TemporaryDirectory", slow)
    monkeypatch.setattr(media, "_folders", [])
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda row: client.get(media.clip_urls(token, row)["audio"]), range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6


def test_addresses_of_sound_hold_below_any_path():
    assert not any(address.startswith("/") for address in media.clip_urls("0" * 16, 0).values())


def test_a_long_clip_is_drawn_in_bounded_memory(tmp_path):
    rate, minutes = 8000, 15
    path = tmp_path / "long.flac"
    with soundfile.SoundFile(path, "w", rate, 1) as file:
        for minute in range(minutes):
            file.write(np.zeros(60 * rate) if minute != 9 else np.tile(tone(), 60)[: 60 * rate])
    tracemalloc.start()
    try:
        drawing = media._draw(Clip(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100e6  # the recording alone, at 16 kHz, takes 58 MB, and its loudness several times that
    assert json.loads(drawing.numbers)["duration"] == 900
    assert drawing.picture == spectrogram.png(spectrogram.mel_picture(decoding.load(path)))


@pytest.mark.parametrize("name", ["pipe.wav", "/dev/zero", "/dev/urandom", "zip://a::file:///etc/hosts", "."])
def test_what_is_no_recording_is_refused_at_once(client, tmp_path, name):
    os.mkfifo(tmp_path / "pipe.wav")
    table = pd.DataFrame({"audio": [name], "reference": "a", "prediction": "b"})
    token = open_token(table, tmp_path / "clips.csv")
    for address in media.clip_urls(token, 0).values():
        answer = client.get(address)
        assert answer.status_code == 415
        assert "Error" not in answer.json()["reason"]
