"""A data set of the benchmark, and its data folder: the format in which other methods read the sets.

manifest.csv        set, kind, vectors, clips, truth, groups, min_support, min_drop: a row per data set
vectors/*.npy       (n, d) float32; sets that differ in the metric alone share them
clips/*.csv         errors, words: a row per clip, in the order of the vectors
truth/*.csv         group, row: the clips of every planted group, for the judge alone
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Costs

COLUMNS = ("set", "kind", "vectors", "clips", "truth", "groups", "min_support", "min_drop")


@dataclass(frozen=True, eq=False)
class DataSet:
    """Clips with planted groups, under one metric.

    Attributes
    ----------
    name : of the data set; `kind` is common to those that differ in the seed alone.
    vectors : (n, d) float32, `vectors_name` is that of their file.
    membership : (k, n) bool, a row per planted group. Groups may overlap.
    min_support, min_drop : thresholds that every slice has to meet.
    """

    name: str
    kind: str
    vectors_name: str
    vectors: NDArray[np.float32]
    costs: Costs
    membership: NDArray[np.bool_]
    min_support: int
    min_drop: float


@dataclass(frozen=True)
class Entry:
    """A row of the manifest."""

    name: str
    kind: str
    vectors: Path
    clips: Path
    truth: Path
    groups: int
    min_support: int
    min_drop: float

    def load(self) -> DataSet:
        """Read the data set."""
        errors, words = np.loadtxt(self.clips, delimiter=",", skiprows=1, ndmin=2).T
        vectors = np.load(self.vectors)
        metric = "WER" if np.any(words != 1) else "error rate"
        return DataSet(
            self.name,
            self.kind,
            self.vectors.stem,
            vectors,
            Costs(errors, words, name=metric),
            self.read_truth(len(vectors)),
            self.min_support,
            self.min_drop,
        )

    def clip_count(self) -> int:
        """Number of clips."""
        return len(np.load(self.vectors, mmap_mode="r"))

    def read_truth(self, n: int) -> NDArray[np.bool_]:
        """Memberships (k, n) of the planted groups."""
        membership = np.zeros((self.groups, n), dtype=bool)
        with self.truth.open(newline="") as file:
            for line in csv.DictReader(file):
                membership[int(line["group"]), int(line["row"])] = True
        return membership


def write(folder: Path, data_sets: Iterable[DataSet]) -> int:
    """Write data sets as a data folder; their number."""
    for name in ("vectors", "clips", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / "manifest.csv").open("w", newline="") as file:
        manifest = csv.writer(file)
        manifest.writerow(COLUMNS)
        for data in data_sets:
            vectors, clips, truth = (
                f"vectors/{data.vectors_name}.npy",
                f"clips/{data.name}.csv",
                f"truth/{data.name}.csv",
            )
            if not (folder / vectors).exists():
                np.save(folder / vectors, data.vectors)
            table = np.column_stack([data.costs.numerator, data.costs.denominator])
            np.savetxt(folder / clips, table, "%.10g", ",", header="errors,words", comments="")
            rows = np.column_stack(np.nonzero(data.membership))
            np.savetxt(folder / truth, rows, "%d", ",", header="group,row", comments="")
            groups = len(data.membership)
            manifest.writerow(
                [data.name, data.kind, vectors, clips, truth, groups, data.min_support, f"{data.min_drop:g}"]
            )
            count += 1
    return count


def entries(folder: Path, patterns: Sequence[str] = ("*",), each: int | None = None) -> Iterator[Entry]:
    """Rows of the manifest whose name matches a pattern, at most so many of each kind."""
    seen: dict[str, int] = {}
    with (folder / "manifest.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if not any(fnmatch(row["set"], pattern) for pattern in patterns):
                continue
            seen[row["kind"]] = seen.get(row["kind"], 0) + 1
            if each is None or seen[row["kind"]] <= each:
                yield Entry(
                    row["set"],
                    row["kind"],
                    *(folder / row[name] for name in ("vectors", "clips", "truth")),
                    int(row["groups"]),
                    int(row["min_support"]),
                    float(row["min_drop"]),
                )
