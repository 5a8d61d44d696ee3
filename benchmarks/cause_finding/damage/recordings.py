"""Damage to a recording as a whole: rooms, echoes, lost pieces, clicks, digitisation, channels."""

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from cause_finding.plants import Change, Others, Spoken, level


def scaled(noise: np.ndarray, clip: Spoken, decibels: float) -> np.ndarray:
    """Noise that lies so many dB below the speech of a clip."""
    return (
        noise * level(clip.samples) * 10 ** (-decibels / 20) / max(float(np.sqrt(np.mean(noise**2))), 1e-12)
    )


def as_loud(wave: np.ndarray, clip: Spoken) -> np.ndarray:
    """A wave brought to the level of a clip, and to 0.98 of full scale at most."""
    wave = wave * level(clip.samples) / max(level(wave), 1e-12)
    return wave * min(1.0, 0.98 / max(float(np.abs(wave).max()), 1e-12))


def reverberation(times: tuple[float, float], ratios: tuple[float, float]) -> Change:
    """A room: reverberation times in seconds and ratios of direct to late sound in dB, drawn per clip.

    Above 3 kHz it dies away in 60 % of the time, as in air and on soft walls. A tenth to half a second of the tail is
    left behind the clip.
    """

    def change(clip: Spoken, others: Others) -> np.ndarray:
        random, rate = others.random, clip.rate
        seconds, ratio = random.uniform(*times), random.uniform(*ratios)
        time = np.arange(int(seconds * rate)) / rate
        low = sosfilt(butter(1, 3000, fs=rate, output="sos"), random.normal(size=len(time)))
        high = random.normal(size=len(time)) - low
        response = low * 10 ** (-3 * time / seconds) + high * 10 ** (-3 * time / (0.6 * seconds))
        response[: int(0.002 * rate)] = 0
        response /= np.sqrt(np.sum(response**2)) * 10 ** (ratio / 20)
        response[0] = 1
        wet = fftconvolve(clip.samples, response)
        return as_loud(wet[: len(clip.samples) + int(random.uniform(0.1, 0.5) * seconds * rate)], clip)

    return change


def echo(delays: tuple[float, float], decibels: float, again: float = 0.0) -> Change:
    """The clip once more after a delay in seconds, so many dB weaker; `again` of it comes back a third time."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        delay, gain = int(others.random.uniform(*delays) * clip.rate), 10 ** (-decibels / 20)
        wave = np.zeros(len(clip.samples) + int(0.3 * clip.rate) + 2 * delay)
        for number, part in enumerate((1.0, gain, gain * again)):
            wave[number * delay : number * delay + len(clip.samples)] += part * clip.samples
        return as_loud(wave[: len(clip.samples) + int(others.random.uniform(0.3, 1.0) * delay)], clip)

    return change


def lost_packets(share: float, burst: float, repeated: bool) -> Change:
    """Packets of 20 ms lost in bursts of a mean length, silent or replaced by the last one that arrived."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        wave, size, lost = clip.samples.copy(), round(0.02 * clip.rate), False
        for start in range(size, len(wave) - size + 1, size):
            stays = 1 - 1 / burst
            lost = others.random.random() < (stays if lost else share / burst / (1 - share))
            if lost:
                wave[start : start + size] = wave[start - size : start] if repeated else 0
        return wave

    return change


def clicks(per_second: float, height: float) -> Change:
    """Clicks of about a millisecond, so many of the clip's peak high."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        random, wave = others.random, clip.samples.copy()
        size, peak = max(4, round(0.0015 * clip.rate)), np.abs(wave).max()
        for start in random.integers(0, len(wave) - size, max(2, round(per_second * len(wave) / clip.rate))):
            ringing = np.exp(-np.arange(size) / (0.15 * size)) * random.choice([-1, 1], size)
            wave[start : start + size] += height * peak * random.uniform(0.7, 1.3) * ringing
        return wave

    return change


def offset(share: float) -> Change:
    """A constant of so much of full scale added, the clip turned down where it would be cut off."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        sign = others.random.choice([-1, 1])
        room = (0.98 - share) / np.abs(clip.samples).max()
        return clip.samples * min(1.0, room) + sign * share

    return change


def few_bits(bits: int) -> Change:
    """Stored with so many bits of full scale."""
    steps = 2 ** (bits - 1)
    return lambda clip, others: np.round(clip.samples * steps) / steps


def held(rate: int) -> Change:
    """Samples taken at a low rate, each held until the next, with no filter before or after."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        at = np.floor(np.arange(len(clip.samples)) * rate / clip.rate) * clip.rate / rate
        return clip.samples[np.minimum(at.round().astype(int), len(clip.samples) - 1)]

    return change


def opposite_channels(likeness: float) -> Change:
    """Two channels of opposite sign that nearly cancel in their mean."""
    return lambda clip, others: np.stack([clip.samples, -likeness * clip.samples], axis=1)


def dead_channel(clip: Spoken, others: Others) -> np.ndarray:
    """Two channels, one of them silent or with nothing but a little noise."""
    noise = others.random.choice([0, 1e-4]) * others.random.normal(size=len(clip.samples))
    channels = [clip.samples, noise]
    return np.stack(channels[:: int(others.random.choice([-1, 1]))], axis=1)
