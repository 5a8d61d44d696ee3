"""Suites of data sets with planted groups: the families, the held-out generator, the hard cases, nothing planted."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from slice_finding import hard_cases
from slice_finding.data_set import DataSet
from slice_finding.generators import DIFFICULTIES, FAMILIES, Sample, nothing_planted, sample
from slice_finding.held_out import held_out
from slice_finding.judging import memberships

MIN_SUPPORT_SHARE = 0.005
MIN_DROP = 0.1
SETS = {1000: 60, 2000: 20, 5000: 20, 20000: 3}
"""Data sets of each kind, by size."""
SIZES = (1000, 5000, 20000)
_SHORT = {1000: "1k", 2000: "2k", 5000: "5k", 20000: "20k"}


def min_support(n: int) -> int:
    """Fewest clips of a slice among n."""
    return max(2, round(MIN_SUPPORT_SHARE * n))


def families(sizes: Sequence[int], sets: int | None, first_seed: int) -> Iterator[DataSet]:
    """The families of generators.py, easy and hard, under WER and 0/1."""
    for n in sizes:
        for family in FAMILIES:
            for difficulty in DIFFICULTIES:
                for seed in _seeds(n, sets, first_seed):
                    yield from _both_metrics(sample(family, n, difficulty, seed), family, n, difficulty, seed)


def other_generator(sizes: Sequence[int], sets: int | None, first_seed: int) -> Iterator[DataSet]:
    """The held-out generator, easy and hard, under WER and 0/1."""
    for n in sizes:
        for difficulty in DIFFICULTIES:
            for seed in _seeds(n, sets, first_seed):
                yield from _both_metrics(held_out(n, difficulty, seed), "held out", n, difficulty, seed)


def nothing(sizes: Sequence[int], sets: int | None, first_seed: int) -> Iterator[DataSet]:
    """The background of the families alone, with harmless differences of ±10 %."""
    for n in sizes:
        for seed in _seeds(n, sets, first_seed):
            vectors, costs = nothing_planted(n, (0.1,), seed)
            name = f"nothing-{n}-{seed}"
            no_group = np.zeros((0, n), dtype=bool)
            kind = f"nothing planted, {_SHORT.get(n, str(n))}"
            yield DataSet(name, kind, name, vectors, costs[0], no_group, min_support(n), MIN_DROP)


def cases(sizes: Sequence[int], sets: int | None, first_seed: int) -> Iterator[DataSet]:
    """The hard cases, 2,000 clips each, whatever the sizes."""
    for case in hard_cases.CASES:
        for seed in _seeds(2000, sets, first_seed):
            data = hard_cases.make(case, seed)
            name = f"{case}-{seed}"
            yield DataSet(
                name,
                case,
                name,
                data.vectors,
                data.costs,
                data.problems,
                data.min_support,
                data.min_drop,
            )


SUITES: dict[str, Callable[[Sequence[int], int | None, int], Iterator[DataSet]]] = {
    "families": families,
    "held-out": other_generator,
    "hard": cases,
    "nothing": nothing,
}


def _seeds(n: int, sets: int | None, first_seed: int) -> range:
    return range(first_seed, first_seed + (SETS[n] if sets is None else min(sets, SETS[n])))


def _both_metrics(data: Sample, family: str, n: int, difficulty: str, seed: int) -> Iterator[DataSet]:
    stem = f"{family.replace(' ', '-')}-{difficulty}-{n}"
    for metric, costs in data.costs.items():
        yield DataSet(
            f"{stem}-{metric.replace('/', '-')}-{seed}",
            f"{family}, {difficulty}, {_SHORT.get(n, str(n))}, {metric}",
            f"{stem}-{seed}",
            data.vectors,
            costs,
            memberships(data.group),
            min_support(n),
            MIN_DROP,
        )
