"""Explainer of slices: probable causes, what sets a slice apart, and both in at most two sentences."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.errors import SlicecoreError
from slicecore.explain import sentences
from slicecore.explain.contrasts import Contrasts
from slicecore.explain.effects import Effect, Effects, Histogram, ValueEffect
from slicecore.explain.error_kinds import ErrorKinds
from slicecore.groups import check_same_clips, rows_of
from slicecore.measurements import CATALOGUE
from slicecore.measurements.text_catalogue import FROM_PREDICTION, TEXT
from slicecore.metrics.class_errors import ClassErrors, ClassTable
from slicecore.metrics.transcripts import WordErrors
from slicecore.slices.clip_groups import ClipGroups
from slicecore.slices.metric_columns import without_metric
from slicecore.slices.result import Slice
from slicecore.text.normalisation import DEFAULT_NORMALISATION
from slicecore.text.words import Words, WordTable

if TYPE_CHECKING:
    from slicecore.clustering.hierarchy import Hierarchy
    from slicecore.explain.causes import Cause, Context
    from slicecore.explain.claims import Claims
    from slicecore.measurements import Measurements
    from slicecore.metrics import Costs
    from slicecore.table.dataset import Dataset

REST = "rest"
SIBLINGS = "siblings"
_NAMES = {REST: sentences.REST, SIBLINGS: sentences.SIBLINGS}

_FEWEST_SIBLINGS = 10


@dataclass(frozen=True, repr=False)
class Explanation:
    """Explanation of a slice.

    Attributes
    ----------
    causes : probable causes, those that are no reason last; empty where none is found, or the group is not worse than
        the whole.
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

    def __repr__(self) -> str:
        return f"Explanation({self.sentence})"

    @property
    def cause(self) -> Cause | None:
        """The most probable cause that tells the slice from the rest and may be its reason; None without one."""
        return next((cause for cause in self.causes if not cause.everywhere and not cause.apart), None)

    @property
    def remedy(self) -> str:
        """Sentence on what to do about the first cause that has a remedy; "" where there is none.

        That of a slice of several problems leads to its parts: the remedy of one is wrong for most of its clips.
        """
        if sentences.several(self.causes):
            return sentences.ONE_BY_ONE
        return next((cause.remedy for cause in self.causes if cause.remedy), "")

    @property
    def plotted(self) -> tuple[Effect, ...]:
        """The effects in the order in which they are drawn: that of the cause first, then as they are."""
        cause = self.cause.measurement if self.cause else ""
        return tuple(sorted(self.effects, key=lambda effect: effect.name != cause))

    @property
    def title(self) -> str:
        """Name of the slice by what sets it apart, "Mains hum" or "Also narrow band"; "" where there is nothing."""
        if sentences.several(self.causes):
            return sentences.SEVERAL
        named = self.cause or next((cause for cause in self.causes if not cause.everywhere), None)
        return named.title if named else ""


class Explainer:
    """Explains slices of a data set. What does not depend on the slice is computed once.

    Parameters
    ----------
    data
        The clips; the first prediction counts.
    measurements
        From `slicecore.measure`, of the same clips and prediction.
    costs
        The metric; of a difference of two models, statements about errors are about the first one.
    vectors
        (n, d) embeddings, NaN rows where a clip has none; they tell whether the clips of a slice share a voice.
    hierarchy
        The clusters, to compare a slice with its siblings.
    normalisation
        That of the metric.
    groups
        Groups that the clips come in, such as speakers: a label per clip, or `ClipGroups`. What sets a slice apart is
        then its reason only where several other groups are worse with it.
    cache
        Folder of the cache; nothing is stored if None.

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
        groups: ClipGroups | Sequence[object] | NDArray | None = None,
        cache: Path | None = None,
    ) -> None:
        from slicecore.explain.causes import build_context

        check_same_clips(
            len(data),
            {
                "measurements": len(measurements.table),
                "costs": len(costs),
                "vectors": len(data) if vectors is None else len(vectors),
                "clusters": len(data) if hierarchy is None else hierarchy.n,
                "groups": len(data) if groups is None else len(groups),
            },
        )
        self.data = data
        self.costs = costs.model_costs
        self.normalisation = normalisation
        self.groups = None if groups is None else ClipGroups.of(groups)
        self._hierarchy = hierarchy
        texts = data.reference.tolist(), data.prediction.tolist()
        if self.costs.compares_values or data.roles.reference is None:  # no transcripts
            measurements = _of_sound(measurements)
            texts = [""] * len(data), [""] * len(data)
        metadata = data.table[without_metric(data.table, data.metadata, self.costs)]
        self.contrasts = Contrasts(measurements.table, CATALOGUE, metadata)
        self._cache = cache
        self.context: Context = build_context(measurements, *texts, vectors, cache, self.contrasts.ranks)

    def in_groups(self, groups: ClipGroups | None) -> Explainer:
        """The same explainer of clips that come in other groups; what is computed serves both."""
        other = copy(self)
        other.groups = groups
        other.__dict__.pop("_claims", None)
        return other

    def among(self, hierarchy: Hierarchy) -> Explainer:
        """The same explainer with the clusters of its clips, which are needed for siblings alone.

        Raises
        ------
        SlicecoreError
            The clusters are of another number of clips.
        """
        check_same_clips(len(self.data), {"clusters": hierarchy.n})
        other = copy(self)
        other._hierarchy = hierarchy
        return other

    @cached_property
    def words(self) -> WordTable:
        """The words of the table, aligned."""
        return WordTable(self.data.reference, self.data.prediction, self.normalisation, self._cache)

    @cached_property
    def _class_table(self) -> ClassTable:
        return ClassTable(self.data.reference, self.data.prediction, self.normalisation)

    def explain(self, group: Slice | Sequence[int] | NDArray, against: str = REST) -> Explanation:
        """Explain a slice, or any group of clips.

        Parameters
        ----------
        group
            The slice; or rows, or a mask.
        against
            What its measurements and metadata are compared with: "rest" is all other clips, "siblings" those of the
            nearest clusters around it in its tree. Causes are always against the rest.

        Raises
        ------
        SlicecoreError
            `against` is neither, or siblings are asked for where there are none.
        """
        members = self._members(group)
        others = self._others(group, against)
        worse = self._worse(group, members)
        causes = self._causes(members) if worse else ()
        effects = self.contrasts.effects(members, others)
        effects = self._claimed(effects, members) if worse else effects
        compared = len(self.data) - len(members) if others is None else len(others)
        return Explanation(
            causes=causes,
            effects=effects.measurements,
            metadata=effects.metadata,
            largest=effects.largest,
            sentence=sentences.sentence(
                causes,
                effects,
                self._errors(members),
                _NAMES[against],
                worse=worse,
                unheard=self._unheard(members),
            ),
            against=against,
            others=compared,
        )

    def histogram(
        self, name: str, group: Slice | Sequence[int] | NDArray, against: str = REST, bins: int = 24
    ) -> Histogram:
        """Distribution of a measurement in a slice and in what it is compared with; raises as `explain` does."""
        return self.contrasts.histogram(name, self._members(group), self._others(group, against), bins)

    def words_of(self, group: Slice | Sequence[int] | NDArray | None = None, top: int = 20) -> Words:
        """The words of a slice against the rest; of all clips by default. See `slicecore.text.words.Words`."""
        return self.words.of(None if group is None else self._members(group), top)

    def word_classes_of(
        self, group: Slice | Sequence[int] | NDArray | None = None
    ) -> tuple[ClassErrors, ...]:
        """Errors on numbers, names and rare words of a slice and of the rest; of all clips by default."""
        return self._class_table.of(None if group is None else self._members(group))

    def siblings(self, slice_: Slice) -> NDArray[np.int64]:
        """Rows of the clusters around a slice: of the smallest cluster that holds it and at least ten clips more.

        Of a slice of several parts these are the clusters around each of them.

        Raises
        ------
        SlicecoreError
            The slice is no cluster of the explainer's hierarchy.
        """
        if slice_.parts:
            return np.setdiff1d(
                np.concatenate([self.siblings(part) for part in slice_.clusters]), slice_.members
            )
        trees = self._hierarchy.trees if self._hierarchy is not None else ()
        if not (0 <= slice_.tree < len(trees) and 0 <= slice_.node < len(trees[slice_.tree].parent)):
            raise SlicecoreError(f"The slice {slice_.id} is no cluster of a hierarchy: it has no siblings.")
        tree = trees[slice_.tree]
        node = slice_.node
        while tree.parent[node] >= 0:
            node = int(tree.parent[node])
            if tree.size[node] - slice_.support >= _FEWEST_SIBLINGS:
                break
        return np.setdiff1d(tree.members(node), slice_.members)

    def _worse(self, group: Slice | Sequence[int] | NDArray, members: NDArray[np.int64]) -> bool:
        """True if a group is worse than the whole: nothing needs a reason otherwise."""
        drop = group.drop if isinstance(group, Slice) else None
        if drop is None:
            drop = float(self.costs.drop(self.costs.value(members), self.costs.value()))
        return drop > 0

    def _causes(self, members: NDArray[np.int64]) -> tuple[Cause, ...]:
        """The causes of a group, those that are no reason by themselves after the others."""
        from slicecore.explain.causes import find_causes

        causes = find_causes(self.context, members)
        claimed = [replace(cause, claim=self._claims.of_cause(cause, members)) for cause in causes]
        claimed = [replace(cause, remedy="") if cause.apart else cause for cause in claimed]
        claimed.sort(key=lambda cause: cause.apart)
        return tuple(replace(cause, rank=rank) for rank, cause in enumerate(claimed))

    def _claimed(self, effects: Effects, members: NDArray[np.int64]) -> Effects:
        """Effects with their claims; what is measured of the predictions is no reason of their errors."""
        claims, contrasts = self._claims, self.contrasts

        def of(effect: Effect) -> Effect:
            if effect.name in FROM_PREDICTION:
                return effect
            claim = claims.of_measurement(contrasts.value(effect.name), effect.higher, members)
            return replace(effect, claim=claim)

        metadata = (
            replace(
                value,
                claim=claims.of_value(value.value, contrasts.having(value.column, value.value), members),
            )
            for value in effects.metadata
        )
        return replace(effects, measurements=tuple(map(of, effects.measurements)), metadata=tuple(metadata))

    @cached_property
    def _claims(self) -> Claims:
        from slicecore.explain.claims import Claims

        return Claims(self.costs, self.context, self.groups)

    def _unheard(self, members: NDArray[np.int64]) -> str:
        """Reason why none of some clips could be listened to; "" where one could."""
        if self.context.sounding[members].any():
            return ""
        return sentences.NO_FILES if self.data.roles.audio is None else sentences.UNREADABLE

    def _members(self, group: Slice | Sequence[int] | NDArray) -> NDArray[np.int64]:
        return rows_of(group.members if isinstance(group, Slice) else group, len(self.data))

    def _others(self, group: Slice | Sequence[int] | NDArray, against: str) -> NDArray[np.int64] | None:
        if against == REST:
            return None
        if against == SIBLINGS:
            if isinstance(group, Slice):
                return self.siblings(group)
            raise SlicecoreError("Only a slice of a scan has siblings, not any group of clips.")
        raise SlicecoreError(f"Unknown comparison “{against}”. Choose one of {REST}, {SIBLINGS}.")

    def _errors(self, members: NDArray[np.int64]) -> ErrorKinds | None:
        return ErrorKinds.of(self._word_errors, members) if self.costs.compares_text else None

    @cached_property
    def _word_errors(self) -> WordErrors:
        from slicecore.text.alignment import DELETED, INSERTED, SUBSTITUTED

        alignment = self.words.alignment
        counts = (alignment.count(kind) for kind in (SUBSTITUTED, DELETED, INSERTED))
        substitutions, deletions, insertions = counts
        return WordErrors(substitutions, deletions, insertions, alignment.reference_words)


def _of_sound(measurements: Measurements) -> Measurements:
    """The measurements without those of texts."""
    names = [measurement.name for measurement in TEXT if measurement.name in measurements.table]
    return replace(measurements, table=measurements.table.drop(columns=names))
