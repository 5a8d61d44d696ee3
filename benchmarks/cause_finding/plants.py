"""Weak problems of many kinds, planted on clean clips: sound and texts of a clip before and after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt, sosfiltfilt


@dataclass(frozen=True)
class Spoken:
    """A clip: its samples, (n,) or (n, channels), its reference, the prediction of a model."""

    samples: np.ndarray
    rate: int
    reference: str
    prediction: str


@dataclass(frozen=True)
class Others:
    """Other clips, from which a plant takes voices and sentences."""

    clips: Sequence[Spoken]
    random: np.random.Generator

    def any(self) -> Spoken:
        """Any other clip."""
        return self.clips[int(self.random.integers(len(self.clips)))]


Plant = Callable[[Spoken, Others], Spoken]
Change = Callable[[Spoken, Others], np.ndarray]


@dataclass(frozen=True)
class Kind:
    """A kind of plant and the cause that is right for it ("" for a harmless one, which must not be given one).

    `also` are causes that are as right, `fits` those that state nothing false; `least_rate` is that of the files in
    which it is a problem at all, `needs` a program without which it can't be planted.
    """

    cause: str
    plant: Plant
    also: tuple[str, ...] = ()
    least_rate: int = 8000
    fits: tuple[str, ...] = ()
    needs: str = ""


def level(samples: np.ndarray) -> float:
    """RMS of the louder parts, where somebody speaks."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    energy = np.mean(frames**2, axis=1)
    return float(np.sqrt(np.mean(energy[energy >= np.quantile(energy, 0.6)])))


def misheard(clip: Spoken, others: Others, share: float = 0.35) -> str:
    """The prediction with some words exchanged or left out, as a model that hears badly gives it."""
    words, random = clip.prediction.split(), others.random
    strange = " ".join(other.reference for other in others.clips[:40]).split()
    recognised = []
    for word in words:
        luck = random.random()
        if luck < 0.7 * share:
            recognised.append(strange[int(random.integers(len(strange)))])
        elif luck > share:
            recognised.append(word)
    return " ".join(recognised)


def heard_badly(change: Change) -> Plant:
    """Make a plant of a change of the sound."""

    def plant(clip: Spoken, others: Others) -> Spoken:
        changed = np.clip(change(clip, others), -1, 1)
        return replace(clip, samples=changed, prediction=misheard(clip, others))

    return plant


def _noise(
    clip: Spoken, others: Others, decibels: float, band: tuple[float, float] | None = None
) -> np.ndarray:
    noise = others.random.normal(size=len(clip.samples))
    if band:
        high = min(band[1], 0.49 * clip.rate)
        noise = sosfiltfilt(butter(6, (band[0], high), "bandpass", fs=clip.rate, output="sos"), noise)
    return noise * level(clip.samples) * 10 ** (-decibels / 20) / np.sqrt(np.mean(noise**2))


def noise(decibels: float, band: tuple[float, float] | None = None) -> Plant:
    """Steady noise, so many dB below the speech."""
    return heard_badly(lambda clip, others: clip.samples + _noise(clip, others, decibels, band))


def hum(base: float, decibels: float) -> Plant:
    """Mains hum with 12 harmonics, so many dB below the speech."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        time = np.arange(len(clip.samples)) / clip.rate
        phases = others.random.uniform(0, 2 * np.pi, 12)
        wave = sum(np.sin(2 * np.pi * base * (k + 1) * time + phases[k]) / (k + 1) ** 0.7 for k in range(12))
        return clip.samples + wave * level(clip.samples) * 10 ** (-decibels / 20) / np.sqrt(np.mean(wave**2))

    return heard_badly(change)


def clipping(gain: float, after: float = 1.0) -> Plant:
    """Cut off at 1 / gain of the peak."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        limit = np.abs(clip.samples).max() / gain
        return np.clip(clip.samples, -limit, limit) * after

    return heard_badly(change)


def babble(decibels: float, voices: int = 5) -> Plant:
    """Other clips at once, together so many dB below the speech."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        crowd = np.zeros(len(clip.samples))
        for _ in range(voices):
            voice = others.any().samples
            crowd += np.resize(np.roll(voice, int(others.random.integers(len(voice)))), len(crowd)) / level(
                voice
            )
        return clip.samples + crowd * level(clip.samples) * 10 ** (-decibels / 20) / level(crowd)

    return heard_badly(change)


def peak_at(decibels: float) -> Plant:
    """Turned down to a peak in dBFS, stored in 16 bits."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        samples = clip.samples * 10 ** (decibels / 20) / np.abs(clip.samples).max()
        return np.round(samples * 32768) / 32768

    return heard_badly(change)


def loud(clip: Spoken, others: Others) -> Spoken:
    """Compressed by a gain that follows the level, and brought to full scale without clipping."""
    size = int(0.02 * clip.rate)
    window = np.hanning(size) / np.hanning(size).sum()
    followed = np.sqrt(np.convolve(clip.samples**2, window, "same")) + 0.3 * level(clip.samples)
    wave = clip.samples / followed**0.85
    return replace(clip, samples=0.98 * wave / np.abs(wave).max(), prediction=misheard(clip, others))


def speed(factor: float) -> Plant:
    """Played faster (above 1) or slower than recorded; nothing above what was recorded."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        ratio = Fraction(1 / factor).limit_denominator(20)
        return resample_poly(clip.samples, ratio.numerator, ratio.denominator)

    return heard_badly(change)


def low_pass(limit: float, lowest: float = 60) -> Plant:
    """Nothing above a frequency, nor below another."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        sections = butter(10, (lowest, min(limit, 0.48 * clip.rate)), "bandpass", fs=clip.rate, output="sos")
        return sosfilt(sections, clip.samples)

    return heard_badly(change)


def cut(start: float, end: float) -> Plant:
    """Only from one share of the speech to another; the model hears the words that are left."""

    def plant(clip: Spoken, others: Others) -> Spoken:
        loud_enough = np.flatnonzero(np.abs(clip.samples) > 0.05 * np.abs(clip.samples).max())
        first, last = loud_enough[0], loud_enough[-1]
        begin = 0 if start == 0 else int(first + start * (last - first))
        stop = len(clip.samples) if end == 1 else int(first + end * (last - first))
        words = clip.prediction.split()
        left = words[round(start * len(words)) : max(round(end * len(words)), 1)]
        return replace(clip, samples=clip.samples[begin:stop], prediction=" ".join(left))

    return plant


def another_reference(clip: Spoken, others: Others) -> Spoken:
    """The reference of another clip of about the same length."""
    near = sorted(others.clips, key=lambda other: abs(len(other.reference) - len(clip.reference)))[:20]
    near = [other for other in near if other.reference != clip.reference]
    return replace(clip, reference=near[int(others.random.integers(len(near)))].reference)


def unstopped(clip: Spoken, others: Others) -> Spoken:
    """The end of the prediction over and over."""
    words = clip.prediction.split()
    return replace(clip, prediction=" ".join(words + words[-2:] * int(others.random.integers(4, 12))))


def invented(clip: Spoken, others: Others) -> Spoken:
    """The prediction goes on with sentences that nobody spoke."""
    return replace(clip, prediction=" ".join([clip.prediction, *(others.any().reference for _ in range(3))]))


_DIGITS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "twenty": "20", "thirty": "30", "fifty": "50",
}  # fmt: skip


def other_form(clip: Spoken, others: Others) -> Spoken:
    """The reference says numbers and money in words, the prediction in signs."""
    random, words = others.random, list(_DIGITS)
    numbers = [words[int(i)] for i in random.integers(0, len(words), 4)]
    reference = f"{clip.prediction} {numbers[0]} percent or {numbers[1]} and {numbers[2]}"
    prediction = (
        f"{clip.prediction} {_DIGITS[numbers[0]]}% or {_DIGITS[numbers[1]]} and {_DIGITS[numbers[2]]}"
    )
    return replace(clip, reference=reference, prediction=prediction)


FOREIGN = (
    "Der Zug nach Hamburg fährt heute leider nicht mehr.", "Können Sie mir bitte sagen, wie spät es ist?",
    "Wir haben gestern lange auf den Bus gewartet.", "Das Wetter wird am Wochenende wieder besser.",
    "Ich hätte gern zwei Brötchen und einen Kaffee.", "Die Kinder spielen draußen im Garten.",
    "Meine Schwester wohnt seit drei Jahren in Köln.", "Vergiss nicht, die Tür abzuschließen.",
    "Der Arzt hat heute keine Sprechstunde.", "Wo finde ich den nächsten Geldautomaten?",
)  # fmt: skip


def foreign(clip: Spoken, others: Others) -> Spoken:
    """A German reference; the model writes what it takes it for."""
    sentence = FOREIGN[int(others.random.integers(len(FOREIGN)))]
    return replace(clip, reference=sentence, prediction=misheard(clip, others, 0.2))


def room(clip: Spoken, others: Others) -> np.ndarray:
    """A room of 0.5 s, which harms little."""
    time = np.arange(int(0.5 * clip.rate)) / clip.rate
    echo = others.random.normal(size=len(time)) * np.exp(-time * 13.8 / 0.5)
    echo[0] = 6 * np.sqrt(np.sum(echo**2))
    wet = fftconvolve(clip.samples, echo)[: len(clip.samples)]
    return wet * level(clip.samples) / level(wet)


KINDS: Mapping[str, Kind] = {
    "hum 50 Hz, 20 dB below": Kind("hum", hum(50, 20)),
    "hum 60 Hz, 10 dB below": Kind("hum", hum(60, 10)),
    "clipping x2": Kind("overdriven", clipping(2)),
    "clipping x4, turned down 10 dB": Kind("overdriven", clipping(4, 0.3)),
    "babble at 13 dB": Kind("background_noise", babble(13)),
    "babble at 5 dB": Kind("background_noise", babble(5)),
    "one other voice at 5 dB": Kind("background_noise", babble(5, 1), ("other_talker",)),
    "white noise at 15 dB": Kind("background_noise", noise(15), ("high_frequency_noise",)),
    "low noise at 10 dB": Kind("background_noise", noise(10, (80, 1500))),
    "hiss above 3 kHz at 12 dB": Kind("high_frequency_noise", noise(12, (3000, 7900))),
    "peak at −30 dBFS": Kind("quiet", peak_at(-30)),
    "peak at −45 dBFS": Kind("quiet", peak_at(-45)),
    "compressed to full scale": Kind("loud", loud, ("limited",)),
    "speed x1.5": Kind("sampling_rate", speed(1.5)),
    "speed x1.25": Kind("sampling_rate", speed(1.25)),
    "speed x0.8": Kind("sampling_rate", speed(0.8)),
    "speed x0.6": Kind("sampling_rate", speed(0.6)),
    "300 to 3400 Hz": Kind("narrow_band", low_pass(3400, 300), least_rate=16000),
    "nothing above 2.2 kHz": Kind("narrow_band", low_pass(2200)),
    "cut to the first 80 %": Kind("truncated", cut(0, 0.8)),
    "cut to the first 60 %": Kind("truncated", cut(0, 0.6)),
    "first 25 % missing": Kind("truncated", cut(0.25, 1)),
    "wrong references": Kind("wrong_reference", another_reference),
    "unstopped output": Kind("hallucination", unstopped),
    "invented sentences": Kind("hallucination", invented, fits=("recurring_phrase",)),
    "numbers in another form": Kind("normalisation", other_form),
    "German references": Kind("foreign_language", foreign),
    "a room (harmless)": Kind("", heard_badly(room)),
    "badly heard (no cause)": Kind("", heard_badly(lambda clip, others: clip.samples)),
}  # fmt: skip
