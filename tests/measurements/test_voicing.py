import numpy as np
import pytest
from synthetic import RATES, buzz, noise, recording, seconds

from slicecore.measurements.clip_sound import measure_sound


def voiced_share(samples, rate):
    return measure_sound(recording(samples, rate=rate))[0]["voiced_share"]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_share_of_the_clip_that_has_a_voice(rate, share):
    whisper = np.where(seconds(4, rate) % 0.5 < 0.4, noise(-20, 4, rate), 0)
    voice = np.where(seconds(4, rate) % 0.5 < 0.4, buzz(137, -20, 4, rate, on=1), 0)
    mixed = np.where(seconds(4, rate) < 4 * share, voice, whisper)
    # Only the louder frames are looked at, which are not quite as many of each.
    assert voiced_share(mixed, rate) == pytest.approx(share, abs=0.16)


def test_nothing_has_no_voice_to_tell():
    assert np.isnan(voiced_share(np.zeros(100), 16000))
