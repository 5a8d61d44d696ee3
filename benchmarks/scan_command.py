"""Time of `slicecore scan` on 20,000 clips with given vectors and on the recordings of the sample, and of the import.

The baseline is the word error rate of the large table by jiwer alone, measured in the same run.
Bytecode is there, as pip writes it.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jiwer
import numpy as np
import pandas as pd

SAMPLE = Path(__file__).parents[1] / "sample_data" / "table.csv"
CLIPS = 20_000
DIMENSIONS = 192
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def write(folder: Path) -> pd.DataFrame:
    """Write a table and vectors with 40 groups of clips, two of which are badly recognised."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 40, CLIPS)
    vectors = rng.normal(size=(40, DIMENSIONS))[group] * 2 + rng.normal(size=(CLIPS, DIMENSIONS))
    np.save(folder / "vectors.npy", vectors.astype(np.float32))
    references = rng.integers(0, len(WORDS), (CLIPS, 12))
    wrong = rng.random(references.shape) < np.where(np.isin(group, (3, 7)), 0.6, 0.12)[:, None]
    predictions = np.where(wrong, (references + 1) % len(WORDS), references)
    table = pd.DataFrame(
        {
            name: [" ".join(WORDS[i] for i in row) for row in rows]
            for name, rows in (("sentence", references), ("prediction", predictions))
        }
    )
    table.to_csv(folder / "table.csv", index=False)
    return table


def seconds(command: list[str], **environment: str) -> tuple[float, float]:
    """Wall time of a command, and its CPU time."""
    before = _cpu_seconds()
    start = time.perf_counter()
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": ""} | environment
    subprocess.run(command, check=True, capture_output=True, env=env)
    return time.perf_counter() - start, _cpu_seconds() - before


def _cpu_seconds() -> float:
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return of_children.ru_utime + of_children.ru_stime


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = write(folder)
        start = time.perf_counter()
        jiwer.wer(list(table.sentence), list(table.prediction))
        baseline = time.perf_counter() - start
        python = [sys.executable, "-c"]
        scan = "import sys; sys.argv[0] = 'slicecore'; from slicecore.cli.commands import main; main()"
        command = [*python, scan, "scan", "--out", str(folder / "out")]
        large = [*command, str(folder / "table.csv"), "--embedding", str(folder / "vectors.npy")]
        sample = [*command, str(SAMPLE)]
        rows = [
            ("jiwer's WER of the table alone", (baseline, baseline)),
            (f"slicecore scan of {CLIPS:,} clips x {DIMENSIONS}", seconds(large)),
            ("the same again, tree from the cache", seconds(large)),
            ("python -c pass", min(seconds([*python, "pass"]) for _ in range(5))),
            ("python -c 'import slicecore'", min(seconds([*python, "import slicecore"]) for _ in range(5))),
            ("scan of the sample, nothing cached", seconds(sample, SLICECORE_HOME=f"{name}/home")),
            ("… from the cache", seconds(sample, SLICECORE_HOME=f"{name}/home")),
        ]
    print(f"{'':45}{'seconds':>10}{'CPU':>10}{'x jiwer':>10}")
    for step, (took, cpu) in rows:
        print(f"{step:45}{took:10.2f}{cpu:10.2f}{took / baseline:10.1f}")


if __name__ == "__main__":
    main()
