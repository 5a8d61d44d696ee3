"""Tables of judged methods: a row per method, or per kind of data set, means with their standard errors."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from slice_finding import answers, data_set
from slice_finding.judging import Judgement, judge
from slice_finding.methods import TITLES

HEAD = ("found", "slices", "false", "merged", "again", "nested", "IoU", "precision@10", "precision@25")
WITH_ERROR = ("found", "false", "IoU", "precision@10", "precision@25")


class Scores:
    """Judgements of methods by kind of data set."""

    def __init__(
        self, folder: Path, files: Sequence[Path], *, patterns: Sequence[str] = ("*",), common: bool = False
    ) -> None:
        """Judge files of slices by the truth of a data folder, in sets that all of them have if `common`."""
        given = {path.stem: answers.read(path) for path in files}
        self._seconds = {path.stem: answers.read_seconds(path) for path in files}
        self.methods = sorted(given, key=lambda name: ([*TITLES, name].index(name), name))
        self.by_kind: dict[str, dict[str, list[Judgement]]] = defaultdict(lambda: defaultdict(list))
        self._names: dict[str, list[str]] = defaultdict(list)
        unknown = set().union(*given.values()) - {entry.name for entry in data_set.entries(folder)}
        if unknown:
            raise ValueError(f"no such data set in {folder}: {', '.join(sorted(unknown)[:5])}")
        for entry in data_set.entries(folder, patterns):
            tried = [name for name in self.methods if entry.name in given[name]]
            if not tried or (common and len(tried) < len(given)):
                continue
            self._names[entry.kind].append(entry.name)
            membership = entry.read_truth(entry.clip_count())
            for name in tried:
                slices = _valid(given[name][entry.name], membership.shape[1], f"{name}, {entry.name}")
                self.by_kind[entry.kind][name].append(judge(slices, membership))

    def by_method(self, kind: str) -> str:
        """Table of one kind, a row per method."""
        rows = [
            (TITLES.get(name, name), self._cells(kind, name))
            for name in self.methods
            if self.by_kind[kind][name]
        ]
        return _table(["", "sets", *HEAD, "CPU s"], rows)

    def by_kinds(self, method: str) -> str:
        """Table of one method, a row per kind."""
        rows = [(kind, self._cells(kind, method)) for kind in self.by_kind if self.by_kind[kind][method]]
        return _table(["", "sets", *HEAD, "CPU s"], rows)

    def in_brief(self) -> str:
        """Table of all kinds, a row per method: found / slices / false / merged / again / nested / IoU."""
        kinds = list(self.by_kind)
        rows = []
        for name in self.methods:
            cells = []
            for kind in kinds:
                values = np.array([astuple(judgement)[:7] for judgement in self.by_kind[kind][name]])
                means = values.mean(axis=0) if len(values) else []
                cells.append(
                    " / ".join(
                        f"{mean:.2f}" if i in (0, 6) else f"{mean:.1f}" for i, mean in enumerate(means)
                    )
                )
            rows.append((TITLES.get(name, name), cells))
        return _table(["", *kinds], rows)

    def _cells(self, kind: str, method: str) -> list[str]:
        judged = self.by_kind[kind][method]
        values = np.array([astuple(judgement) for judgement in judged], dtype=np.float64)
        seconds = [s for name in self._names[kind] if (s := self._seconds[method].get(name)) is not None]
        cells = [str(len(judged))]
        for head, column in zip(HEAD, values.T, strict=True):
            mean = f"{column.mean():.2f}"
            if head in WITH_ERROR and len(column) > 1:
                mean += f" ± {column.std(ddof=1) / np.sqrt(len(column)):.2f}"
            cells.append("" if np.isnan(column).any() else mean)
        return [*cells, f"{np.median(seconds):.2f}" if seconds else ""]


def _valid(slices: answers.Slices, n: int, where: str) -> answers.Slices:
    for members in slices:
        if members.min() < 0 or members.max() >= n:
            raise ValueError(f"{where}: rows are 0 to {n - 1}, not {members.min()} to {members.max()}")
        if len(np.unique(members)) < len(members):
            raise ValueError(f"{where}: a slice has a row twice")
    return slices


def _table(head: list[str], rows: list[tuple[str, list[str]]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    lines += [f"| {title} | " + " | ".join(cells) + " |" for title, cells in rows]
    return "\n".join(lines)
