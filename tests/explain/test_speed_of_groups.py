"""Likeness of spectra that are moved along log frequency."""

import numpy as np

from slicecore.explain.causes.speed import SHIFTS, likeliest_shift, shift_likeness

BANDS = 60


def spectra(n, rng):
    """Levels in dB with three formants, as of voices."""
    bands = np.arange(BANDS)
    formants = np.array([18, 30, 40]) + rng.normal(0, 0.3, (n, 3))
    peaks = 25 * np.exp(-((bands - formants[:, :, None]) ** 2) / 8).sum(axis=1)
    return (-70 - 0.3 * bands + peaks + rng.normal(0, 1, (n, BANDS))).astype(np.float32)


def test_likeness_is_the_correlation_of_what_is_left_without_a_parabola():
    rng = np.random.default_rng(0)
    timbre = spectra(50, rng)
    likeness = shift_likeness(timbre)
    usual, first, last = np.median(timbre, axis=0), 10, 54
    for column, shift in enumerate(SHIFTS):
        compared = np.arange(first, int(last + min(shift, 0)))
        template = np.interp(compared - shift, np.arange(BANDS), usual)
        x = np.linspace(-1, 1, len(compared))
        bare = [
            levels - np.polyval(np.polyfit(x, levels, 2), x) for levels in (template, *timbre[:, compared])
        ]
        expected = [np.corrcoef(bare[0], own)[0, 1] for own in bare[1:]]
        np.testing.assert_allclose(likeness[:, column], expected, atol=1e-4)
    assert np.median(np.abs(likeliest_shift(likeness))) == 0


def test_a_tone_in_digital_silence_is_not_alike_beyond_all_others():
    rng = np.random.default_rng(1)
    timbre = spectra(120, rng)
    usual = shift_likeness(timbre)
    silence = np.full((3, BANDS), -100.0, np.float32)
    silence[0, 50:53] = -10
    silence[1, 47] = -20
    likeness = shift_likeness(np.concatenate([timbre, silence]))
    assert np.abs(likeness).max() <= 1.001
    assert np.abs(likeness[-1]).max() < 0.1  # nothing but silence is like nothing
    np.testing.assert_allclose(likeness[:-3], usual, atol=0.05)
