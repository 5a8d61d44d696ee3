"""Synthetic clips for the tests of player and table: short recordings, hostile texts, files that can't be played."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

RATE = 16_000
HOSTILE = '<img/src=x/onerror="window.hacked=1">'  # one word, so that it stays in one piece
PHRASES = [
    ("followed by the pound key this message lasts", "follow the downtown key this message lasts"),
    ("please enter the first password", "please do the first password"),
    ("exit the menu seven four five", "exit the menu"),
    ("the conference is now locked", "conference is now on to you"),
    ("press six to play the next message", "this is the biggest message"),
    ("to decrease the audio volume", ""),
    ("the last caller was", "the last color was"),
    ("good morning everybody", "good morning everybody"),
    (f"{HOSTILE} please", f"{HOSTILE} trees <b>bold</b>"),
]


def write_clips(folder: Path, count: int = 24) -> Path:
    """Write `count` recordings and a table of them; returns the table's path. Row 3 is no audio, row 4 is missing."""
    random = np.random.default_rng(0)
    rows = []
    for i in range(count):
        reference, prediction = PHRASES[i % len(PHRASES)]
        duration = 2.0 + 0.25 * (i % 9)
        name = f"clip_{i:04d}.wav"
        soundfile.write(folder / name, _speech_like(random, duration), RATE)
        rows.append(
            (
                name,
                f"clip_{i:04d}",
                reference,
                prediction,
                duration,
                round(random.normal(20, 8), 1),
                f"speaker {i % 5}",
                "",
            )
        )
    columns = ["audio", "id", "reference", "prediction", "duration", "noise", "speaker", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    (folder / table.loc[3, "audio"]).write_text("no audio")
    table.loc[4, "audio"], table.loc[4, "reason"] = "gone.wav", "File not found"
    table.loc[5, "speaker"] = HOSTILE
    path = folder / "clips.csv"
    table.to_csv(path, index=False)
    return path


def _speech_like(random: np.random.Generator, duration: float) -> np.ndarray:
    """Syllables of a harmonic voice over a little noise."""
    time = np.arange(int(duration * RATE)) / RATE
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * time + random.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 30))
    syllables = np.clip(np.sin(2 * np.pi * 3 * time + random.uniform(0, 6)), 0, 1) ** 2
    return 0.2 * voice * syllables + 0.004 * random.standard_normal(len(time))
