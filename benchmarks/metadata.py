"""Metadata slices: planted ones that are found, others that are listed, and rivals on the same tables.

    python benchmarks/metadata.py [--rows 1k10 band three ...] [--sliceline PYTHON] [--divexplorer PYTHON] ...
    python benchmarks/metadata.py --speakers         tables of speakers who differ, 60 of each

Prints the tables of the section "Metadata slices" of docs/detection.md. slice_finding/metadata_tables.py says how the
tables are made, slice_finding/metadata_rivals.py how to make the environments of the rivals.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from slice_finding import metadata_rivals
from slice_finding.metadata_rivals import RIVALS, Task
from slice_finding.metadata_tables import METRICS, Judgement, Table, judge, make_table
from slice_finding.speaker_tables import speaker_rows

from slicecore.metrics import Costs
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.result import Scan
from slicecore.table.dataset import from_table

MIN_DROP = 0.1
OURS, OURS_CONFIRMED = "scan_metadata", "its confirmed ones"


@dataclass(frozen=True)
class Row:
    """A row: kind of tables, clips, columns, tables, of which the rivals get the first, and most conditions."""

    kind: str
    n: int
    columns: int
    tables: int
    rival_tables: int
    depth: int = 2


ROWS = {
    "1k10": Row("four", 1000, 10, 60, 20),
    "1k20": Row("four", 1000, 20, 60, 20),
    "5k20": Row("four", 5000, 20, 20, 5),
    "20k20": Row("four", 20000, 20, 5, 1),
    "band": Row("band", 4000, 10, 30, 10),
    "three": Row("three", 4000, 10, 30, 10, depth=3),
    "either": Row("either", 4000, 10, 30, 10),
    "nothing1k": Row("nothing", 1000, 20, 60, 10),
    "nothing5k": Row("nothing", 5000, 20, 20, 3),
    "ids": Row("ids", 1000, 10, 60, 10),
}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", nargs="+", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--tables", type=int, help="at most so many of each row")
    parser.add_argument("--speakers", action="store_true", help="only slice_finding/speaker_tables.py")
    for rival in RIVALS:
        parser.add_argument(f"--{rival}", type=Path, metavar="PYTHON", help="of an environment that has it")
    options = parser.parse_args()
    if options.speakers:
        print(speaker_rows(options.tables or 60, options.first_seed))
        return
    pythons = {rival: getattr(options, rival) for rival in RIVALS if getattr(options, rival)}
    find(make_table("four", 1000, 10, 0), "WER")  # compiles
    print("| table | metric | method | tables | found ± s.e. | slices | false | again | Jaccard | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in options.rows:
        row = ROWS[name]
        count = min(row.tables, options.tables or row.tables)
        for metric in METRICS:
            for method, judged, seconds in _answers(row, metric, options.first_seed, count, pythons):
                print(f"| {name} | {metric} | {method} | {_cells(judged, seconds)} |", flush=True)


def find(table: Table, metric: str) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]], float]:
    """Our slices as rows, the confirmed ones among them, and the CPU seconds."""
    n = len(table.columns)
    costs = table.costs[metric]
    texts = pd.DataFrame({"sentence": ["x"] * n, "prediction": ["x"] * n})
    data = from_table(
        pd.concat([texts, table.columns], axis=1),
        name="planted",
        reference="sentence",
        prediction="prediction",
    )
    scan = _scan(costs, n)
    begin = time.process_time()
    slices = scan_metadata(scan, data)
    seconds = time.process_time() - begin
    rows = [described.slice.members for described in slices]
    confirmed = [described.slice.members for described in slices if described.slice.tier == CONFIRMED]
    return rows, confirmed, seconds


def _scan(costs: Costs, n: int) -> Scan:
    """A scan of which only thresholds and metric count."""
    options = Options(min_support=max(5, n // 100), min_drop=MIN_DROP)
    return Scan((), costs.value(), costs, options.clips(n), MIN_DROP, 0.0, None, options)


def _answers(
    row: Row, metric: str, first_seed: int, count: int, pythons: dict[str, Path]
) -> Iterator[tuple[str, list[Judgement], list[float]]]:
    tables = [make_table(row.kind, row.n, row.columns, first_seed + i) for i in range(count)]
    ours = [find(table, metric) for table in tables]
    seconds = [of_one for *_, of_one in ours]
    for method, place in ((OURS, 0), (OURS_CONFIRMED, 1)):
        judged = [judge(answer[place], table.planted) for answer, table in zip(ours, tables, strict=True)]
        yield method, judged, seconds
    for rival, python in pythons.items():
        tasks = [
            Task(table.columns, table.costs[metric], max(5, row.n // 100), MIN_DROP, row.depth)
            for table in tables[: row.rival_tables]
        ]
        answers = metadata_rivals.find_slices(rival, python, tasks)
        judged = [judge(answer.slices, table.planted) for answer, table in zip(answers, tables, strict=False)]
        yield rival, judged, [answer.cpu_s for answer in answers]


def _cells(judged: list[Judgement], seconds: list[float]) -> str:
    found = np.array([judgement.found for judgement in judged])
    error = found.std(ddof=1) / np.sqrt(len(found)) if len(found) > 1 else float("nan")
    means = [
        f"{np.mean([getattr(judgement, name) for judgement in judged]):.2f}"
        for name in ("slices", "false", "again", "overlap")
    ]
    return f"{len(judged)} | {found.mean():.2f} ±{error:.2f} | {' | '.join(means)} | {np.mean(seconds):.2f}"


if __name__ == "__main__":
    main()
