"""Several works in one pass over the clips."""

import sys
from collections import Counter

import numpy as np
import pytest

import slicecore as sc
from slicecore.audio.decoding import RecordingPart
from slicecore.embedding import embed, embed_and_measure
from slicecore.errors import Cancelled, NoDecoderError, SlicecoreError
from slicecore.measurements import measure
from slicecore.per_clip.batches import mean_of
from slicecore.per_clip.outcomes import outcomes
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Label, Outcome


class Lengths:
    """A work whose outcome is the number of samples; counts its clips."""

    batch = 8

    def __init__(self, key, sampling_rate):
        self.key, self.sampling_rate = key, sampling_rate
        self.started = self.computed = 0

    def start(self):
        self.started += 1

    def prepare(self, sound):
        return len(sound) if self.sampling_rate else len(sound.samples)

    def compute(self, prepared):
        self.computed += len(prepared)
        return [Outcome(np.array([length], np.float32)) for length in prepared]


@pytest.fixture
def opened():
    """Counts how often files are opened, by name, while it is switched on."""
    counts, switch = Counter(), {"on": True}

    def hook(event, arguments):
        if switch["on"] and event == "open" and isinstance(arguments[0], str):
            counts[arguments[0]] += 1

    sys.addaudithook(hook)  # can't be removed
    yield counts
    switch["on"] = False


@pytest.fixture
def decoded(monkeypatch):
    """Counts decodings."""
    counts, decode = Counter(), RecordingPart.decode

    def counting(self, *arguments):
        counts["times"] += 1
        return decode(self, *arguments)

    monkeypatch.setattr(RecordingPart, "decode", counting)
    return counts


def test_embedding_and_measuring_open_and_decode_each_recording_once(make_data, cache, opened, decoded):
    data = make_data(5)
    (embeddings,), measurements = embed_and_measure(data, ["signal"], cache=cache)
    assert [opened[str(path)] for path in data.audio_paths] == [1] * 5
    assert decoded["times"] == 5
    # Nothing is left for those who ask for one of both, and the numbers are those that each gets alone.
    again, alone = embed(data, cache=cache), embed(data, cache=cache.parent / "other")
    assert decoded["times"] == 10
    assert np.array_equal(embeddings.vectors, again.vectors)
    assert np.array_equal(embeddings.vectors, alone.vectors)
    assert measurements.table.equals(measure(data, cache=cache).table)
    assert measurements.table.equals(measure(data, cache=cache.parent / "third").table)


def test_a_work_of_which_all_is_stored_is_not_started(make_data, cache):
    data = make_data(12)
    mono, native = Lengths("mono", 8000), Lengths("native", None)
    with Store(cache) as store:
        (first,), _ = outcomes(data.clips, [mono], store)
        (again, other), _ = outcomes(data.clips, [mono, native], store)
    assert (mono.started, mono.computed) == (1, 12)
    assert (native.started, native.computed) == (1, 12)
    assert [outcome.vector for outcome in first] == [outcome.vector for outcome in again]
    assert all(2 * a.vector == b.vector for a, b in zip(first, other, strict=True))


def test_a_clip_that_lacks_one_work_is_computed_for_that_one_alone(make_data, cache):
    few, more = make_data(3), make_data(7)
    mono, native = Lengths("mono", 8000), Lengths("native", None)
    seen = []
    with Store(cache) as store:
        outcomes(few.clips, [mono], store)
        outcomes(more.clips, [mono, native], store, progress=lambda *at: seen.append(at))
    assert (mono.computed, native.computed) == (3 + 4, 7)
    assert seen[0] == (0, 7) and seen[-1] == (7, 7)


def test_a_broken_recording_has_its_reason_in_every_work(make_data, cache, tmp_path):
    (tmp_path / "broken.wav").write_text("no sound")
    data = make_data(1, rows=["broken.wav,a,b", "none.wav,a,b"])
    with Store(cache) as store:
        by_work, are_final = outcomes(data.clips, [Lengths("mono", 8000), Lengths("native", None)], store)
        assert are_final
        for of_work in by_work:
            assert of_work[0].vector is not None
            assert of_work[1].reason.startswith("Not audio")
            assert of_work[2].reason == "File not found"


def test_outcomes_that_are_not_stored_are_not_final(make_data, cache, monkeypatch):
    def no_decoder(self, *_):
        raise NoDecoderError("No decoder")

    data = make_data(2)
    with Store(cache) as store:
        with monkeypatch.context() as patch:
            patch.setattr(RecordingPart, "decode", no_decoder)
            (of_work,), are_final = outcomes(data.clips, [Lengths("mono", 8000)], store)
            assert [outcome.reason for outcome in of_work] == ["No decoder"] * 2 and not are_final
        for _ in range(2):
            (of_work,), are_final = outcomes(data.clips, [Lengths("mono", 8000)], store)
            assert all(outcome.vector is not None for outcome in of_work) and are_final


def test_outcomes_of_a_work_whose_key_changes_when_it_starts_are_not_final(make_data, cache):
    class Changing(Lengths):
        def start(self):
            self.key = "after the start"

    few, more = make_data(2), make_data(4)
    with Store(cache) as store:
        outcomes(few.clips, [Lengths("before", 8000)], store)
        _, are_final = outcomes(more.clips, [Changing("before", 8000)], store)
        assert not are_final
        assert outcomes(more.clips, [Lengths("after the start", 8000)], store)[1]


def test_models_that_share_a_pass_have_the_vectors_of_each_alone(make_data, cache, decoded):
    data = make_data(4)
    own = sc.OwnEmbedding(lambda samples, rate: samples[:3], version="1")
    (signal, other), _ = embed_and_measure(data, ["signal", own], cache=cache)
    assert decoded["times"] == 8  # a function of the user's own has a pass of its own
    assert np.array_equal(signal.vectors, embed(data, cache=cache).vectors)
    assert np.array_equal(other.vectors, embed(data, own, cache=cache).vectors)


def test_a_cancelled_work_is_an_error_of_slicecore():
    assert issubclass(Cancelled, SlicecoreError)


def test_the_pieces_of_a_long_clip_are_joined_to_their_mean_with_the_most_probable_labels():
    pieces = [
        Outcome(np.float32([0, 2]), labels=(Label("music", 0.6), Label("wind", 0.2))),
        Outcome(np.float32([2, 4]), labels=(Label("speech", 0.5), Label("music", 0.4))),
        Outcome(None, "Silence"),
    ]
    joined = mean_of(pieces)
    assert joined.vector.tolist() == [1, 3]
    assert joined.labels == (Label("music", 0.5), Label("speech", 0.25))
    assert mean_of(pieces[2:]).reason == "Silence"
