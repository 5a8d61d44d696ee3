"""Time and memory of every stage, from vectors to slices.

    python benchmarks/scaling.py [--sizes 1000 5000 ...] [--family blobs] [--shuffles 999]

Prints a Markdown table: per size and stage CPU and wall seconds, and the peak memory of the process so far, each size
in a process of its own whose kernels are compiled already. The data is that of benchmarks/detection.py: 192 numbers
per clip, five groups planted, hard. "Neighbours" are those of the points of all views, which "trees" holds as well;
"re-scan" is the median over thresholds that were not asked for before.
"""

import argparse
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from slice_finding.generators import FAMILIES, sample
from threadpoolctl import threadpool_limits

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.clustering.neighbours import first_neighbours, good_neighbours
from slicecore.clustering.tree_building import relate
from slicecore.clustering.whitening import views
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner

SIZES = (1_000, 5_000, 20_000, 50_000, 100_000)
MIN_SUPPORT, MIN_DROP = 0.005, 0.1
SLIDER = [(support, drop) for support in (0.004, 0.0045, 0.0055, 0.006) for drop in (0.07, 0.09, 0.11, 0.14)]
CHECKED = 2000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--family", choices=FAMILIES, default="blobs")
    parser.add_argument("--shuffles", type=int, default=999)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)  # size to measure in this process
    options = parser.parse_args()
    if options.one:
        print(row(options.one, options.family, options.shuffles))
        return
    print(f"{_processor()}, Python {platform.python_version()}, numpy {np.__version__}\n")
    print(
        "Each cell: CPU seconds (wall seconds); re-scan in milliseconds; memory is the peak of the process.\n"
    )
    stages = "views", "neighbours", "trees", "of it agreement", "scanner", "first scan, no shuffles"
    heads = "n", *stages, f"{options.shuffles} shuffles", "re-scan, ms", "memory, MiB", "recall", "nodes"
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|", flush=True)
    for n in options.sizes:
        command = [sys.executable, Path(__file__), "--one", str(n), "--family", options.family]
        command += ["--shuffles", str(options.shuffles)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


def row(n: int, family: str, shuffles: int) -> str:
    """Measure one size."""
    with redirect_stdout(sys.stderr):
        small = sample(family, 300, "hard", 0)
        Scanner(build_hierarchy(small.vectors), small.costs["WER"]).scan()  # compiles
    data = sample(family, n, "hard", 0)
    costs = data.costs["WER"]
    hierarchy, trees = _timed(lambda: build_hierarchy(data.vectors))
    memory = _peak()
    _, agreement = _timed(lambda: relate(list(hierarchy.trees)))
    scanner, prepared = _timed(lambda: Scanner(hierarchy, costs))
    _, first = _timed(lambda: scanner.scan(Options(MIN_SUPPORT, MIN_DROP, shuffles=0)))
    _, shuffled = _timed(lambda: scanner.scan(Options(MIN_SUPPORT, MIN_DROP, shuffles=shuffles)))
    rescans = []
    for support, drop in SLIDER:
        begin = time.process_time()
        scanner.scan(Options(support, drop, shuffles=0))
        rescans.append(1000 * (time.process_time() - begin))
    memory = max(memory, _peak())
    with threadpool_limits(1, user_api="blas"):
        points, viewed = _timed(lambda: list(views(data.vectors, np.ones(n)).tables))
        nearest_rows, neighbours = _timed(lambda: [good_neighbours(view)[0] for view in points])
        recall = min(_recall(view, nearest) for view, nearest in zip(points, nearest_rows, strict=True))
    cells = [f"{n:,}", viewed, neighbours, trees, agreement, prepared, first, shuffled]
    cells += [f"{np.median(rescans):.1f} (most {max(rescans):.1f})", f"{memory:.0f}", f"{recall:.4f}"]
    cells += [" + ".join(str(len(tree.parent)) for tree in hierarchy.trees)]
    return "| " + " | ".join(cells) + " |"


def _timed(work: Callable[[], Any]) -> tuple[Any, str]:
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return result, f"{time.process_time() - cpu:.2f} ({time.perf_counter() - wall:.2f})"


def _recall(points: np.ndarray, nearest: np.ndarray) -> float:
    """Share of the nearest neighbours among those found, on rows other than those the search itself checks."""
    rows = np.sort(
        np.random.default_rng(1).choice(len(points), size=min(CHECKED, len(points)), replace=False)
    )
    return float(np.mean(first_neighbours(points, rows=rows) == nearest[rows]))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


if __name__ == "__main__":
    main()
