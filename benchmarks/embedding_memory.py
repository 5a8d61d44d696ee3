"""Peak memory of embedding: many short clips, segments of one long file, one long clip.

Each case runs in a process of its own, from an empty cache. Beside its peak stands what the process has before the
first clip, with everything loaded, and what the vectors take that it returns.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

import slicecore as sc

RATE = 16000
CASES = {
    "200 clips of 5 s": lambda folder: many(folder, 200),
    "20,000 clips of 5 s": lambda folder: many(folder, 20_000),
    "1,440 segments of 5 s of a 2-hour file": lambda folder: long_file(folder).assign(
        start=np.arange(0, 7200, 5.0), end=np.arange(5, 7205, 5.0)
    ),
    "one clip of 2 hours": lambda folder: long_file(folder).iloc[:1],
    "one clip of 2 hours, 48 kHz, stereo": lambda folder: long_file(folder, 48000, 2).iloc[:1],
}


def many(folder: Path, count: int) -> pd.DataFrame:
    """Files that differ in one sample, so that each is computed."""
    samples = np.random.default_rng(0).normal(0, 0.05, 5 * RATE).astype(np.float32)
    for number in range(count):
        samples[0] = number / count
        soundfile.write(folder / f"{number}.wav", samples, RATE)
    return pd.DataFrame({"audio": [f"{number}.wav" for number in range(count)]})


def long_file(folder: Path, rate: int = RATE, channels: int = 1) -> pd.DataFrame:
    """A file of two hours, written in blocks of 5 s that differ in level."""
    block = np.random.default_rng(0).normal(0, 0.05, (5 * rate, channels)).astype(np.float32)
    with soundfile.SoundFile(folder / "long.wav", "w", rate, channels) as file:
        for number in range(1440):
            file.write(block * (0.1 + number / 1440))
    return pd.DataFrame({"audio": ["long.wav"] * 1440})


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(case: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, other = Path(name) / "case", Path(name) / "warm"
        folder.mkdir()
        other.mkdir()
        frame = CASES[case](folder).assign(text="a", pred="b")
        warm = sc.from_table(many(other, 40).assign(text="a", pred="b"), name="warm", folder=other)
        sc.embed(warm, cache=other / "cache")
        data = sc.from_table(frame, name="memory", folder=folder)
        before, start = peak_mb(), time.process_time()
        embeddings = sc.embed(data, cache=folder / "cache")
        spent = time.process_time() - start
        assert embeddings.valid.all(), embeddings.reasons
        vectors = embeddings.vectors.nbytes / 2**20
        print(f"| {case} | {before:.0f} | {peak_mb():.0f} | {vectors:.0f} | {spent:.0f} |")


def main() -> None:
    if len(sys.argv) > 1:
        run(sys.argv[1])
        return
    print(
        "| case | before, MB | peak, MB | vectors, MB | CPU s |",
        "|---|---|---|---|---|",
        sep="\n",
        flush=True,
    )
    for case in CASES:
        subprocess.run([sys.executable, __file__, case], check=True)


if __name__ == "__main__":
    main()
