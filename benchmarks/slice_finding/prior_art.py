r"""sliceguard 0.0.35 on the same data, in an environment of its own.

    python3.11 -m venv sliceguard-env
    sliceguard-env/bin/pip install sliceguard==0.0.35 "hnne<2" "numpy<2" "pandas<2.3" "umap-learn<0.5.7" \\
        "scikit-learn<1.6" "datasets<3" "pyarrow<19" "setuptools<81"

Its requirements have no upper bounds, and the newest versions of them do not work together.
"""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Costs

RUNNER = Path(__file__).with_name("prior_art_runner.py")


@dataclass(frozen=True, eq=False)
class Task:
    """A data set with its thresholds."""

    vectors: NDArray[np.float32]
    costs: Costs
    min_support: int
    min_drop: float


@dataclass(frozen=True, eq=False)
class Answer:
    """Slices as rows, and the CPU time from vectors to slices, in seconds."""

    slices: list[NDArray[np.int64]]
    cpu_s: float


def find_issues(python: Path, tasks: Sequence[Task]) -> tuple[list[Answer], float]:
    """Run sliceguard on data sets; its answers, and the largest memory of its process in GiB.

    Raises
    ------
    RuntimeError
        sliceguard failed.
    """
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "in.npz", Path(name) / "out.json"
        arrays = {
            f"{key}_{i}": value
            for i, task in enumerate(tasks)
            for key, value in (
                ("vectors", task.vectors),
                ("errors", task.costs.numerator),
                ("words", task.costs.denominator),
                ("min_support", task.min_support),
                ("min_drop", task.min_drop),
            )
        }
        np.savez(source, count=len(tasks), **arrays)
        done = subprocess.run(
            [python, RUNNER, source, target], capture_output=True, text=True, cwd=name, check=False
        )
        if done.returncode:
            raise RuntimeError(f"sliceguard failed under {python}:\n{done.stderr[-2000:]}")
        content = json.loads(target.read_text())
    answers = [
        Answer([np.array(rows) for rows in outcome["slices"]], outcome["cpu_s"])
        for outcome in content["outcome"]
    ]
    return answers, content["peak_gib"]
