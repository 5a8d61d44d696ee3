"""Real clips with planted problems: every slice, and the data set for the benchmark."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from slice_finding.data_set import DataSet
from slice_finding.judging import judge, memberships
from slicecore.clustering.hierarchy import Hierarchy
from slicecore.metrics import Costs, wer
from slicecore.pipeline import analyse
from slicecore.slices.scanner import scan
from slicecore.table.dataset import Dataset, read

MIN_SUPPORT, MIN_DROP = 5, 0.1


@dataclass(frozen=True, eq=False)
class Recordings:
    """Clips of a table with the vectors that the product computes, and what is planted."""

    data: Dataset
    vectors: NDArray[np.float32]
    hierarchy: Hierarchy
    costs: Costs
    label: NDArray[np.object_]

    @property
    def problems(self) -> list[str]:
        """Planted groups that meet both thresholds themselves, the largest drop first."""
        drops = {name: self._drop(name) for name in set(self.label) - {""}}
        return sorted(
            (name for name, drop in drops.items() if drop >= MIN_DROP), key=lambda name: -drops[name]
        )

    @property
    def group(self) -> NDArray[np.int64]:
        """(n,) position in `problems`, -1 for all others."""
        position = {name: i for i, name in enumerate(self.problems)}
        return np.array([position.get(name, -1) for name in self.label])

    def _drop(self, name: str) -> float:
        members = np.flatnonzero(self.label == name)
        if len(members) < MIN_SUPPORT:
            return -np.inf
        value = self.costs.numerator[members].sum() / self.costs.denominator[members].sum()
        return float(value - self.costs.value())


def load(
    table: Path,
    truth: Path,
    harmless: tuple[str, ...] = ("", "clean"),
    model: str | Sequence[str] = "signal",
    cache: Path | None = None,
) -> Recordings:
    """Read, embed and cluster. The first column of `truth` names the clip, the second what is planted in it.

    Vectors are cached in `cache`; they are computed anew where it is None.
    """
    planted = pd.read_csv(truth, keep_default_na=False, dtype=str)
    key, name = planted.columns[:2]
    data = read(table, id=key if key in pd.read_csv(table, nrows=0).columns and key != "audio" else None)
    with tempfile.TemporaryDirectory() as folder:
        analysis = analyse(data, model, layout=None, cache=cache or Path(folder))
    by_key = dict(zip(planted[key], planted[name], strict=True))
    label = [by_key.get(str(clip), "") for clip in data.table[key]]
    return Recordings(
        data,
        analysis.embeddings.vectors,
        analysis.hierarchy,
        wer(data.reference, data.prediction),
        np.array(["" if problem in harmless else problem for problem in label], dtype=object),
    )


def slice_table(clips: Recordings) -> str:
    """A row per slice, the worst first."""
    result = scan(
        clips.hierarchy, clips.costs, min_support=MIN_SUPPORT, min_drop=MIN_DROP, ids=list(clips.data.ids)
    )
    lines = [
        "| clips | WER | interval | drop | p | tier | mostly | precision | recall |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for slice_ in result.slices:
        names, counts = np.unique(clips.label[slice_.members].astype(str), return_counts=True)
        name, common = str(names[counts.argmax()]), int(counts.max())
        lines.append(
            f"| {slice_.support} | {slice_.value:.1%} | {slice_.interval[0]:.1%} to {slice_.interval[1]:.1%} "
            f"| {100 * slice_.drop:+.1f} pts | {slice_.p_value:.3f} | {slice_.tier} "
            f"| {name or 'nothing'} | {common / slice_.support:.2f} "
            f"| {common / np.count_nonzero(clips.label == name):.2f} |"
        )
    judgement = judge([slice_.members for slice_ in result.slices], memberships(clips.group))
    lines.append("")
    lines.append(
        f"Overall {result.overall:.1%}. Found {judgement.found} of {len(clips.problems)} groups that meet the "
        f"thresholds ({', '.join(clips.problems)}); {judgement.slices} slices, {judgement.false} false, "
        f"{judgement.merged} merged, {judgement.again} again, {judgement.nested} nested, "
        f"IoU {judgement.overlap:.2f}."
    )
    return "\n".join(lines)


def data_set(name: str, clips: Recordings) -> DataSet:
    """The clips as a data set of the benchmark."""
    return DataSet(
        name, name, name, clips.vectors, clips.costs, memberships(clips.group), MIN_SUPPORT, MIN_DROP
    )
