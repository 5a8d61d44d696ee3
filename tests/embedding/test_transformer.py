"""Promises that every family of the transformers library keeps."""

import threading
import warnings

import checkpoints
import numpy as np
import pytest
import soundfile
import torch
from checkpoints import CLASSES, EVERY, RATE, some_clips
from hypothesis import given
from hypothesis import strategies as st

from slicecore.embedding import embed, transformer
from slicecore.embedding.huggingface import open_huggingface
from slicecore.embedding.transformer import LONGER, batches_by_length
from slicecore.table.dataset import read

WITH_LABELS = {name for name in EVERY if name not in ("x-vector", "whisper", "clap", "clap with fusion")}


@pytest.fixture(scope="module", params=EVERY)
def started(request, tmp_path_factory):
    embedder = open_huggingface(
        EVERY[request.param](tmp_path_factory.mktemp("model")), tmp_path_factory.mktemp("cache")
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        embedder.start()
        yield request.param, embedder


def test_batched_equals_one_by_one(started):
    name, embedder = started
    prepared = [embedder.prepare(samples) for samples in some_clips()]
    together = embedder.compute(prepared)
    backwards = embedder.compute(prepared[::-1])[::-1]
    for forth, back, clip in zip(together, backwards, prepared, strict=True):
        (alone,) = embedder.compute([clip])
        assert forth.vector.shape == (embedder.dimensions,)
        assert forth.vector.dtype == np.float32
        assert np.isfinite(forth.vector).all()
        assert np.abs(forth.vector - alone.vector).max() < 1e-5
        assert np.abs(back.vector - alone.vector).max() < 1e-5
        assert [label.name for label in forth.labels] == [label.name for label in alone.labels]
        if name in WITH_LABELS:
            assert {label.name for label in forth.labels} == set(CLASSES)
            assert sum(label.probability for label in forth.labels) == pytest.approx(1, abs=1e-5)
        else:
            assert forth.labels == ()
    # The model hears a difference at all.
    assert np.std([forth.vector for forth in together], axis=0).max() > 1e-4


def test_a_long_clip_is_the_mean_of_its_windows_by_duration(started):
    _, embedder = started
    length, overlap = embedder.longest, int(0.1 * embedder.longest)
    samples = np.random.default_rng(1).normal(0, 0.1, 2 * length - overlap).astype(np.float32)
    prepared = embedder.prepare(samples)
    assert prepared.lengths == [length, length]
    whole = embedder.compute([prepared])[0].vector
    levelled = embedder._levelled(samples)
    halves = [
        embedder._forward([embedder._features(part)], [length]).vectors.detach().numpy()[0]
        for part in (levelled[:length], levelled[-length:])
    ]
    assert np.allclose(whole, np.mean(halves, axis=0), atol=1e-5)


def test_clips_come_at_the_rate_of_the_model(tmp_path, cache):
    model = checkpoints.waveform(tmp_path / "model", rate=8000)
    tone = np.sin(np.arange(RATE) * 0.1).astype(np.float32)
    for rate in (RATE, 8000):
        soundfile.write(tmp_path / f"{rate}.wav", tone[:: RATE // rate], rate, subtype="FLOAT")
    (tmp_path / "clips.csv").write_text("audio,text,pred\n16000.wav,a,b\n8000.wav,a,b\n")
    run = embed(read(tmp_path / "clips.csv"), model, cache=cache)
    assert open_huggingface(model, cache).sampling_rate == 8000
    high, low = run.vectors
    assert high @ low / np.linalg.norm(high) / np.linalg.norm(low) > 0.999


def test_batches_side_by_side_keep_their_share_of_threads_whatever_others_set(tmp_path, cache, monkeypatch):
    # With another number of threads sums are split in another way, and their last digits differ.
    embedder = open_huggingface(checkpoints.waveform(tmp_path / "model"), cache)
    embedder.start()
    prepared = [embedder.prepare(samples) for samples in some_clips()[:2]]
    forward, seen = embedder._forward, []

    def passed(*given):
        other = threading.Thread(target=torch.set_num_threads, args=(4,))
        other.start()
        other.join()
        seen.append(torch.get_num_threads())
        return forward(*given)

    before = torch.get_num_threads()
    torch.set_num_threads(4)
    try:
        monkeypatch.setattr(transformer, "threads", lambda: 4)
        monkeypatch.setattr(embedder, "_forward", passed)
        embedder.compute(prepared)
        assert seen == [2, 2]
        assert torch.get_num_threads() == 4
    finally:
        torch.set_num_threads(before)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.booleans())
def test_batches_hold_every_clip_once_and_stay_small(lengths, may_pad):
    batches = batches_by_length(lengths, may_pad, 20)
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        assert len(rows) == 1 or max(lengths[row] for row in rows) * len(rows) <= 20
        shortest = min(lengths[row] for row in rows)
        assert max(lengths[row] for row in rows) <= (LONGER if may_pad else 1) * shortest
