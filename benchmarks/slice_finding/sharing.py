"""Clips that two problems explain: those that a scan says are shared, against what is planted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slice_finding import generators, hard_cases
from slice_finding.judging import memberships
from slice_finding.planted import min_support
from slice_finding.real import MIN_DROP, MIN_SUPPORT, Recordings
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner

FAMILY_SIZE = 1000


@dataclass(frozen=True)
class Counts:
    """Shared clips of a data set.

    Attributes
    ----------
    slices, clips : number of slices, and of clips in them.
    right, wrong : shared clips that have the problem of the slice that explains them as well, and that have not. A
        slice is of the problem with which it overlaps most; one that is mostly of none explains nothing rightly.
    wrong_clips : different clips among the wrong ones.
    double : clips of slices of other problems that have the problem of a slice, summed over the slices.
    hits : of these, how many are shared.
    """

    slices: int
    clips: int
    right: int
    wrong: int
    wrong_clips: int
    double: int
    hits: int


def count(
    members: Sequence[NDArray[np.int64]], shared: Sequence[NDArray[np.int64]], problems: NDArray[np.bool_]
) -> Counts:
    """Judge shared clips.

    Parameters
    ----------
    members, shared
        Rows of every slice, and of the clips of others that it explains.
    problems
        (p, n) memberships, which may overlap.
    """
    of = [_problem(rows, problems) for rows in members]
    right = wrong = double = hits = 0
    wrong_clips: set[int] = set()
    for own, rows in zip(of, shared, strict=True):
        has = problems[own] if own >= 0 else np.zeros(problems.shape[1], dtype=bool)
        right += int(has[rows].sum())
        wrong += int((~has[rows]).sum())
        wrong_clips |= set(rows[~has[rows]].tolist())
        for other, clips in zip(of, members, strict=True):
            if other != own:
                double += int(has[clips].sum())
                hits += int(np.isin(clips[has[clips]], rows).sum())
    return Counts(len(members), sum(map(len, members)), right, wrong, len(wrong_clips), double, hits)


def table(sets: int, families: Sequence[str], first_seed: int) -> str:
    """Hard cases and families of planted groups, a row each."""
    lines = [
        "| | slices | clips | shared | right | of clips with both | wrong, of clips in slices |",
        "|---|---|---|---|---|---|---|",
    ]
    kinds: dict[str, Callable[[int], Counts]] = {
        case: lambda seed, case=case: _of_case(case, seed) for case in hard_cases.CASES
    }
    for family in families:
        for difficulty in generators.DIFFICULTIES:
            kinds[f"{family}, {difficulty}, 1k"] = lambda seed, family=family, difficulty=difficulty: (
                _of_family(family, difficulty, seed)
            )
    for kind, counted in kinds.items():
        lines.append(_row(kind, [counted(seed) for seed in range(first_seed, first_seed + sets)]))
    return "\n".join(lines)


def of_recordings(name: str, clips: Recordings) -> str:
    """A row for real clips, in which no planted problems overlap."""
    members, shared = _scanned(clips.hierarchy, clips.costs, Options(MIN_SUPPORT, MIN_DROP, shuffles=0))
    return _row(name, [count(members, shared, memberships(clips.group))])


def _of_case(case: str, seed: int) -> Counts:
    data = hard_cases.make(case, seed)
    options = Options(data.min_support, data.min_drop, shuffles=0)
    return count(*_scanned(build_hierarchy(data.vectors), data.costs, options), data.problems)


def _of_family(family: str, difficulty: str, seed: int) -> Counts:
    data = generators.sample(family, FAMILY_SIZE, difficulty, seed)
    options = Options(min_support(FAMILY_SIZE), MIN_DROP, shuffles=0)
    scanned = _scanned(build_hierarchy(data.vectors), data.costs["WER"], options)
    return count(*scanned, memberships(data.group))


def _scanned(
    hierarchy: Hierarchy, costs: Costs, options: Options
) -> tuple[list[NDArray[np.int64]], Sequence[NDArray[np.int64]]]:
    scan = Scanner(hierarchy, costs).scan(options)
    return [slice_.members for slice_ in scan.slices], scan.shared


def _problem(rows: NDArray[np.int64], problems: NDArray[np.bool_]) -> int:
    """The problem with which a slice overlaps most, -1 where it has more clips of none than of any one."""
    if not len(problems):
        return -1
    common = problems[:, rows].sum(axis=1)
    if len(rows) - problems[:, rows].any(axis=0).sum() > common.max():
        return -1
    return int((common / (problems.sum(axis=1) + len(rows) - common)).argmax())


def _row(name: str, counts: Sequence[Counts]) -> str:
    """Means over the data sets; shares are of the sums, with errors by leaving one data set out (jackknife)."""
    mean = [f"{np.mean([getattr(each, part) for each in counts]):.1f}" for part in ("slices", "clips")]
    shared = np.array([each.right + each.wrong for each in counts])
    shares = (
        _share([each.right for each in counts], shared),
        _share([each.hits for each in counts], [each.double for each in counts]),
        _share([each.wrong_clips for each in counts], [each.clips for each in counts], 2),
    )
    return f"| {' | '.join([name, *mean, f'{shared.mean():.1f}', *shares])} |"


def _share(some: Sequence[int], of: Sequence[int] | NDArray[np.int64], decimals: int = 0) -> str:
    above, below = np.array(some, dtype=float), np.array(of, dtype=float)
    if not below.sum():
        return ""
    share = 100 * above.sum() / below.sum()
    if len(above) < 2:
        return f"{share:.{decimals}f} %"
    left = below.sum() - below
    without = 100 * np.divide(above.sum() - above, left, out=np.full(len(left), share / 100), where=left > 0)
    error = np.sqrt((len(left) - 1) / len(left) * ((without - without.mean()) ** 2).sum())
    return f"{share:.{decimals}f} ± {error:.{decimals}f} %"
