"""Remedies that can be tried on recordings: filters, gain, speed, trimming, noise reduction, choice of a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.resampling import resampled
from slicecore.wording import fixed

Sound = NDArray[np.float64]
"""Samples of a recording, (samples, channels), full scale ±1."""


@dataclass(frozen=True)
class Aim:
    """Numbers that a remedy needs of a clip, of its slice and of the rest; NaN where one is not known.

    Attributes
    ----------
    mains : frequency of the hum of the slice in Hz.
    gain : dB by which the clip is softer than the usual clip of the rest.
    speed : factor by which the slice is faster than the rest.
    before, after : seconds of silence before and after the speech of the clip.
    """

    mains: float = np.nan
    gain: float = np.nan
    speed: float = np.nan
    before: float = np.nan
    after: float = np.nan


@dataclass(frozen=True)
class Remedy:
    """A remedy that can be tried.

    Attributes
    ----------
    name : as it is asked for.
    needs : numbers of `Aim` without which it can't be tried on a slice.
    text : (aim of the slice) -> what is done, for people.
    mend : (sound, rate in Hz, aim) -> mended sound.
    """

    name: str
    needs: tuple[str, ...]
    text: Callable[[Aim], str]
    mend: Callable[[Sound, int, Aim], Sound]


@dataclass(frozen=True)
class Settings:
    """Constants of the remedies. They are usual values, not tuned."""

    notch_width: float = 4.0
    """Hz between the points at which a notch is 3 dB deep."""
    highest_notch: float = 3000.0
    """Hz."""
    mains_apart: float = 0.004
    """Share by which the mains may be off their frequency."""
    high_pass: float = 100.0
    """Hz, below any voice."""
    low_pass: float = 3400.0
    """Hz, upper end of a telephone's band."""
    ceiling: float = 10 ** (-1 / 20)
    """Largest amplitude after a gain: −1 dBFS."""
    kept_silence: float = 0.2
    """Seconds of silence that trimming leaves."""
    noise_share: float = 0.1
    """Share of the frames, the quietest ones, that are taken for noise, as where the noise floor is measured."""
    over_subtraction: float = 1.5
    deepest: float = 10 ** (-15 / 20)
    """Least gain of noise reduction, so that it leaves no holes."""
    frame: float = 0.02
    level_window: float = 0.8
    """Seconds of a frame, and of the frames whose loudest tenth is the level of the speech, as `level_range` has it."""
    most_levelling: float = 20.0
    """dB by which a level is moved at most."""


SETTINGS = Settings()


def notched(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound without the lines of mains hum: notches at the frequency, as exactly as the clip has it."""
    from scipy.signal import iirnotch, sosfiltfilt, tf2sos

    highest = min(SETTINGS.highest_notch, 0.45 * rate)
    mains = _exact_mains(sound.mean(axis=1), rate, aim.mains, highest)
    lines = np.arange(mains, highest, mains)
    sections = [tf2sos(*iirnotch(line, line / SETTINGS.notch_width, rate))[0] for line in lines]
    sound = _without_steady(sound, lines / rate)
    padding = min(len(sound) - 1, rate // 2)
    notched: Sound = sosfiltfilt(np.array(sections), sound, axis=0, padlen=max(padding, 0))
    return notched


def _without_steady(sound: Sound, lines: NDArray[np.float64]) -> Sound:
    """The sound less the part of each line that stays the same all along, so that filters have no edge to ring at."""
    time = np.arange(len(sound))[:, None]
    for line in lines:
        wave = np.exp(2j * np.pi * line * time)
        sound = sound - 2 * ((sound * wave.conj()).mean(axis=0) * wave).real
    return sound


def _exact_mains(mono: NDArray[np.float64], rate: int, mains: float, highest: float) -> float:
    """Frequency near that of the mains at whose multiples a clip has most."""
    size = 1 << int(np.ceil(np.log2(max(4 * len(mono), 2))))
    level = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), size))
    tried = mains * (1 + np.linspace(-1, 1, 161) * SETTINGS.mains_apart)
    numbers = np.arange(1, int(min(1000.0, highest) / tried[-1]) + 1)
    lines = np.interp(tried[:, None] * numbers * size / rate, np.arange(len(level)), level)
    return float(tried[lines.mean(axis=1).argmax()])


def high_passed(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound without what is below any voice."""
    return _filtered(sound, rate, SETTINGS.high_pass, "highpass")


def low_passed(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound without what is above a telephone's band."""
    return _filtered(sound, rate, min(SETTINGS.low_pass, 0.45 * rate), "lowpass")


def _filtered(sound: Sound, rate: int, edge: float, kind: str) -> Sound:
    from scipy.signal import butter, sosfiltfilt

    sections = butter(6, edge, kind, fs=rate, output="sos")
    filtered: Sound = sosfiltfilt(sections, sound, axis=0, padlen=max(0, min(len(sound) - 1, rate // 10)))
    return filtered


def amplified(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound as loud as the usual clip of the rest, as far as full scale allows."""
    if not np.isfinite(aim.gain):
        return sound
    peak = float(np.abs(sound).max(initial=0))
    gain = 10 ** (aim.gain / 20)
    return sound * (min(gain, max(SETTINGS.ceiling / peak, 1.0)) if peak > 0 and gain > 1 else gain)


def respeeded(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound at the speed of the rest, pitch and formants along with it."""
    return np.asarray(resampled(sound.astype(np.float32), rate, rate * aim.speed), np.float64)


def trimmed(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound with a short silence around the speech."""
    first, last = (
        max(0, round((silence - SETTINGS.kept_silence) * rate)) if np.isfinite(silence) else 0
        for silence in (aim.before, aim.after)
    )
    return sound[first : len(sound) - last] if first + last < len(sound) else sound


def denoised(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound with the spectrum of its quietest frames subtracted (Boll, IEEE TASSP 27, 1979, with a floor)."""
    from scipy.ndimage import uniform_filter
    from scipy.signal import istft, stft

    length = max(16, round(0.032 * rate))
    if len(sound) < 2 * length:
        return sound
    channels = []
    for channel in sound.T:
        spectrum = stft(channel, rate, nperseg=length, noverlap=length * 3 // 4)[2]
        power = np.abs(spectrum) ** 2
        quietest = np.argsort(power.sum(axis=0))[: max(1, int(SETTINGS.noise_share * power.shape[1]))]
        noise = power[:, quietest].mean(axis=1, keepdims=True)
        smooth = uniform_filter(power, (3, 5))
        gain = 1 - SETTINGS.over_subtraction * noise / np.maximum(smooth, 1e-20)
        gain = np.maximum(np.sqrt(np.maximum(gain, 0)), SETTINGS.deepest)
        channels.append(istft(spectrum * gain, rate, nperseg=length, noverlap=length * 3 // 4)[1])
    mended = np.stack(channels, axis=1)[: len(sound)]
    return np.pad(mended, ((0, len(sound) - len(mended)), (0, 0)))


def levelled(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The sound with an even level: that of its loudest frames nearby is moved to that of the loudest fifth."""
    from scipy.ndimage import percentile_filter

    length = max(1, round(SETTINGS.frame * rate))
    count = len(sound) // length
    if count < 2:
        return sound
    power = (sound[: count * length] ** 2).mean(axis=1).reshape(count, length).mean(axis=1)
    loud = percentile_filter(
        10 * np.log10(power + 1e-12), 90, max(1, round(SETTINGS.level_window / SETTINGS.frame))
    )
    gain = np.clip(np.percentile(loud, 80) - loud, -SETTINGS.most_levelling, SETTINGS.most_levelling)
    centres = (np.arange(count) + 0.5) * length
    return sound * 10 ** (np.interp(np.arange(len(sound)), centres, gain) / 20)[:, None]


def one_channel(sound: Sound, rate: int, aim: Aim) -> Sound:
    """The loudest channel alone; the first of channels that are about as loud."""
    level = np.sqrt((sound**2).mean(axis=0))
    best = int(np.flatnonzero(level >= 0.7 * level.max())[0])
    return sound[:, best : best + 1]


REMEDIES: Mapping[str, Remedy] = MappingProxyType(
    {
        remedy.name: remedy
        for remedy in (
            Remedy(
                "notch",
                ("mains",),
                lambda aim: "notch filter at the mains frequency and its multiples",
                notched,
            ),
            Remedy(
                "highpass",
                (),
                lambda aim: f"high-pass at {fixed(SETTINGS.high_pass)} Hz",
                high_passed,
            ),
            Remedy(
                "lowpass",
                (),
                lambda aim: f"low-pass at {fixed(SETTINGS.low_pass)} Hz",
                low_passed,
            ),
            Remedy(
                "gain",
                ("gain",),
                lambda aim: f"gain of {fixed(aim.gain)} dB to the loudness of the rest",
                amplified,
            ),
            Remedy(
                "resample",
                ("speed",),
                lambda aim: f"played {fixed(1 / aim.speed, 2)} times as fast",
                respeeded,
            ),
            Remedy("trim", (), lambda aim: "silence around the speech cut off", trimmed),
            Remedy("denoise", (), lambda aim: "spectrum of the quietest frames subtracted", denoised),
            Remedy("level", (), lambda aim: "level evened out", levelled),
            Remedy("channel", (), lambda aim: "one channel alone", one_channel),
        )
    }
)
"""Remedies by name."""

REMEDY_OF: Mapping[str, str] = MappingProxyType(
    {
        "hum": "notch",
        "quiet": "gain",
        "loud": "gain",
        "sampling_rate": "resample",
        "high_frequency_noise": "denoise",
        "background_noise": "denoise",
        "long_silence": "trim",
        "level_changes": "level",
        "channel_cancelled": "channel",
        "channel_lost": "channel",
        "wind": "highpass",
        "dc_offset": "highpass",
    }
)
"""Remedy by the cause that it is tried for, where nobody chooses another."""
