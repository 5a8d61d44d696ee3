import json

import numpy as np
import pytest

from slicecore.embedding import OwnEmbedding, embed
from slicecore.errors import AudioError, ModelError


class Loudness:
    """Loudness and length of a clip; notes its calls."""

    def __init__(self):
        self.calls = []

    def __call__(self, samples, sampling_rate):
        self.calls.append((len(samples), sampling_rate))
        return [np.abs(samples).max(), len(samples) / sampling_rate]


def test_a_function_is_called_for_every_clip_in_every_run(make_data, cache):
    data, loudness = make_data(4), Loudness()
    run = embed(data, loudness, cache=cache)
    assert loudness.calls == [(4800, 16000)] * 4
    assert run.vectors.shape == (4, 2)
    assert np.allclose(run.vectors[:, 1], 0.3)
    assert (run.model, run.label) == ("function:Loudness", "Loudness")
    embed(data, loudness, cache=cache)
    assert len(loudness.calls) == 8
    assert not cache.exists() or not list(cache.glob("*.sqlite"))


def test_a_version_keeps_what_was_computed(make_data, cache):
    data, loudness = make_data(3), Loudness()
    first = embed(data, OwnEmbedding(loudness, name="loud", version="1"), cache=cache)
    again = embed(data, OwnEmbedding(loudness, name="loud", version="1"), cache=cache)
    assert len(loudness.calls) == 3
    assert np.array_equal(first.vectors, again.vectors)
    embed(data, OwnEmbedding(loudness, name="loud", version="2"), cache=cache)
    embed(data, OwnEmbedding(loudness, name="loud", version="1", sampling_rate=8000), cache=cache)
    assert loudness.calls[3:] == [(4800, 16000)] * 3 + [(2400, 8000)] * 3
    assert "revision 1" in first.about


def test_a_clip_may_be_refused_with_a_reason(make_data, cache):
    def picky(samples, rate):
        if np.abs(samples).max() < 0.1:
            raise AudioError("Too quiet")
        return np.ones(3)

    run = embed(make_data(4), picky, cache=cache)
    assert run.reasons == {0: "Too quiet"}
    assert run.valid.tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda samples, rate: 3.0, "shape"),
        (lambda samples, rate: "loud", "numbers"),
        (lambda samples, rate: np.ones((2, 2)), "shape"),
        (lambda samples, rate: samples[: int(abs(samples[0]) * 1e5) % 7 + 1], "one length"),
    ],
)
def test_functions_that_give_no_vectors(make_data, cache, function, message):
    with pytest.raises(ModelError, match=message):
        embed(make_data(9), function, cache=cache)


def test_numbers_that_are_not_finite_are_a_reason(make_data, cache):
    run = embed(make_data(2), lambda samples, rate: [1.0, np.nan], cache=cache)
    assert not run.valid.any()
    assert set(run.reasons) == {0, 1}


def test_a_function_that_changed_under_its_version_is_noticed(make_data, cache):
    embed(make_data(2), OwnEmbedding(lambda s, r: [1.0], name="f", version="1"), cache=cache)
    with pytest.raises(ModelError, match="another version"):
        embed(make_data(3), OwnEmbedding(lambda s, r: [1.0, 2.0], name="f", version="1"), cache=cache)


def test_an_error_of_the_function_is_its_own(make_data, cache):
    with pytest.raises(json.JSONDecodeError):
        embed(make_data(2), lambda samples, rate: json.loads("no"), cache=cache)
