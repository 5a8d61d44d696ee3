"""Sentence about a cluster, extended by the metadata slice that it mostly is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slicecore.measurements import CATALOGUE
from slicecore.slices.metadata_slices import MetadataSlice, mostly

if TYPE_CHECKING:
    from slicecore.explain.explainer import Explanation
    from slicecore.slices.result import Slice


def sentence_with_overlap(
    explanation: Explanation, cluster: Slice, metadata_slices: Sequence[MetadataSlice]
) -> str:
    """The sentence of an explanation and, where it has room, the metadata slice that the cluster mostly is.

    There is no room beside two causes or a value of metadata. Measurements are named only where no cause is found:
    causes say what they mean.

    Parameters
    ----------
    explanation
        Of the cluster.
    cluster
        A slice of a scan.
    metadata_slices
        From `slicecore.scan_metadata`.
    """
    if explanation.metadata or len(explanation.causes) > 1:
        return explanation.sentence
    if explanation.causes:
        metadata_slices = [
            slice_
            for slice_ in metadata_slices
            if not any(condition.column in CATALOGUE for condition in slice_.conditions)
        ]
    overlap = mostly(cluster, metadata_slices)
    return f"{explanation.sentence} {overlap.sentence}." if overlap else explanation.sentence
