"""Small tables with faults that real ones have: files that are no audio, endless names, empty references, babble."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

RATE = 16_000
LONG = "recorded_on_the_third_floor_of_the_old_building_with_the_window_open_and_the_fan_running"
SENTENCE = "good morning to you"
WRONG = "so long"
ARABIC = ("ذهب الولد إلى المدرسة", "ذهب البلد إلى مدرسة اليوم")
HEBREW = ("הילד הלך לבית הספר", "הילדה הלכה")
"""A reference of four words and what a model makes of it, in scripts that are read from the right."""
VECTOR = "vector"
DIMENSIONS = 64


def write(
    folder: Path,
    *,
    groups: int = 1,
    size: int = 10,
    good: int = 30,
    reference: str = SENTENCE,
    prediction: str = WRONG,
    good_prediction: str = SENTENCE,
    good_reference: str = SENTENCE,
) -> Path:
    """A table of clips of noise, and of `groups` times `size` clips with a tone that the model gets wrong.

    `reference` and `prediction` are those of the bad clips, `good_reference` and `good_prediction` of the others.
    """
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    time = np.arange(RATE // 4) / RATE
    rows = []
    for i in range(good + groups * size):
        group = (i - good) // size
        is_bad = i >= good
        sound = 0.03 * rng.normal(size=len(time))
        if is_bad:
            sound = sound / 10 + 0.3 * np.sin(2 * np.pi * 120 * 2 ** (group / 7) * time)
        soundfile.write(folder / f"{LONG}-{i}.wav", sound, RATE)
        rows.append(
            {
                "id": f"{LONG}-{i}",
                "audio": f"{LONG}-{i}.wav",
                "sentence": reference if is_bad else good_reference,
                "prediction": prediction if is_bad else good_prediction,
                LONG: f"{LONG} {group if is_bad else -1}",
            }
        )
    pd.DataFrame(rows).to_csv(folder / "table.csv", index=False)
    return folder / "table.csv"


def write_many(folder: Path, *, slices: int, size: int = 5, right: int = 10) -> Path:
    """A table with so many slices: clusters in its column `VECTOR` that are wrong, each beside one that is right.

    Each lies in another direction from its neighbour: they are different problems.
    """
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    noise = 0.03 * rng.normal(size=(size, RATE // 4))
    for i in range(size):
        soundfile.write(folder / f"{i}.wav", noise[i], RATE)
    rows = []
    for pair, place in enumerate(rng.normal(scale=100, size=(slices, DIMENSIONS))):
        offset = rng.choice([-5, 5], size=DIMENSIONS)
        for i in range(right + size):
            is_wrong = i >= right
            vector = place + is_wrong * offset + rng.normal(scale=0.1, size=DIMENSIONS)
            rows.append(
                {
                    "id": f"{pair}-{i}",
                    "audio": f"{i % size}.wav",
                    "sentence": SENTENCE,
                    "prediction": WRONG if is_wrong else SENTENCE,
                    VECTOR: json.dumps(vector.round(2).tolist()),
                }
            )
    pd.DataFrame(rows).to_csv(folder / "table.csv", index=False)
    return folder / "table.csv"


def write_joined(folder: Path, *, clips: int = 600, contents: int = 6) -> Path:
    """A table with two problems that lie over clips of several contents, in its column `VECTOR`; speakers are named.

    Besides, clips of ages 31 to 40, of Sundays, of the small hours and of two accents have more errors.
    """
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for i in range(5):
        soundfile.write(folder / f"{i}.wav", 0.03 * rng.normal(size=RATE // 4), RATE)
    content = np.arange(clips) % contents
    vectors = 3 * rng.normal(size=(contents, 24))[content] + rng.normal(size=(clips, 24))
    problem = rng.permutation(clips) // (clips // 10)  # the first two, of ten
    for i in range(2):
        vectors[problem == i] += 3 * rng.choice([-1, 1], size=24)
    ages = rng.integers(18, 80, clips)
    days = pd.Timestamp("2024-03-01") + pd.to_timedelta(rng.integers(0, 28 * 24, clips), unit="h")
    accents = rng.choice([*"abcdefgh", "irish", "scottish"], clips)
    rate = 0.03 + 0.6 * (problem < 2) + 0.4 * ((ages >= 31) & (ages <= 40)) + 0.4 * (days.day_of_week == 6)
    rate += 0.4 * np.isin(accents, ["scottish", "irish"]) + 0.5 * np.isin(days.hour, [1, 2, 3, 4])
    words = SENTENCE.split() * 3
    pd.DataFrame(
        {
            "id": [f"clip {i}" for i in range(clips)],
            "audio": [f"{i % 5}.wav" for i in range(clips)],
            "sentence": " ".join(words),
            "prediction": [
                " ".join(np.where(rng.random(len(words)) < share, "wrong", words)) for share in rate
            ],
            "speaker": [f"s{i}" for i in rng.integers(0, 40, clips)],
            "age": ages,
            "recorded": days.strftime("%Y-%m-%d %H:%M"),
            "accent": accents,
            VECTOR: [json.dumps(vector.round(2).tolist()) for vector in vectors],
        }
    ).to_csv(folder / "table.csv", index=False)
    return folder / "table.csv"


def spoil(table: Path, rows: Iterable[int]) -> None:
    """Put something into the files of some rows that is no audio."""
    for row in rows:
        (table.parent / f"{LONG}-{row}.wav").write_text("<!doctype html>")


def lose(table: Path, rows: Iterable[int]) -> None:
    """Take the files of some rows away."""
    for row in rows:
        (table.parent / f"{LONG}-{row}.wav").unlink()


def without_audio(table: Path) -> Path:
    """Take the column with the audio files out of a table; gives it back."""
    pd.read_csv(table, keep_default_na=False).drop(columns="audio").to_csv(table, index=False)
    return table
