"""Recordings and parts on S3 and Google Cloud Storage, asked over HTTP from servers of this machine."""

import contextlib
import shutil
import uuid

import fsspec
import numpy as np
import pandas as pd
import pytest
import soundfile

from slicecore.embedding import Cluster, embed
from slicecore.per_clip.parts import Parts
from slicecore.table.dataset import from_table

_NEEDS = (
    "Needs servers of object storages: pip install 'slicecore[remote]' 'moto[s3]' flask flask-cors "
    "gcp-storage-emulator"
)
CLIPS = 12


@contextlib.contextmanager
def s3(monkeypatch):
    """A server of S3."""
    pytest.importorskip("s3fs", reason=_NEEDS)
    server = pytest.importorskip("moto.server", reason=_NEEDS, exc_type=ImportError).ThreadedMotoServer(
        "127.0.0.1", 0
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server.start()
    try:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*server.get_host_and_port()))
        yield "s3"
    finally:
        server.stop()


@contextlib.contextmanager
def gs(monkeypatch):
    """A server of Google Cloud Storage."""
    monkeypatch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")  # asks Google itself, not the server
    pytest.importorskip("gcsfs", reason=_NEEDS)
    emulator = pytest.importorskip("gcp_storage_emulator.server", reason=_NEEDS, exc_type=ImportError)
    server = emulator.create_server("127.0.0.1", 0, in_memory=True)
    server.start()
    try:
        host, port = server._api._httpd.server_address
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://{host}:{port}")
        for protocol in ("gs", "gcs"):
            monkeypatch.setitem(fsspec.config.conf, protocol, {"token": "anon", "project": "nobody"})
        yield "gs"
    finally:
        server.stop()


@pytest.fixture(params=[s3, gs], ids=["s3", "gs"])
def bucket(request, monkeypatch):
    """An empty bucket, and a function that uploads a file into it."""
    name = uuid.uuid4().hex
    with request.param(monkeypatch) as protocol:
        system = fsspec.filesystem(protocol)
        system.mkdir(name)
        yield f"{protocol}://{name}", lambda path, below: system.put_file(str(path), f"{name}/{below}")
        type(system).clear_instance_cache()


@pytest.fixture
def recordings(tmp_path):
    """Recordings in a folder."""
    folder = tmp_path / "clips"
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(CLIPS):
        soundfile.write(folder / f"{number}.wav", random.normal(0, 0.002 * (number + 1), 4000), 16000)
    return folder


def table(names, folder):
    """Clips with these file names in a folder or below a URL."""
    frame = pd.DataFrame({"audio": names, "text": "a", "pred": "b"})
    return from_table(frame, name="clips", folder=folder)


def test_recordings_of_a_bucket_are_embedded_as_files_are(bucket, recordings, tmp_path):
    url, upload = bucket
    names = [path.name for path in sorted(recordings.iterdir())]
    for name in names:
        upload(recordings / name, f"calls/{name}")
    data = table([*names, "none.wav"], f"{url}/calls/")
    there, here = (
        embed(data, cache=tmp_path / "there"),
        embed(table(names, recordings), cache=tmp_path / "here"),
    )
    assert np.allclose(there.vectors[:CLIPS], here.vectors, atol=1e-6)
    assert there.reasons == {CLIPS: "File not found"}
    # Another recording under the same name is noticed, and nothing else is fetched again.
    shutil.copy(recordings / names[1], recordings / names[0])
    upload(recordings / names[0], f"calls/{names[0]}")
    again = embed(data, cache=tmp_path / "there")
    assert np.array_equal(again.vectors[0], again.vectors[1])


def test_parts_in_a_bucket_are_written_by_workers_and_read_by_the_driver(bucket, recordings, tmp_path):
    pytest.importorskip("ray", reason="Ray has no wheel for this Python or system", exc_type=ImportError)
    url, _ = bucket
    data = table([path.name for path in sorted(recordings.iterdir())], recordings)
    cluster = Cluster(parts=f"{url}/parts", part_clips=5, workers=1)
    there = embed(data, engine="ray", cluster=cluster, cache=tmp_path / "there")
    here = embed(data, cache=tmp_path / "here")
    assert np.allclose(there.vectors, here.vectors, atol=1e-5)
    assert len(Parts(f"{url}/parts").names()) == -(-CLIPS // 5)
