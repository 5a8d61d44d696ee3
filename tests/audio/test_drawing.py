"""A recording that comes in blocks is drawn as it is drawn whole."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tones import RATE, tone

from slicecore.audio import spectrogram
from slicecore.audio.drawing import MelDrawing, PeakDrawing
from slicecore.audio.resampling import resampled, resampled_blocks
from slicecore.measurements import LoudnessMeter, loudness


def in_blocks(samples, cuts):
    bounds = sorted({0, len(samples), *(cut % (len(samples) + 1) for cut in cuts)})
    return [samples[start:end] for start, end in itertools.pairwise(bounds)]


@given(st.integers(1, 20_000), st.lists(st.integers(0, 20_000), max_size=6), st.integers(1, 40))
def test_blocks_give_the_drawings_of_the_whole(length, cuts, width):
    samples = np.random.default_rng(length).normal(0, 0.1, length).astype(np.float32)
    mel, peaks, whole = MelDrawing(length, RATE, 16, width), *(PeakDrawing(length, width) for _ in range(2))
    whole.add(samples)
    for block in in_blocks(samples, cuts):
        mel.add(block)
        peaks.add(block)
    assert np.array_equal(mel.picture(), spectrogram.mel_picture(samples, bands=16, width=width))
    assert np.array_equal(peaks.peaks(), whole.peaks())


@pytest.mark.parametrize("rate", [8000, 22050, 44100])
def test_blocks_are_resampled_as_the_whole(rate):
    samples = np.random.default_rng(0).normal(0, 0.1, 3 * rate + 17).astype(np.float32)
    made = np.concatenate(list(resampled_blocks(in_blocks(samples, (100, rate, 2 * rate + 1)), rate, RATE)))
    whole = resampled(samples, rate, RATE)
    assert len(made) == len(whole)
    assert np.abs(made - whole).max() < 1e-5


def test_the_loudness_of_a_long_recording_is_close_to_that_of_the_whole():
    samples = np.concatenate([tone(seconds=130, level=0.1), tone(seconds=100, level=0.02)])
    meter = LoudnessMeter()
    for block in in_blocks(samples, range(0, len(samples), 50_000)):
        meter.add(block)
    assert meter.value() == pytest.approx(loudness(samples), abs=0.5)
    short = LoudnessMeter()
    short.add(samples[:RATE])
    assert short.value() == loudness(samples[:RATE])
