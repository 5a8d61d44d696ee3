"""Damage that the rules were not made on: 34 kinds, most of them weak and strong, and what is harmless.

A kind has the cause that a good listener would name, others that are as true, and those that fit: that state nothing
false. Everything else is wrong. What is arguable counts against the rules: "background noise" is wrong for
reverberation, echo and clicks, where nothing sounds beside the speech, and fits the leftovers of spectral subtraction;
"voice" is wrong on a damaged recording. Predictions have words exchanged, left out or, beyond a WER of 1, added at the
rate at which Whisper tiny.en errs on the kind (8 to 27 real predictions each, so ±.1). Codecs and changes of pitch and
tempo need ffmpeg or sox; without them these kinds are left out.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cause_finding.damage.processing import (
    adaptive_multi_rate,
    codec,
    fading,
    missing,
    pumping,
    subtracted,
    wow,
)
from cause_finding.damage.recordings import (
    clicks,
    dead_channel,
    echo,
    few_bits,
    held,
    lost_packets,
    offset,
    opposite_channels,
    reverberation,
)
from cause_finding.damage.speech import at_other_rate, effects, glued, silence, spoken_by, whispered
from cause_finding.damage.surroundings import buzz, music, wind
from cause_finding.plants import Change, Kind, Others, Plant, Spoken, babble, low_pass, misheard, noise

WEAK, STRONG, HARMLESS = "weak", "strong", "harmless"

_USUAL_WER = 0.1


def damaged(change: Change, wer: float) -> Plant:
    """Make a plant of a change of the sound, with predictions of about a WER."""

    def plant(clip: Spoken, others: Others) -> Spoken:
        changed = np.clip(change(clip, others), -1, 1)
        return replace(clip, samples=changed, prediction=_predicted(clip, others, wer))

    return plant


def _predicted(clip: Spoken, others: Others, wer: float) -> str:
    share = max(wer - _USUAL_WER, 0) / (1 - _USUAL_WER)
    more = max(share - 1, 0) * len(clip.prediction.split())
    added = " ".join(others.any().reference for _ in range(3)).split()
    return " ".join([misheard(clip, others, min(share, 1)), *added[: round(more)]]).strip()


def _sound_of(*plants: Plant) -> Change:
    """Change of the sound that plants make one after the other, without their predictions."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        for plant in plants:
            clip = plant(clip, others)
        return clip.samples

    return change


def _mp3(kilobits: int) -> Change:
    return codec("mp3", ["-c:a", "libmp3lame", "-b:a", f"{kilobits}k"], 16000)


def _opus(kilobits: int) -> Change:
    return codec("opus", ["-c:a", "libopus", "-b:a", f"{kilobits}k", "-application", "voip"], 48000)


def _gsm(times: int) -> Change:
    return codec("gsm", ["-c:a", "libgsm"], 8000, times)


def _codec2(mode: int) -> Change:
    return codec("c2", ["-c:a", "libcodec2", "-mode", str(mode)], 8000)


def _telephone(decibels: float) -> Change:
    return _sound_of(low_pass(3400, 300), noise(decibels, (300, 3400)))


# Name, weak and strong change with their WER, and what else belongs to the kind.
_BOTH_LEVELS: tuple[tuple[str, str, tuple[Change, float], tuple[Change, float], dict], ...] = (
    (
        "reverberation",
        "reverberation",
        (reverberation((0.6, 0.9), (-1, 2)), 0.26),
        (reverberation((1.2, 1.8), (-7, -4)), 0.45),
        {},
    ),
    (
        "echo",
        "echo",
        (echo((0.12, 0.25), 8), 0.35),
        (echo((0.25, 0.4), 1.5, 0.7), 1.02),
        {"fits": ("reverberation",)},
    ),
    (
        "dropouts, silent",
        "dropouts",
        (lost_packets(0.05, 1.3, False), 0.14),
        (lost_packets(0.18, 2.0, False), 0.27),
        {"fits": ("clicks",)},
    ),
    (
        "dropouts, repeated",
        "dropouts",
        (lost_packets(0.05, 1.3, True), 0.15),
        (lost_packets(0.18, 2.0, True), 0.20),
        {"fits": ("clicks",)},
    ),
    (
        "MP3, 16 and 8 kbit/s",
        "compression",
        (_mp3(16), 0.22),
        (_mp3(8), 0.43),
        {"also": ("narrow_band",), "least_rate": 16000, "needs": "ffmpeg"},
    ),
    (
        "Opus, 8 and 6 kbit/s",
        "compression",
        (_opus(8), 0.18),
        (_opus(6), 0.22),
        {"also": ("narrow_band",), "least_rate": 16000, "needs": "ffmpeg"},
    ),
    (
        "GSM, once and three times",
        "compression",
        (_gsm(1), 0.24),
        (_gsm(3), 0.21),
        {"also": ("narrow_band",), "least_rate": 16000, "needs": "ffmpeg"},
    ),
    (
        "AMR-NB, 12.2 and 4.75 kbit/s",
        "compression",
        (adaptive_multi_rate(7), 0.15),
        (adaptive_multi_rate(0), 0.23),
        {"also": ("narrow_band",), "least_rate": 16000, "needs": "sox"},
    ),
    (
        "Codec2, 3.2 and 1.2 kbit/s",
        "compression",
        (_codec2(3200), 0.26),
        (_codec2(1200), 0.33),
        {"also": ("narrow_band",), "least_rate": 16000, "needs": "ffmpeg"},
    ),
    (
        "telephone band and noise",
        "narrow_band",
        (_telephone(15), 0.28),
        (_telephone(3), 0.92),
        {"also": ("background_noise",), "least_rate": 16000},
    ),
    ("clicks", "clicks", (clicks(3, 0.35), 0.19), (clicks(20, 0.8), 0.14), {}),
    ("DC offset, 5 and 30 %", "dc_offset", (offset(0.05), 0.12), (offset(0.3), 0.07), {}),
    ("mains buzz of 60 harmonics", "hum", (buzz(14), 0.10), (buzz(2), 0.69), {"fits": ("background_noise",)}),
    ("bits, 6 and 4", "coarse_digitisation", (few_bits(6), 0.07), (few_bits(4), 0.22), {}),
    (
        "sample and hold, 8 and 4 kHz",
        "coarse_digitisation",
        (held(8000), 0.20),
        (held(4000), 0.60),
        {"least_rate": 16000},
    ),
    (
        "two channels in opposite phase",
        "channel_cancelled",
        (opposite_channels(0.8), 0.13),
        (opposite_channels(0.97), 0.19),
        {},
    ),
    ("wind", "wind", (wind(6), 0.20), (wind(-2), 0.21), {"also": ("background_noise",)}),
    ("music", "music", (music(12), 0.14), (music(3), 0.21), {"also": ("background_noise",)}),
    (
        "one other talker at 5 and 0 dB",
        "other_talker",
        (_sound_of(babble(5, 1)), 0.60),
        (_sound_of(babble(0, 1)), 0.82),
        {"also": ("background_noise",)},
    ),
    (
        "babble at 10 and 3 dB",
        "background_noise",
        (_sound_of(babble(10)), 0.24),
        (_sound_of(babble(3)), 0.72),
        {"fits": ("other_talker",)},
    ),
    (
        "pumping gain control",
        "level_changes",
        (pumping(30, 0.6), 0.12),
        (pumping(24, 0.9), 0.21),
        {"also": ("background_noise",), "fits": ("limited",)},
    ),
    (
        "musical noise of spectral subtraction",
        "noise_suppression",
        (subtracted(14, 1.5), 0.24),
        (subtracted(4, 2.0), 1.21),
        {"fits": ("background_noise",)},
    ),
    ("fading", "level_changes", (fading(14), 0.20), (fading(30), 0.33), {}),
    ("wow of a tape", "", (wow(0.02), 0.10), (wow(0.06), 0.30), {}),
    (
        "pitch +2 and +4 semitones, same tempo",
        "small_vocal_tract",
        (effects("pitch", "200"), 0.17),
        (effects("pitch", "400"), 0.17),
        {"fits": ("voice",), "needs": "sox"},
    ),
    (
        "pitch −2 and −4 semitones, same tempo",
        "",
        (effects("pitch", "-200"), 0.15),
        (effects("pitch", "-400"), 0.18),
        {"fits": ("voice",), "needs": "sox"},
    ),
    (
        "tempo ×1.25 and ×1.6, same pitch",
        "tempo",
        (effects("tempo", "-s", "1.25"), 0.15),
        (effects("tempo", "-s", "1.6"), 0.11),
        {"needs": "sox"},
    ),
    (
        "tempo ×0.8 and ×0.6, same pitch",
        "tempo",
        (effects("tempo", "-s", "0.8"), 0.09),
        (effects("tempo", "-s", "0.6"), 0.14),
        {"needs": "sox"},
    ),
    ("silence of 4 and 10 s before", "long_silence", (silence(4, 0), 0.19), (silence(10, 0), 0.10), {}),
    ("silence of 6 and 18 s after", "long_silence", (silence(0, 6), 0.17), (silence(0, 18), 0.12), {}),
    ("whispered", "voiceless", (whispered(0.5), 0.16), (whispered(1.0), 0.17), {"fits": ("voice",)}),
    (
        "child-like voice",
        "small_vocal_tract",
        (effects("pitch", "450", "tempo", "-s", "0.92", "highpass", "150"), 0.18),
        (effects("pitch", "650", "tempo", "-s", "0.85", "highpass", "250"), 0.29),
        {"fits": ("voice",), "needs": "sox"},
    ),
    (
        "TTS voice",
        "voice",
        (spoken_by("awb"), 0.24),
        (spoken_by("kal16"), 0.22),
        {"fits": ("narrow_band",), "least_rate": 16000, "needs": "ffmpeg"},
    ),
)

_HARMLESS: Mapping[str, Plant] = {
    "polarity": lambda clip, others: replace(clip, samples=-clip.samples),
    "light room": damaged(reverberation((0.2, 0.35), (8, 11)), 0),
    "another sampling rate": at_other_rate,
    "level −6 dB": lambda clip, others: replace(clip, samples=clip.samples / 2),
    "padded with 0.3 s of silence": damaged(silence(0.3, 0.3), 0),
    "nothing done": lambda clip, others: clip,
}


def _all_kinds() -> dict[tuple[str, str], Kind]:
    kinds = {}
    for name, cause, weak, strong, more in _BOTH_LEVELS:
        kinds[name, WEAK] = Kind(cause, damaged(*weak), **more)
        kinds[name, STRONG] = Kind(cause, damaged(*strong), **more)
    kinds["one dead channel", WEAK] = Kind("channel_lost", damaged(dead_channel, 0.19))
    for level, share in ((WEAK, 0.45), (STRONG, 0.95)):
        kinds["another utterance glued on", level] = Kind("more_said", glued(share), fits=("other_talker",))
    return kinds | {(name, HARMLESS): Kind("", plant) for name, plant in _HARMLESS.items()}


DAMAGE: Mapping[tuple[str, str], Kind] = {
    key: kind for key, kind in _all_kinds().items() if not missing(kind.needs)
}
"""Kinds by name and level."""

LEFT_OUT = tuple(sorted({name for (name, _), kind in _all_kinds().items() if missing(kind.needs)}))
"""Kinds whose program is not there."""
