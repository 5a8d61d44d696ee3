"""Data of the worked cases on labels, scores, numbers and detection: invented sounds, and a table per task.

    python docs/cases/make_tables.py FOLDER

writes 300 clips of 1.5 s (14 MB) and commands.csv, quality.csv, mos.csv and wake-words.csv. All is drawn with one seed,
so the numbers of the cases come out again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from scipy.signal import butter, sosfiltfilt

RATE, SECONDS, CLIPS, SEED = 16_000, 1.5, 300, 7
COMMANDS = ("yes", "no", "stop", "go", "left", "right")
FORMANTS = {"yes": 2100, "no": 900, "stop": 1200, "go": 1000, "left": 1700, "right": 1400}
"""Hz of the second formant of the invented words."""
HUM, NARROW, FAN = np.arange(30), np.arange(30, 60), np.arange(60, 90)
"""Clips with mains hum, of a telephone's bandwidth, and beside a fan."""


def sound(word: str, fault: str, random: np.random.Generator) -> np.ndarray:
    """A voice-like sound: harmonics of a pitch below two formants, in two syllables, with a fault perhaps."""
    time = np.arange(round(RATE * SECONDS)) / RATE
    pitch = random.uniform(90, 220) * (1 + 0.03 * np.sin(2 * np.pi * random.uniform(2, 4) * time))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    wave = np.zeros(len(time))
    for harmonic in range(1, 50):
        frequency = harmonic * pitch.mean()
        if frequency > 7500:
            break
        gain = sum(np.exp(-(((frequency - at) / 350) ** 2)) for at in (500, FORMANTS[word], 3000))
        wave += (gain + 0.02) / harmonic**0.3 * np.sin(harmonic * phase)
    loud = np.clip(np.sin(2 * np.pi * (time / SECONDS * 2 - 0.1)), 0, 1)
    wave = wave * loud + 0.05 * loud * random.normal(size=len(time))
    wave *= 0.1 * random.uniform(0.7, 1.3) / np.sqrt(np.mean(wave**2))
    wave += 0.0008 * random.normal(size=len(time))
    if fault == "hum":
        wave += sum(0.03 / k * np.sin(2 * np.pi * 50 * k * time) for k in range(1, 7))
    elif fault == "narrow":
        wave = sosfiltfilt(butter(8, (300, 3400), "bandpass", fs=RATE, output="sos"), wave)
    elif fault == "fan":
        wave += 0.04 * random.normal(size=len(time))
    return np.clip(wave, -1, 1)


def tables(random: np.random.Generator) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The clips, and a table per task by the name of its file; each has another group that goes wrong."""
    fault = np.full(CLIPS, "", dtype=object)
    fault[HUM], fault[NARROW], fault[FAN] = "hum", "narrow", "fan"
    word = random.choice(COMMANDS, CLIPS)
    clips = pd.DataFrame({"audio": [f"clips/{row:04d}.wav" for row in range(CLIPS)]})
    clips["room"] = random.choice(["kitchen", "car", "office"], CLIPS)
    clips["device"] = random.choice(["phone", "headset", "laptop"], CLIPS)

    wrong = random.random(CLIPS) < np.where(fault == "hum", 0.6, 0.05)
    mistaken = np.where(word == "go", "no", np.where(word == "no", "go", random.choice(COMMANDS, CLIPS)))
    commands = clips.assign(label=word, prediction=np.where(wrong, mistaken, word))

    true = random.uniform(1.5, 4.8, CLIPS)
    predicted = true + random.normal(0, 0.25, CLIPS) + np.where(fault == "narrow", 0.9, 0)
    quality = clips.assign(mos=true.round(2), mos_pred=predicted.round(2))

    opinion = 4.1 + random.normal(0, 0.3, CLIPS) - np.where(fault == "fan", 1.3, 0)
    mos = clips.assign(mos=opinion.round(2))

    target = random.random(CLIPS) < 0.5
    score = np.where(target, 2.0, -2.0) * np.where(fault == "fan", 0.1, 1) + random.normal(0, 1, CLIPS)
    wake_words = clips.assign(label=np.where(target, "yes", "no"), prediction=score.round(3))
    by_file = {"commands.csv": commands, "quality.csv": quality, "mos.csv": mos, "wake-words.csv": wake_words}
    return clips.assign(word=word, fault=fault), by_file


def main(folder: Path) -> None:
    """Write sounds and tables."""
    random = np.random.default_rng(SEED)
    clips, by_file = tables(random)
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    for clip in clips.itertuples():
        soundfile.write(folder / clip.audio, sound(clip.word, clip.fault, random), RATE)
    for name, table in by_file.items():
        table.to_csv(folder / name, index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
