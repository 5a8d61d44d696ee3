"""A table of any size for timing the page: invented sentences and vectors, six groups with many errors.

    python benchmarks/page/invented_calls.py FOLDER CLIPS

All rows share one short recording: what is timed is the page, not the disk.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

RATE = 16_000
# fmt: off
WORDS = (
    "please", "enter", "your", "password", "then", "press", "seven", "to", "hear", "the", "next", "message", "or",
    "hold", "line", "while", "we", "connect", "you", "an", "agent", "who", "can", "help", "with", "billing", "orders",
    "travel", "and", "weather", "in", "glasgow", "today",
)
# fmt: on
ACCENTS = ("american", "english", "indian", "irish", "scottish", "welsh")
DEVICES = ("headset", "laptop", "mobile", "speakerphone")
GROUPS, DIMENSIONS = 6, 32


def write_calls(folder: Path, clips: int, seed: int = 0) -> tuple[Path, Path]:
    """Write table.csv, vectors.npy and silence.wav; returns the paths of table and vectors."""
    rng = np.random.default_rng(seed)
    soundfile.write(folder / "silence.wav", np.zeros(RATE // 2), RATE)
    group = np.where(rng.random(clips) < 0.12, rng.integers(1, GROUPS + 1, clips), 0)
    blob = np.where(group > 0, GROUPS + group, rng.integers(0, GROUPS, clips))
    vectors = rng.normal(size=(2 * GROUPS + 1, DIMENSIONS))[blob] * 2 + rng.normal(size=(clips, DIMENSIONS))
    wrong = np.where(group > 0, 0.45, 0.1)
    references, predictions = [], []
    for length, rate in zip(rng.integers(3, 14, clips), wrong, strict=True):
        reference = [WORDS[i] for i in rng.integers(0, len(WORDS), length)]
        luck = rng.random(length)
        prediction = [
            word if chance > rate else WORDS[len(word) + i]
            for i, (word, chance) in enumerate(zip(reference, luck, strict=True))
            if chance > rate / 4
        ]
        references.append(" ".join(reference))
        predictions.append(" ".join(prediction))
    table = pd.DataFrame(
        {
            "id": [f"call-{i:06d}" for i in range(clips)],
            "audio": "silence.wav",
            "sentence": references,
            "prediction": predictions,
            "accent": rng.choice(ACCENTS, clips),
            "device": np.where(group == 2, "speakerphone", rng.choice(DEVICES, clips)),
            "speaker": [f"s{i:04d}" for i in rng.integers(0, max(10, clips // 50), clips)],
            "noise": np.round(rng.normal(20, 8, clips) + 15 * (group == 1), 1),
        }
    )
    table.to_csv(folder / "table.csv", index=False)
    np.save(folder / "vectors.npy", vectors.astype(np.float32))
    return folder / "table.csv", folder / "vectors.npy"


if __name__ == "__main__":
    print(*write_calls(Path(sys.argv[1]), int(sys.argv[2])), sep="\n")
