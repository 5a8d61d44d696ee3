import librosa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.audio.resampling import resampled


@given(
    st.integers(0, 500),
    st.sampled_from([(44100, 16000), (8000, 16000), (16000, 11025), (16000.0, 17123.4)]),
)
def test_sound_is_resampled_as_by_librosa(length, rates):
    sound = np.random.default_rng(length).normal(size=length).astype(np.float32)
    made = resampled(sound, *rates)
    assert made.dtype == np.float32
    if length:
        expected = librosa.resample(sound, orig_sr=rates[0], target_sr=rates[1], res_type="soxr_hq")
        assert np.array_equal(made, expected)


def test_channels_are_resampled_each():
    sound = np.random.default_rng(0).normal(size=(1000, 2)).astype(np.float32)
    made = resampled(sound, 48000, 16000)
    for channel in range(2):
        assert made[:, channel] == pytest.approx(resampled(sound[:, channel], 48000, 16000), abs=1e-6)
