import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tones import RATE, tone

from slicecore.audio import spectrogram
from slicecore.audio.drawing import PeakDrawing


@pytest.mark.parametrize("frequency", [300, 1000, 4000])
def test_a_tone_lies_where_the_axis_says(frequency):
    picture = spectrogram.mel_picture(tone(frequency))
    assert picture.dtype == np.uint8
    assert picture.shape[0] == spectrogram.MEL_BANDS
    row = picture.mean(axis=1).argmax()
    ((_, place),) = spectrogram.mel_axis(ticks=[frequency])
    assert row + 0.5 == pytest.approx(place * spectrogram.MEL_BANDS, abs=1)
    assert picture.max() == 255


def test_axis_leaves_out_what_is_not_on_the_picture():
    places = spectrogram.mel_axis(8000)
    assert [tick for tick, _ in places] == [250, 500, 1000, 2000]
    assert [place for _, place in places] == sorted((place for _, place in places), reverse=True)


def test_levels_of_the_picture_are_decibels_below_its_loudest_spot():
    picture = spectrogram.mel_picture(np.concatenate([tone(level=0.5), tone(level=0.005)]))
    row = picture.mean(axis=1).argmax()
    loud, soft = picture[row, 20], picture[row, -20]
    assert (int(loud) - int(soft)) / 255 * 80 == pytest.approx(40, abs=1)


@given(st.integers(1, 3000), st.integers(1, 50), st.floats(-1, 1))
def test_pictures_of_any_length(length, points, value):
    samples = np.full(length, value, np.float32)
    assert spectrogram.mel_picture(samples, width=20).shape[1] <= 20
    peaks = peaks_of(samples, points)
    assert peaks.shape == (min(length, points), 2)
    assert (peaks == np.float32(value)).all()


def peaks_of(samples, points):
    drawing = PeakDrawing(len(samples), points)
    drawing.add(samples)
    return drawing.peaks()


def test_peaks_are_the_extremes():
    assert peaks_of(np.array([0, 1, -2, 3, 4], np.float32), 2).tolist() == [[0, 1], [-2, 4]]
    assert peaks_of(np.zeros(0, np.float32), 5).shape == (0, 2)


def test_silence_is_black():
    assert spectrogram.mel_picture(np.zeros(RATE, np.float32)).max() == 0


def test_in_ten_minutes_no_short_event_is_lost():
    samples = np.random.default_rng(0).normal(0, 1e-4, 600 * RATE).astype(np.float32)
    at = 123 * RATE
    samples[at : at + RATE // 10] += tone(seconds=0.1)
    picture = np.asarray(Image.open(io.BytesIO(spectrogram.png(spectrogram.mel_picture(samples)))))
    assert picture.shape == (spectrogram.MEL_BANDS, spectrogram.MEL_WIDTH)
    assert picture.max(axis=0).argmax() == pytest.approx(123 / 600 * spectrogram.MEL_WIDTH, abs=2)
