"""Planted problems that are found with each embedding: the tables of docs/embedding-choice.md.

    python benchmarks/embedding_choice.py [--table TABLE TRUTH]

Needs the extra `speaker`. TABLE and TRUTH are a data set of your own, as in benchmarks/detection.py.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from slice_finding import real
from slice_finding.judging import judge, memberships
from slice_finding.real import MIN_DROP, MIN_SUPPORT, Recordings

from slicecore.slices.options import CONFIRMED
from slicecore.slices.result import Slice
from slicecore.slices.scanner import scan

EMBEDDINGS: dict[str, str | Sequence[str]] = {
    "`signal`": "signal",
    "`speaker`": "speaker",
    "`signal+speaker`": "signal+speaker",
    "`signal` and `speaker`, scanned together": ("signal", "speaker"),
}
SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"


def main() -> None:
    """Print a table for every data set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--table", type=Path, nargs=2, metavar=("TABLE", "TRUTH"), action="append", default=[]
    )
    options = parser.parse_args()
    begin = time.process_time()
    for table, truth in [(SAMPLE_DATA / "table.csv", SAMPLE_DATA / "planted.csv"), *options.table]:
        title = "Sample data" if table.parent == SAMPLE_DATA else "Own data"
        print(f"## {title}\n\n{comparison(table, truth)}\n", flush=True)
    print(f"CPU time of this run: {time.process_time() - begin:.0f} s.")


def comparison(table: Path, truth: Path) -> str:
    """A row per embedding: how the slices are, and for every planted problem the best slice's precision and recall."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as cache:
        for name, model in EMBEDDINGS.items():
            clips = real.load(table, truth, model=model, cache=Path(cache))
            if not lines:
                heads = [
                    "embedding",
                    f"found of {len(clips.problems)}",
                    "slices",
                    "confirmed",
                    "false",
                    "merged",
                ]
                heads += [f"`{problem}`" for problem in clips.problems]
                lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
            lines.append("| " + " | ".join([name, *_row(clips)]) + " |")
    return "\n".join(lines)


def _row(clips: Recordings) -> list[str]:
    slices = scan(
        clips.hierarchy, clips.costs, min_support=MIN_SUPPORT, min_drop=MIN_DROP, ids=list(clips.data.ids)
    ).slices
    judgement = judge([slice_.members for slice_ in slices], memberships(clips.group))
    confirmed = sum(slice_.tier == CONFIRMED for slice_ in slices)
    counts = (judgement.found, judgement.slices, confirmed, judgement.false, judgement.merged)
    return [*map(str, counts), *(_best(slices, clips.label == problem) for problem in clips.problems)]


def _best(slices: Sequence[Slice], planted: np.ndarray) -> str:
    """Precision / recall of the slice that overlaps most with a planted problem, a dash where none has any of it."""
    shares = [
        (np.count_nonzero(planted[slice_.members]), slice_.support)
        for slice_ in slices
        if planted[slice_.members].any()
    ]
    if not shares:
        return "–"
    total = np.count_nonzero(planted)
    common, support = max(shares, key=lambda pair: pair[0] / (pair[1] + total - pair[0]))
    return f"{common / support:.2f} / {common / total:.2f}"


if __name__ == "__main__":
    main()
