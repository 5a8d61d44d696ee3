"""Causes that are right for each kind of damage, or that fit."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Truth:
    """The cause that a good listener would name, "" where there is no name for it; `also` and `fits` as in `Kind`."""

    cause: str
    also: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()


TRUTH: Mapping[str, Truth] = {
    "reverberation": Truth("reverberation"),
    "echo": Truth("echo", fits=("reverberation",)),
    "dropouts, silent": Truth("dropouts", fits=("clicks",)),
    "dropouts, repeated": Truth("dropouts", fits=("clicks",)),
    "MP3, 16 and 8 kbit/s": Truth("compression", also=("narrow_band",)),
    "Opus, 8 and 6 kbit/s": Truth("compression", also=("narrow_band",)),
    "GSM, once and three times": Truth("compression", also=("narrow_band",)),
    "AMR-NB, 12.2 and 4.75 kbit/s": Truth("compression", also=("narrow_band",)),
    "Codec2, 3.2 and 1.2 kbit/s": Truth("compression", also=("narrow_band",)),
    "telephone band and noise": Truth("narrow_band", also=("background_noise",)),
    "clicks": Truth("clicks"),
    "DC offset, 5 and 30 %": Truth("dc_offset"),
    "mains buzz of 60 harmonics": Truth("hum", fits=("background_noise",)),
    "bits, 6 and 4": Truth("coarse_digitisation"),
    "sample and hold, 8 and 4 kHz": Truth("coarse_digitisation"),
    "two channels in opposite phase": Truth("channel_cancelled"),
    "wind": Truth("wind", also=("background_noise",)),
    "music": Truth("music", also=("background_noise",)),
    "one other talker at 5 and 0 dB": Truth("other_talker", also=("background_noise",)),
    "babble at 10 and 3 dB": Truth("background_noise", fits=("other_talker",)),
    "pumping gain control": Truth("level_changes", also=("background_noise",), fits=("limited",)),
    "musical noise of spectral subtraction": Truth("noise_suppression", fits=("background_noise",)),
    "fading": Truth("level_changes"),
    "wow of a tape": Truth(""),
    "pitch +2 and +4 semitones, same tempo": Truth("small_vocal_tract", fits=("voice",)),
    "pitch −2 and −4 semitones, same tempo": Truth("", fits=("voice",)),
    "tempo ×1.25 and ×1.6, same pitch": Truth("tempo"),
    "tempo ×0.8 and ×0.6, same pitch": Truth("tempo"),
    "silence of 4 and 10 s before": Truth("long_silence"),
    "silence of 6 and 18 s after": Truth("long_silence"),
    "whispered": Truth("voiceless", fits=("voice",)),
    "child-like voice": Truth("small_vocal_tract", fits=("voice",)),
    "TTS voice": Truth("voice", fits=("narrow_band",)),
    "one dead channel": Truth("channel_lost"),
    "another utterance glued on": Truth("more_said", fits=("other_talker",)),
}
"""By the name of the kind."""
