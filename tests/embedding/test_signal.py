import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfiltfilt
from synthetic import noise, tone, voice

from slicecore.audio.decoding import Recording
from slicecore.embedding import signal
from slicecore.embedding.signal import FEATURES, SIZE, standardise
from slicecore.measurements.acoustics import acoustics_of

RATE = 16000
RANDOM = np.random.default_rng(0)


def recording(samples, rate=RATE):
    return Recording(np.asarray(samples, np.float32)[:, None], rate)


def describe(samples, rate=RATE):
    return signal.describe(recording(samples, rate))


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(RATE),
        np.full(RATE, 0.3),
        np.zeros(1),
        np.ones(1),
        noise(duration=0.02),
        np.sign(tone(level=0)),
        tone(level=-90),
        np.eye(1, RATE)[0],
    ],
    ids=["silence", "constant", "one zero", "one sample", "20 ms", "square", "quiet", "click"],
)
def test_odd_recordings_have_finite_descriptors(samples):
    descriptor = describe(samples)
    assert descriptor.shape == (SIZE,)
    assert descriptor.dtype == np.float32
    assert np.isfinite(descriptor).all()
    values = acoustics_of(recording(samples)).values
    assert np.isfinite(list(values.values())).all()
    assert set(FEATURES) <= set(values)


@given(st.integers(3, 4000), st.sampled_from([8000, 16000, 44100]), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_any_length_and_rate(length, rate, seed):
    assert np.isfinite(describe(np.random.default_rng(seed).normal(0, 0.1, length), rate)).all()


def test_shape_and_spread_do_not_depend_on_level_or_pauses():
    samples = voice() + noise(level=-50)
    whole = describe(samples)
    assert describe(samples * np.float32(0.25))[:192] == pytest.approx(whole[:192], abs=0.5)


def test_standardise_gives_every_block_the_same_weight():
    scaled = standardise(RANDOM.normal(3, RANDOM.uniform(0.1, 50, SIZE), (500, SIZE)))
    assert scaled.dtype == np.float32
    energy = (scaled.astype(float) ** 2).mean(axis=0)
    for block in np.split(energy, [64, 128, 192]):
        assert block.sum() == pytest.approx(1, abs=0.01)
    assert np.abs(scaled.mean(axis=0)).max() < 1e-3


def test_standardise_takes_constants_outliers_and_few_rows():
    values = RANDOM.normal(size=(2000, SIZE))
    values[:, 5] = 1e4
    values[0, 7] = 1e6
    scaled = standardise(values)
    assert (scaled[:, 5] == 0).all()
    assert np.abs(scaled).max() <= 6 / np.sqrt(23) + 1e-5
    assert standardise(values[:1]).tolist() == [[0.0] * SIZE]
    assert standardise(values[:0]).shape == (0, SIZE)


def test_defects_lie_apart_in_the_vectors():
    """Clips of a voice with one of five defects each, pitch, level and noise varied: every nearest neighbour agrees."""
    random = np.random.default_rng(3)
    telephone = butter(6, [300, 3400], "band", fs=RATE, output="sos")
    defects = {
        "none": lambda x: x,
        "hum": lambda x: x + sum(tone(50 * k, -35, 2) for k in (1, 2, 3, 4)),
        "clipped": lambda x: np.clip(x * 20, -0.3, 0.3),
        "quiet": lambda x: x * 0.01,
        "telephone": lambda x: sosfiltfilt(telephone, x),
    }
    descriptors, kinds = [], []
    for seed in range(60):
        kind = list(defects)[seed % len(defects)]
        speech = voice(random.uniform(90, 240), random.uniform(-26, -18), 2, on=random.uniform(0.4, 0.7))
        speech = speech + noise(random.uniform(-65, -55), 2, seed=seed)
        descriptors.append(describe(np.asarray(defects[kind](speech), np.float32)))
        kinds.append(kind)
    vectors = standardise(np.array(descriptors)).astype(float)
    distances = ((vectors[:, None] - vectors[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    assert [kinds[i] for i in nearest] == kinds
