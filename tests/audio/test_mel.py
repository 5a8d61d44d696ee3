import librosa
import numpy as np
import pytest

from slicecore.audio.mel import mel_filters, mels


@pytest.mark.parametrize(("rate", "size", "bands"), [(16000, 512, 64), (8000, 256, 40), (48000, 2048, 128)])
def test_filters_are_those_of_librosa(rate, size, bands):
    for norm, equal_area in ((None, False), ("slaney", True)):
        expected = librosa.filters.mel(sr=rate, n_fft=size, n_mels=bands, norm=norm)
        assert np.allclose(mel_filters(rate, size, bands, equal_area=equal_area), expected, atol=1e-6)


@pytest.mark.parametrize("hertz", [0.0, 250.0, 1000.0, 4000.0])
def test_the_scale_is_that_of_librosa(hertz):
    assert mels(hertz) == pytest.approx(librosa.hz_to_mel(hertz))
