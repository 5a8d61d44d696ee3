"""Time of `slicecore scan` on 20,000 clips with given vectors, and `import slicecore`.

The baseline is the word error rate of the same table by jiwer alone, measured in the same run.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jiwer
import numpy as np
import pandas as pd

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


def seconds(command: list[str]) -> float:
    """Wall time of a command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


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
        command = [
            *python,
            scan,
            "scan",
            str(folder / "table.csv"),
            "--embedding",
            str(folder / "vectors.npy"),
        ]
        rows = [
            ("jiwer's WER of the table alone", baseline),
            (
                f"slicecore scan of {CLIPS:,} clips x {DIMENSIONS}",
                seconds([*command, "--out", str(folder / "out")]),
            ),
            ("the same again, tree from the cache", seconds([*command, "--out", str(folder / "out")])),
            ("python -c pass", min(seconds([*python, "pass"]) for _ in range(5))),
            ("python -c 'import slicecore'", min(seconds([*python, "import slicecore"]) for _ in range(5))),
        ]
    print(f"{'':45}{'seconds':>10}{'x jiwer':>10}")
    for step, took in rows:
        print(f"{step:45}{took:10.2f}{took / baseline:10.1f}")


if __name__ == "__main__":
    main()
