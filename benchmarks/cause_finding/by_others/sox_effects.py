"""Effects and formats of sox, as its manual gives them."""

from collections.abc import Mapping, Sequence

from cause_finding.by_others.augmentations import kind
from cause_finding.damage.kinds import damaged
from cause_finding.damage.processing import missing, sox
from cause_finding.damage.truth import Truth
from cause_finding.plants import Kind, Plant

_WER = 0.25

_LIMITED = Truth("limited", ("level_changes", "background_noise"), ("loud",))

_EFFECTS: Mapping[str, tuple[str, Truth | None]] = {
    "reverb": ("reverb", Truth("reverberation", fits=("echo",))),
    "reverb 80": ("reverb 80", Truth("reverberation", fits=("echo",))),
    "echo 0.8 0.88 300 0.4": ("echo 0.8 0.88 300 0.4", Truth("echo", fits=("reverberation",))),
    "echos, 200 and 350 ms": ("echos 0.8 0.7 200 0.4 350 0.3", Truth("echo", fits=("reverberation",))),
    "tempo 1.4": ("tempo -s 1.4", Truth("tempo")),
    "tempo 0.7": ("tempo -s 0.7", Truth("tempo")),
    "speed 1.4": ("speed 1.4", Truth("sampling_rate")),
    "speed 0.7": ("speed 0.7", Truth("sampling_rate", fits=("narrow_band",))),
    "pitch 400": ("pitch 400", Truth("small_vocal_tract", fits=("voice",))),
    "overdrive 20": ("overdrive 20", Truth("overdriven", ("limited",), ("loud", "background_noise"))),
    "compand of the manual": ("compand 0.3,1 6:-70,-60,-20 -5 -90 0.2", _LIMITED),
    "tremolo 1 80": ("tremolo 1 80", Truth("level_changes")),
    "dcshift 0.1": ("gain -3 dcshift 0.1", Truth("dc_offset")),
    "vol 0.01": ("vol 0.01", Truth("quiet")),
    "sinc 300-3400": ("sinc 300-3400", Truth("narrow_band")),
    "lowpass 1500, twice": ("lowpass 1500 lowpass 1500", Truth("narrow_band")),
    "pad 5": ("pad 5", Truth("long_silence")),
    "pad 0 8": ("pad 0 8", Truth("long_silence")),
    "trim 0.7": ("trim 0.7", Truth("truncated")),
    "remix 1 1i": ("remix 1 1i", Truth("channel_cancelled")),
    "remix 1 0": ("remix 1 0", Truth("channel_lost")),
    "bass +6 (harmless)": ("gain -6 bass 6", None),
    "treble +6 (harmless)": ("gain -6 treble 6", None),
    "allpass (harmless)": ("allpass 800 2q", None),
    "dither (harmless)": ("dither", None),
    "gain -n -3 (harmless)": ("gain -n -3", None),
    "pad 0.2 0.2 (harmless)": ("pad 0.2 0.2", None),
    "rate 44100 (harmless)": ("rate 44100 rate 16000", None),
}  # fmt: skip


def kinds() -> dict[str, Kind]:
    """Kinds by name; none where sox is not installed."""
    if missing("sox"):
        return {}
    return {
        name: kind(truth, _plant(effects.split(), truth is not None))
        for name, (effects, truth) in _EFFECTS.items()
    }


def _plant(effects: Sequence[str], harms: bool) -> Plant:
    return damaged(lambda clip, others: sox(clip.samples, clip.rate, *effects), _WER if harms else 0.0)
