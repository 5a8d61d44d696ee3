import librosa
import numpy as np
import pytest

from slicecore.measurements.mel import mel_filters


@pytest.mark.parametrize(("rate", "size", "bands"), [(16000, 512, 64), (8000, 256, 40), (48000, 2048, 128)])
def test_filters_are_those_of_librosa(rate, size, bands):
    expected = librosa.filters.mel(sr=rate, n_fft=size, n_mels=bands, norm=None)
    assert np.allclose(mel_filters(rate, size, bands), expected, atol=1e-6)
