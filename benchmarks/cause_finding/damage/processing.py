"""Effects of devices and programs on speech: codecs, gain control, noise suppression, fading, tapes."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from scipy.ndimage import map_coordinates
from scipy.signal import istft, stft

from cause_finding.damage.recordings import as_loud, scaled
from cause_finding.plants import Change, Others, Spoken


def codec(ending: str, encoder: list[str], rate: int, times: int = 1) -> Change:
    """Encoded by ffmpeg at a rate and decoded again, once or several times; options of the encoder as given to it."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            wav, coded = Path(folder) / "a.wav", Path(folder) / f"a.{ending}"
            soundfile.write(wav, clip.samples, clip.rate)
            for _ in range(times):
                ffmpeg("-i", str(wav), "-ac", "1", "-ar", str(rate), *encoder, str(coded))
                ffmpeg("-i", str(coded), "-ac", "1", "-ar", str(clip.rate), "-c:a", "pcm_s16le", str(wav))
            return soundfile.read(wav)[0]

    return change


def adaptive_multi_rate(mode: int) -> Change:
    """AMR of the narrow band, modes 0 (4.75 kbit/s) to 7 (12.2)."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            coded = str(Path(folder) / "a.amr-nb")
            narrow = sox(clip.samples, clip.rate, "rate", "8000")
            _sox_file(narrow, 8000, "-C", str(mode), coded)
            wav = str(Path(folder) / "b.wav")
            subprocess.run(["sox", coded, "-r", str(clip.rate), wav], check=True, capture_output=True)
            return soundfile.read(wav)[0]

    return change


def sox(samples: np.ndarray, rate: int, *effects: str) -> np.ndarray:
    """Effects of sox on samples."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = str(Path(folder) / "a.wav"), str(Path(folder) / "b.wav")
        soundfile.write(before, samples, rate)
        subprocess.run(["sox", "-G", before, after, *effects], check=True, capture_output=True)
        return soundfile.read(after)[0]


def _sox_file(samples: np.ndarray, rate: int, *output: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wav = str(Path(folder) / "a.wav")
        soundfile.write(wav, samples, rate)
        subprocess.run(["sox", wav, *output], check=True, capture_output=True)


def ffmpeg(*arguments: str) -> None:
    """Run ffmpeg without a word unless it fails."""
    command = ["ffmpeg", "-v", "error", "-y", "-nostdin", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def missing(program: str) -> bool:
    """True if a program that a plant needs is not there."""
    return bool(program) and shutil.which(program) is None


def pumping(decibels: float, strength: float) -> Change:
    """Automatic gain, quick to turn down and slow to turn up, over a noise so many dB below the speech."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        noisy = clip.samples + scaled(others.random.normal(size=len(clip.samples)), clip, decibels)
        hop = max(1, clip.rate // 100)
        frames = noisy[: len(noisy) // hop * hop].reshape(-1, hop)
        levels = np.sqrt(np.mean(frames**2, axis=1)) + 1e-5
        followed, now = np.empty(len(levels)), levels[0]
        for i, value in enumerate(levels):
            now = value if value > now else now * np.exp(-0.01 / 0.25) + value * (1 - np.exp(-0.01 / 0.25))
            followed[i] = now
        gain = (followed / followed.max()) ** -strength
        return as_loud(noisy * np.interp(np.arange(len(noisy)) / hop, np.arange(len(gain)), gain), clip)

    return change


def subtracted(decibels: float, factor: float) -> Change:
    """Noise so many dB below the speech, removed again by spectral subtraction, which leaves isolated tones."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        noise = scaled(others.random.normal(size=len(clip.samples)), clip, decibels)
        size = round(0.032 * clip.rate)
        _, _, both = stft(clip.samples + noise, clip.rate, nperseg=size)
        estimate = np.abs(stft(noise, clip.rate, nperseg=size)[2]).mean(axis=1, keepdims=True)
        left = np.maximum(np.abs(both) - factor * estimate, 0.003 * np.abs(both))
        wave = istft(left * np.exp(1j * np.angle(both)), clip.rate, nperseg=size)[1]
        return as_loud(wave[: len(clip.samples)], clip)

    return change


def fading(decibels: float) -> Change:
    """Level that goes down by so many dB and up again every one to three seconds."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        time = np.arange(len(clip.samples)) / clip.rate
        phase = 2 * np.pi * (others.random.uniform(0.3, 1.0) * time + others.random.random())
        return clip.samples * 10 ** (-decibels * (0.5 + 0.5 * np.sin(phase)) / 20)

    return change


def wow(depth: float) -> Change:
    """Speed that varies by a share, one to two times a second, as that of a bad tape."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        time, rate = np.arange(len(clip.samples)), others.random.uniform(0.6, 2.0)
        moved = depth * clip.rate / (2 * np.pi * rate) * np.sin(2 * np.pi * rate * time / clip.rate)
        return map_coordinates(clip.samples, [time + moved], order=3, mode="nearest")

    return change
