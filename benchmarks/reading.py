"""Time and memory of reading a million rows, each file in a process of its own.  `python benchmarks/reading.py`."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 1_000_000
WORDS = "the of and a to in he was that his it had is with for as on you be at by this not are but"
ENDINGS = ("csv", "parquet", "jsonl")


def table() -> pd.DataFrame:
    """Audio, two texts of eight words, and five columns of metadata, one of which differs in every row."""
    random = np.random.default_rng(0)
    words = np.array(WORDS.split(" "))
    texts = [" ".join(chosen) for chosen in words[random.integers(0, len(words), (ROWS, 8))]]
    return pd.DataFrame(
        {
            "audio": [f"clips/{row // 1000:04d}/{row:07d}.wav" for row in range(ROWS)],
            "text": texts,
            "pred_text": texts[::-1],
            "speaker": [f"s{speaker}" for speaker in random.integers(0, 5000, ROWS)],
            "device": np.array(["phone", "laptop", "car"])[random.integers(0, 3, ROWS)],
            "snr": random.normal(20, 5, ROWS).round(2),
            "duration": random.gamma(2, 3, ROWS).round(3),
            "session": [f"{row:032x}" for row in range(ROWS)],
        }
    )


def run(path: str) -> None:
    """Read one file and print a line of the table."""
    from slicecore.table.dataset import read

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    read(path)
    took, worked = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{Path(path).suffix:>10}{took:>10.1f}{worked:>10.1f}{peak / 1e6:>10.2f}{before / 1e6:>18.2f}")


def write(folder: Path) -> None:
    """Write the table in every format."""
    frame = table()
    frame.to_csv(folder / "t.csv", index=False)
    frame.to_parquet(folder / "t.parquet")
    frame.to_json(folder / "t.jsonl", orient="records", lines=True)


def main(folder: Path) -> None:
    """Print a table. A process inherits the peak of the one that starts it, so nothing is done in this one."""
    subprocess.run([sys.executable, __file__, "write", str(folder)], check=True)
    print(f"{'':>10}{'s':>10}{'CPU s':>10}{'peak GB':>10}{'before reading':>18}", flush=True)
    for ending in ENDINGS:
        subprocess.run([sys.executable, __file__, "read", str(folder / f"t.{ending}")], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["read"]:
        run(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))
