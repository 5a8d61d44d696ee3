"""The tables over planted groups: every family, size and difficulty, every method."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from slice_finding import prior_art
from slice_finding.contest import METHODS, SLICEGUARD, answers
from slice_finding.generators import DIFFICULTIES, FAMILIES, Sample, sample
from slice_finding.judging import Judgement, judge

MIN_SUPPORT_SHARE = 0.005
MIN_DROP = 0.1
_SHORT = {1000: "1k", 2000: "2k", 5000: "5k", 20000: "20k"}


@dataclass(frozen=True)
class Seeds:
    """Number of data sets of a size, and of those that the slow methods see."""

    all: int
    hdbscan: int
    sliceguard: int


class Results:
    """Judgements and CPU seconds by method and kind of data."""

    def __init__(self) -> None:
        self._judgements: dict[tuple[str, str, str, int, str], list[Judgement]] = defaultdict(list)
        self._seconds: dict[tuple[str, int], list[float]] = defaultdict(list)

    def add(self, kind: tuple[str, str, int, str], method: str, judgement: Judgement, cpu_s: float) -> None:
        """Kind is family, metric, n, difficulty."""
        self._judgements[(method, *kind)].append(judgement)
        self._seconds[method, kind[2]].append(cpu_s)

    def table(self, family: str, metric: str, sizes: Iterable[int]) -> str:
        """A row per method, a column per size and difficulty."""
        columns = [(n, difficulty) for n in sizes for difficulty in DIFFICULTIES]
        lines = [
            "| | " + " | ".join(f"{_name(n)} {difficulty}" for n, difficulty in columns) + " |",
            "|---" * (1 + len(columns)) + "|",
        ]
        for method in METHODS:
            cells = [
                _cell(self._judgements.get((method, family, metric, n, difficulty), []))
                for n, difficulty in columns
            ]
            if any(cells):
                lines.append(f"| {method} | " + " | ".join(cells) + " |")
        return "\n".join(lines)

    def times(self, sizes: Iterable[int]) -> str:
        """CPU seconds, a row per method."""
        sizes = list(sizes)
        lines = ["| | " + " | ".join(map(_name, sizes)) + " |", "|---" * (1 + len(sizes)) + "|"]
        for method in METHODS[:-1]:
            cells = [
                f"{np.median(self._seconds[method, n]):.2f}" if (method, n) in self._seconds else ""
                for n in sizes
            ]
            if any(cells):
                lines.append(f"| {method} | " + " | ".join(cells) + " |")
        return "\n".join(lines)


def contest(
    sizes: dict[int, Seeds], families: Iterable[str], first_seed: int, sliceguard: Path | None
) -> Results:
    """Run every method on every data set; sliceguard where its Python is given, under WER alone."""
    results = Results()
    waiting: list[tuple[tuple[str, str, int, str], Sample]] = []
    for n, seeds in sizes.items():
        for family in families:
            for difficulty in DIFFICULTIES:
                for seed in range(seeds.all):
                    data = sample(family, n, difficulty, first_seed + seed)
                    for answer in answers(
                        data.vectors,
                        data.costs,
                        min_support(n),
                        MIN_DROP,
                        with_hdbscan=seed < seeds.hdbscan,
                        group=data.group,
                    ):
                        kind = (family, answer.metric, n, difficulty)
                        results.add(kind, answer.method, judge(answer.slices, data.group), answer.cpu_s)
                    if sliceguard and seed < seeds.sliceguard:
                        waiting.append(((family, "WER", n, difficulty), data))
    if sliceguard:
        tasks = [
            prior_art.Task(data.vectors, data.costs["WER"], min_support(kind[2]), MIN_DROP)
            for kind, data in waiting
        ]
        issues, _ = prior_art.find_issues(sliceguard, tasks)
        for (kind, data), answer in zip(waiting, issues, strict=True):
            results.add(kind, SLICEGUARD, judge(answer.slices, data.group), answer.cpu_s)
    return results


def min_support(n: int) -> int:
    """Fewest clips of a slice among n."""
    return max(2, round(MIN_SUPPORT_SHARE * n))


def families() -> tuple[str, ...]:
    """Names of the families."""
    return FAMILIES


def _name(n: int) -> str:
    return _SHORT.get(n, str(n))


def _cell(judgements: list[Judgement]) -> str:
    if not judgements:
        return ""
    means = np.mean([astuple(judgement) for judgement in judgements], axis=0)
    *counts, overlap = means
    return " / ".join([f"{count:.1f}" for count in counts] + [f"{overlap:.2f}"])
