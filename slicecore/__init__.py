"""Find the problem slices of an audio model: clusters of clips on which it is clearly worse than on the whole."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Not lazily: a function named like its module would be hidden by the module once that is imported.
from slicecore.scan import Scan, Scanner, Slice, scan

if TYPE_CHECKING:
    from slicecore import errors, metrics
    from slicecore.analysis import Analysis, analyse
    from slicecore.around import nearest_good, similar_clips, typical_clip
    from slicecore.costs import Costs
    from slicecore.dataset import Dataset, from_table, read
    from slicecore.effects import Contrasts, Effect, ValueEffect
    from slicecore.embedding import Embeddings, OwnEmbedding, embed
    from slicecore.explanation import Explainer, Explanation
    from slicecore.hierarchy import Hierarchy, build_hierarchy
    from slicecore.impact import CauseCost, Waterfall, cost_by_cause, value_if_fixed, waterfall
    from slicecore.label_columns import attributes, with_attributes
    from slicecore.measurements import Measurements, measure
    from slicecore.metadata_slices import MetadataSlice, mostly, scan_metadata
    from slicecore.projection import project
    from slicecore.verdicts import Verdicts
    from slicecore.words import Words, WordTable
    from slicecore.wrong_references import WrongReference, find_wrong_references

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "CauseCost",
    "Contrasts",
    "Costs",
    "Dataset",
    "Effect",
    "Embeddings",
    "Explainer",
    "Explanation",
    "Hierarchy",
    "Measurements",
    "MetadataSlice",
    "OwnEmbedding",
    "Scan",
    "Scanner",
    "Slice",
    "ValueEffect",
    "Verdicts",
    "Waterfall",
    "WordTable",
    "Words",
    "WrongReference",
    "analyse",
    "attributes",
    "build_hierarchy",
    "cost_by_cause",
    "embed",
    "errors",
    "find_wrong_references",
    "from_table",
    "measure",
    "metrics",
    "mostly",
    "nearest_good",
    "project",
    "read",
    "scan",
    "scan_metadata",
    "similar_clips",
    "typical_clip",
    "value_if_fixed",
    "waterfall",
    "with_attributes",
]

_HOME = {
    "Analysis": "analysis",
    "CauseCost": "impact",
    "Contrasts": "effects",
    "Costs": "costs",
    "Dataset": "dataset",
    "Effect": "effects",
    "Embeddings": "embedding",
    "Explainer": "explanation",
    "Explanation": "explanation",
    "Hierarchy": "hierarchy",
    "Measurements": "measurements",
    "MetadataSlice": "metadata_slices",
    "OwnEmbedding": "embedding",
    "ValueEffect": "effects",
    "Verdicts": "verdicts",
    "Waterfall": "impact",
    "WordTable": "words",
    "Words": "words",
    "WrongReference": "wrong_references",
    "analyse": "analysis",
    "attributes": "label_columns",
    "build_hierarchy": "hierarchy",
    "cost_by_cause": "impact",
    "embed": "embedding",
    "find_wrong_references": "wrong_references",
    "from_table": "dataset",
    "measure": "measurements",
    "mostly": "metadata_slices",
    "nearest_good": "around",
    "project": "projection",
    "read": "dataset",
    "scan_metadata": "metadata_slices",
    "similar_clips": "around",
    "typical_clip": "around",
    "value_if_fixed": "impact",
    "waterfall": "impact",
    "with_attributes": "label_columns",
}


def __getattr__(name: str) -> Any:
    # Names are fetched when they are first used: numpy, pandas and the rest would make `import slicecore` slow.
    if name in ("errors", "metrics"):
        return importlib.import_module(f"slicecore.{name}")
    if name in _HOME:
        value = getattr(importlib.import_module(f"slicecore.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'slicecore' has no attribute {name!r}")
