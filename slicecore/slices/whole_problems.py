"""Slices as whole problems: those of one problem joined, clips beside them taken in, clips of two problems marked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.slices.clip_sample import ClipSample
from slicecore.slices.describer import Describer
from slicecore.slices.extension import Extender
from slicecore.slices.joining import SETTINGS, Joiner
from slicecore.slices.options import POSSIBLE
from slicecore.slices.result import Slice
from slicecore.slices.sharing import Sharer
from slicecore.thresholds import reaches


@dataclass(frozen=True, eq=False)
class _Tools:
    joiner: Joiner
    extender: Extender
    sharer: Sharer


class WholeProblems:
    """Finder of whole problems: by the vectors it tells which slices are one problem, and which clips it lacks.

    Parameters
    ----------
    hierarchy
        The clusters, with the components of the vectors.
    describer
        Describes what slices become; of the same clips.
    """

    def __init__(self, hierarchy: Hierarchy, describer: Describer) -> None:
        self._hierarchy = hierarchy
        self._describer = describer
        self._embeddings = sorted(set(hierarchy.embedding)) or [0]
        self._tools: dict[int, _Tools] = {}

    def of(self, slices: Sequence[Slice], min_drop: float, against: str) -> list[Slice]:
        """The problems of which disjoint, tested slices are the clusters.

        Parameters
        ----------
        slices
            Clusters of the hierarchy, or most of one. What is not joined and lacks no clip comes back as it is.
        min_drop, against
            Threshold that every problem must meet, and its comparison.
        """
        if not self._hierarchy.components or not slices:
            return list(slices)
        taken = np.zeros(self._hierarchy.n, dtype=bool)
        taken[np.concatenate([slice_.members for slice_ in slices])] = True
        problems: list[Slice] = []
        for embedding in self._embeddings:
            own = [slice_ for slice_ in slices if self._embedding_of(slice_) == embedding]
            groups = self._joined(embedding, own, min_drop, against)
            members = [[part.members for part in group] for group in groups]
            beside = self._of(embedding).extender.beside(members, taken, min_drop)
            for group, rows in zip(groups, beside, strict=True):
                problem = self._describer.union(group, rows, against)
                if len(rows) and not reaches(problem.drop, min_drop):
                    problem = self._describer.union(group, _NO_CLIPS, against)
                problems.append(problem)
                taken[problem.members] = True
        return problems

    def shared(self, slices: Sequence[Slice]) -> list[NDArray[np.int64]]:
        """Rows of the clips of other slices that the problem of each explains as well, ascending.

        Slices that chance explains (tier "possible") explain no clips of others.

        Parameters
        ----------
        slices
            All slices of a scan, as it shows them.
        """
        shared = [_NO_CLIPS] * len(slices)
        if not self._hierarchy.components or len(slices) < 2:
            return shared
        members = [slice_.members for slice_ in slices]
        for embedding in self._embeddings:
            own = [
                i
                for i, slice_ in enumerate(slices)
                if slice_.tier != POSSIBLE and self._embedding_of(slice_.clusters[0]) == embedding
            ]
            for i, rows in zip(own, self._of(embedding).sharer.shared(members, own), strict=True):
                shared[i] = rows
        return shared

    def _joined(
        self, embedding: int, slices: list[Slice], min_drop: float, against: str
    ) -> list[list[Slice]]:
        """The slices by problem; apart where the whole would not meet the threshold."""
        groups: list[list[Slice]] = []
        for positions in self._of(embedding).joiner.groups([slice_.members for slice_ in slices]):
            group = [slices[i] for i in positions]
            whole = self._describer.union(group, _NO_CLIPS, against)
            groups += [group] if reaches(whole.drop, min_drop) else [[slice_] for slice_ in group]
        return groups

    def _embedding_of(self, slice_: Slice) -> int:
        return self._hierarchy.embedding[slice_.tree] if self._hierarchy.embedding else 0

    def _of(self, embedding: int) -> _Tools:
        if embedding not in self._tools:
            costs = self._describer.costs
            errors, words = costs.excess(), costs.denominator
            good = errors * words.sum() <= errors.sum() * words
            sample = ClipSample(self._hierarchy.components[embedding], good, SETTINGS.references)
            self._tools[embedding] = _Tools(Joiner(sample), Extender(sample, errors, words), Sharer(sample))
        return self._tools[embedding]


_NO_CLIPS: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
