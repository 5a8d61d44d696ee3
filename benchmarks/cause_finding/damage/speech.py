"""Plants of the speech itself: its pitch and pace, silence around it, other voices, more than the reference."""

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter, resample_poly

from cause_finding.damage.processing import sox
from cause_finding.damage.recordings import as_loud
from cause_finding.plants import Change, Others, Plant, Spoken, level


def effects(*names: str) -> Change:
    """Effects of sox."""
    return lambda clip, others: sox(clip.samples, clip.rate, *names)


def silence(before: float, after: float) -> Change:
    """Seconds of silence around the clip: digital in half of the clips, else as noisy as its quietest moments."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        frames = clip.samples[: len(clip.samples) // 320 * 320].reshape(-1, 320)
        floor = np.sqrt(np.quantile(np.mean(frames**2, axis=1), 0.05)) * float(others.random.random() < 0.5)
        first, last = (
            others.random.normal(0, 1, round(part * clip.rate)) * floor for part in (before, after)
        )
        return np.concatenate([first, clip.samples, last])

    return change


def glued(share: float) -> Plant:
    """Another utterance after the clip, with about so many of its words; the model hears both."""

    def plant(clip: Spoken, others: Others) -> Spoken:
        wanted = share * len(clip.reference.split())
        near = sorted(others.clips, key=lambda other: abs(len(other.reference.split()) - wanted))[:20]
        near = [other for other in near if other.reference != clip.reference]
        other = near[int(others.random.integers(len(near)))]
        added = other.samples * level(clip.samples) / level(other.samples)
        pause = np.zeros(round(others.random.uniform(0.05, 0.3) * clip.rate))
        samples = np.clip(np.concatenate([clip.samples, pause, added]), -1, 1)
        return replace(clip, samples=samples, prediction=f"{clip.prediction} {other.prediction}".strip())

    return plant


def whispered(share: float) -> Change:
    """No voice in so much of the clip, in one piece: noise through the formants (linear prediction)."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        size, order = round(0.03 * clip.rate) // 2 * 2, 2 + clip.rate // 1000
        window, wave = np.hanning(size + 1)[:size], np.zeros(len(clip.samples) + size)
        for start in range(0, len(clip.samples) - size, size // 2):
            frame = clip.samples[start : start + size] * window
            products = np.correlate(frame, frame, "full")[size - 1 : size + order]
            if products[0] < 1e-9:
                continue
            products[0] *= 1.0001
            formants = solve_toeplitz(products[:-1], products[1:])
            noise = lfilter([1], np.concatenate([[1], -formants]), others.random.normal(size=size))
            wave[start : start + size] += (
                window * noise * np.sqrt(products[0] / np.sum((noise * window) ** 2))
            )
        length = round(share * len(clip.samples))
        begin = int(others.random.integers(0, len(clip.samples) - length + 1))
        mixed = clip.samples.copy()
        mixed[begin : begin + length] = wave[begin : begin + length]
        return as_loud(mixed, clip)

    return change


def spoken_by(voice: str) -> Change:
    """The reference spoken by a voice of flite, as ffmpeg has it."""

    def change(clip: Spoken, others: Others) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            text, wav = Path(folder) / "a.txt", Path(folder) / "a.wav"
            text.write_text(clip.reference)
            source = f"flite=textfile={text}:voice={voice}"
            command = [
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                source,
                "-ar",
                str(clip.rate),
                str(wav),
            ]
            subprocess.run(command, check=True, capture_output=True)
            return as_loud(soundfile.read(wav)[0], clip)

    return change


def at_other_rate(clip: Spoken, others: Others) -> Spoken:
    """Stored at 44.1 kHz, or at 48 kHz what is at 44.1 already."""
    rate = 48000 if clip.rate == 44100 else 44100
    divisor = int(np.gcd(rate, clip.rate))
    samples = resample_poly(clip.samples, rate // divisor, clip.rate // divisor)
    return replace(clip, samples=samples, rate=rate)
