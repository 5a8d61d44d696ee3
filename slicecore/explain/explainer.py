"""Why a slice is bad: its probable causes, what sets it apart, and that in at most two sentences with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.explain.effects import Contrasts, Effect, Histogram, ValueEffect
from slicecore.explain.sentences import sentence
from slicecore.groups import rows_of
from slicecore.measurements import CATALOGUE
from slicecore.measurements.text import TEXT
from slicecore.slices.result import Slice
from slicecore.text.normalisation import DEFAULT_NORMALISATION
from slicecore.text.words import Words, WordTable

if TYPE_CHECKING:
    from slicecore.clustering.hierarchy import Hierarchy
    from slicecore.explain.causes import Cause, Context
    from slicecore.measurements import Measurements
    from slicecore.metrics import Costs
    from slicecore.table.dataset import Dataset

REST = "rest"
SIBLINGS = "siblings"

_FEWEST_SIBLINGS = 10


@dataclass(frozen=True)
class Explanation:
    """Why a slice is bad.

    Attributes
    ----------
    causes : probable causes, best first; empty where none is found.
    effects : measurements that set it apart, the largest first, at most five.
    metadata : values of metadata that are commoner in it, the largest difference first, at most five.
    largest : the largest difference in a measurement, also when it is too small for an effect; None without any.
    sentence : all that in at most two sentences.
    against : "rest" or "siblings", what effects and metadata compare the slice with.
    others : number of clips it was compared with.
    """

    causes: tuple[Cause, ...]
    effects: tuple[Effect, ...]
    metadata: tuple[ValueEffect, ...]
    largest: Effect | None
    sentence: str
    against: str
    others: int

    @property
    def cause(self) -> Cause | None:
        """The most probable cause that tells the slice from the rest; None where there is none."""
        return next((one for one in self.causes if not one.everywhere), None)


class Explainer:
    """Explains slices of a data set. What does not depend on the slice is computed once.

    Parameters
    ----------
    data
        The clips; the first prediction counts.
    measurements
        From `slicecore.measure`, of the same clips and prediction.
    costs
        The metric; of a difference of two models, what is said of errors is about the first one.
    vectors
        (n, d) embeddings, NaN rows where a clip has none; they tell whether the clips of a slice share a voice.
    hierarchy
        The clusters, to compare a slice with its siblings.
    normalisation
        That of the metric.

    Raises
    ------
    SlicecoreError
        The arguments are not of the same clips.
    """

    def __init__(
        self,
        data: Dataset,
        measurements: Measurements,
        costs: Costs,
        *,
        vectors: NDArray | None = None,
        hierarchy: Hierarchy | None = None,
        normalisation: str = DEFAULT_NORMALISATION,
    ) -> None:
        from slicecore.explain.causes import build_context

        for what, length in (
            ("measurements", len(measurements.table)),
            ("costs", len(costs)),
            ("vectors", len(data) if vectors is None else len(vectors)),
            ("clusters", len(data) if hierarchy is None else hierarchy.n),
        ):
            if length != len(data):
                raise SlicecoreError(f"The table is of {len(data)} clips, but there are {what} of {length}.")
        self.data = data
        self.costs = costs.model_costs
        self.normalisation = normalisation
        self._hierarchy = hierarchy
        texts = list(data.reference), list(data.prediction)
        if self.costs.compares_values:
            measurements = _of_sound(measurements)
            texts = [""] * len(data), [""] * len(data)
        self.contrasts = Contrasts(measurements.table, CATALOGUE, data.table[list(data.metadata)])
        self.context: Context = build_context(measurements, *texts, vectors)

    @cached_property
    def words(self) -> WordTable:
        """The words of the table, aligned."""
        return WordTable(self.data.reference, self.data.prediction, self.normalisation)

    def explain(self, one: Slice | Sequence[int] | NDArray, against: str = REST) -> Explanation:
        """Explain a slice, or any group of clips.

        Parameters
        ----------
        one
            The slice; or rows, or a mask.
        against
            What its measurements and metadata are compared with: "rest" is all other clips, "siblings" those of the
            nearest clusters around it in its tree. Causes are always against the rest.

        Raises
        ------
        SlicecoreError
            `against` is neither, or siblings are asked for where there are none.
        """
        from slicecore.explain.causes import find_causes

        members = self._members(one)
        others = self._others(one, against)
        inside = np.zeros(len(self.data), dtype=bool)
        inside[members] = True
        causes = find_causes(self.context, inside)
        found = self.contrasts.effects(members, others)
        compared = len(self.data) - len(members) if others is None else len(others)
        return Explanation(
            causes,
            found.measurements,
            found.metadata,
            found.largest,
            sentence(causes, found, self._errors(members), against == SIBLINGS),
            against,
            compared,
        )

    def histogram(
        self, name: str, one: Slice | Sequence[int] | NDArray, against: str = REST, bins: int = 24
    ) -> Histogram:
        """How a measurement is distributed in a slice and in what it is compared with; raises as `explain` does."""
        return self.contrasts.histogram(name, self._members(one), self._others(one, against), bins)

    def words_of(self, one: Slice | Sequence[int] | NDArray | None = None, top: int = 20) -> Words:
        """The words of a slice against the rest; of all clips by default. See `slicecore.text.words.Words`."""
        return self.words.of(None if one is None else self._members(one), top)

    def siblings(self, one: Slice) -> NDArray[np.int64]:
        """Rows of the clusters around a slice: of the smallest cluster that holds it and at least ten clips more.

        Raises
        ------
        SlicecoreError
            The slice is no cluster of the explainer's hierarchy.
        """
        trees = self._hierarchy.trees if self._hierarchy is not None else ()
        if not (0 <= one.tree < len(trees) and 0 <= one.node < len(trees[one.tree].parent)):
            raise SlicecoreError(f"The slice {one.id} is no cluster of a hierarchy: it has no siblings.")
        tree = trees[one.tree]
        node = one.node
        while tree.parent[node] >= 0:
            node = int(tree.parent[node])
            if tree.size[node] - one.support >= _FEWEST_SIBLINGS:
                break
        return np.setdiff1d(tree.members(node), one.members)

    def _members(self, one: Slice | Sequence[int] | NDArray) -> NDArray[np.int64]:
        return rows_of(one.members if isinstance(one, Slice) else one, len(self.data))

    def _others(self, one: Slice | Sequence[int] | NDArray, against: str) -> NDArray[np.int64] | None:
        if against == REST:
            return None
        if against == SIBLINGS:
            if isinstance(one, Slice):
                return self.siblings(one)
            raise SlicecoreError("Only a slice of a scan has siblings, not any group of clips.")
        raise SlicecoreError(f"Unknown comparison “{against}”. Choose one of {REST}, {SIBLINGS}.")

    def _errors(self, members: NDArray[np.int64]) -> tuple[NDArray, NDArray] | None:
        """Substitutions, deletions and insertions of a slice and of the rest; None where words are not what counts."""
        if not self.costs.compares_text:
            return None
        inside = self._kinds[:, members].sum(axis=1)
        return inside, self._kinds.sum(axis=1) - inside

    @cached_property
    def _kinds(self) -> NDArray[np.float64]:
        """(3, n) word errors of every clip by kind."""
        from slicecore.text.alignment import DELETED, INSERTED, SUBSTITUTED

        return np.stack([self.words.alignment.count(kind) for kind in (SUBSTITUTED, DELETED, INSERTED)])


def _of_sound(measurements: Measurements) -> Measurements:
    """The same without what was measured in texts."""
    unknown = {one.name: np.nan for one in TEXT}
    return replace(measurements, table=measurements.table.assign(**unknown))
