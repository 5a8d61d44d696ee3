"""Kinds of damage: what is done to the sound and to the predictions, at which level."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cause_finding.damage.processing import (
    adaptive_multi_rate,
    codec,
    fading,
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
from cause_finding.plants import Change, Others, Plant, Spoken, babble, low_pass, misheard, noise

WEAK, STRONG, HARMLESS = "weak", "strong", "harmless"

_USUAL_WER = 0.1


def damaged(change: Change, wer: float) -> Plant:
    """Make a plant of a change of the sound, with predictions of about a WER."""

    def plant(clip: Spoken, others: Others) -> Spoken:
        changed = change(clip, others)
        # Turned down rather than cut off, which would be another fault.
        changed = changed * min(1.0, 1 / max(float(np.abs(changed).max()), 1e-12))
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


@dataclass(frozen=True)
class Planted:
    """Plants of a kind, one for each level; `least_rate` and `needs` as in `Kind`."""

    plants: Mapping[str, Plant]
    least_rate: int = 8000
    needs: str = ""


def _both(
    weak: tuple[Change, float], strong: tuple[Change, float], least_rate: int = 8000, needs: str = ""
) -> Planted:
    return Planted({WEAK: damaged(*weak), STRONG: damaged(*strong)}, least_rate, needs)


PLANTED: Mapping[str, Planted] = {
    "reverberation": _both(
        (reverberation((0.6, 0.9), (-1, 2)), 0.26), (reverberation((1.2, 1.8), (-7, -4)), 0.45)
    ),
    "echo": _both((echo((0.12, 0.25), 8), 0.35), (echo((0.25, 0.4), 1.5, 0.7), 1.02)),
    "dropouts, silent": _both((lost_packets(0.05, 1.3, False), 0.14), (lost_packets(0.18, 2.0, False), 0.27)),
    "dropouts, repeated": _both((lost_packets(0.05, 1.3, True), 0.15), (lost_packets(0.18, 2.0, True), 0.2)),
    "MP3, 16 and 8 kbit/s": _both((_mp3(16), 0.22), (_mp3(8), 0.43), least_rate=16000, needs="ffmpeg"),
    "Opus, 8 and 6 kbit/s": _both((_opus(8), 0.18), (_opus(6), 0.22), least_rate=16000, needs="ffmpeg"),
    "GSM, once and three times": _both((_gsm(1), 0.24), (_gsm(3), 0.21), least_rate=16000, needs="ffmpeg"),
    "AMR-NB, 12.2 and 4.75 kbit/s": _both(
        (adaptive_multi_rate(7), 0.15), (adaptive_multi_rate(0), 0.23), least_rate=16000, needs="sox"
    ),
    "Codec2, 3.2 and 1.2 kbit/s": _both(
        (_codec2(3200), 0.26), (_codec2(1200), 0.33), least_rate=16000, needs="ffmpeg"
    ),
    "telephone band and noise": _both((_telephone(15), 0.28), (_telephone(3), 0.92), least_rate=16000),
    "clicks": _both((clicks(3, 0.35), 0.19), (clicks(20, 0.8), 0.14)),
    "DC offset, 5 and 30 %": _both((offset(0.05), 0.12), (offset(0.3), 0.07)),
    "mains buzz of 60 harmonics": _both((buzz(14), 0.1), (buzz(2), 0.69)),
    "bits, 6 and 4": _both((few_bits(6), 0.07), (few_bits(4), 0.22)),
    "sample and hold, 8 and 4 kHz": _both((held(8000), 0.2), (held(4000), 0.6), least_rate=16000),
    "two channels in opposite phase": _both((opposite_channels(0.8), 0.13), (opposite_channels(0.97), 0.19)),
    "wind": _both((wind(6), 0.2), (wind(-2), 0.21)),
    "music": _both((music(12), 0.14), (music(3), 0.21)),
    "one other talker at 5 and 0 dB": _both((_sound_of(babble(5, 1)), 0.6), (_sound_of(babble(0, 1)), 0.82)),
    "babble at 10 and 3 dB": _both((_sound_of(babble(10)), 0.24), (_sound_of(babble(3)), 0.72)),
    "pumping gain control": _both((pumping(30, 0.6), 0.12), (pumping(24, 0.9), 0.21)),
    "musical noise of spectral subtraction": _both((subtracted(14, 1.5), 0.24), (subtracted(4, 2.0), 1.21)),
    "fading": _both((fading(14), 0.2), (fading(30), 0.33)),
    "wow of a tape": _both((wow(0.02), 0.1), (wow(0.06), 0.3)),
    "pitch +2 and +4 semitones, same tempo": _both(
        (effects("pitch", "200"), 0.17), (effects("pitch", "400"), 0.17), needs="sox"
    ),
    "pitch −2 and −4 semitones, same tempo": _both(
        (effects("pitch", "-200"), 0.15), (effects("pitch", "-400"), 0.18), needs="sox"
    ),
    "tempo ×1.25 and ×1.6, same pitch": _both(
        (effects("tempo", "-s", "1.25"), 0.15), (effects("tempo", "-s", "1.6"), 0.11), needs="sox"
    ),
    "tempo ×0.8 and ×0.6, same pitch": _both(
        (effects("tempo", "-s", "0.8"), 0.09), (effects("tempo", "-s", "0.6"), 0.14), needs="sox"
    ),
    "silence of 4 and 10 s before": _both((silence(4, 0), 0.19), (silence(10, 0), 0.1)),
    "silence of 6 and 18 s after": _both((silence(0, 6), 0.17), (silence(0, 18), 0.12)),
    "whispered": _both((whispered(0.5), 0.16), (whispered(1.0), 0.17)),
    "child-like voice": _both(
        (effects("pitch", "450", "tempo", "-s", "0.92", "highpass", "150"), 0.18),
        (effects("pitch", "650", "tempo", "-s", "0.85", "highpass", "250"), 0.29),
        needs="sox",
    ),
    "TTS voice": _both(
        (spoken_by("awb"), 0.24), (spoken_by("kal16"), 0.22), least_rate=16000, needs="ffmpeg"
    ),
    "one dead channel": Planted({WEAK: damaged(dead_channel, 0.19)}),
    "another utterance glued on": Planted({WEAK: glued(0.45), STRONG: glued(0.95)}),
}
"""Damage by name; weak and strong: the change and the WER."""

UNHARMED: Mapping[str, Plant] = {
    "polarity": lambda clip, others: replace(clip, samples=-clip.samples),
    "light room": damaged(reverberation((0.2, 0.35), (8, 11)), 0),
    "another sampling rate": at_other_rate,
    "level −6 dB": lambda clip, others: replace(clip, samples=clip.samples / 2),
    "padded with 0.3 s of silence": damaged(silence(0.3, 0.3), 0),
    "nothing done": lambda clip, others: clip,
}
"""Changes of clips that must not be given a cause."""
