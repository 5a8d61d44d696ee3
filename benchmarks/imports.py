"""Milliseconds that imports take in a scan of the sample from the cache, by package, with a budget for each.

Python's own clock (`-X importtime`) counts waiting, so that it wants a quiet machine. Bytecode is there.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "sample_data" / "table.csv"
BUDGET_MS = {
    "numpy": 120,
    "pandas": 450,
    "pyarrow": 100,
    "scipy": 250,
    "slicecore": 350,
    "typer": 120,
    "rich": 100,
}
OTHERS_MS = 350  # all other packages and Python's own modules together
WITHOUT = {
    "altair",
    "hnne",
    "librosa",
    "numba",
    "plotly",
    "sklearn",
    "streamlit",
    "torch",
    "transformers",
    "umap",
}
_LINE = re.compile(r"import time:\s*(\d+) \|\s*\d+ \|\s*([\w.]+)")
_SCAN = "import sys; sys.argv[0] = 'slicecore'; from slicecore.cli.program import main; main()"


def milliseconds(home: Path) -> Counter[str]:
    """Import time by package."""
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-c",
        _SCAN,
        "scan",
        str(SAMPLE),
        "--out",
        str(home / "out"),
    ]
    environment = os.environ | {"SLICECORE_HOME": str(home), "PYTHONDONTWRITEBYTECODE": ""}
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found = Counter[str]()
    for took, module in _LINE.findall(run.stderr):
        found[module.split(".")[0]] += int(took) / 1000
    return found


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as name:
        milliseconds(Path(name))  # fills the cache
        runs = [milliseconds(Path(name)) for _ in range(3)]
    least = {package: min(run[package] for run in runs) for package in runs[0]}
    rows = [(package, least.get(package, 0.0), budget) for package, budget in BUDGET_MS.items()]
    rows.append(
        ("all others", sum(took for package, took in least.items() if package not in BUDGET_MS), OTHERS_MS)
    )
    print(f"{'':12}{'ms':>8}{'budget':>8}")
    for package, took, budget in rows:
        print(f"{package:12}{took:8.0f}{budget:8}{'  too long' if took > budget else ''}")
    too_many = sorted(WITHOUT & set(least))
    if too_many:
        print("Imported without need:", ", ".join(too_many))


if __name__ == "__main__":
    main()
