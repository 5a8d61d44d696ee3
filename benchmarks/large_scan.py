"""Time and memory of `slicecore scan` on millions of clips with ready vectors, and which planted groups it finds.

    python benchmarks/large_scan.py FOLDER CLIPS [--dimensions 192] [--ending parquet] [--audio | --measured]

Table and vectors are written to the folder unless they are there (benchmarks/page/large_table.py): 2.6 GB of vectors
and 1.1 GB of Parquet for 10,000,000 clips of 64 numbers. Each scan is a process of its own, the first with an empty
cache. Prints wall and CPU seconds, the peak of memory, and the best overlap (Jaccard) of every planted group with a
slice. With `--measured` every row has a recording of its own, whose sound is stored as if it had been measured.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from page.large_table import write_large
from page.measured_sound import give_recordings, store_measurements

SCAN = "import sys; sys.argv[0] = 'slicecore'; from slicecore.cli.commands import main; main()"


def scan(folder: Path, ending: str, home: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak GiB of a scan."""
    table, vectors = folder / f"table.{ending}", folder / "vectors.npy"
    command = [sys.executable, "-c", SCAN, "scan", str(table), "--embedding", str(vectors)]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--out", str(folder / "out")], env=os.environ | {"SLICECORE_HOME": str(home)}
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"The scan ended with {process.returncode}.")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20


def overlaps(folder: Path) -> list[float]:
    """Best Jaccard index of every planted group with a slice of the scan."""
    planted = np.load(folder / "planted.npy")
    slices = pd.read_csv(folder / "out" / "clips.csv", usecols=["slice_id"], dtype=str)["slice_id"]
    code, names = pd.factorize(slices)
    best = []
    for group in range(int(planted.max()) + 1):
        inside = planted == group
        common = np.bincount(code[inside & (code >= 0)], minlength=len(names))
        size = np.bincount(code[code >= 0], minlength=len(names))
        best.append(float((common / (inside.sum() + size - common)).max(initial=0)))
    return best


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("clips", type=int)
    parser.add_argument("--dimensions", type=int, default=192)
    parser.add_argument("--ending", choices=("parquet", "csv"), default="parquet")
    parser.add_argument(
        "--audio", action="store_true", help="name a recording in every row, which is measured"
    )
    parser.add_argument(
        "--measured", action="store_true", help="a recording for every row, whose sound is stored (Parquet)"
    )
    options = parser.parse_args()
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / f"table.{options.ending}").exists():
        audio = options.audio or options.measured
        write_large(folder, options.clips, options.dimensions, endings=(options.ending,), audio=audio)
    home = folder / f"home-{time.time_ns()}"
    if options.measured:
        store_measurements(give_recordings(folder), home / "cache")
    print(f"{'':20}{'seconds':>10}{'CPU':>10}{'peak GiB':>10}")
    for title in ("first scan", "from the cache"):
        took, cpu, peak = scan(folder, options.ending, home)
        print(f"{title:20}{took:10.1f}{cpu:10.1f}{peak:10.2f}", flush=True)
    print("overlap with the planted groups:", ", ".join(f"{best:.2f}" for best in overlaps(folder)))


if __name__ == "__main__":
    main()
