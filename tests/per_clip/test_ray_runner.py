"""Embedding on a real Ray cluster of two nodes on this machine."""

import os
import signal
import sys
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from slicecore.embedding import Cancelled, Cluster, embed
from slicecore.embedding.signal import SignalEmbedder
from slicecore.embedding.user_function import OwnEmbedding
from slicecore.errors import ModelError
from slicecore.measurements import measure
from slicecore.per_clip.batches import compute_all
from slicecore.per_clip.outcomes import look_up
from slicecore.per_clip.parts import Parts, divide
from slicecore.per_clip.work import store_key
from slicecore.pipeline import find_slices
from slicecore.storage.clip_store import Store
from slicecore.table.dataset import read

ray = pytest.importorskip("ray", reason="Ray has no wheel for this Python or system", exc_type=ImportError)

CLIPS, PART = 240, 20


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    random = np.random.default_rng(0)
    lines = ["audio,text,pred"]
    for number in range(CLIPS):
        soundfile.write(folder / f"{number}.wav", random.normal(0, 0.001 * (number + 1), 1600), 16000)
        lines.append(f"{number}.wav,a,b")
    (folder / "broken.wav").write_text("no sound")
    (folder / "clips.csv").write_text(
        "\n".join([*lines, "broken.wav,a,b", "none.wav,a,b", "0.wav,a,b", ",a,b"])
    )
    return read(folder / "clips.csv")


@pytest.fixture(scope="module")
def local(data, tmp_path_factory):
    return embed(data, cache=tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module")
def nodes():
    """Two nodes with a processor and little memory each; the driver is connected."""
    from ray.cluster_utils import Cluster as Nodes

    # A full machine is no reason to kill workers here.
    os.environ["RAY_memory_monitor_refresh_ms"] = "0"  # noqa: SIM112
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    size = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    nodes = Nodes(initialize_head=True, head_node_args=size | {"include_dashboard": False})
    nodes.add_node(**size)
    nodes.wait_for_nodes()
    ray.init(address=nodes.address, log_to_driver=False)
    yield nodes
    ray.shutdown()
    nodes.shutdown()


def workers(nodes):
    """Processes of these nodes that embed."""
    raylets = {
        info.process.pid for node in nodes.list_all_nodes() for info in node.all_processes.get("raylet", [])
    }
    processes = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent in raylets and b"_Worker" in (folder / "cmdline").read_bytes():
                processes.append(int(folder.name))
        except (OSError, IndexError):
            continue
    return processes


def clips_in(place):
    """Clips in all parts of a folder."""
    import pyarrow.parquet as pq

    return [path for part in place.glob("*.parquet") for path in pq.read_table(part)["path"].to_pylist()]


@pytest.mark.skipif(sys.platform != "linux", reason="Finds the worker in /proc")
def test_with_a_worker_killed_nothing_is_lost_or_doubled(data, local, nodes, tmp_path):
    seen, killed = [], []

    def progress(done, total):
        seen.append((done, total))
        if done > CLIPS // 4 and not killed:
            killed.extend(workers(nodes)[:1])
            os.kill(killed[0], signal.SIGKILL)

    place = tmp_path / "parts"
    run = embed(
        data,
        engine="ray",
        cluster=Cluster(parts=place, part_clips=PART),
        cache=tmp_path / "cache",
        progress=progress,
    )
    assert killed
    assert np.allclose(run.vectors, local.vectors, atol=1e-5, equal_nan=True)
    assert run.reasons == local.reasons
    assert sorted(clips_in(place)) == sorted(
        {str(path) for path in data.audio_paths if path and path.exists()}
    )
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (len(data), len(data))
    assert len(seen) > CLIPS // PART
    # The results of the cluster are in the cache of this machine.
    seen.clear()
    again = embed(data, cache=tmp_path / "cache", progress=lambda *at: seen.append(at))
    assert seen == [(len(data), len(data))]
    assert np.array_equal(again.vectors, run.vectors, equal_nan=True)


def test_a_scan_on_a_cluster_embeds_and_measures_in_one_pass(data, local, nodes, tmp_path, monkeypatch):
    place, size = tmp_path / "parts", 60
    cluster = Cluster(parts=place, part_clips=size)
    result = find_slices(data, engine="ray", cluster=cluster, cache=tmp_path / "cache")
    assert np.allclose(result.embeddings[0].vectors, local.vectors, atol=1e-5, equal_nan=True)
    here = measure(data, cache=tmp_path / "here")
    assert np.allclose(result.measurements.table, here.table, atol=1e-5, equal_nan=True)
    assert result.measurements.reasons == here.reasons
    # Each clip is in one part of either work.
    assert len(list(place.glob("*.parquet"))) == 2 * -(-(CLIPS + 1) // size)
    assert set(Counter(clips_in(place)).values()) == {2}
    monkeypatch.setitem(sys.modules, "ray", None)  # all is in the cache of this machine
    again = find_slices(data, engine="ray", cache=tmp_path / "cache")
    assert [each.id for each in again.all_slices] == [each.id for each in result.all_slices]


class Counting:
    """A model whose vectors say which process made them, how many it has made by then, and what it heard."""

    def __init__(self):
        self.calls = 0

    def __call__(self, samples, rate):
        self.calls += 1
        return np.array([os.getpid(), self.calls, np.abs(samples).max()])


def test_cancelled_work_goes_on_where_it_was_with_one_model_per_worker(data, nodes, tmp_path):
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    model = OwnEmbedding(Counting(), name="counting", version="1")
    cancel, place = threading.Event(), tmp_path / "parts"
    cluster = Cluster(parts=place, part_clips=PART, workers=1)

    def progress(done, total):
        if len(list(place.glob("*.parquet"))) >= 2:
            cancel.set()

    with pytest.raises(Cancelled):
        embed(
            data, model, engine="ray", cluster=cluster, cache=tmp_path / "a", progress=progress, cancel=cancel
        )
    before = {path.name: path.stat().st_mtime_ns for path in place.glob("*.parquet")}
    assert 2 <= len(before) < CLIPS // PART
    # Another cache, as on another machine: the parts alone say what is done.
    run = embed(data, model, engine="ray", cluster=cluster, cache=tmp_path / "b")
    after = {path.name: path.stat().st_mtime_ns for path in place.glob("*.parquet")}
    assert before.items() <= after.items()
    loud = [np.abs(soundfile.read(path, dtype="float32")[0]).max() for path in data.audio_paths[:CLIPS]]
    assert np.allclose(run.vectors[:CLIPS, 2], loud, atol=1e-6)
    # One worker at a time, one of before and one of after the cancel: each went on counting from part to part.
    processes = np.unique(run.vectors[:CLIPS, 0])
    assert len(processes) == 2
    for process in processes:
        calls = run.vectors[:CLIPS, 1][run.vectors[:CLIPS, 0] == process]
        assert len(set(calls)) == len(calls) > PART
    with pytest.raises(ModelError, match="to have 1 GPU, but the cluster has 0"):
        embed(data, engine="ray", cluster=Cluster(parts=place, gpus=1), cache=tmp_path / "a")


def test_a_cluster_that_cannot_be_used_says_why(data, tmp_path, monkeypatch):
    with pytest.raises(ModelError, match=r"no engine “spark”\. Use one of: local, ray"):
        embed(data, engine="spark", cache=tmp_path)
    with pytest.raises(ModelError, match="no engine “spark”"):
        find_slices(data, engine="spark", cache=tmp_path)
    with pytest.raises(ModelError, match="needs a version"):
        embed(data, lambda samples, rate: samples[:3], engine="ray", cache=tmp_path)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ModelError, match=r"pip install 'slicecore\[ray\]'"):
        embed(data, engine="ray", cache=tmp_path)


def test_finished_parts_need_no_cluster(data, local, tmp_path, monkeypatch):
    """A driver that was killed after the last part reads the results without Ray."""
    place, work = Parts(tmp_path / "parts"), SignalEmbedder()
    clips = list(dict.fromkeys(clip for clip in data.clips if clip is not None))
    with Store(tmp_path / "cache") as store:
        _, todo, _ = look_up(clips, [work], store)
    for part in divide(clips, todo, store_key(work), 100):
        place.write(
            part.name, store_key(work), [clip for (done,) in compute_all(part.clips, [work]) for clip in done]
        )
    monkeypatch.setitem(sys.modules, "ray", None)
    cluster = Cluster(parts=place.place, part_clips=100)
    run = embed(data, engine="ray", cluster=cluster, cache=tmp_path / "cache")
    assert np.allclose(run.vectors, local.vectors, atol=1e-5, equal_nan=True)


def test_vectors_that_a_cluster_made_in_another_precision_are_found_here(data, tmp_path, monkeypatch):
    from checkpoints import waveform

    from slicecore.embedding.family import open_embedder
    from slicecore.per_clip.identity import content_digest
    from slicecore.per_clip.work import Finished
    from slicecore.storage.outcome import Outcome

    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    model = waveform(tmp_path / "model")
    work, place = open_embedder(model, tmp_path / "home" / "cache"), Parts(tmp_path / "parts")
    assert work.settings["precision"] == "float32"
    clips = list(dict.fromkeys(clip for clip in data.clips if clip is not None))
    with Store(tmp_path / "home" / "cache") as store:
        _, todo, _ = look_up(clips, [work], store)
    outcome = Outcome(np.ones(work.dimensions, np.float32))
    theirs = store_key(work).replace("float32", "bfloat16")
    for part in divide(clips, todo, store_key(work), 256):
        made = [
            Finished(clip, stamp, content_digest(clip.path.open("rb")), outcome, True)
            for clip, stamp in part.clips
        ]
        place.write(part.name, theirs, made)
    run = embed(data, model, engine="ray", cluster=Cluster(parts=place.place))
    assert run.settings["precision"] == "bfloat16"
    again = embed(data, model)
    assert again.settings["precision"] == "bfloat16"
    assert (again.vectors[again.valid] == 1).all()
    assert again.valid.sum() == CLIPS + 2
