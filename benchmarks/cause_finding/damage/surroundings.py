"""What sounds beside the speech: wind, music, a buzz."""

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, sosfilt

from cause_finding.damage.recordings import scaled
from cause_finding.plants import Change, Others, Spoken


def wind(decibels: float) -> Change:
    """Gusts below some 300 Hz."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        random, rate, size = others.random, clip.rate, len(clip.samples)
        rumble = sosfilt(butter(1, 40, fs=rate, output="sos"), random.normal(size=size))
        rumble = sosfilt(butter(2, random.uniform(150, 400), fs=rate, output="sos"), rumble)
        steps = np.arange(size // 160 + 2)
        gusts = gaussian_filter1d(random.normal(size=len(steps)), random.uniform(0.1, 0.4) * rate / 160)
        gusts = np.exp(1.2 * gusts / max(gusts.std(), 1e-12))
        return clip.samples + scaled(rumble * np.interp(np.arange(size) / 160, steps, gusts), clip, decibels)

    return change


def music(decibels: float) -> Change:
    """Chords of plucked or held tones, half of the time with a beat."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        random, rate, size = others.random, clip.rate, len(clip.samples)
        wave, beat, root = np.zeros(size), random.uniform(0.25, 0.6), random.uniform(110, 220)
        decay = random.choice([0.3, 3.0])
        with_drum = random.random() < 0.5
        for start in np.arange(0, size / rate, beat):
            begin = int(start * rate)
            time = np.arange(min(size - begin, int(2 * beat * rate))) / rate
            fade = (
                np.exp(-time / decay) * np.clip((2 * beat - time) / 0.05, 0, 1) * np.clip(time / 0.01, 0, 1)
            )
            degree = random.choice([0, 5, 7, 9])
            for step in (degree, degree + 4, degree + 7, degree + 12 * int(random.integers(0, 3))):
                tone = root * 2 ** (step / 12)
                for k in range(1, 7):
                    if k * tone < 0.45 * rate:
                        wave[begin : begin + len(time)] += fade * np.sin(2 * np.pi * k * tone * time) / k**1.3
            if with_drum:
                wave[begin : begin + len(time)] += random.normal(size=len(time)) * np.exp(-time / 0.03)
        return clip.samples + scaled(wave, clip, decibels)

    return change


def buzz(decibels: float) -> Change:
    """50 or 60 Hz with 60 harmonics, all but equally strong."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        time = np.arange(len(clip.samples)) / clip.rate
        base = float(others.random.choice([50, 60]))
        wave = np.zeros(len(time))
        for k in range(1, 61):
            if k * base < 0.49 * clip.rate:
                wave += np.sin(2 * np.pi * k * base * time + others.random.uniform(0, 2 * np.pi)) / k**0.3
        return clip.samples + scaled(wave, clip, decibels)

    return change
