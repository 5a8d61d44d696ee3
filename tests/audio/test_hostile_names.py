"""Names of recordings that lead nowhere, or to what never ends, are the reason of their clip and of no other."""

import dataclasses
import http.server
import os
import socket
import threading
import time

import numpy as np
import pandas as pd
import pytest
import soundfile

from slicecore.audio import decoding, remote, storages
from slicecore.embedding import embed
from slicecore.errors import AudioError
from slicecore.table.dataset import from_table

URLS = [
    "zip://passwd::file:///etc/passwd",
    "tar://x::/etc/hosts",
    "tar://x::file:///etc/hosts",
    "zip://a::zip://b::file:///etc/hosts",
    "https://x/a.wav::file:///etc/hosts",
    "data://x;base64,AAAA",
    "reference://x",
    "dir://x",
    "jupyter://x",
    "github://x/y",
    "dbfs://x",
    "generic://x",
    "ftp://x/y",
    "libarchive://x",
    "local:///dev/zero",
    "parquet:///dev/zero?column=a&row=0",
    "parquet:///etc/hosts?column=a&row=99999999999999999999",
    "tar:///dev/zero?offset=0&size=99999999999999",
    "tar:///etc/hosts?offset=99999999999999999999&size=9",
    "tar://[x?offset=0&size=9",
    "parquet://]?column=a&row=0",
    "http://[",
    "http://",
    "s3://",
    "gs://\x00",
    "https://a b/\n",
]


def table_of(cells, **columns):
    frame = pd.DataFrame({"audio": cells, "text": "x", "pred": "y", **columns})
    return from_table(frame, name="hostile", **{name: name for name in columns})


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "good.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 8000), 16000)
    return path


@pytest.fixture
def limits(monkeypatch):
    """Sets other limits: `limits(answer_s=0.1)`."""

    def set_limits(**others):
        monkeypatch.setattr(storages, "LIMITS", dataclasses.replace(storages.LIMITS, **others))

    monkeypatch.setattr(storages, "_silent_until", {})
    return set_limits


def test_the_rest_of_a_table_with_odd_urls_goes_on(recording, tmp_path):
    data = table_of([*URLS, str(recording)])
    run = embed(data, cache=tmp_path / "cache")
    assert run.valid.tolist() == [False] * len(URLS) + [True]


@pytest.mark.parametrize("url", URLS)
def test_an_odd_url_has_a_reason_in_words(url):
    with pytest.raises(AudioError) as caught:
        decoding.load(url)
    assert str(caught.value) and "\n" not in str(caught.value)
    assert "Error" not in str(caught.value) and "argument" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["/dev/zero", "/dev/urandom", "/proc/kmsg", "/dev/null", "pipe", "socket", "."]
)
def test_what_is_no_file_is_not_opened(recording, tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        if name == "socket":
            listening.bind(str(tmp_path / "socket"))
        data = table_of([str(tmp_path / name), str(recording)])
        reasons = embed(data, cache=tmp_path / "cache").reasons
    assert list(reasons) == [0]
    assert any(
        word in reasons[0] for word in ("a pipe", "a device", "a socket", "a folder", "Empty", "permi")
    )


def test_a_file_that_is_larger_than_any_recording_is_not_read(recording, tmp_path):
    """A sparse file takes no place on the disk, and days to be read."""
    endless = tmp_path / "sparse.wav"
    with endless.open("wb") as file:
        file.truncate(300 << 30)
    run = embed(table_of([str(endless), str(recording)]), cache=tmp_path / "cache")
    assert run.reasons == {0: "Larger than 256 GB, the limit of recordings"}


@pytest.mark.parametrize(("start", "end"), [(0, 1e300), (1e300, 1.7e308), (0, 1e38)])
def test_a_part_beyond_all_recordings_has_a_reason(recording, tmp_path, start, end):
    data = table_of([str(recording)] * 2, start=[start, 0], end=[end, 0.4])
    run = embed(data, cache=tmp_path / "cache")
    assert run.valid.tolist() == [False, True]
    assert "but the recording has only 0.5 s" in run.reasons[0]


def test_a_storage_that_never_answers_is_given_up_and_left_alone(limits):
    limits(answer_s=0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.wav"
        with pytest.raises(AudioError, match="did not answer"):
            remote.state(url)
        limits(answer_s=60.0)
        began = time.monotonic()
        with pytest.raises(AudioError, match="did not answer"):
            remote.state(f"{url}?another")
        assert time.monotonic() - began < 10


@pytest.fixture
def endless():
    """A web server whose file has no length and no end, and one that says nothing after its first bytes."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            try:
                self.wfile.write(bytes(10))
                while self.path == "/endless.wav" and not gone.is_set():
                    self.wfile.write(bytes(1 << 16))
                gone.wait(30)
            except OSError:
                pass

        def do_HEAD(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    gone = threading.Event()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    gone.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "others", "reason"),
    [
        ("endless.wav", {"untold_bytes": 1_000_000}, "larger than 1 MB"),
        ("endless.wav", {"untold_bytes": 1 << 60, "whole_s": 0.2}, "Not there after 0 s"),
        ("silent.wav", {"silence_s": 0.2}, "Nothing came for 0 s"),
    ],
)
def test_a_file_without_an_end_is_not_fetched_for_ever(
    endless, limits, tmp_path, monkeypatch, name, others, reason
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    limits(**others)
    url = f"{endless}/{name}"
    with pytest.raises(AudioError, match=reason), remote.fetched(url, (-1, "1")):
        pass
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["tar://x?offset=a&size=", "parquet://x?column=a&row=a"])
def test_a_name_without_an_end_is_cut_in_its_reason(name):
    with pytest.raises(AudioError) as caught:
        decoding.load(name + "\0" * 10_000)
    assert len(str(caught.value)) < 400 and "\0" not in str(caught.value)
