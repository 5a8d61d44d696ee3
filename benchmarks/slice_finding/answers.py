"""Slices of a method as a file: set, slice, row.

One line per clip of a slice. Slices come in the method's order, the most important first, and so do the clips of a
slice. A set without any slice has one line with the other two columns empty; sets that are not in the file were not
tried. `NAME.seconds.txt` beside `NAME.csv` holds the CPU seconds per set, where they are known.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Slices = list[NDArray[np.int64]]

COLUMNS = ("set", "slice", "row")


class Answers:
    """File of slices that grows set by set."""

    def __init__(self, path: Path) -> None:
        self._path, self._seconds = path, path.with_suffix(".seconds.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        for file, columns in ((path, COLUMNS), (self._seconds, ("set", "seconds"))):
            file.write_text(",".join(columns) + "\n")

    def add(self, name: str, slices: Slices, seconds: float) -> None:
        """Append the slices of a data set."""
        lines = [f"{name},{i},{row}\n" for i, members in enumerate(slices) for row in members]
        with self._path.open("a") as file:
            file.writelines(lines or [f"{name},,\n"])
        with self._seconds.open("a") as file:
            file.write(f"{name},{seconds:.3f}\n")


def read(path: Path) -> dict[str, Slices]:
    """Slices by data set, in the order of the file.

    Raises
    ------
    ValueError
        The file lacks a column, or a slice or row is no number.
    """
    rows: dict[str, dict[int, list[int]]] = {}
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise ValueError(
                f"{path} lacks the columns {', '.join(sorted(missing))}; it has to begin with set,slice,row"
            )
        for line in reader:
            slices = rows.setdefault(line["set"], {})
            if line["slice"] == line["row"] == "":
                continue
            try:
                slices.setdefault(int(line["slice"]), []).append(int(line["row"]))
            except ValueError as error:
                raise ValueError(
                    f"{path}, line {reader.line_num}: slice and row have to be whole numbers"
                ) from error
    return {
        name: [np.array(members, dtype=np.int64) for members in slices.values()]
        for name, slices in rows.items()
    }


def read_seconds(path: Path) -> dict[str, float]:
    """CPU seconds by data set, of the file of slices at this path; none where they are not known."""
    beside = path.with_suffix(".seconds.txt")
    if not beside.exists():
        return {}
    with beside.open(newline="") as file:
        return {line["set"]: float(line["seconds"]) for line in csv.DictReader(file)}
