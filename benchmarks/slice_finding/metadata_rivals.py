r"""SliceLine, DivExplorer and pysubgroup on the same tables, each in an environment of its own.

    python3.11 -m venv sliceline && sliceline/bin/pip install sliceline==0.3.0 pandas numba
    python3.11 -m venv divexplorer && divexplorer/bin/pip install divexplorer==0.2.6
    python3.11 -m venv pysubgroup && pysubgroup/bin/pip install pysubgroup==0.9.0

Every one gets the columns with numbers cut into tenths, and its slices pass the same thresholds.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from slicecore.metrics import Costs

RUNNER = Path(__file__).with_name("metadata_rivals_runner.py")
RIVALS = ("sliceline", "divexplorer", "pysubgroup")

TUNED: Mapping[str, Mapping[str, Any]] = {
    "sliceline": {"alpha": 0.95, "k": 10},
    "divexplorer": {"t": 4.0, "redundancy": 0.05, "top": 10},
    "pysubgroup": {"a": 0.5, "k": 5, "beam": 30},
}
"""Settings with the most found slices, less a quarter of the false ones, on seeds below 10000."""


@dataclass(frozen=True, eq=False)
class Task:
    """A table with one metric and the thresholds; `depth` is the largest number of conditions."""

    columns: pd.DataFrame
    costs: Costs
    min_support: int
    min_drop: float
    depth: int


@dataclass(frozen=True, eq=False)
class Answer:
    """Slices as rows, the first ones first, their conditions (value by column), and the CPU time in seconds."""

    slices: list[NDArray[np.int64]]
    conditions: list[dict[str, str]]
    cpu_s: float


def find_slices(rival: str, python: Path, tasks: Sequence[Task], **settings: Any) -> list[Answer]:
    """Run a rival on tables.

    Raises
    ------
    RuntimeError
        It failed.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        described = []
        for i, task in enumerate(tasks):
            frame = task.columns.assign(ERRORS=task.costs.numerator, WORDS=task.costs.denominator)
            frame.to_csv(folder / f"{i}.csv", index=False)
            described.append(
                {
                    "min_support": task.min_support,
                    "min_drop": task.min_drop,
                    "depth": task.depth,
                    "binary": bool((task.costs.denominator == 1).all()),
                }
            )
        (folder / "tasks.json").write_text(
            json.dumps({"rival": rival, "settings": {**TUNED[rival], **settings}, "tasks": described})
        )
        done = subprocess.run([python, RUNNER, folder], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{rival} failed under {python}:\n{done.stderr[-2000:]}")
        outcome = json.loads((folder / "outcome.json").read_text())
    return [
        Answer([np.array(rows) for rows in each["slices"]], each["conditions"], each["cpu_s"])
        for each in outcome
    ]
