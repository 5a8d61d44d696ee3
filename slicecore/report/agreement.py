"""Agreement of reviewers on the verdicts of slices, and their verdicts as a table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from slicecore.wording import counted, fixed

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.storage.verdicts import Judgement

KAPPA, ALPHA = "Cohen's kappa", "Krippendorff's alpha"
Opinions = Mapping[str, "Sequence[Judgement]"]
"""Latest judgement of every reviewer by slice id."""


@dataclass(frozen=True)
class Agreement:
    """Agreement of some reviewers.

    Attributes
    ----------
    reviewers : their names, sorted.
    slices : number of slices on which at least two of them gave a verdict.
    same : number of those on which all gave the same.
    measure : name of the coefficient.
    value : 1 for full agreement, 0 for that by chance; NaN where chance can't be told, as all gave one verdict only.
    """

    reviewers: tuple[str, ...]
    slices: int
    same: int
    measure: str
    value: float

    @property
    def sentence(self) -> str:
        """Agreement in words: "2 reviewers agree on 5 of 6 slices (Cohen's kappa 0.71)"."""
        text = f"{counted(len(self.reviewers), 'reviewer')} agree on {self.same:,} of {counted(self.slices, 'slice')}"
        return text if math.isnan(self.value) else f"{text} ({self.measure} {fixed(self.value, 2)})"


def has_several_reviewers(opinions: Opinions) -> bool:
    """True if more than one reviewer judged a slice."""
    return len({each.reviewer for judgements in opinions.values() for each in judgements}) > 1


def progress_sentence(opinions: Opinions, slices: Collection[str]) -> str:
    """How far the review of some slices is: "2 of 5 slices judged: Anna 2, Bob 1"; "" before the first verdict.

    Parameters
    ----------
    opinions
        Judgements; those without a verdict are left out.
    slices
        Ids of the slices that are to be judged.
    """
    by_whom = Counter(
        each.reviewer or "somebody"
        for slice_id in slices
        for each in opinions.get(slice_id, ())
        if each.verdict
    )
    judged = sum(any(each.verdict for each in opinions.get(slice_id, ())) for slice_id in slices)
    if not judged:
        return ""
    names = ", ".join(f"{name} {number:,}" for name, number in by_whom.most_common())
    return f"{judged:,} of {counted(len(slices), 'slice')} judged: {names}"


def agreement(opinions: Opinions) -> Agreement | None:
    """Agreement of all reviewers, by Cohen's kappa of two, by Krippendorff's alpha of more.

    Parameters
    ----------
    opinions
        Judgements; those without a verdict are left out.

    Returns
    -------
    Agreement or None
        None where no slice has two verdicts.
    """
    verdicts = _verdicts(opinions)
    names = sorted({name for by_name in verdicts for name in by_name if len(by_name) > 1})
    return _of(names, verdicts) if len(names) > 1 else None


def agreement_table(opinions: Opinions) -> pd.DataFrame:
    """Agreement of every two reviewers, and of all where they are more.

    Columns: reviewers (separated by ";"), slices, same, measure and value as in `Agreement`.
    """
    import pandas as pd

    verdicts = _verdicts(opinions)
    names = sorted({name for by_name in verdicts for name in by_name})
    groups = [*combinations(names, 2), *([tuple(names)] if len(names) > 2 else [])]
    found = [_of(group, verdicts) for group in groups]
    rows = [(";".join(each.reviewers), each.slices, each.same, each.measure, each.value) for each in found]
    return pd.DataFrame(rows, columns=["reviewers", "slices", "same", "measure", "value"])


def verdicts_table(opinions: Opinions) -> pd.DataFrame:
    """A row per slice and reviewer: slice_id, reviewer, verdict, tags, note, time and agreed.

    `agreed` says whether all verdicts on the slice are the same; it is empty where there is one only.
    """
    import pandas as pd

    rows = []
    for slice_id, judgements in opinions.items():
        given = [each.verdict for each in judgements if each.verdict]
        agreed = str(len(set(given)) == 1).lower() if len(given) > 1 else ""
        for each in judgements:
            tags = "; ".join(each.tags)
            rows.append((slice_id, each.reviewer, each.verdict or "", tags, each.note, each.time, agreed))
    return pd.DataFrame(
        rows, columns=["slice_id", "reviewer", "verdict", "tags", "note", "time", "agreed"], dtype=object
    )


def krippendorff_alpha(units: Iterable[Iterable[str]]) -> float:
    """Krippendorff's alpha of nominal values: 1 less observed over expected disagreement.

    Parameters
    ----------
    units
        Values that were given to each unit; units with fewer than two say nothing.

    Returns
    -------
    float
        NaN where all values are the same.

    Notes
    -----
    K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, with coincidences as given there: pairs of
    values within a unit of m values count 1 / (m - 1) each.
    """
    observed, totals = 0.0, Counter[str]()
    for unit in units:
        counts = Counter(unit)
        size = counts.total()
        if size < 2:
            continue
        totals += counts
        observed += (size * size - sum(count * count for count in counts.values())) / (size - 1)
    whole = totals.total()
    expected = whole * whole - sum(count * count for count in totals.values())
    return 1 - (whole - 1) * observed / expected if expected else float("nan")


def _verdicts(opinions: Opinions) -> list[dict[str, str]]:
    """Verdicts by reviewer, of every slice."""
    return [
        {each.reviewer: each.verdict for each in judgements if each.verdict}
        for judgements in opinions.values()
    ]


def _of(names: Sequence[str], verdicts: Sequence[Mapping[str, str]]) -> Agreement:
    units = [[by_name[name] for name in names if name in by_name] for by_name in verdicts]
    shared = [unit for unit in units if len(unit) > 1]
    same = sum(len(set(unit)) == 1 for unit in shared)
    measure, value = (KAPPA, _kappa(shared)) if len(names) == 2 else (ALPHA, krippendorff_alpha(shared))
    return Agreement(tuple(names), len(shared), same, measure, value)


def _kappa(pairs: Sequence[Sequence[str]]) -> float:
    """Cohen's kappa of two reviewers; NaN where both gave one verdict only, and without slices."""
    if len({verdict for pair in pairs for verdict in pair}) < 2:
        return float("nan")
    first, second = (Counter(verdicts) for verdicts in zip(*pairs, strict=True))
    observed = sum(a == b for a, b in pairs) / len(pairs)
    by_chance = sum(first[verdict] * second[verdict] for verdict in first) / len(pairs) ** 2
    return (observed - by_chance) / (1 - by_chance)
