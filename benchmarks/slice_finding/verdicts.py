"""Verdicts after the table or the model has changed: shown again, or lost, or on a slice of another problem.

All slices of a scan count as judged. Then rows are dropped, the errors are those of another model, or they are drawn
anew, and the judgements are matched to the slices of the new scan.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slice_finding import real
from slice_finding.generators import sample
from slice_finding.planted import MIN_DROP, min_support
from slicecore.carry_over.matching import JudgedClips, match
from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
from slicecore.metrics import Costs, wer
from slicecore.slices.options import P_CONFIRMED
from slicecore.slices.result import Slice
from slicecore.slices.scanner import scan

DROPPED = (0.01, 0.05, 0.1)
DRAWS = 20  # of the rows that are dropped from the sample data
ANEW = "errors drawn anew"


@dataclass
class Count:
    """Judgements of one kind over all data sets.

    Attributes
    ----------
    judged, exact : slices, and those that are found again as the very same clips: what an id alone would show.
    holds, hints : judgements that hold for a slice, and those offered as a hint.
    wrong : judgements that hold for a slice whose clips are mostly of another planted group, or of none.
    wrong_hints : the same of the hints.
    shares : share of the judgements that hold, by data set, for the standard error.
    """

    judged: int = 0
    exact: int = 0
    holds: int = 0
    hints: int = 0
    wrong: int = 0
    wrong_hints: int = 0
    shares: list[tuple[int, int]] = field(default_factory=list)

    def add(
        self, before: Sequence[NDArray], after: Sequence[NDArray], rows: NDArray, group: NDArray[np.int64]
    ) -> None:
        """Match slices, given as rows of the whole data set, of which `rows` are left."""
        n = len(group)
        known = np.isin(np.arange(n), rows)
        judged = [JudgedClips(str(i), "", members[known[members]]) for i, members in enumerate(before)]
        found = match(judged, [(str(i), members) for i, members in enumerate(after)], n).matches
        ids = {frozenset(members.tolist()) for members in after}
        self.judged += len(before)
        self.exact += sum(frozenset(members.tolist()) in ids for members in before)
        holding = [each for each in found if each.holds]
        self.holds += len(holding)
        self.hints += len(found) - len(holding)
        self.shares.append((len(holding), len(before)))
        for each in found:
            differs = majority(before[each.judged], group) != majority(after[each.slice], group)
            self.wrong += differs and each.holds
            self.wrong_hints += differs and not each.holds

    @property
    def cells(self) -> list[str]:
        """Shares of the judgements in percent."""
        numbers = (self.exact, self.holds, self.holds + self.hints, self.wrong, self.wrong_hints)
        exact, holds, offered, wrong, wrong_hints = (
            f"{100 * number / self.judged:.1f}" for number in numbers
        )
        return [str(self.judged), exact, f"{holds} ±{self._error:.1f}", offered, wrong, wrong_hints]

    @property
    def _error(self) -> float:
        """Standard error of the share that holds, in percent: of a ratio of sums over data sets."""
        held, judged = np.array(self.shares, dtype=float).T
        rest = held - judged * (self.holds / self.judged)
        return 100 * float(np.sqrt((rest**2).sum()) / self.judged)


def majority(members: NDArray[np.int64], group: NDArray[np.int64]) -> int:
    """The planted group that most clips of a slice are of, -1 for none."""
    names, counts = np.unique(group[members], return_counts=True)
    return int(names[counts.argmax()])


def table(sizes: dict[int, int], families: Iterable[str], first_seed: int) -> str:
    """A row per family, size and change, over so many hard data sets of each size; confirmed slices apart."""
    lines = [
        "| | change | judged | the same clips | holds | with hints | wrong | wrong hints | confirmed: holds | wrong |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for family in families:
        for n, sets in sizes.items():
            counts: dict[str, tuple[Count, Count]] = {}
            for seed in range(first_seed, first_seed + sets):
                _add_set(counts, family, n, seed)
            for change, (every, confirmed) in counts.items():
                sure = confirmed.cells
                cells = [f"{family}, {n:,}", change, *every.cells, sure[2], sure[4]]
                lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _add_set(counts: dict[str, tuple[Count, Count]], family: str, n: int, seed: int) -> None:
    data = sample(family, n, "hard", seed)
    everything, rng = np.arange(n), np.random.default_rng([seed, n])
    hierarchy, costs = build_hierarchy(data.vectors), data.costs["WER"]
    support = min_support(n)
    before = _slices(hierarchy, costs, support, MIN_DROP, everything)

    def add(change: str, after: Sequence[tuple[NDArray, Slice]], rows: NDArray[np.int64]) -> None:
        every, confirmed = counts.setdefault(change, (Count(), Count()))
        found = [members for members, _ in after]
        every.add([members for members, _ in before], found, rows, data.group)
        sure = [members for members, slice_ in before if (slice_.p_value or 0) <= P_CONFIRMED]
        confirmed.add(sure, found, rows, data.group)

    for share in DROPPED:
        rows = np.sort(rng.choice(n, size=n - round(share * n), replace=False))
        some = Costs(costs.numerator[rows], costs.denominator[rows], name=costs.name)
        after = _slices(build_hierarchy(data.vectors[rows]), some, support, MIN_DROP, rows)
        add(f"{share:.0%} of the rows dropped", after, rows)
    # The same words, groups and rates of the clusters: only the errors differ.
    anew = redrawn(data.vectors, data.group, costs, rng)
    add(ANEW, _slices(hierarchy, anew, support, MIN_DROP, everything), everything)


def redrawn(
    vectors: NDArray[np.float32], group: NDArray[np.int64], costs: Costs, rng: np.random.Generator
) -> Costs:
    """Errors of another model that has the same problems: each planted group, and the rest, at its own rate."""
    rates = np.zeros(len(group))
    for name in np.unique(group):
        inside = group == name
        rates[inside] = costs.numerator[inside].sum() / costs.denominator[inside].sum()
    errors = rng.poisson(costs.denominator * rates * rng.gamma(1 / 0.8, 0.8, size=len(vectors)))
    return Costs(errors.astype(np.float64), costs.denominator, name=costs.name)


def _slices(
    hierarchy: Hierarchy, costs: Costs, support: int, min_drop: float, rows: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], Slice]]:
    """Slices with their rows in the whole data set."""
    found = scan(
        hierarchy, costs, min_support=support, min_drop=min_drop, ids=[str(row) for row in rows]
    ).slices
    return [(rows[slice_.members], slice_) for slice_ in found]


def table_of_recordings(clips: real.Recordings, first_seed: int) -> str:
    """A row per change of a table of recordings with planted problems: means over draws, and its other models."""
    n = len(clips.data)
    everything, names = np.arange(n), np.array([str(name) for name in clips.label])
    _, group = np.unique(names, return_inverse=True)
    before = _members(clips.hierarchy, clips.costs, everything)
    lines = [
        f"| change | of {len(before)} judged: the same clips | holds | with hints | wrong | wrong hints |",
        "|---|---|---|---|---|---|",
    ]

    def add(change: str, makes: Iterable[Callable[[], tuple[Sequence[NDArray], NDArray]]]) -> None:
        count = Count()
        for make in makes:
            after, rows = make()
            count.add(before, after, rows, group)
        draws = len(count.shares)
        numbers = (count.exact, count.holds, count.holds + count.hints, count.wrong, count.wrong_hints)
        lines.append(f"| {change} | " + " | ".join(f"{number / draws:.2f}" for number in numbers) + " |")

    def dropped(share: float, draw: int) -> tuple[Sequence[NDArray], NDArray]:
        rng = np.random.default_rng([first_seed + draw, round(1000 * share)])
        rows = np.sort(rng.choice(n, size=n - max(1, round(share * n)), replace=False))
        some = Costs(clips.costs.numerator[rows], clips.costs.denominator[rows], name=clips.costs.name)
        return _members(build_hierarchy(clips.vectors[rows]), some, rows), rows

    for share in (0.003, *DROPPED):
        add(f"{share:.1%} of the rows dropped", [lambda s=share, d=d: dropped(s, d) for d in range(DRAWS)])
    for name in clips.data.roles.predictions[1:]:
        costs = wer(clips.data.reference, clips.data.predictions[name])
        add(f"model {name}", [lambda c=costs: (_members(clips.hierarchy, c, everything), everything)])
    return "\n".join(lines)


def _members(hierarchy: Hierarchy, costs: Costs, rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [members for members, _ in _slices(hierarchy, costs, real.MIN_SUPPORT, real.MIN_DROP, rows)]
