"""Diagnosis of a data set: its measurements, what explains its slices, and its probably wrong references."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.embedding.model_spec import of_unknown_meaning
from slicecore.explain.explainer import Explainer, Explanation
from slicecore.explain.one_group import with_one_group
from slicecore.explain.overlaps import sentence_with_overlap
from slicecore.explain.wrong_references import WrongReference, find_wrong_references
from slicecore.measurements import Measurements, measure
from slicecore.text.normalisation import DEFAULT_NORMALISATION

if TYPE_CHECKING:
    from slicecore.clustering.hierarchy import Hierarchy
    from slicecore.embedding import Embeddings
    from slicecore.metrics import Costs
    from slicecore.pipeline.analysis import Analysis, Progress
    from slicecore.slices.clip_groups import ClipGroups
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.result import Slice
    from slicecore.table.dataset import Dataset

MEASURING = "Measure the clips"


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """Everything about the reasons of a data set's errors that does not depend on its slices.

    Attributes
    ----------
    measurements
        Measurements of every clip.
    explainer
        Explains any group of clips.
    wrong_references
        Clips whose reference is probably wrong, the surest first.
    """

    measurements: Measurements
    explainer: Explainer
    wrong_references: tuple[WrongReference, ...]

    def among(self, hierarchy: Hierarchy, groups: ClipGroups | None) -> Diagnosis:
        """The same diagnosis of clips in clusters, and in groups."""
        return replace(self, explainer=self.explainer.among(hierarchy).in_groups(groups))


def diagnose(
    data: Dataset,
    analysis: Analysis,
    costs: Costs,
    normalisation: str = DEFAULT_NORMALISATION,
    *,
    groups: ClipGroups | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Diagnosis:
    """Measure the clips, unless the analysis did, and prepare to explain slices.

    Parameters
    ----------
    data
        The clips; the first prediction counts.
    analysis
        Embeddings and clusters of the same clips.
    costs
        The metric.
    normalisation
        Text normalisation of the metric.
    groups
        Groups that the clips come in, such as speakers.
    cache, progress, cancel
        As in `slicecore.find_slices`; the step is `MEASURING`.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    measurements = analysis.measurements
    if measurements is None:
        measurements = measure_clips(data, cache=cache, progress=progress, cancel=cancel)
    made = diagnose_measured(data, analysis.embeddings, measurements, costs, normalisation, cache)
    return made.among(analysis.hierarchy, groups)


def diagnose_measured(
    data: Dataset,
    embeddings: Embeddings,
    measurements: Measurements,
    costs: Costs,
    normalisation: str,
    cache: Path | None,
) -> Diagnosis:
    """The same as `diagnose` before there are clusters, and knowing no groups; see `Diagnosis.among`."""
    may_be_of_anything = of_unknown_meaning(embeddings.model, [str(name) for name in data.table])
    explainer = Explainer(
        data,
        measurements,
        costs,
        vectors=None if may_be_of_anything else embeddings.vectors,
        normalisation=normalisation,
        cache=cache,
    )
    # Numbers have no references of which the texts could tell that they are wrong.
    has_texts = data.roles.reference is not None and costs.model_costs.unit not in ("numbers", "decisions")
    wrong = find_wrong_references(data, measurements, cache=cache) if has_texts else ()
    return Diagnosis(measurements, explainer, wrong)


def measure_clips(
    data: Dataset,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Measurements:
    """Measurements of every clip, with the progress of the step `MEASURING`."""
    report = progress or (lambda step, done, total: None)
    return measure(
        data, cache=cache, progress=lambda done, total: report(MEASURING, done, total), cancel=cancel
    )


def explained(slice_: Slice, explainer: Explainer, metadata_slices: Sequence[MetadataSlice]) -> Explanation:
    """The explanation of a slice, whose sentence also names the metadata slice that it mostly is."""
    explanation = with_one_group(explainer.explain(slice_), slice_)
    return replace(explanation, sentence=sentence_with_overlap(explanation, slice_, metadata_slices))
