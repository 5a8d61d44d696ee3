"""Slices of one problem: as the clusters are, joined, and with the clips beside them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from slice_finding import generators, hard_cases
from slice_finding.judging import Judgement, judge, memberships
from slice_finding.planted import min_support
from slice_finding.real import MIN_DROP, MIN_SUPPORT, Recordings
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.clip_sample import ClipSample
from slicecore.slices.joining import SETTINGS, Joiner
from slicecore.slices.options import Options
from slicecore.slices.result import Slice
from slicecore.slices.scanner import Scanner

WAYS = ("clusters apart", "joined", "with clips beside them")
COUNTS = ("found", "slices", "false", "merged", "again")


def hard_table(sets: int, first_seed: int) -> str:
    """Hard cases, a row per case and way, means with their standard errors; groups are memberships."""

    def judged(case: str) -> Iterable[list[Judgement]]:
        for seed in range(first_seed, first_seed + sets):
            data = hard_cases.make(case, seed)
            hierarchy = build_hierarchy(data.vectors)
            ways = _ways(hierarchy, data.costs, Options(data.min_support, data.min_drop, shuffles=0))
            yield [judge(slices, _by_problem(data)) for slices in ways]

    return _table("case", hard_cases.CASES, judged)


def planted_table(sizes: dict[int, int], families: Sequence[str], first_seed: int) -> str:
    """Planted groups of the families, a row per kind and way."""
    kinds = [
        f"{family}, {difficulty}, {n}"
        for family in families
        for difficulty in generators.DIFFICULTIES
        for n in sizes
    ]

    def judged(kind: str) -> Iterable[list[Judgement]]:
        family, difficulty, size = kind.split(", ")
        n = int(size)
        for seed in range(first_seed, first_seed + sizes[n]):
            data = generators.sample(family, n, difficulty, seed)
            options = Options(min_support(n), MIN_DROP, shuffles=0)
            ways = _ways(build_hierarchy(data.vectors), data.costs["WER"], options)
            yield [judge(slices, memberships(data.group)) for slices in ways]

    return _table("family", kinds, judged)


def real_table(clips: Recordings) -> str:
    """Similarity of every pair of slices of real clips, by which they are joined or not."""
    hierarchy = replace(clips.hierarchy, components=())
    scanner = Scanner(hierarchy, clips.costs)
    slices = scanner.scan(Options(MIN_SUPPORT, MIN_DROP, shuffles=0)).slices
    errors, words = clips.costs.numerator, clips.costs.denominator
    good = errors * words.sum() <= errors.sum() * words
    joiner = Joiner(ClipSample(clips.hierarchy.components[0], good, SETTINGS.references))
    alike = joiner.similarity([slice_.members for slice_ in slices])
    names = [f"{_mostly(slice_, clips)} ({slice_.support})" for slice_ in slices]
    lines = ["| | " + " | ".join(names) + " |", "|---" * (1 + len(names)) + "|"]
    for name, row in zip(names, alike, strict=True):
        lines.append(f"| {name} | " + " | ".join(f"{value:.2f}" for value in row) + " |")
    return "\n".join(lines)


def _ways(hierarchy: Hierarchy, costs: Costs, options: Options) -> list[list[NDArray[np.int64]]]:
    """Rows of the slices, by the way in which they are made."""
    apart = Scanner(replace(hierarchy, components=()), costs).scan(options).slices
    whole = Scanner(hierarchy, costs).scan(options).slices
    joined = [np.concatenate([part.members for part in slice_.clusters]) for slice_ in whole]
    return [[slice_.members for slice_ in apart], joined, [slice_.members for slice_ in whole]]


def _by_problem(data: hard_cases.HardCase) -> NDArray[np.bool_]:
    """Memberships of problems: a problem in several places is one."""
    problem = np.array(data.problem)
    return np.array([data.membership[problem == p].any(axis=0) for p in np.unique(problem)]).reshape(
        -1, len(data.errors)
    )


def _table(head: str, kinds: Sequence[str], judged: Callable[[str], Iterable[list[Judgement]]]) -> str:
    lines = [f"| {head} | | " + " | ".join((*COUNTS, "IoU")) + " |", "|---" * (3 + len(COUNTS)) + "|"]
    for kind in kinds:
        by_set = list(judged(kind))
        for i, way in enumerate(WAYS):
            numbers = [[getattr(of_set[i], name) for name in (*COUNTS, "overlap")] for of_set in by_set]
            mean, error = np.mean(numbers, axis=0), np.std(numbers, axis=0, ddof=1) / np.sqrt(len(numbers))
            cells = [f"{a:.2f} ± {b:.2f}" if np.isfinite(a) else "" for a, b in zip(mean, error, strict=True)]
            lines.append(f"| {kind if i == 0 else ''} | {way} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _mostly(slice_: Slice, clips: Recordings) -> str:
    names, counts = np.unique(clips.label[slice_.members].astype(str), return_counts=True)
    return str(names[counts.argmax()]) or "nothing"
