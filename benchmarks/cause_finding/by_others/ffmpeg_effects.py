"""Codecs and filters of ffmpeg (AMR: sox), most with their default parameters."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile

from cause_finding.by_others.augmentations import kind
from cause_finding.damage.kinds import damaged
from cause_finding.damage.processing import adaptive_multi_rate, codec, ffmpeg, missing
from cause_finding.damage.recordings import scaled
from cause_finding.damage.truth import Truth
from cause_finding.plants import Change, Kind, Others, Spoken

_WER = 0.2
_CODED = Truth("compression", ("narrow_band",))
_WAVEFORM = Truth("compression", ("narrow_band", "coarse_digitisation"), ("background_noise",))

# Ending, options of the encoder, sampling rate, truth.
_CODECS: Mapping[str, tuple[str, str, int, Truth | None]] = {
    "GSM": ("gsm", "-c:a libgsm", 8000, _CODED),
    "G.726, 24 kbit/s": ("w64", "-c:a g726 -b:a 24k", 8000, _WAVEFORM),
    "μ-law": ("nut", "-c:a pcm_mulaw", 8000, _WAVEFORM),
    "Opus, 12 kbit/s": ("opus", "-c:a libopus -b:a 12k", 48000, _CODED),
    "Vorbis, lowest quality": ("ogg", "-c:a libvorbis -q:a -1", 16000, _CODED),
    "MP3, 24 kbit/s": ("mp3", "-c:a libmp3lame -b:a 24k", 16000, _CODED),
    "AAC, 12 kbit/s": ("m4a", "-c:a aac -b:a 12k", 16000, _CODED),
    "Codec2, 700 bit/s": ("c2", "-c:a libcodec2 -mode 700C", 8000, _CODED),
    "IMA ADPCM (harmless)": ("w64", "-c:a adpcm_ima_wav", 16000, None),
    "G.722, 64 kbit/s (harmless)": ("nut", "-c:a g722", 16000, None),
    "MP3, 64 kbit/s (harmless)": ("mp3", "-c:a libmp3lame -b:a 64k", 16000, None),
    "FLAC (harmless)": ("flac", "-c:a flac", 16000, None),
}

_FILTERS: Mapping[str, tuple[str, Truth | None]] = {
    "aecho": ("aecho=0.8:0.9:400:0.5", Truth("echo", fits=("reverberation",))),
    "acrusher": (
        "acrusher=bits=5:mix=0:mode=lin:aa=0",
        Truth("coarse_digitisation", fits=("background_noise",)),
    ),
    "acompressor, ratio 20": (
        "acompressor=threshold=0.02:ratio=20:makeup=12",
        Truth("limited", ("level_changes",), ("loud",)),
    ),
    "alimiter": ("alimiter=level_in=12:limit=0.5", Truth("limited", ("overdriven",), ("loud",))),
    "speechnorm": ("speechnorm=e=25:r=0.0001:l=1", Truth("limited", ("level_changes", "background_noise"))),
    "tremolo": ("tremolo=f=1:d=0.9", Truth("level_changes")),
    "vibrato": ("vibrato=f=3:d=0.5", Truth("")),
    "adelay 4000": ("adelay=4000", Truth("long_silence")),
    "atempo 1.5": ("atempo=1.5", Truth("tempo")),
    "agate": (
        "agate=threshold=0.08:range=0:ratio=9000:attack=1:release=20",
        Truth("noise_suppression", ("dropouts",), ("level_changes",)),
    ),
    "dynaudnorm": ("dynaudnorm=f=100:g=5", Truth("level_changes", ("limited", "background_noise"))),
    "adelay 200 (harmless)": ("adelay=200", None),
    "loudnorm (harmless)": ("loudnorm", None),
    "afftdn of a clean clip (harmless)": ("afftdn", None),
}


def kinds() -> dict[str, Kind]:
    """Kinds by name; none where ffmpeg is not installed."""
    if missing("ffmpeg"):
        return {}
    found = {
        name: _kind(truth, codec(ending, options.split(), rate), 16000)
        for name, (ending, options, rate, truth) in _CODECS.items()
    }
    found |= {name: _kind(truth, _filtered(graph)) for name, (graph, truth) in _FILTERS.items()}
    found["afftdn of noise at 10 dB"] = _kind(
        Truth("noise_suppression", fits=("background_noise", "high_frequency_noise")),
        _filtered("afftdn=nr=30:nf=-30:nt=w", noise=10),
    )
    if not missing("sox"):
        found["AMR-NB, 5.9 kbit/s"] = _kind(_CODED, adaptive_multi_rate(2), 16000)
    return found


def _kind(truth: Truth | None, change: Change, least_rate: int = 8000) -> Kind:
    return kind(truth, damaged(change, _WER if truth else 0.0), least_rate)


def _filtered(graph: str, noise: float | None = None) -> Change:
    def change(clip: Spoken, others: Others) -> np.ndarray:
        samples = clip.samples
        if noise is not None:
            samples = samples + scaled(others.random.normal(size=len(samples)), clip, noise)
        return filtered(samples, clip.rate, ["-af", graph])

    return change


def filtered(samples: np.ndarray, rate: int, options: Sequence[str]) -> np.ndarray:
    """Samples as ffmpeg writes them with options, at their own rate."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "a.wav", Path(folder) / "b.wav"
        soundfile.write(before, samples, rate)
        ffmpeg("-i", str(before), *options, "-ar", str(rate), "-c:a", "pcm_s16le", str(after))
        return soundfile.read(after)[0]
