import functools
import http.server
import threading
from collections import Counter

import fsspec
import numpy as np
import pandas as pd
import pytest
import soundfile

from slicecore.audio import decoding, remote
from slicecore.embedding import embed
from slicecore.errors import AudioError
from slicecore.per_clip import identity
from slicecore.table.dataset import check_audio, from_table

RATE = 16000


def wav(folder, name, seconds=0.5, seed=0):
    path = folder / name
    soundfile.write(path, np.random.default_rng(seed).normal(0, 0.05, round(seconds * RATE)), RATE)
    return path


def data_of(cells, **columns):
    frame = pd.DataFrame({"audio": cells, "text": "x", "pred": "y", **columns})
    return from_table(frame, name="remote")


@pytest.fixture
def memory(tmp_path):
    """Puts a file into the memory file system: `memory(path) -> URL`."""
    system = fsspec.filesystem("memory")
    system.store.clear()

    def put(path, name=None):
        system.pipe_file(f"/bucket/{name or path.name}", path.read_bytes())
        return f"memory://bucket/{name or path.name}"

    yield put
    system.store.clear()


@pytest.fixture
def site(tmp_path):
    """A web server on a folder: address, folder and what was asked for."""
    folder = tmp_path / "site"
    folder.mkdir()
    asked = Counter()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            asked["GET", self.path] += 1
            super().do_GET()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", folder, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def hashed(monkeypatch):
    """Counts the files that were hashed."""
    counts = Counter()
    digest = identity.content_digest
    monkeypatch.setattr(
        "slicecore.per_clip.preparation.content_digest", lambda file: counts.update(["files"]) or digest(file)
    )
    return counts


def test_urls_have_the_vectors_of_the_files(tmp_path, memory, site):
    address, folder, _ = site
    paths = [wav(tmp_path, f"{n}.wav", seed=n) for n in range(4)]
    (folder / "2.wav").write_bytes(paths[2].read_bytes())
    cells = [str(paths[0]), memory(paths[1]), f"{address}/2.wav", paths[3].as_uri()]
    local = embed(data_of([str(path) for path in paths]), cache=tmp_path / "a")
    far = embed(data_of(cells), cache=tmp_path / "b")
    assert np.array_equal(local.vectors, far.vectors)
    assert check_audio(data_of(cells)) == {}
    # Another name of the same content: nothing is computed anew.
    assert np.array_equal(embed(data_of(cells), cache=tmp_path / "a").vectors, local.vectors)


def test_a_remote_file_is_fetched_and_hashed_once(tmp_path, site, hashed):
    address, folder, asked = site
    wav(folder, "long.wav", seconds=4)
    data = data_of([f"{address}/long.wav"] * 4, start=range(4), end=range(1, 5))
    first = embed(data, cache=tmp_path / "cache")
    assert first.valid.all()
    fetched = asked["GET", "/long.wav"]
    assert hashed["files"] == 1
    again = embed(data, cache=tmp_path / "cache")
    assert np.array_equal(first.vectors, again.vectors)
    assert (asked["GET", "/long.wav"], hashed["files"]) == (fetched, 1)
    wav(folder, "long.wav", seconds=4.5, seed=1)  # other content under the same name
    assert not np.array_equal(embed(data, cache=tmp_path / "cache").vectors, first.vectors)
    assert hashed["files"] == 2


def test_what_cannot_be_had_has_a_reason_which_is_not_kept(tmp_path, memory, site):
    address, folder, _ = site
    cells = [
        f"{address}/none.wav",
        "memory://bucket/none.wav",
        "http://127.0.0.1:9/a.wav",
        "nosuch://bucket/a.wav",
        memory(wav(tmp_path, "a.wav")),
    ]
    run = embed(data_of(cells), cache=tmp_path / "cache")
    assert run.valid.tolist() == [False] * 4 + [True]
    assert run.reasons[0] == run.reasons[1] == "File not found"
    assert run.reasons[2].startswith("Can't be fetched: ")
    assert "nosuch" in run.reasons[3]
    wav(folder, "none.wav")
    memory(folder / "none.wav")
    assert embed(data_of(cells), cache=tmp_path / "cache").valid.tolist() == [True, True, False, False, True]


def test_relative_names_may_start_at_a_url(tmp_path, memory):
    url = memory(wav(tmp_path, "a.wav"))
    frame = pd.DataFrame({"audio": ["a.wav", ""], "text": "x", "pred": "y"})
    data = from_table(frame, name="t", folder="memory://bucket/")
    assert data.audio_paths == [url, None]
    assert len(decoding.load(url)) == RATE // 2


def test_copies_stay_while_they_are_used(tmp_path, memory):
    url = memory(wav(tmp_path, "a.wav"))
    with remote.fetched(url) as first, remote.fetched(url) as second:
        assert first == second
        assert first.read_bytes() == (tmp_path / "a.wav").read_bytes()
        memory(wav(tmp_path, "a.wav", seed=1))
        with remote.fetched(url) as third:
            assert third.read_bytes() == (tmp_path / "a.wav").read_bytes() != first.read_bytes()


def test_windows_drives_and_odd_names_are_no_urls():
    assert not any(map(remote.is_url, ("C:/a.wav", "a://b"[1:], "a b://c", "", "clips/a.wav")))
    assert all(map(remote.is_url, ("s3://b/a.wav", "gs://b/a", "https://x/y", "abfs+x://y")))
    with pytest.raises(AudioError, match="File not found"):
        remote.state("memory://bucket/none")


def test_a_file_whose_storage_tells_no_version_is_soon_fetched_again(tmp_path, memory, monkeypatch):
    url, now = memory(wav(tmp_path, "a.wav")), 1000.0
    monkeypatch.setattr(remote, "_VERSION_FIELDS", ())
    monkeypatch.setattr("time.monotonic", lambda: now)
    with remote.fetched(url) as copy:
        first = copy.read_bytes()
    memory(wav(tmp_path, "a.wav", seed=1))  # as long as the one before
    with remote.fetched(url) as copy:
        assert copy.read_bytes() == first  # asked for again in the same breath
    now += 120
    with remote.fetched(url) as copy:
        assert copy.read_bytes() == (tmp_path / "a.wav").read_bytes() != first
